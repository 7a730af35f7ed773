import { listed, objectionsTo } from "./as-it-stands.ts";
import { beforeAtHand, beforeInHistory, beforeOf, standsAsAcceptedSince } from "./before.ts";
import { believed } from "./believed.ts";
import { factsOf } from "./brought.ts";
import { changeOf } from "./change-of.ts";
import type { Before, Change } from "./domain/change.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import { isSameState } from "./domain/digest.ts";
import type { Finding } from "./domain/finding.ts";
import type { KeyOwner } from "./domain/identity.ts";
import { areTwo, linkOf, refTo, subjectKey } from "./domain/kinds.ts";
import type { Digest, Plan, Reason } from "./domain/plan.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import type { Posture } from "./exempted.ts";
import {
  exempted,
  exemptedBesideClaim,
  exemptionPosture,
  exemptPatterns,
  isExemptState,
  unlessUnreadable,
} from "./exempted.ts";
import { guardedPlan } from "./guarded-plan.ts";
import { takeIn } from "./intake/take-in.ts";
import { readBaseline } from "./ledger/baselines.ts";
import { brokenMaking, brokenMakingText, isGivenBack } from "./ledger/comings.ts";
import type { LastOn } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/ledger.ts";
import { settledAfterMs } from "./ledger/rechecks.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { onlyTelling, planChange } from "./planning/plan-change.ts";
import { documentForm } from "./policy/canonical.ts";
import type { World } from "./ports/world.ts";
import { presumedOf } from "./presumed.ts";
import { isOfAnotherTime } from "./response/made-at.ts";
import { ownerName } from "./rules/kit/keys.ts";
import { forbidsState, isJudged, judgeChange, ruleById } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/** What an event comes to, before anything is done about it. */
export type Assessment =
  /** No rule is broken. `accepted` is the state that may serve as the baseline from now on. */
  | {
      readonly kind: "clear";
      readonly note: string;
      readonly accepted?: Subject | Gone;
      /** The change was not looked at, so what was accepted before is no state to go back to any more. */
      readonly unread?: true;
      /** What is accepted was seen and not told by the event, and nothing is known of before. */
      readonly firstSight?: true;
      /** The incident that dealt with it already. */
      readonly incidentId?: string;
      /** What the event is found to have done, where that incident put it right. */
      readonly broke?: readonly Finding[];
    }
  | { readonly kind: "plan"; readonly plan: Plan }
  /** The event broke a rule, but the subject complies again, and not by our hand. */
  | { readonly kind: "transient"; readonly plan: Plan }
  /** The subject cannot be read now; trying again later can help. */
  | { readonly kind: "defer"; readonly error: CloudError };

/** Milliseconds between readings of a subject that does not look as a fresh event says: RAM's reads lag. */
const lagDelaysMs: readonly number[] = [500, 1_500, 3_000];
/** An event older than this is not waited for, as RAM's reads do not lag so long; a single one may be stale all the same. */
const freshMs = settledAfterMs;
const secondSightMs: readonly number[] = [1_000];

/**
 * Judges an event by what it claims and what is known at hand, without a call of the cloud. Clear when nothing is broken
 * by the claim; undefined when the live subject has to be looked at.
 */
export const assessByClaim = async (
  world: World,
  settings: Settings,
  received: Occasion,
): Promise<Extract<Assessment, { kind: "clear" }> | undefined> => {
  const event = believed(received);
  if (!isJudged(event.subject.kind, settings.rules, event.actor)) {
    const note = "no rule in force judges this kind of subject";
    return { kind: "clear", note, ...(event.claimed === undefined ? { unread: true } : { accepted: event.claimed }) };
  }
  if (event.claimed === undefined || (await hasRivalOfItsSecond(world, event))) return undefined;
  const before = await beforeAtHand(world, event);
  const facts = { settings: settings.rules, ...(await exemptPatterns(world, settings, event.subject)) };
  const findings = judgeChange(changeOf(event, before, event.claimed), facts);
  return findings.length === 0
    ? { kind: "clear", note: "complies by the event alone", accepted: event.claimed }
    : undefined;
};

