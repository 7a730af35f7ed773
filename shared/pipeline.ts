import type { Assessment } from "./assess.ts";
import { assessByClaim, assessLive } from "./assess.ts";
import type { Before } from "./before.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { Decision } from "./domain/decision.ts";
import { decisionOf } from "./domain/decision.ts";
import type { OperationId } from "./domain/operation-id.ts";
import type { Outcome, OutcomeKind, Plan } from "./domain/plan.ts";
import { subjectKey } from "./domain/subject.ts";
import type { Intake, PassedOver, Refusal, TrailEvent } from "./domain/trail-event.ts";
import { takeIn } from "./intake/take-in.ts";
import { acceptBaseline, keepWaiting, takeWaiting } from "./ledger/baselines.ts";
import type { Incident } from "./ledger/incident.ts";
import { openIncident } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import { releaseLease, takeLease } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { WriteSeen } from "./own-writes.ts";
import { ownershipOf, unrecordedIncident } from "./own-writes.ts";
import type { World } from "./ports/world.ts";
import { carryOut } from "./response/carry-out.ts";
import { incidentMessage } from "./response/messages/incident-message.ts";
import { finishLeftover } from "./response/recover.ts";
import { settle } from "./response/settle.ts";
import { flushOutbox, tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";

/** What became of a payload: each of its records is in exactly one of the first three, or among what to come back for. */
export type Receipt = {
  readonly decisions: readonly Decision[];
  readonly passedOver: readonly PassedOver[];
  readonly refusals: readonly Refusal[];
  /** Events that could not be dealt with now and can be later: the caller must come back with the same payload. */
  readonly deferred: readonly { readonly eventId: string; readonly because: string; readonly retryAfterMs?: number }[];
};

/** Longer than one event can take, reading back included; a holder that dies blocks its subject no longer than this. */
export const leaseMs = 120_000;

type Handled =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "passed-over"; readonly reason: string }
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

/**
 * The whole story: take in, read the subject before and after, judge, plan, carry out, tell.
 * Rejects only when the state store does not answer; everything else that a retry can mend is in `deferred`.
 */
export const handlePayload = async (world: World, settings: Settings, payload: unknown): Promise<Receipt> =>
  handleIntake(world, settings, takeIn(payload));

/** The same for what was taken in already. */
export const handleIntake = async (world: World, settings: Settings, intake: Intake): Promise<Receipt> => {
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const decisions: Decision[] = [];
  const passedOver: PassedOver[] = [];
  const deferred: Receipt["deferred"][number][] = [];

  for (const event of inOrderOfTime(intake.events)) {
    const handled = await handleEvent(world, settings, ledger, event);
    if (handled.kind === "decided") decisions.push(handled.decision);
    else if (handled.kind === "passed-over")
      passedOver.push({ where: "", eventId: event.eventId, operation: event.operation, reason: handled.reason });
    else deferred.push({ eventId: event.eventId, ...handled });
  }
  for (const passed of intake.passedOver) {
    const seen = await lookAtPassedOver(world, settings, ledger, passed);
    if (seen.kind === "deferred") deferred.push({ eventId: passed.eventId ?? "", ...seen });
    else passedOver.push(seen.kind === "passed-over" ? { ...passed, reason: seen.reason } : passed);
  }
  if (deferred.length === 0) for (const refusal of intake.refusals) await ledger.keepRefusal(world.newId(), refusal);
  await flushOutbox(world, settings.telling.language);
  return { decisions, passedOver, refusals: intake.refusals, deferred };
};

const inOrderOfTime = (events: readonly TrailEvent[]): readonly TrailEvent[] =>
  [...events].sort((a, b) => a.occurredAt - b.occurredAt);

const seenWrite = (event: TrailEvent): WriteSeen => event;

const handleEvent = async (world: World, settings: Settings, ledger: Ledger, event: TrailEvent): Promise<Handled> => {
  if (event.accountId !== world.accountId)
    return { kind: "passed-over", reason: `belongs to account \`${event.accountId}\`, which is not guarded here` };
  const seen = await ledger.eventRecord(event.eventId);
  if (seen !== undefined) return { kind: "passed-over", reason: `dealt with before: ${seen.outcome}` };

  const ownership = await ownershipOf(ledger, settings, seenWrite(event));
  if (ownership.kind === "in-flight")
    return { kind: "deferred", because: "a write of our own is under way", retryAfterMs: 1_000 };
  if (ownership.kind === "ours") {
    await ledger.settleEvent(event, "our own write", ownership.incidentId);
    return { kind: "passed-over", reason: `our own write, of incident ${ownership.incidentId}` };
  }
  if (ownership.kind === "unrecorded") await reportUnrecorded(world, settings, ledger, seenWrite(event));

  const byClaim = await assessByClaim(world, settings, event);
  if (byClaim !== undefined) {
    await accept(world, event, byClaim);
    await ledger.settleEvent(event, "clear");
    await judgeWaiting(world, settings, ledger, event);
    return { kind: "decided", decision: decisionOf(event, "clear", undefined, { note: byClaim.note }) };
  }
  return onSubject(world, settings, ledger, event, undefined);
};

/** Everything that may end in a write or an alert happens under the subject's lease: one writer per subject. */
const onSubject = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: TrailEvent,
  given: Before | undefined,
): Promise<Handled> => {
  const key = subjectKey(event.subject);
  const id = world.newId();
  const taken = await takeLease(world.state, world.clock, world.accountId, key, id, leaseMs);
  if (!taken.taken)
    return { kind: "deferred", because: "somebody else is at work on this subject", retryAfterMs: taken.retryAfterMs };
  const { lease } = taken;
  try {
    if (taken.left !== undefined) await finishLeftover(world, ledger, settings.telling, taken.left);
    const meanwhile = given === undefined ? await ledger.eventRecord(event.eventId) : undefined;
    if (meanwhile !== undefined) return { kind: "passed-over", reason: `dealt with before: ${meanwhile.outcome}` };
    const assessment = await assessLive(world, settings, event, given);
    return await act(world, settings, ledger, lease, event, assessment);
  } finally {
    await releaseLease(world.state, lease);
  }
};

