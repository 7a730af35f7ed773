import { acceptClear } from "./accept-clear.ts";
import type { Decided } from "./act-on-plan.ts";
import { actOnPlan, decided } from "./act-on-plan.ts";
import type { Assessment } from "./assess.ts";
import { assessByClaim, assessLive } from "./assess.ts";
import { believed } from "./believed.ts";
import { withoutChainFault } from "./chain-fault.ts";
import type { Before } from "./domain/change.ts";
import type { Decision } from "./domain/decision.ts";
import { decisionOf } from "./domain/decision.ts";
import type { Finding } from "./domain/finding.ts";
import { severityRank } from "./domain/finding.ts";
import { linkOf, subjectKey } from "./domain/kinds.ts";
import type { Plan, Reason } from "./domain/plan.ts";
import { renamingOf } from "./domain/renaming.ts";
import { ok } from "./domain/result.ts";
import type { Intake, Occasion, PassedOver, Refusal, TrailEvent } from "./domain/trail-event.ts";
import { noteLetBe } from "./exempted.ts";
import { followChain } from "./follow-chains.ts";
import { takeIn } from "./intake/take-in.ts";
import { dropWaiting, readWaiting } from "./ledger/baselines.ts";
import { checkedRows } from "./ledger/checked-rows.ts";
import { beat } from "./ledger/heartbeat.ts";
import { openIncident, worstOf } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { OpenChain } from "./ledger/recent-changes.ts";
import { keepRecheck, settledAfterMs } from "./ledger/rechecks.ts";
import { dropVanished, keepRenaming, keepVanished, vanishedOf } from "./ledger/renamings.ts";
import type { NotHandled } from "./not-handled.ts";
import { giveUpEvent, isNotHandled, noteReplayed, unlessFault } from "./not-handled.ts";
import { noteChange } from "./note-change.ts";
import { noteTimeOf } from "./own-writes.ts";
import { asking, isWriting } from "./planning/plan-change.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import { keepRefused, tellUnread } from "./refused-writes.ts";
import { eventAsNamedNow, isVanished, returnedUser } from "./renamed-holders.ts";
import { addLaterChange } from "./response/later-change.ts";
import { settle } from "./response/settle.ts";
import { sendWaiting } from "./send-waiting.ts";
import type { Settings } from "./settings.ts";
import { notePutOff } from "./tell-put-off.ts";
import { tellUndone } from "./tell-undone.ts";
import { tellingTime } from "./telling-time.ts";
import type { Deferral, Unfinished } from "./under-lease.ts";
import { deferralBy, finishAll, openUnderLease, withLease } from "./under-lease.ts";
import { watchSweep } from "./watch-sweep.ts";
import { lookAtPassedOver, ownershipNow, reportUnrecorded, underWay } from "./whose-write.ts";
import { withinBudget } from "./within-budget.ts";

/** What became of a payload: each of its records is in exactly one of the first three, or among what to come back for. */
export type Receipt = {
  readonly decisions: readonly Decision[];
  readonly passedOver: readonly PassedOver[];
  readonly refusals: readonly Refusal[];
  /** Events that could not be dealt with now and can be later: the caller must come back with the same payload. */
  readonly deferred: readonly { readonly eventId: string; readonly because: string; readonly retryAfterMs?: number }[];
};

type Handled =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "passed-over"; readonly reason: string }
  | NotHandled
  | Deferral;

/**
 * The whole story: take in, read the subject before and after, judge, plan, carry out, tell.
 * Rejects only when the state store does not answer; everything else that a retry can mend is in `deferred`.
 */
export const handlePayload = async (given: World, settings: Settings, payload: unknown): Promise<Receipt> => {
  const world: World = {
    ...given,
    state: checkedRows(given.state, given.log),
    tellingTime: tellingTime(guardTellsForMs),
  };
  const intake = takeIn(payload);
  // By it the sweep sees whether the guard is handed what happens.
  if (intake.events.length > 0 || intake.passedOver.some(({ write }) => write !== undefined))
    await giveSign(world, settings, intake);
  return handleIntake(world, settings, intake);
};