/** Events tell the time to the second: which of two accepted states of one second came last, only the live subject tells. */
const hasRivalOfItsSecond = async (world: World, event: Occasion): Promise<boolean> => {
  if (event.claimed === undefined) return false;
  const baseline = await readBaseline(world.state, event.accountId, subjectKey(event.subject));
  return baseline?.since === event.occurredAt && !isSameState(baseline.state, event.claimed, documentForm);
};

/** Judges an event on the live subject. `given` overrides what was before, when the caller knows better. */
export const assessLive = async (
  world: World,
  settings: Settings,
  received: Occasion,
  given?: Before,
): Promise<Assessment> => {
  const event = believed(received);
  const read = async (): Promise<Result<Subject | Gone, CloudError>> => {
    const seen = await world.read(event.subject);
    return seen.ok && isAnotherThan(event, seen.value) ? ok(gone) : seen;
  };
  const first = await read();
  if (!first.ok)
    return isPassing(first.error) ? { kind: "defer", error: first.error } : unreadable(event, first.error, settings);

  const link = linkOf(event.subject);
  const ledger = openLedger(world.state, world.clock, event.accountId);
  const wasThere = link !== undefined && first.value.kind !== "gone" && (await isGivenBack(world, ledger, event));
  const atHand: Before = wasThere
    ? { known: true, state: link, provenance: "proven-by-event" }
    : await beforeAtHand(world, event);
  let before = beforeOf(given ?? atHand, first.value);
  if (!before.known) {
    const history = await beforeInHistory(world, settings, event);
    if (!history.ok) return { kind: "defer", error: history.error };
    before = beforeOf(history.value, first.value);
  }
  const accepted = !before.known && (await standsAsAcceptedSince(world, event, first.value)) ? first.value : undefined;
  const facts = await factsOf(world, settings, event, first.value);
  if (!facts.ok) return { kind: "defer", error: facts.error };
  const judge = (state: Subject | Gone): readonly Finding[] =>
    state === accepted ? [] : judgeChange(changeOf(event, before, state), facts.value);

  let live = first.value;
  let findings = judge(live);
  const claim = (): Subject | Gone | undefined => event.claimed ?? presumedOf(event, before, live);
  const said = claim();
  const claimed = said === undefined ? [] : judge(said);
  const dealtWith = await lastDealtWith(world, event, live);
  if (dealtWith?.accepted === stateDigest(live)) return clearBy(dealtWith, "accepted by the undo in");
  // What came surely before our own write is explained by it; what may have come after it is looked at for a while.
  if (findings.length === 0 && claimed.length > 0 && dealtWith?.kind === "before-it")
    return { ...clearBy(dealtWith, "dealt with by"), broke: claimed };

  const isOld = world.clock.now() - event.occurredAt > freshMs;
  for (const delayMs of isOld ? secondSightMs : lagDelaysMs) {
    if (findings.length > 0 || !mayLag(event, before, live, claimed.length > 0)) break;
    await world.clock.sleep(delayMs);
    const again = await read();
    if (!again.ok)
      return isPassing(again.error) ? { kind: "defer", error: again.error } : unreadable(event, again.error, settings);
    live = again.value;
    findings = judge(live);
  }
  if (findings.length > 0 && event.subject.kind === "access-key" && event.subject.accessKeyId === undefined) {
    const others = await otherKeysOfItsMoment(world, event, event.subject.owner);
    if (!others.ok) return { kind: "defer", error: others.error };
    if (others.value !== "none") {
      const detail = others.value === "some" ? severalKeys : notInTrail;
      const because: Reason = { kind: "unreadable", detail };
      return { kind: "plan", plan: { change: changeOf(event, before, live), findings, response: "alert", because } };
    }
  }
  if (findings.length > 0) {
    const posture = await exemptionPosture(world, settings);
    const change = changeOf(event, before, live);
    const isOthers = isAnothers(said, live, claimed, findings);
    const judged = isOthers
      ? exemptedBesideClaim(posture, change, findings, claimed, world.clock.now())
      : exempted(posture, change, findings, world.clock.now());
    const planned = planChange(judgedBy(judged, change), judged, settings.guardrails);
    const guarded = await guardedPlan(
      world,
      settings,
      await withAcceptableBefore(
        world,
        event,
        unlessUnreadable(unlessMadeAgain(event, planned, live), posture),
        settings,
        posture,
      ),
    );
    if (!guarded.ok) return { kind: "defer", error: guarded.error };
    const plan = guarded.value;
    if (!isOthers) return { kind: "plan", plan };
    const own = changeOf(event, before, said ?? gone);
    return { kind: "plan", plan: { ...plan, ofClaim: exempted(posture, own, claimed, world.clock.now()) } };
  }
  // Nor must what may have come after our write of the same second, and been ended by somebody else.
  const unclear =
    dealtWith?.kind === "around-it" ? `, perhaps by incident ${dealtWith.incidentId}, which wrote at that time` : "";
  // Whatever was opened may have been used before it was closed or deleted again, so it must not go unseen.
  if (claimed.length > 0) {
    const change = changeOf(event, before, claim() ?? gone);
    return {
      kind: "transient",
      plan: {
        change,
        found: live,
        findings: exempted(await exemptionPosture(world, settings), change, claimed, world.clock.now()),
        response: "alert",
        because: {
          kind: "nothing-to-write",
          detail: `${live.kind === "gone" ? "the subject is gone again" : "the subject complies again"}${unclear}`,
        },
      },
    };
  }
  if (live.kind === "gone") return { kind: "clear", note: "the subject is gone", accepted: gone };
  const clear = { kind: "clear", note: "the live subject complies", accepted: live } as const;
  if (event.claimed !== undefined) return clear;
  // An event of one part of a subject is judged for that part: what else stands is another's doing, and is not accepted.
  const asListed = listed(event.subject);
  const whole =
    asListed === event.subject ? [] : judgeChange(changeOf({ ...event, subject: asListed }, before, live), facts.value);
  if (before.known && forbidsState(whole))
    return {
      kind: "clear",
      note: "the change breaks no rule; what else stands of the subject does, and is judged by its own event",
    };
  if (before.known) return clear;
  // Nobody knows what else of it was there before, and by whom: no more than a first sight of it, as it stands.
  return forbidsState(objectionsTo(event.subject, live, settings))
    ? {
        kind: "clear",
        note: "the change breaks no rule; as it stands, the subject does, and is no state to go back to",
      }
    : { ...clear, firstSight: true };
};

