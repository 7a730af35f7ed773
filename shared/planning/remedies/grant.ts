import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Gone, Grant } from "../../domain/subject.ts";
import { gone } from "../../domain/subject.ts";
import { attach, detach } from "../../operations/remedies.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/** Takes a grant away, or has a person give it back, in the service and the scope of the change. */
export const grantRemedy: Remedier<"grant"> = (change, asked) => {
  if (!change.before.known) return noRemedy("prior-state-unknown", change.before.because);
  return change.after.kind === "gone" ? forRemoved(change, change.before.state) : forGrant(change, change.after, asked);
};

const forGrant = (change: Change<"grant">, now: Grant, asked: Response) => {
  const { before, subject } = change;
  if (before.known && before.state.kind !== "gone") return nothingToWrite("the policy was attached before as well");
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

const forRemoved = ({ subject }: Change<"grant">, was: Grant | Gone) => {
  if (was.kind === "gone") return nothingToWrite("the subject is gone");
  const { type, name } = subject.policy;
  return toPerson(
    {
      subject,
      expects: stateDigest(gone),
      was: gone,
      becomes: was,
      calls: [attach(subject)],
      undo: [detach(subject)],
    },
    "grants-privilege",
    type === "System"
      ? "to attach the policy again gives power"
      : `to attach the policy again gives what its default version holds today: look at \`${name}\` first`,
  );
};