/** Of a guard's time so much is for sending: far less than an invocation has, also where a channel takes long. */
const guardTellsForMs = 40_000;

/** Each of guard and sweep sees from the other's sign of life whether it is at work. */
const giveSign = async (world: World, settings: Settings, { events }: Intake): Promise<void> => {
  const { state, clock, accountId } = world;
  if (await beat(state, clock, accountId, "guard", { events: events.length }, guardBeatMs))
    await watchSweep(world, settings, openLedger(state, clock, accountId));
};

/** The guard notes at most so often that it is handed events, milliseconds. */
const guardBeatMs = 60_000;

/** The same for what was taken in already. */
export const handleIntake = async (given: World, settings: Settings, intake: Intake): Promise<Receipt> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const ledger = openLedger(world.state, world.clock, world.accountId);
  // First: whoever dies later, or puts something off until the platform gives up, has it on the list already.
  await unlessFault(
    () => keepRefused(world, settings, ledger, intake.refusals),
    async (fault) => world.log("error", "what could not be understood could not be kept", { fault }),
  );
  return handleRecords(world, settings, ledger, intake);
};

/**
 * The same again, where what cannot be understood is on the list of dead letters already. `replays`: what could not be
 * handled before is judged all the same.
 */
export const handleRecords = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  intake: Intake,
  replays = false,
): Promise<Receipt> => {
  const decisions: Decision[] = [];
  const passedOver: PassedOver[] = [];
  const deferred: Receipt["deferred"][number][] = [];

  const refusals: Refusal[] = intake.refusals.map(({ where, reason }) => ({ where, reason }));
  for (const event of inOrderOfTime(intake.events).map(believed)) {
    const again =
      replays &&
      (await unlessFault(
        () => isNotHandled(ledger, event),
        async () => false,
      ));
    const handled = await unlessFault(
      () => inChains(world, settings, ledger, (chains) => handleEvent(world, settings, ledger, event, chains, again)),
      (fault) => giveUpEvent(world, settings, ledger, event, fault),
    );
    if (again && (handled.kind === "decided" || handled.kind === "passed-over")) await noteReplayed(ledger, event);
    if (handled.kind === "decided") decisions.push(handled.decision);
    else if (handled.kind === "refused") refusals.push(handled.refusal);
    else if (handled.kind === "passed-over")
      passedOver.push({ where: "", eventId: event.eventId, operation: event.operation, reason: handled.reason });
    else deferred.push({ eventId: event.eventId, ...handled });
  }
  await tellUnread(world, settings, ledger, intake.refusals);
  // Looking at each takes its time, and an alert is not to wait for it.
  if (intake.passedOver.length >= manyPassedOver) await sendWaiting(world, settings);
  for (const passed of intake.passedOver) {
    const seen = await lookAtPassedOver(world, settings, ledger, passed).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) throw error;
      world.log("error", "a write could not be looked at", { operation: passed.operation ?? "" });
      return { kind: "untouched" } as const;
    });
    if (seen.kind === "deferred") deferred.push({ eventId: passed.eventId ?? "", ...seen });
    else passedOver.push(seen.kind === "passed-over" ? { ...passed, reason: seen.reason } : passed);
  }
  await sendWaiting(world, settings);
  return { decisions, passedOver, refusals, deferred };
};

const manyPassedOver = 20;

const inOrderOfTime = (events: readonly TrailEvent[]): readonly TrailEvent[] =>
  [...events].sort((a, b) => a.occurredAt - b.occurredAt);

/**
 * Judges a subject anew without a delivery: for what was left half done, and for what was found otherwise than by an
 * event. Rejects only when the state store does not answer.
 */
