import type { CloudError } from "../domain/cloud-error.ts";
import { cloudErrorText, isPassing } from "../domain/cloud-error.ts";
import type { Outcome } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import type { Mode } from "../domain/settings.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { Incident } from "../ledger/incident.ts";
import { readKillSwitch } from "../ledger/kill-switch.ts";
import type { Lease } from "../ledger/lease.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ActingSession } from "../ports/cloud.ts";
import type { World } from "../ports/world.ts";
import type { Written } from "./write.ts";
import { writeRemediation } from "./write.ts";

/** The incident that a session name of ours belongs to; undefined for any other name. */
export const incidentOfSession = (sessionName: string): string | undefined =>
  /^warden-([0-9a-f-]{36})$/.exec(sessionName)?.[1];

/** How carrying out ended: with an outcome, or with something for the caller to do. */
export type CarriedOut =
  | { readonly kind: "settled"; readonly outcome: Outcome; readonly note?: string; readonly state?: Subject | Gone }
  /** Nothing was written, as the subject changed again: it is to be judged anew. */
  | { readonly kind: "moved" }
  /** Nothing was written, as somebody switched all writing off meanwhile. */
  | Extract<Written, { kind: "stopped" }>
  /** Something was written, or may have been, and nobody can tell yet what came of it: whoever comes next finds out. */
  | { readonly kind: "unfinished"; readonly because: string }
  /** Nothing was written; the caller should come back. */
  | { readonly kind: "deferred"; readonly because: string; readonly retryAfterMs?: number };

const settled = (outcome: Outcome, note?: string): Extract<CarriedOut, { kind: "settled" }> =>
  note === undefined ? { kind: "settled", outcome } : { kind: "settled", outcome, note };

/** What an incident comes to without any write; undefined where it plans one. */
const withoutWrite = ({ remediation, response }: Incident, mode: Mode): Outcome | undefined => {
  if (remediation === undefined || response === "alert" || response === "off") return { kind: "alerted" };
  if (mode === "observe") return { kind: "observed" };
  return response === "ask" ? { kind: "asked" } : undefined;
};

/** The session in which an incident's plan is carried out, or why there is none; undefined where it plans no write. */
export const sessionFor = async (
  world: Pick<World, "act">,
  incident: Incident,
  mode: Mode,
): Promise<Result<ActingSession, CloudError> | undefined> =>
  incident.remediation === undefined || withoutWrite(incident, mode) !== undefined
    ? undefined
    : world.act(incident.id, incident.remediation.calls);

/**
 * Carries out what an open incident plans: an acting session, re-read, one write, read back.
 * The intent is in the ledger before this is called; the caller puts the outcome there after. `taken` is the session for
 * it, where the caller has it already.
 */
export const carryOut = async (
  world: World,
  ledger: Ledger,
  lease: Lease,
  incident: Incident,
  mode: Mode,
  taken?: Result<ActingSession, CloudError>,
): Promise<CarriedOut> => {
  const { remediation, response } = incident;
  const outcome = withoutWrite(incident, mode);
  if (remediation === undefined || outcome !== undefined) return settled(outcome ?? { kind: "alerted" });
  const session = taken ?? (await world.act(incident.id, remediation.calls));
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
      stoppedBy: () => readKillSwitch(world.state, ledger.accountId),
    },
    remediation,
  );
  switch (written.kind) {
    case "held":
      return { ...settled(response === "revert" ? { kind: "reverted" } : { kind: "contained" }), state: written.state };
    case "already-so":
      return settled({ kind: "superseded" }, "somebody else had put it back before the write");
    case "overtaken":
      return settled({ kind: "overtaken" }, "a write was sent, and the subject is something else by now");
    case "failed":
      return settled({ kind: "failed", because: written.because });
    case "moved":
    case "stopped":
    case "unfinished":
    case "deferred":
      return written;
  }
};