const act = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  event: TrailEvent,
  assessment: Assessment,
): Promise<Handled> => {
  switch (assessment.kind) {
    case "defer":
      return {
        kind: "deferred",
        because: cloudErrorText(assessment.error),
        ...(assessment.error.retryAfterMs === undefined ? {} : { retryAfterMs: assessment.error.retryAfterMs }),
      };
    case "clear": {
      await accept(world, event, assessment);
      await ledger.settleEvent(event, "clear", assessment.incidentId);
      const { note, incidentId } = assessment;
      return {
        kind: "decided",
        decision: decisionOf(event, "clear", undefined, incidentId === undefined ? { note } : { note, incidentId }),
      };
    }
    case "transient": {
      const incident = openIncident(lease.incidentId, event, assessment.plan, world.clock.now());
      await ledger.open(incident);
      await settle(world, ledger, settings.telling, incident.id, { kind: "transient" });
      return decided(event, assessment.plan, "transient", incident.id);
    }
    case "plan":
      return actOnPlan(world, settings, ledger, lease, event, assessment.plan);
  }
};

/** Ledger first: the intent is durable before the cloud is touched, the outcome after. */
const actOnPlan = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  event: TrailEvent,
  plan: Plan,
): Promise<Handled> => {
  const incident: Incident = openIncident(lease.incidentId, event, plan, world.clock.now());
  await ledger.open(incident);
  if (plan.because?.kind === "prior-state-unknown" || priorUnknown(plan))
    await keepWaiting(world.state, world.clock, subjectKey(event.subject), event);
  const carried = await carryOut(world, ledger, lease, incident, settings.guardrails.mode);
  if (carried.kind === "deferred") {
    await ledger.abandon(incident.id, carried.because);
    return carried;
  }
  await settle(world, ledger, settings.telling, incident.id, carried.outcome, carried.note);
  return decided(event, plan, carried.outcome.kind, incident.id, carried);
};

const priorUnknown = (plan: Plan): boolean => plan.change.kind === "role-trust" && !plan.change.before.known;

const decided = (
  event: TrailEvent,
  plan: Plan,
  outcome: OutcomeKind,
  incidentId: string,
  carried: { readonly outcome?: Outcome; readonly note?: string } = {},
): Handled => {
  const note = carried.outcome?.kind === "failed" ? carried.outcome.because : carried.note;
  return {
    kind: "decided",
    decision: decisionOf(event, outcome, plan, note === undefined ? { incidentId } : { incidentId, note }),
  };
};

/** A state that breaks no rule may be gone back to later. */
const accept = async (
  world: World,
  event: TrailEvent,
  clear: Extract<Assessment, { kind: "clear" }>,
): Promise<void> => {
  if (event.subject.kind !== "role-trust" || clear.accepted?.kind !== "role-trust") return;
  await acceptBaseline(world.state, event.accountId, subjectKey(event.subject), {
    state: clear.accepted,
    since: event.occurredAt,
    source: "event",
  });
};

/** An accepted state may be what an event that came before it out of order was waiting for. */
const judgeWaiting = async (world: World, settings: Settings, ledger: Ledger, accepted: TrailEvent): Promise<void> => {
  const state = accepted.claimed;
  if (state?.kind !== "role-trust") return;
  const waiting = await takeWaiting(world.state, world.accountId, subjectKey(accepted.subject));
  if (waiting === undefined || waiting.occurredAt < accepted.occurredAt) return;
  const handled = await onSubject(world, settings, ledger, waiting, { known: true, state, provenance: "history" });
  if (handled.kind === "deferred") await keepWaiting(world.state, world.clock, subjectKey(accepted.subject), waiting);
};

const lookAtPassedOver = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  passed: PassedOver,
): Promise<Exclude<Handled, { kind: "decided" }> | { readonly kind: "untouched" }> => {
  const { write, eventId, operation } = passed;
  if (write === undefined || eventId === undefined || operation === undefined) return { kind: "untouched" };
  if (write.accountId !== world.accountId) return { kind: "untouched" };
  const seen: WriteSeen = { ...write, eventId, operation: operation as OperationId };
  const ownership = await ownershipOf(ledger, settings, seen);
  switch (ownership.kind) {
    case "not-ours":
      return { kind: "untouched" };
    case "ours":
      return { kind: "passed-over", reason: `our own write, of incident ${ownership.incidentId}` };
    case "in-flight":
      return { kind: "deferred", because: "a write of our own is under way", retryAfterMs: 1_000 };
    case "unrecorded":
      await reportUnrecorded(world, settings, ledger, seen);
      return {
        kind: "passed-over",
        reason: "a write by our acting role of which the ledger knows nothing: told as an incident",
      };
  }
};

const reportUnrecorded = async (world: World, settings: Settings, ledger: Ledger, write: WriteSeen): Promise<void> => {
  const marker = { eventId: `unrecorded:${write.eventId}` };
  if ((await ledger.eventRecord(marker.eventId)) !== undefined) return;
  const incident = unrecordedIncident(world.newId(), write, settings, world.clock.now());
  await ledger.open(incident);
  await tell(world, incidentMessage(incident, settings.telling));
  await ledger.settleEvent(marker, "alerted", incident.id);
};