export const handleOccasion = async (
  given: World,
  settings: Settings,
  occasion: Occasion,
  options: Known & { readonly evenIfDealtWith?: boolean } = {},
): Promise<Decided | Deferral | { readonly kind: "passed-over" | "refused" }> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const handled = await unlessFault<Handled>(
    async () =>
      // What ended in a fault is on the list of dead letters: it is for a person, and not to come back for ever.
      (await isNotHandled(ledger, occasion))
        ? { kind: "passed-over", reason: "it could not be handled before" }
        : inChains(world, settings, ledger, (chains) =>
            onSubject(world, settings, ledger, occasion, chains, options, options.evenIfDealtWith),
          ),
    (fault) => giveUpEvent(world, settings, ledger, occasion, fault),
  );
  if (handled.kind === "deferred") await notePutOff(world, settings, ledger, occasion, handled.because);
  return handled;
};

/**
 * Deals with an event, and then with the chains that it is a piece of: these may lead to its own subject again, which is
 * free by then. What goes wrong there is gone on with by the sweep, as the event itself was dealt with.
 */
const inChains = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  run: (chains: OpenChain[]) => Promise<Handled>,
): Promise<Handled> => {
  const chains: OpenChain[] = [];
  const handled = await run(chains);
  for (const chain of chains) await followChain(world, settings, ledger, chain);
  return handled;
};

/** The chains of which an event is a piece: none where a fault keeps that from being judged, as the event itself is to be. */
const noteInChains = (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  findings: readonly Finding[],
): ReturnType<typeof noteChange> =>
  withoutChainFault(world, settings, ledger, event, () => noteChange(world, settings, event, findings), ok([]));

const handleEvent = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: TrailEvent,
  chains: OpenChain[],
  again: boolean,
): Promise<Handled> => {
  if (event.accountId !== world.accountId)
    return { kind: "passed-over", reason: `belongs to account \`${event.accountId}\`, which is not guarded here` };
  const about = subjectKey(event.subject);
  const seen = await ledger.eventRecord({ ...event, about });
  if (seen !== undefined && !again) return { kind: "passed-over", reason: `dealt with before: ${seen.outcome}` };

  const ownership = await ownershipNow(world, settings, ledger, event);
  if (ownership.kind === "in-flight") return underWay;
  if (ownership.kind === "ours") {
    await noteTimeOf(ledger, ownership.incidentId, event);
    const followed = await judgeVanished(world, settings, ledger, event, chains, endOfSecond(event));
    if (followed !== undefined) return followed;
    await ledger.settleEvent({ ...event, about }, "our own write", ownership.incidentId, "known by its RequestId");
    return { kind: "passed-over", reason: `our own write, of incident ${ownership.incidentId}` };
  }
  if (ownership.kind === "unrecorded") await reportUnrecorded(world, settings, ledger, event);

  const followed = await judgeVanished(world, settings, ledger, event, chains, event.occurredAt);
  if (followed !== undefined) return followed;
  const byClaim = await assessByClaim(world, settings, event);
  if (byClaim === undefined) return onSubject(world, settings, ledger, event, chains, undefined, again);
  const noted = await noteInChains(world, settings, ledger, event, []);
  if (!noted.ok) return deferralBy(noted.error);
  chains.push(...noted.value);
  const undone = await tellUndone(world, settings, ledger, event);
  if (undone !== undefined) {
    await ledger.settleEvent({ ...event, about }, "clear", undone.incidentId, undone.note);
    return { kind: "decided", decision: decisionOf(event, "clear", undefined, undone) };
  }
  await acceptClear(world, event, byClaim);
  const waiting = await judgeWaiting(world, settings, ledger, event, chains);
  if (waiting.kind === "deferred") return waiting;
  await ledger.settleEvent({ ...event, about }, "clear", undefined, byClaim.note);
  return { kind: "decided", decision: decisionOf(event, "clear", undefined, { note: byClaim.note }) };
};

/**
 * What the caller of an occasion knows better: what was before, why a person is to decide, and that it was told before that
 * nothing is there.
 */
export type Known = { readonly before?: Before; readonly ask?: Reason; readonly toldGone?: true };

