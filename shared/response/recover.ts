import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Outcome, Remediation } from "../domain/plan.ts";
import type { Mode, Telling } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { Incident } from "../ledger/incident.ts";
import { readKillSwitch } from "../ledger/kill-switch.ts";
import type { Lease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { World } from "../ports/world.ts";
import { hasTakenPlace, settleAnew } from "./asked-anew.ts";
import { readBack } from "./read-back.ts";
import { settle } from "./settle.ts";
import { switchedOffText, writeRemediation } from "./write.ts";

/** A short look: the write of whoever left this behind is older than the lease that ran out. */
const delaysMs: readonly number[] = [0, 500, 1_500, 3_000];

/** Whether what was left behind is finished; `deferred` where the subject cannot be read now. */
export type Finished =
  | { readonly kind: "finished" }
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

const finished: Finished = { kind: "finished" };

/**
 * Finishes what an incident's holder left half done. The live subject tells what happened: the write took effect, or it
 * did not and the event that led here is judged anew, or some of several calls did and the others are sent now. Done
 * twice, it does nothing the second time.
 */
export const finishLeftover = async (
  world: World,
  ledger: Ledger,
  telling: Telling,
  lease: Lease,
  incidentId: string,
  mode: Mode = "enforce",
): Promise<Finished> => {
  const incident = await ledger.incident(incidentId);
  if (incident === undefined) return finished;
  if (incident.status === "settled") {
    if (incident.outcome !== undefined) await settle(world, ledger, telling, incidentId, incident.outcome);
    return finished;
  }
  const { remediation } = incident;
  // Its question may have been told already, and the one before says that it is void.
  if (incident.status === "intended" && (await hasTakenPlace(ledger, incident))) {
    await settleAnew(world, ledger, telling, incident, mode);
    return finished;
  }
  if (incident.status === "intended" || remediation === undefined) {
    await ledger.abandon(incidentId, "its holder stopped before anything was written");
    return finished;
  }
  const end = async (outcome: Outcome, note?: string, state?: Subject | Gone): Promise<Finished> => {
    await settle(world, ledger, telling, incidentId, outcome, note, state);
    return finished;
  };
  const sure = isAnswered(incident, remediation);
  const found = await readBack(world, remediation, { wanted: remediation.calls.length, sure, delaysMs });
  switch (found.kind) {
    case "unreadable":
      if (isPassing(found.error)) return { kind: "deferred", because: cloudErrorText(found.error) };
      return end({
        kind: "failed",
        because: `interrupted while writing, and the subject cannot be read back: ${cloudErrorText(found.error)}`,
      });
    case "other":
      return end(
        // Only a call that was surely refused leaves what is there to somebody else alone.
        { kind: incident.callsMade.every(({ effect }) => effect === "none") ? "superseded" : "overtaken" },
        "interrupted while writing, and the subject changed again since",
      );
    case "stands":
      if (found.done >= remediation.calls.length)
        return end(
          outcomeOf(incident),
          "finished after an interruption; the write was found to have taken effect",
          found.state,
        );
      if (found.done > 0) return goOn({ world, ledger, lease, incident, remediation, mode, done: found.done, end });
      await ledger.abandon(incidentId, "its holder stopped while writing, and the write is not to be seen");
      return finished;
  }
};

/** Whether the cloud said that the last of the calls was carried out: then a single reading that shows it is no chance. */
const isAnswered = ({ callsMade }: Incident, { calls }: Remediation): boolean => {
  const last = callsMade.at(-1);
  return last !== undefined && last.effect === undefined && JSON.stringify(last.call) === JSON.stringify(calls.at(-1));
};

type HalfDone = {
  readonly world: World;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly incident: Incident;
  readonly remediation: Remediation;
  readonly mode: Mode;
  readonly done: number;
  readonly end: (outcome: Outcome, note?: string, state?: Subject | Gone) => Promise<Finished>;
};

/** Sends the calls that an interrupted remediation has left, in a session for these alone. */
const goOn = async ({ world, ledger, lease, incident, remediation, mode, done, end }: HalfDone): Promise<Finished> => {
  const all = remediation.calls.length;
  if (mode === "observe")
    return end({
      kind: "failed",
      because: `interrupted after ${done} of ${all} calls, and writing is switched off now`,
    });
  const session = await world.act(incident.id, remediation.calls.slice(done));
  if (!session.ok)
    return isPassing(session.error)
      ? { kind: "deferred", because: cloudErrorText(session.error) }
      : end({ kind: "failed", because: `interrupted after ${done} of ${all} calls: ${cloudErrorText(session.error)}` });
  const stoppedBy = () => readKillSwitch(world.state, ledger.accountId);
  const context = { world, ledger, lease, incidentId: incident.id, session: session.value, stoppedBy };
  const written = await writeRemediation(context, remediation, done);
  switch (written.kind) {
    case "held":
      return end(outcomeOf(incident), "finished after an interruption", written.state);
    case "already-so":
    case "moved":
    case "overtaken":
      return end({ kind: "overtaken" }, "interrupted while writing, and the subject changed again since");
    case "failed":
      return end({ kind: "failed", because: written.because });
    case "stopped":
      return end({ kind: "failed", because: switchedOffText(written) });
    case "unfinished":
    case "deferred":
      return { kind: "deferred", because: written.because };
  }
};

const outcomeOf = ({ undoes, response }: Incident): Outcome => {
  if (undoes !== undefined) return { kind: "undone" };
  return response === "revert" ? { kind: "reverted" } : { kind: "contained" };
};
