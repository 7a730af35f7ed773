import { assessLive } from "./assess.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { Actor } from "./domain/identity.ts";
import { actorKey, actorText } from "./domain/identity.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Plan } from "./domain/plan.ts";
import type { Result } from "./domain/result.ts";
import { failed } from "./domain/result.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { eventsOn } from "./drift-explained.ts";
import { checkedRows } from "./ledger/checked-rows.ts";
import type { Incident } from "./ledger/incident.ts";
import { occasionOf, openIncident } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { stateDigest } from "./operations/state-digest.ts";
import { asking, isWriting } from "./planning/plan-change.ts";
import type { World } from "./ports/world.ts";
import { eventAsNamedNow } from "./renamed-holders.ts";
import type { Deciding } from "./response/approve.ts";
import { approveIncident, asItWaits, decide, rejectIncident } from "./response/approve.ts";
import { settleAnew } from "./response/asked-anew.ts";
import type { PersonProblem } from "./response/by-person.ts";
import { openForOf } from "./response/open-for.ts";
import type { Settings } from "./settings.ts";
import type { Deferral, Unfinished } from "./under-lease.ts";
import { finishAll, openUnderLease, withLease } from "./under-lease.ts";
import { withinBudget } from "./within-budget.ts";

/** What a person wants of a question: to carry its plan out, or to leave the change as it is. */
export type Wanted = "approve" | "reject";

/**
 * Decides about a question. Where its subject does not stand any more as the plan expects, nothing is done on the strength
 * of the plan: the subject is judged as it stands now, and a question with a plan for that takes the place of the old one.
 */
export const decideQuestion = async (
  given: World,
  settings: Settings,
  ledger: Ledger,
  incidentId: string,
  wanted: Wanted,
  approver: Actor,
): Promise<Result<Incident, PersonProblem>> => {
  const world: World = { ...given, state: checkedRows(given.state, given.log) };
  const question = await ledger.incident(incidentId);
  const deciding: Deciding = {
    approver,
    openForMs: question === undefined ? settings.approvals.openForMs : openForOf(settings.approvals, question),
    mayNot: (incident) => changedByApprover(world, incident, approver, wanted),
  };
  const unfinished = await finishAnew(world, settings, ledger, incidentId);
  if (unfinished !== undefined) return failed({ kind: "cloud", because: unfinished.because });
  const done =
    wanted === "approve"
      ? await approveIncident(world, ledger, settings.telling, incidentId, deciding)
      : await rejectIncident(world, ledger, incidentId, deciding);
  if (done.ok || done.error.kind !== "changed") return done;
  const { because, toDo, ...problem } = done.error;
  const old = await ledger.incident(incidentId);
  const anew =
    old === undefined
      ? undefined
      : await askAnew(world, settings, ledger, old, actorText(approver), { isAnothers: toDo !== undefined });
  if (anew === undefined) return toDo === undefined ? done : failed({ ...problem, because: `${because}: ${toDo}` });
  switch (anew.kind) {
    case "deferred":
      return failed({ kind: "cloud", because: anew.because });
    case "complies":
      return failed({
        ...problem,
        because: `${because}: what it asked about breaks no rule any more, and nothing is asked`,
      });
    case "asked": {
      const { incidentId: asks } = anew;
      return failed({
        ...problem,
        because: `${because}: incident \`${asks}\` asks anew, with a plan for how it stands now`,
        incidentId: asks,
      });
    }
    case "asked-already": {
      const { incidentId: asks } = anew;
      return failed({
        ...problem,
        because: `${because}: incident \`${asks}\` asks about how it stands now`,
        incidentId: asks,
      });
    }
    case "told": {
      const { incidentId: tells } = anew;
      return failed({
        ...problem,
        because: `${because}: incident \`${tells}\` tells how it stands now, and asks nothing`,
        incidentId: tells,
      });
    }
  }
};

/** What became of a question whose subject had changed. */
type Anew =
  | { readonly kind: "asked" | "asked-already" | "told"; readonly incidentId: string }
  | { readonly kind: "complies" };

/**
 * Judges the subject of a void question as it stands now, and asks about that, or tells it. The new incident is on record
 * before the old one says that it is void, and that before anybody is told: whoever dies in between leaves an intent, which
 * the next gives up while the old question is open, and else goes on with. Undefined where the subject stands as the plan
 * expects after all, or somebody decided meanwhile; and where its name is another's by now, and how it is called itself is
 * not known, or nothing is to be asked of it by that name.
 */
const askAnew = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  old: Incident,
  by: string,
  { isAnothers }: { readonly isAnothers: boolean },
): Promise<Anew | Deferral | undefined> => {
  const before = occasionOf(old);
  if (before === undefined) return undefined;
  const named = await eventAsNamedNow(world, before);
  if (!named.ok) return { kind: "deferred", because: cloudErrorText(named.error) };
  const occasion = named.value;
  if (isAnothers && subjectKey(occasion.subject) === subjectKey(old.subject)) return undefined;
  const done = await withLease<Anew | Deferral | { readonly kind: "nothing" }>(
    world,
    subjectKey(occasion.subject),
    async (lease, left) => {
      const finished = await finishAll(world, settings, ledger, lease, left);
      if (finished.kind === "unfinished") return finished;
      return judgeNow({ world, settings, ledger, lease, by, occasion, isAnothers }, old.id);
    },
  );
  return done.kind === "nothing" ? undefined : done;
};

