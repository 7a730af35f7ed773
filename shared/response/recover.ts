import type { Telling } from "../domain/settings.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { World } from "../ports/world.ts";
import { incidentMessage } from "./messages/incident-message.ts";
import { readBack } from "./read-back.ts";
import { noteLast, settle } from "./settle.ts";
import { tell } from "./tell.ts";

/** A short look: the write of whoever left this behind is older than the lease that ran out. */
const delaysMs: readonly number[] = [0, 500, 1_500];

/**
 * Finishes what an incident's holder left half done when its lease ran out. The live subject tells what happened:
 * the write took effect, or it did not and the event that led here is judged anew.
 */
export const finishLeftover = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
): Promise<void> => {
  const incident = await ledger.incident(incidentId);
  if (incident === undefined) return;
  if (incident.status === "settled") {
    await tell(world, incidentMessage(incident, telling, incident.note));
    await noteLast(ledger, incident);
    for (const event of incident.events) await ledger.settleEvent(event, incident.outcome?.kind ?? "", incidentId);
    return;
  }
  const { remediation } = incident;
  if (incident.status === "intended" || remediation === undefined) {
    await ledger.abandon(incidentId, "its holder stopped before anything was written");
    return;
  }
  const found = await readBack(world, remediation, delaysMs);
  if (found.kind === "holds") {
    await settle(
      world,
      ledger,
      telling,
      incidentId,
      incident.undoes !== undefined
        ? { kind: "undone" }
        : incident.response === "revert"
          ? { kind: "reverted" }
          : { kind: "contained" },
      "finished after an interruption; the write was found to have taken effect",
    );
    return;
  }
  await ledger.abandon(incidentId, "its holder stopped while writing, and the write is not to be seen");
};