/**
 * Whether the thing that bears the name now is another than the one that the event made: that one is gone, or bears
 * another name by now, and what stands is judged by its own event.
 */
export const isAnotherThan = (
  { effect, occurredAt, claimed }: Pick<Occasion, "effect" | "occurredAt" | "claimed">,
  live: Subject | Gone,
): boolean => {
  if (effect !== "made" || live.kind === "gone") return false;
  return (claimed !== undefined && areTwo(claimed, live)) || isOfAnotherTime(live, occurredAt);
};

/** A logon that was deleted does not come back by a write on the one that somebody made since, with a password of their own. */
const unlessMadeAgain = ({ effect, subject }: Occasion, plan: Plan, live: Subject | Gone): Plan =>
  effect === "removed" && subject.kind === "login" && live.kind !== "gone"
    ? onlyTelling(plan, { kind: "changed-again", detail: madeAgain })
    : plan;

const madeAgain =
  "it was deleted, and made again since: what was deleted cannot come back, and the new one is judged by its own event";

/** A rule that looks at every kind judges all of a subject; any other, what makes it a danger, or what it says. */
const judgedBy = (findings: readonly Finding[], change: Change): Change => {
  const rules = findings.map(({ rule }) => ruleById(rule));
  const isWhole = findings.some(({ response }, index) => rules[index]?.subject === "any" && response !== "alert");
  const ofLength = findings.some(
    ({ response, verdict }, index) =>
      verdict.kind === "violation" && response === "revert" && rules[index]?.putsBack === "session length",
  );
  return {
    ...change,
    ...(isWhole ? { whole: true } : {}),
    ...(ofLength ? { sessionLength: true } : {}),
  } as Change;
};

