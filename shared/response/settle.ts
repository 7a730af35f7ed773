import { severityRank } from "../domain/finding.ts";
import { refTo, subjectKey } from "../domain/kinds.ts";
import type { Outcome } from "../domain/plan.ts";
import type { Telling } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { Baseline } from "../ledger/baselines.ts";
import { keepState } from "../ledger/baselines.ts";
import { failuresName, takeUse } from "../ledger/budget.ts";
import { noteComing, noteComingOf } from "../ledger/comings.ts";
import type { Incident } from "../ledger/incident.ts";
import { lastRecordedAt, occasionOf, severityOf } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { keepRecheck, settledAfterMs } from "../ledger/rechecks.ts";
import { standsAsBefore, stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import { exposureOf } from "./exposure.ts";
import { incidentMessage } from "./messages/incident-message.ts";
import { tell } from "./tell.ts";

/**
 * Closes an incident: outbox first, so that what happened is told even when we die in between; then the outcome, then
 * the marks on its events. Each step may be repeated, and the first outcome stands: an incident is settled once.
 * `found` is the subject as a write that held left it.
 */
export const settle = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
  outcome: Outcome,
  note?: string,
  found?: Subject | Gone,
): Promise<Incident> => {
  const settledAt = world.clock.now();
  const open = await ledger.incident(incidentId);
  if (open === undefined) throw new Error(`incident \`${incidentId}\` is not in the ledger`);
  const exposure = open.status === "settled" ? undefined : await exposureOf(world, open, outcome);
  const close = (incident: Incident): Incident =>
    incident.status === "settled"
      ? incident
      : {
          ...incident,
          status: "settled",
          settledAt,
          outcome,
          ...(note === undefined ? {} : { note }),
          ...(found === undefined ? {} : { found }),
          ...(exposure === undefined ? {} : { exposure }),
        };
  const closed = close(open);
  if (closed.abandoned === undefined && !(await isToldByChain(ledger, closed)))
    await tell(world, incidentMessage(closed, telling, closed.note));
  const settled = await ledger.update(incidentId, close);
  await markSettled(world, ledger, settled);
  return settled;
};

/** A piece of a chain is told with the others, in the chain's own message, unless that makes less of it. */
const isToldByChain = async (ledger: Ledger, closed: Incident): Promise<boolean> => {
  if (closed.chain === undefined) return false;
  // Whoever made it a piece has compared the two before the chain's own incident is there.
  const chain = await ledger.incident(closed.chain);
  return chain === undefined || severityRank(severityOf(chain)) >= severityRank(severityOf(closed));
};

/** The marks that a settled incident leaves on its subject, on its events and on the incident that it undoes. */
const markSettled = async (world: Pick<World, "state" | "clock">, ledger: Ledger, settled: Incident): Promise<void> => {
  const { id, outcome, settledAt, subject, remediation, undoes } = settled;
  if (settled.abandoned !== undefined || outcome === undefined || settledAt === undefined) return;
  const about = subjectKey(subject);
  if (outcome.kind === "undone" && undoes !== undefined)
    await ledger.update(undoes, (incident) => ({ ...incident, undoneBy: id }));
  await noteComingOf(world, settled);
  const left = wrote(outcome) ? (settled.found ?? remediation?.becomes) : settled.found;
  // What happens to the subject while our write is read back is explained by nothing of ours.
  const at = lastSentAt(settled) ?? settledAt;
  const wroteAt = lastRecordedAt(settled.callsMade);
  // What we made again ought to be there.
  if (left !== undefined && left.kind !== "gone" && wrote(outcome) && remediation?.was.kind === "gone")
    await noteComing(world, settled.accountId, subjectKey(refTo(subject, left)), { at, effect: "made", eventId: id });
  if (left !== undefined && (wrote(outcome) || outcome.kind === "transient") && isAcceptable(settled, outcome, left))
    await keepState(world.state, subject, { state: left, since: at, source: sourceOf(outcome) });
  // How a key was left is noted even where others left it so: it may be put in use again.
  if (left !== undefined && (wrote(outcome) || left.kind === "access-key"))
    await ledger.noteLastOn(subjectKey(refTo(subject, left)), {
      incidentId: id,
      openedAt: settled.openedAt,
      settledAt: at,
      seenAt: settledAt,
      ...(wroteAt === undefined ? {} : { wroteAt }),
      outcome: outcome.kind,
      left: stateDigest(left),
    });
  // A limit of its own makes no sense here: how many are too many is for the next plan to say.
  if (remediation !== undefined && (outcome.kind === "failed" || outcome.kind === "overtaken"))
    await takeUse(world.state, world.clock, settled.accountId, failuresName, id, Number.POSITIVE_INFINITY);
  const occasion = mayBeMistaken(settled) ? occasionOf(settled) : undefined;
  if (occasion !== undefined)
    await keepRecheck(world.state, settled.accountId, about, occasion, settledAt + settledAfterMs);
  for (const event of settled.events) await ledger.settleEvent({ ...event, about }, outcome.kind, id);
};

/**
 * Whether readings alone said that all is well: after a write whose answer was lost, or where nothing was written. They
 * may have been of the state before the change, which is what a remediation goes back to; so the sweep looks again. So it
 * does where somebody changed the subject while it was written to: some of what broke a rule may stand.
 */
const mayBeMistaken = ({ outcome, callsMade }: Incident): boolean =>
  outcome?.kind === "superseded" ||
  outcome?.kind === "overtaken" ||
  (outcome !== undefined &&
    (outcome.kind === "reverted" || outcome.kind === "contained") &&
    callsMade.some(({ effect }) => effect === "unknown"));

/**
 * Whether what a write left may be gone back to. What puts one change back leaves another that came since in place: that
 * one is judged by its own event, against what was accepted before both. What was contained only still has a part of the
 * change, and nobody accepted that; a key is contained by putting it out of use, and is to stay so.
 */
const isAcceptable = ({ before, remediation }: Incident, outcome: Outcome, left: Subject | Gone): boolean =>
  (outcome.kind !== "reverted" && (outcome.kind !== "contained" || left.kind === "access-key")) ||
  (before?.known === true && standsAsBefore(before.state, left, remediation?.anew !== undefined));

/** When the last call was sent that was not surely refused, epoch milliseconds. */
const lastSentAt = ({ callsMade }: Incident): number | undefined =>
  callsMade.filter(({ effect }) => effect !== "none").at(-1)?.at;

const sourceOf = ({ kind }: Outcome): Baseline["source"] => {
  if (kind === "undone") return "undo";
  return kind === "transient" ? "event" : "remediation";
};

const wrote = ({ kind }: Outcome): boolean => kind === "reverted" || kind === "contained" || kind === "undone";
