import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Remediation } from "../../domain/plan.ts";
import type { AccessKey } from "../../domain/subject.ts";
import { setKeyStatus } from "../../operations/remedies.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { contained, noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

/**
 * Sets a key Inactive: that stops its use, and nothing is lost by it. A key that is or may have been in use is switched
 * by a person only, either way: switching it off may stop production, switching it on gives access (`ram-api.md` §9.18).
 */
export const accessKeyRemedy: Remedier<"access-key"> = (change, asked) =>
  change.after.kind === "gone" ? nothingToWrite("the subject is gone") : forKey(change, change.after, asked);

const forKey = (change: Change<"access-key">, now: AccessKey, asked: Response) => {
  const { owner } = now;
  if (owner.kind === "root")
    return noRemedy("root-credential", "a key of the account owner cannot be managed by a RAM role");
  if (owner.kind === "user-id")
    return noRemedy(
      "undetermined",
      `a key is switched in the name of its owner, of whom only the id \`${owner.id}\` is known`,
    );
  const { before } = change;
  const was = before.known && before.state.kind !== "gone" ? before.state.status : undefined;
  if (before.known && was === now.status) return nothingToWrite(`the key is as it was: ${now.status}`);
  const switched = switchedTo(now.status === "Active" ? "Inactive" : "Active", change, now, owner.name);
  if (now.status === "Active") {
    if (!before.known)
      return toPerson(switched, "prior-state-unknown", `the key may have been in use before: ${before.because}`);
    return was === "Inactive" ? putBack(switched, asked) : contained(switched, asked);
  }
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (was === undefined) return nothingToWrite("the key is Inactive already");
  return toPerson(
    switched,
    "grants-privilege",
    "the key was in use, so what works with it may have stopped; whether it is to work again is for a person to decide",
  );
};

const switchedTo = (
  status: AccessKey["status"],
  { subject }: Change<"access-key">,
  now: AccessKey,
  userName: string,
): Remediation => ({
  subject: { ...subject, accessKeyId: now.accessKeyId },
  expects: stateDigest(now),
  was: now,
  becomes: { ...now, status },
  calls: [setKeyStatus(userName, now.accessKeyId, status)],
  undo: [setKeyStatus(userName, now.accessKeyId, now.status)],
});