/** Goes on with what took the place of a question, where whoever asked it died before it was told. */
const finishAnew = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  oldId: string,
): Promise<Deferral | undefined> => {
  const { decided } = (await ledger.incident(oldId)) ?? {};
  if (decided?.decision !== "void" || decided.incidentId === undefined) return undefined;
  const half = await ledger.incident(decided.incidentId);
  if (half === undefined || half.status === "settled") return undefined;
  const done = await withLease<{ readonly kind: "done" }>(world, subjectKey(half.subject), (lease, left) =>
    finishAll(world, settings, ledger, lease, left),
  );
  return done.kind === "deferred" ? done : undefined;
};

type Anewing = {
  readonly world: World;
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly by: string;
  readonly occasion: Occasion;
  readonly isAnothers: boolean;
};

const judgeNow = async (
  { world, settings, ledger, lease, by, occasion, isAnothers }: Anewing,
  oldId: string,
): Promise<Anew | Deferral | Unfinished | { readonly kind: "nothing" }> => {
  const kept = await ledger.incident(oldId);
  if (kept === undefined) return { kind: "nothing" };
  const old = await asItWaits(ledger, kept);
  const { remediation } = old;
  if (old.decided !== undefined || remediation === undefined) return { kind: "nothing" };
  const isSameName = subjectKey(occasion.subject) === subjectKey(old.subject);
  const live = await world.read(isSameName ? remediation.subject : occasion.subject);
  if (!live.ok) return { kind: "deferred", because: cloudErrorText(live.error) };
  const now = stateDigest(live.value);
  if (isSameName && now === remediation.expects) return { kind: "nothing" };
  const endOld = (incidentId?: string) =>
    decide(ledger, old, {
      decision: "void",
      by,
      at: world.clock.now(),
      ...(incidentId === undefined ? {} : { incidentId }),
    });

  const open = await openQuestionOn(ledger, occasion, now, oldId);
  if (open !== undefined) {
    await endOld(open.id);
    return { kind: "asked-already", incidentId: open.id };
  }
  const assessment = await assessLive(world, settings, occasion);
  if (assessment.kind === "defer") return { kind: "deferred", because: cloudErrorText(assessment.error) };
  // Nothing is accepted here: what complies is taken as the state to go back to by the event of whoever made it so.
  if (assessment.kind !== "plan") {
    // Settings protect by name: that nothing is said of another name does not mean that all is well.
    if (isAnothers) return { kind: "nothing" };
    await endOld();
    return { kind: "complies" };
  }
  const plan = onlyAsking(await withinBudget(world, settings, occasion, assessment.plan));
  const incident: Incident = {
    ...openIncident(lease.incidentId, occasion, plan, world.clock.now()),
    events: old.events,
    asksAnew: oldId,
  };
  const lost = await openUnderLease(world, ledger, lease, incident);
  if (lost !== undefined) return lost;
  await endOld(incident.id);
  const { outcome } = await settleAnew(world, ledger, settings.telling, incident, settings.guardrails.mode);
  return { kind: outcome?.kind === "asked" ? "asked" : "told", incidentId: incident.id };
};

/** Whatever a rule would do by itself by now: what a person was asked about is put to a person again. */
const onlyAsking = (plan: Plan): Plan =>
  isWriting(plan)
    ? asking(plan, {
        kind: "changed-again",
        detail: "a person was asked about it before it changed again, so a person decides about this as well",
      })
    : plan;

/** A question about the same subject as it stands now, such as the event of the later change led to. */
const openQuestionOn = async (
  ledger: Ledger,
  { subject }: Occasion,
  now: string,
  oldId: string,
): Promise<Incident | undefined> => {
  const key = subjectKey(subject);
  for (const incident of await ledger.incidents()) {
    if (incident.id === oldId || incident.outcome?.kind !== "asked" || incident.remediation?.expects !== now) continue;
    if (subjectKey(incident.subject) !== key) continue;
    if ((await asItWaits(ledger, incident)).decided === undefined) return incident;
  }
  return undefined;
};

/** The audit trail shows what happened within so many minutes. */
const trailMinutes = 10;

/**
 * A question that was asked anew names who made the first change; who changed the subject since may not decide about it
 * either. Until the audit trail shows who that was, nobody may have the change accepted: it may be their own. To carry
 * out the plan only leads back to what was accepted before both.
 */
const changedByApprover = async (
  world: World,
  incident: Incident,
  approver: Actor,
  wanted: Wanted,
): Promise<string | undefined> => {
  const [event] = incident.events;
  const { after, subject } = incident;
  if (incident.asksAnew === undefined || event === undefined || after === undefined) return undefined;
  const seen = await eventsOn(world, subject, event.occurredAt);
  if (!seen.ok)
    return wanted === "approve"
      ? undefined
      : `who changed the subject since the first question cannot be looked up: ${cloudErrorText(seen.error)}`;
  const since = seen.value.filter(({ eventId }) => eventId !== event.eventId);
  if (since.some(({ actor }) => actorKey(actor) === actorKey(approver)))
    return `${actorText(approver)} changed the subject since the first question, and may not decide about it`;
  // What claims nothing, or a part of it, may have made anything, and explains nothing.
  const isKnown = since.some(({ claimed }) => claimed !== undefined && stateDigest(claimed) === stateDigest(after));
  return isKnown || wanted === "approve" || world.clock.now() - incident.openedAt > trailMinutes * 60_000
    ? undefined
    : `who changed the subject since the first question is not known yet: the audit trail shows it within ${trailMinutes} min; try again then`;
};
