import { gone } from "../../domain/subject.ts";
import type { MembershipRef } from "../../domain/subjects/identities.ts";
import { addToGroup, removeFromGroup } from "../../operations/identity-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

const callsFor = (subject: MembershipRef) => {
  const service = subject.route === "Ims" ? "Ims" : "Ram";
  const { userName, groupName } = subject;
  return {
    add: addToGroup(service, userName, groupName, subject),
    remove: removeFromGroup(service, userName, groupName, subject),
  };
};

/** Takes a user out of a group again; to put one back in is for a person. */
export const membershipRemedy: Remedier<"membership"> = ({ before, after, subject }, asked) => {
  const { add, remove } = callsFor(subject);
  if (after.kind === "gone") {
    if (!before.known) return noRemedy("prior-state-unknown", before.because);
    if (before.state.kind === "gone") return nothingToWrite("the subject is gone");
    return toPerson(
      {
        subject,
        expects: stateDigest(gone),
        was: gone,
        becomes: before.state,
        calls: [add],
        undo: [remove],
      },
      "grants-privilege",
      `to put the user back gives what the group \`${subject.groupName}\` carries today: look at its policies first`,
    );
  }
  if (before.known && before.state.kind !== "gone") return nothingToWrite("the user was in the group before as well");
  const remediation = {
    subject,
    expects: stateDigest(after),
    was: after,
    becomes: gone,
    calls: [remove],
    undo: [add],
  } as const;
  if (before.known) return putBack(remediation, asked);
  return toPerson(
    remediation,
    "prior-state-unknown",
    "the user is in the group, and nothing proves that this call put it there: the console's own call has no published contract",
  );
};