/** Whether an event's change may be in place although a reading does not show it. */
const mayLag = (event: Occasion, before: Before, live: Subject | Gone, claimBreaks: boolean): boolean => {
  if (claimBreaks || event.claimed !== undefined) return claimBreaks;
  // Without a claim nobody knows what to look for: a subject that stands as it did before has perhaps not changed yet.
  return before.known && stateDigest(live) === stateDigest(before.state);
};

type DealtWith = {
  readonly incidentId: string;
  /** Whether the event surely comes before our write, or so close to it that nobody can tell, or surely after. */
  readonly kind: "before-it" | "around-it" | "after-it";
  /** The state that an undo put in place on a person's word. */
  readonly accepted?: Digest;
};

/** The last write of ours on the event's subject, where it is not surely older than the event. */
const lastDealtWith = async (world: World, event: Occasion, live: Subject | Gone): Promise<DealtWith | undefined> => {
  const ledger = openLedger(world.state, world.clock, event.accountId);
  const last = await ledger.lastOn(subjectKey(refTo(event.subject, live)));
  // What others ended explains nothing: we only noted how they left it.
  if (last === undefined || last.outcome === "transient") return undefined;
  const { incidentId, outcome, left } = last;
  // Another record of the very call that led to our write is older than it.
  const ledTo = event.requestId === "" ? undefined : (await ledger.incident(incidentId))?.events;
  const isTheCall = ledTo?.some(({ requestId }) => requestId === event.requestId) === true;
  const kind = isTheCall ? "before-it" : orderOf(event, last);
  // An undo may take effect long after it was sent, and its event then comes as somebody else's.
  const byUndo = outcome === "undone" && event.occurredAt <= (last.seenAt ?? last.settledAt);
  return byUndo ? { incidentId, kind, accepted: left } : { incidentId, kind };
};

/**
 * Whether an event comes before or after our write. Both times are the cloud's once the event of our write has come: until
 * then ours is by our own clock, which may differ. Events tell the time to the second.
 */
const orderOf = ({ occurredAt }: Occasion, { openedAt, settledAt, wroteAt }: LastOn): DealtWith["kind"] => {
  const [first, last] = wroteAt === undefined ? [openedAt, settledAt] : [wroteAt, wroteAt];
  if (occurredAt > last) return "after-it";
  return occurredAt < Math.floor(first / 1000) * 1000 ? "before-it" : "around-it";
};

/** Whether the subject stands as another change made it, and what is wrong with it is not what the event did. */
const isAnothers = (
  said: Subject | Gone | undefined,
  live: Subject | Gone,
  claimed: readonly Finding[],
  findings: readonly Finding[],
): boolean =>
  said !== undefined && !isSameState(live, said, documentForm) && JSON.stringify(claimed) !== JSON.stringify(findings);

const clearBy = ({ incidentId }: DealtWith, how: string): Extract<Assessment, { kind: "clear" }> => ({
  kind: "clear",
  note: `${how} incident ${incidentId}`,
  incidentId,
});

/**
 * A state that breaks a rule by today's settings is not one to go back to: an account may have left the allow-list since
 * it was accepted. Then the change is told, and nothing is written. What a person accepted by an undo stands, and what is
 * exempt as long as it is. What was made a moment ago by a change that broke a rule is not made again either.
 */
