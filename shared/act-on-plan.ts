import type { Assessment } from "./assess.ts";
import { isPassing } from "./domain/cloud-error.ts";
import type { Decision } from "./domain/decision.ts";
import { decisionOf } from "./domain/decision.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Outcome, Plan } from "./domain/plan.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { keepWaiting } from "./ledger/baselines.ts";
import type { Incident } from "./ledger/incident.ts";
import { openIncident } from "./ledger/incident.ts";
import type { Lease } from "./ledger/lease.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { onlyTelling } from "./planning/plan-change.ts";
import type { World } from "./ports/world.ts";
import { carryOut, sessionFor } from "./response/carry-out.ts";
import { settle } from "./response/settle.ts";
import { switchedOffText } from "./response/write.ts";
import type { Settings } from "./settings.ts";
import type { Deferral, Unfinished } from "./under-lease.ts";
import { deferralBy, openUnderLease } from "./under-lease.ts";

/** How often a subject that keeps changing is judged before somebody has to look; each round takes some seconds. */
const mostRounds = 5;

/** An event that was decided about. */
export type Decided = { readonly kind: "decided"; readonly decision: Decision };

/** The decision about an event whose incident has this outcome. */
export const decided = (event: Occasion, plan: Plan, outcome: Outcome, incidentId: string, said?: string): Decided => {
  const note = outcome.kind === "failed" ? outcome.because : said;
  return {
    kind: "decided",
    decision: decisionOf(event, outcome.kind, plan, note === undefined ? { incidentId } : { incidentId, note }),
  };
};

/**
 * Carries a plan out under the lease of its subject. Ledger first: the intent is durable before the cloud is written to, the
 * outcome after. A subject that changed again before the write is judged anew as it stands: the change may be one that no
 * rule looks at, and leave in place what broke one.
 */
export const actOnPlan = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  lease: Lease,
  event: Occasion,
  first: Plan,
  judgeAgain: () => Promise<Assessment>,
): Promise<Decided | Deferral | Unfinished> => {
  let plan = first;
  let incident: Incident = openIncident(lease.incidentId, event, plan, world.clock.now());
  const { mode } = settings.guardrails;
  const session = await sessionFor(world, incident, mode);
  // Before there is an intent: what is put off for hours would leave one for each try.
  if (session?.ok === false && isPassing(session.error)) return deferralBy(session.error);
  const lost = await openUnderLease(world, ledger, lease, incident);
  if (lost !== undefined) return lost;
  const end = async (outcome: Outcome, note?: string, state?: Subject | Gone): Promise<Decided> => {
    await settle(world, ledger, settings.telling, incident.id, outcome, note, state);
    return decided(event, plan, outcome, incident.id, note);
  };
  for (let round = 1; ; round += 1) {
    if (plan.because?.kind === "prior-state-unknown" || priorUnknown(plan))
      await keepWaiting(world.state, world.clock, subjectKey(event.subject), event);
    // A session makes the calls of one plan.
    const carried = await carryOut(world, ledger, lease, incident, mode, round === 1 ? session : undefined);
    if (carried.kind === "settled") return end(carried.outcome, carried.note, carried.state);
    if (carried.kind === "unfinished") return carried;
    if (carried.kind === "deferred") {
      await ledger.abandon(incident.id, carried.because);
      return carried;
    }
    if (carried.kind === "stopped") {
      plan = onlyTelling(plan, { kind: "kill-switch", detail: switchedOffText(carried) });
      incident = await planAnew(ledger, incident, event, plan);
      continue;
    }
    const again = await judgeAgain();
    if (again.kind === "defer") {
      const deferral = deferralBy(again.error);
      await ledger.abandon(incident.id, deferral.because);
      return deferral;
    }
    if (again.kind !== "plan")
      return end({ kind: "superseded" }, "the subject changed again between judging and writing");
    if (round === mostRounds)
      return end({ kind: "failed", because: "the subject changed again each time before it could be written" });
    plan = again.plan;
    incident = await planAnew(ledger, incident, event, plan);
  }
};

/** Puts another plan into an open incident, with the calls that were made. */
const planAnew = async (ledger: Ledger, before: Incident, event: Occasion, plan: Plan): Promise<Incident> => {
  const { callsMade, openedAt } = (await ledger.incident(before.id)) ?? before;
  const next = { ...openIncident(before.id, event, plan, openedAt), callsMade };
  // Whoever took over from us, had our lease run out, has the last word.
  await ledger.update(before.id, (now) => (now.status === "settled" ? now : next));
  return next;
};

const priorUnknown = ({ change }: Plan): boolean => !change.before.known;
