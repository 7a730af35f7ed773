import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Outcome, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { Mode } from "../domain/settings.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Lease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { stateDigest } from "../operations/state-digest.ts";
import type { World } from "../ports/world.ts";
import { writeRemediation } from "./write.ts";

/** The incident that a session name of ours belongs to; undefined for any other name. */
export const incidentOfSession = (sessionName: string): string | undefined =>
  /^warden-([0-9a-f-]{36})$/.exec(sessionName)?.[1];

/** The ledger has the outcome, or nothing was written and the caller should come back. */
export type CarriedOut =
  | { readonly kind: "settled"; readonly outcome: Outcome; readonly note?: string }
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

const settled = (outcome: Outcome, note?: string): CarriedOut =>
  note === undefined ? { kind: "settled", outcome } : { kind: "settled", outcome, note };

/**
 * Carries out what an open incident plans: re-read, one write in an acting session, read back.
 * The intent is in the ledger before this is called; the caller puts the outcome there after.
 */
export const carryOut = async (
  world: World,
  ledger: Ledger,
  lease: Lease,
  incident: Incident,
  mode: Mode,
): Promise<CarriedOut> => {
  const { remediation, response } = incident;
  if (remediation === undefined || response === "alert" || response === "off") return settled({ kind: "alerted" });
  if (mode === "observe") return settled({ kind: "observed" });
  if (response === "ask") return settled({ kind: "asked" });

  const stands = await standsAsJudged(world, remediation);
  if (!stands.ok)
    return isPassing(stands.error)
      ? { kind: "deferred", because: cloudErrorText(stands.error) }
      : settled({ kind: "failed", because: `could not re-read before writing: ${cloudErrorText(stands.error)}` });
  if (!stands.value) return settled({ kind: "superseded" }, "the subject changed again between judging and writing");

  const session = await world.act(incident.id, remediation.calls);
  if (!session.ok)
    return isPassing(session.error)
      ? { kind: "deferred", because: cloudErrorText(session.error) }
      : settled({ kind: "failed", because: `the acting role could not be assumed: ${cloudErrorText(session.error)}` });

  const written = await writeRemediation(
    {
      world,
      ledger,
      lease,
      incidentId: incident.id,
      session: session.value,
    },
    remediation,
  );
  switch (written.kind) {
    case "held":
      return settled(response === "revert" ? { kind: "reverted" } : { kind: "contained" });
    case "already-so":
      return settled({ kind: "superseded" }, "somebody else had put it back before the write");
    case "changed-again":
      return settled({ kind: "superseded" }, "the subject changed again while it was being put back");
    case "failed":
      return settled({ kind: "failed", because: written.because });
    case "deferred":
      return written;
  }
};

/** Milliseconds after which a subject that does not stand as it was judged is looked at again: one reading may be stale. */
const secondSightMs: readonly number[] = [300, 1_200, 3_000];

/** Whether the subject still stands as it was judged. That it does not is believed when each of several readings says so. */
const standsAsJudged = async (
  world: Pick<World, "read" | "clock">,
  { subject, expects }: Remediation,
): Promise<Result<boolean, CloudError>> => {
  for (const delayMs of [0, ...secondSightMs]) {
    if (delayMs > 0) await world.clock.sleep(delayMs);
    const read = await world.read(subject);
    if (!read.ok) return failed(read.error);
    if (stateDigest(read.value) === expects) return ok(true);
  }
  return ok(false);
};
