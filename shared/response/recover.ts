import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Outcome } from "../domain/plan.ts";
import type { Telling } from "../domain/settings.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { World } from "../ports/world.ts";
import { readBack } from "./read-back.ts";
import { settle } from "./settle.ts";

/** A short look: the write of whoever left this behind is older than the lease that ran out. */
const delaysMs: readonly number[] = [0, 500, 1_500];

/** Whether what was left behind is finished; `deferred` where the subject cannot be read now. */
export type Finished =
  | { readonly kind: "finished" }
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

const finished: Finished = { kind: "finished" };

/**
 * Finishes what an incident's holder left half done. The live subject tells what happened: the write took effect, or it
 * did not and the event that led here is judged anew. Done twice, it does nothing the second time.
 */
export const finishLeftover = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incidentId: string,
): Promise<Finished> => {
  const incident = await ledger.incident(incidentId);
  if (incident === undefined) return finished;
  if (incident.status === "settled") {
    if (incident.outcome !== undefined) await settle(world, ledger, telling, incidentId, incident.outcome);
    return finished;
  }
  const { remediation } = incident;
  if (incident.status === "intended" || remediation === undefined) {
    await ledger.abandon(incidentId, "its holder stopped before anything was written");
    return finished;
  }
  const found = await readBack(world, remediation, delaysMs);
  switch (found.kind) {
    case "unreadable":
      if (isPassing(found.error)) return { kind: "deferred", because: cloudErrorText(found.error) };
      await settle(world, ledger, telling, incidentId, {
        kind: "failed",
        because: `interrupted while writing, and the subject cannot be read back: ${cloudErrorText(found.error)}`,
      });
      return finished;
    case "holds":
      await settle(
        world,
        ledger,
        telling,
        incidentId,
        outcomeOf(incident),
        "finished after an interruption; the write was found to have taken effect",
      );
      return finished;
    case "other":
      await settle(
        world,
        ledger,
        telling,
        incidentId,
        // Only a call that was surely refused leaves what is there to somebody else alone.
        { kind: incident.callsMade.every(({ effect }) => effect === "none") ? "superseded" : "overtaken" },
        "interrupted while writing, and the subject changed again since",
      );
      return finished;
    case "as-before":
      await ledger.abandon(incidentId, "its holder stopped while writing, and the write is not to be seen");
      return finished;
  }
};

const outcomeOf = ({ undoes, response }: Incident): Outcome => {
  if (undoes !== undefined) return { kind: "undone" };
  return response === "revert" ? { kind: "reverted" } : { kind: "contained" };
};
