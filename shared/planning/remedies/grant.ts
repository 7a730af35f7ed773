import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Grant } from "../../domain/subject.ts";
import { gone } from "../../domain/subject.ts";
import { attach, detach } from "../../operations/remedies.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack } from "../chosen.ts";

/** Takes a grant away in the service and the scope it was made in. */
export const grantRemedy: Remedier<"grant"> = (change, asked) =>
  change.after.kind === "gone" ? nothingToWrite("the subject is gone") : forGrant(change, change.after, asked);

const forGrant = (change: Change<"grant">, now: Grant, asked: Response) => {
  const { before, subject } = change;
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind !== "gone") return nothingToWrite("the policy was attached before as well");
  return putBack(
    {
      subject,
      expects: stateDigest(now),
      was: now,
      becomes: gone,
      calls: [detach(subject)],
      undo: [attach(subject)],
    },
    asked,
  );
};