const putToPerson = (assessment: Assessment, ask: Reason | undefined): Assessment =>
  ask !== undefined && assessment.kind === "plan" && isWriting(assessment.plan)
    ? { kind: "plan", plan: asking(assessment.plan, ask) }
    : assessment;

const onSubject = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  chains: OpenChain[],
  known: Known = {},
  evenIfDealtWith = known.before !== undefined,
): Promise<Handled> => {
  const about = subjectKey(event.subject);
  return withLease<Handled>(world, about, async (lease, left) => {
    const finished = await finishAll(world, settings, ledger, lease, left);
    if (finished.kind === "unfinished") return finished;
    const meanwhile = evenIfDealtWith ? undefined : await ledger.eventRecord({ ...event, about });
    if (meanwhile !== undefined) return { kind: "passed-over", reason: `dealt with before: ${meanwhile.outcome}` };
    return unlessFault<Handled | Unfinished>(
      () => act(world, settings, ledger, lease, event, chains, known),
      (fault) => giveUpEvent(world, settings, ledger, event, fault, lease),
    );
  });
};

const act = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  told: Occasion,
  chains: OpenChain[],
  { before, ask, toldGone }: Known,
): Promise<Handled | Unfinished> => {
  const named = await eventAsNamedNow(world, told);
  if (!named.ok) return deferralBy(named.error);
  const event = named.value;
  // Whoever bears the former name by now has nothing to do with the event. A key goes by its id, whoever owns it.
  if (subjectKey(event.subject) !== subjectKey(told.subject))
    return underOtherName(world, settings, ledger, told, event, chains);
  const assess = async (): Promise<Assessment> => putToPerson(await assessLive(world, settings, event, before), ask);
  const assessment = await assess();
  if (assessment.kind === "defer") return deferralBy(assessment.error);
  // What is gone by this name may be there by another: its event is kept until that is known.
  const vanished = isVanished(event, assessment);
  if (vanished) await keepVanished(world, event);
  if (vanished && toldGone === true) {
    const note = "it is not there by this name either";
    await ledger.settleEvent({ ...event, about: subjectKey(event.subject) }, "clear", undefined, note);
    return { kind: "decided", decision: decisionOf(event, "clear", undefined, { note }) };
  }
  const noted = await noteInChains(world, settings, ledger, event, ownFindings(assessment));
  if (!noted.ok) return deferralBy(noted.error);
  chains.push(...noted.value);
  // What is worse than its chain, or exempt only as a part of it, is told for itself.
  const asPiece = (plan: Plan): Plan => {
    const own = severityRank(worstOf([...plan.findings, ...(plan.ofClaim ?? [])]));
    const chain = noted.value.find(({ finding }) => severityRank(worstOf([finding])) >= own);
    return chain === undefined ? plan : { ...plan, chain: chain.incidentId };
  };
  switch (assessment.kind) {
    case "clear": {
      const undone = await tellUndone(world, settings, ledger, event);
      if (undone !== undefined) {
        await ledger.settleEvent(
          { ...event, about: subjectKey(event.subject) },
          "clear",
          undone.incidentId,
          undone.note,
        );
        return { kind: "decided", decision: decisionOf(event, "clear", undefined, undone) };
      }
      await acceptClear(world, event, assessment);
      await lookAgainLater(world, event);
      const { note, incidentId, broke } = assessment;
      const { actor } = event;
      if (incidentId !== undefined && broke !== undefined && actor !== undefined)
        await addLaterChange(world, ledger, settings.telling, incidentId, { ...event, actor }, broke);
      await ledger.settleEvent({ ...event, about: subjectKey(event.subject) }, "clear", incidentId, note);
      return {
        kind: "decided",
        decision: decisionOf(event, "clear", undefined, incidentId === undefined ? { note } : { note, incidentId }),
      };
    }
    case "transient": {
      const incident = openIncident(lease.incidentId, event, asPiece(assessment.plan), world.clock.now());
      const lost = await openUnderLease(world, ledger, lease, incident);
      if (lost !== undefined) return lost;
      await lookAgainLater(world, event);
      await settle(world, ledger, settings.telling, incident.id, { kind: "transient" });
      return decided(event, assessment.plan, { kind: "transient" }, incident.id);
    }
    case "plan":
      await noteLetBe(world, event, assessment.plan);
      return actOnPlan(
        world,
        settings,
        ledger,
        lease,
        event,
        asPiece(await withinBudget(world, settings, event, assessment.plan)),
        async () => {
          const again = await assess();
          if (isVanished(event, again)) await keepVanished(world, event);
          return again.kind === "plan" ? { kind: "plan", plan: asPiece(again.plan) } : again;
        },
      );
  }
};

