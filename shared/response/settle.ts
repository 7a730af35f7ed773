import type { Outcome } from "../domain/plan.ts";
import type { Telling } from "../domain/settings.ts";
import { subjectKey } from "../domain/subject.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import { incidentMessage } from "./messages/incident-message.ts";
import { tell } from "./tell.ts";

/**
 * Closes an incident: outbox first, so that what happened is told even when we die in between; then the outcome, then
 * the marks on its events. Each step may be repeated.
 */
export const settle = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
  outcome: Outcome,
  note?: string,
): Promise<Incident> => {
  const settledAt = world.clock.now();
  const open = await ledger.incident(incidentId);
  if (open === undefined) throw new Error(`incident \`${incidentId}\` is not in the ledger`);
  const close = (incident: Incident): Incident => ({
    ...incident,
    status: "settled",
    settledAt,
    outcome,
    ...(note === undefined ? {} : { note }),
  });
  await tell(world, incidentMessage(close(open), telling, note));
  const settled = await ledger.update(incidentId, close);
  await noteLast(ledger, settled);
  for (const event of settled.events) await ledger.settleEvent(event, outcome.kind, incidentId);
  return settled;
};

/** Notes a settled incident as the last word on its subject, when it wrote. */
export const noteLast = async (
  ledger: Ledger,
  { id, subject, settledAt, outcome, remediation }: Incident,
): Promise<void> => {
  if (settledAt === undefined || outcome === undefined || remediation === undefined || !wrote(outcome)) return;
  const left = stateDigest(remediation.becomes);
  await ledger.noteLastOn(subjectKey(subject), { incidentId: id, settledAt, outcome: outcome.kind, left });
};

const wrote = ({ kind }: Outcome): boolean => kind === "reverted" || kind === "contained" || kind === "undone";
