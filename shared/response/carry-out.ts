import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Outcome } from "../domain/plan.ts";
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

  const live = await world.read(remediation.subject);
  if (!live.ok)
    return isPassing(live.error)
      ? { kind: "deferred", because: cloudErrorText(live.error) }
      : settled({ kind: "failed", because: `could not re-read before writing: ${cloudErrorText(live.error)}` });
  if (stateDigest(live.value) !== remediation.expects)
    return settled({ kind: "superseded" }, "the subject changed again between judging and writing");

  const session = await world.act(incident.id, remediation.calls);
  if (!session.ok)
    return isPassing(session.error)
      ? { kind: "deferred", because: cloudErrorText(session.error) }
      : settled({ kind: "failed", because: `the acting role could not be assumed: ${cloudErrorText(session.error)}` });

  await ledger.update(incident.id, (open) => ({ ...open, status: "writing" }));
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
      await ledger.update(incident.id, (open) => ({ ...open, status: "intended" }));
      return written;
  }
};