/** What the event itself did, whatever stands by now. */
const ownFindings = (assessment: Exclude<Assessment, { kind: "defer" }>): readonly Finding[] =>
  assessment.kind === "clear" ? (assessment.broke ?? []) : (assessment.plan.ofClaim ?? assessment.plan.findings);

/** Judges an event under the name that its holder bears by now, and marks it as dealt with under the former one. */
const underOtherName = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  moved: Occasion,
  chains: OpenChain[],
): Promise<Handled> => {
  const handled = await onSubject(world, settings, ledger, moved, chains, undefined, true);
  if (handled.kind === "decided") {
    const { outcome, incidentId } = handled.decision;
    const note = "its user or group bears another name by now, under which it was judged";
    await ledger.settleEvent({ ...event, about: subjectKey(event.subject) }, outcome, incidentId, note);
  }
  return handled;
};

/** A write of ours comes after what it answers, and events tell the time to the second: so it counts as of its end. */
const endOfSecond = ({ occurredAt }: TrailEvent): number => Math.floor(occurredAt / 1000) * 1000 + 999;

/**
 * A renaming, and a user's coming back from the recycle bin, tell where the subjects are of events that found nothing:
 * these are judged anew. Undefined when that is done, or there is nothing to do. `at` is when it happened.
 */
const judgeVanished = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: TrailEvent,
  chains: OpenChain[],
  at: number,
): Promise<Deferral | undefined> => {
  const renaming = renamingOf(event);
  if (renaming !== undefined) await keepRenaming(world, renaming, at);
  const back = renaming === undefined ? await returnedUser(world, event) : ok(renaming);
  if (!back.ok) return deferralBy(back.error);
  if (back.value === undefined) return undefined;
  for (const vanished of await vanishedOf(world, back.value, at)) {
    const moved = await eventAsNamedNow(world, vanished.event);
    if (!moved.ok) return deferralBy(moved.error);
    const handled = await onSubject(world, settings, ledger, moved.value, chains, { toldGone: true }, true);
    if (handled.kind === "deferred") return handled;
    await dropVanished(world, vanished);
  }
  return undefined;
};

/** A fresh event whose subject does not show it may be true all the same: RAM's reads lag. The sweep looks again. */
const lookAgainLater = async (world: World, event: Occasion): Promise<void> => {
  const dueAt = event.occurredAt + settledAfterMs;
  if (world.clock.now() <= dueAt)
    await keepRecheck(world.state, world.accountId, subjectKey(event.subject), event, dueAt);
};

/** An accepted state may be what an event that came before it out of order was waiting for. */
const judgeWaiting = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  accepted: TrailEvent,
  chains: OpenChain[],
): Promise<Handled | { readonly kind: "none" }> => {
  const state = accepted.claimed;
  if (state === undefined || state.kind === "gone" || linkOf(accepted.subject) !== undefined) return { kind: "none" };
  const key = subjectKey(accepted.subject);
  const waiting = await readWaiting(world.state, world.accountId, key);
  if (waiting === undefined) return { kind: "none" };
  if (waiting.event.occurredAt >= accepted.occurredAt) {
    const before = { known: true, state, provenance: "history" } as const;
    const handled = await onSubject(world, settings, ledger, waiting.event, chains, { before });
    if (handled.kind === "deferred") return handled;
  }
  await dropWaiting(world.state, world.accountId, key, waiting);
  return { kind: "none" };
};