const withAcceptableBefore = async (
  world: World,
  event: Occasion,
  plan: Plan,
  settings: Settings,
  posture: Posture,
): Promise<Plan> => {
  const { change } = plan;
  if (plan.remediation === undefined || !change.before.known) return plan;
  const making = await brokenMaking(world, openLedger(world.state, world.clock, event.accountId), event);
  if (making !== undefined)
    return onlyTelling(plan, { kind: "before-breaks-a-rule", detail: brokenMakingText(making) });
  if (change.kind !== "role-trust" && change.kind !== "policy") return plan;
  if (change.before.state.kind === "gone" || change.before.provenance === "undo") return plan;
  const anew = {
    ...change,
    before: { known: true, state: gone, provenance: change.before.provenance },
    after: change.before.state,
  } as Change;
  // A rule that looks at every kind judges who made a change, and says nothing of the state.
  const broken = judgeChange(anew, { settings: settings.rules }).filter(
    (finding) =>
      finding.verdict.kind === "violation" &&
      ruleById(finding.rule)?.subject !== "any" &&
      ruleById(finding.rule)?.advisory !== true &&
      // A policy that allowed too much already is still to lose what came on top: else it would be a place to hide it.
      (change.kind !== "policy" || plan.findings.some(({ rule }) => rule === finding.rule)),
  );
  for (const finding of broken) {
    if (await isExemptState(world, posture, anew, finding, world.clock.now())) continue;
    const detail = `what was before would break ${finding.rule} as well`;
    return onlyTelling(plan, { kind: "before-breaks-a-rule", detail });
  }
  return plan;
};

/** How long before and after a key that its event does not name another one of its owner is looked for. */
const keyMomentMs = 5_000;

const severalKeys = "several keys of the owner were made within seconds, and the event does not name its own";

const notInTrail =
  "the event does not name its key, and the audit trail does not show the event, so that another key may be missing there";
/** How long the audit trail, which is slower than the events, is waited for before a person is told. */
const trailLagMs = 60_000;
const trailRetryMs = 10_000;

/**
 * Whether the audit trail shows another key of the owner within seconds of an event that does not name its key. Found by
 * time alone, the one that is left may be another's: the one that was meant can have been deleted meanwhile. A trail that
 * does not show the event itself shows nothing by what is missing in it.
 */
const otherKeysOfItsMoment = async (
  world: World,
  event: Occasion,
  owner: KeyOwner,
): Promise<Result<"none" | "some" | "not told", CloudError>> => {
  const { occurredAt } = event;
  const query = { from: occurredAt - keyMomentMs, to: occurredAt + keyMomentMs, eventName: "CreateAccessKey" };
  const page = await world.trail(query, undefined);
  if (!page.ok) return isPassing(page.error) ? page : ok("not told");
  const recorded = takeIn(page.value.events).events;
  const others = recorded.filter(
    ({ eventId, subject }) =>
      eventId !== event.eventId &&
      subject.kind === "access-key" &&
      subject.owner.kind === owner.kind &&
      ownerName(subject.owner) === ownerName(owner),
  );
  if (others.length > 0 || page.value.nextToken !== undefined) return ok("some");
  if (recorded.some(({ eventId }) => eventId === event.eventId)) return ok("none");
  return world.clock.now() - occurredAt > trailLagMs ? ok("not told") : failed(notRecordedYet);
};

const notRecordedYet: CloudError = {
  kind: "unreadable",
  operation: "ActionTrail.LookupEvents",
  code: "EventNotRecordedYet",
  retryAfterMs: trailRetryMs,
};

/** A subject that may not be read is never passed over in silence: what the event claims is told, and nothing written. */
const unreadable = (event: Occasion, error: CloudError, settings: Settings): Assessment => {
  const detail = error.code === "SeveralKeysMatch" ? severalKeys : (error.code ?? error.kind);
  const link = event.effect === "removed" ? linkOf(event.subject) : undefined;
  const before: Before =
    event.effect === "made" || link !== undefined
      ? { known: true, state: link ?? gone, provenance: "proven-by-event" }
      : { known: false, because: `the subject could not be read: ${detail}` };
  const said = event.claimed ?? presumedOf(event, before);
  const change = changeOf(event, before, said ?? gone);
  // Where nobody says what became of the subject there is nothing to judge: that is told as it is.
  const findings = said === undefined ? [] : judgeChange(change, { settings: settings.rules });
  const because: Reason =
    event.subject.kind === "access-key" && event.subject.owner.kind === "root"
      ? { kind: "root-credential", detail: "credentials of the account owner cannot be read or managed by a RAM role" }
      : { kind: "unreadable", detail };
  return { kind: "plan", plan: { change, findings, response: "alert", because } };
};
