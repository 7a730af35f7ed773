import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { AccessKey } from "../../domain/subject.ts";
import { setKeyStatus } from "../../operations/remedies.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Remedier } from "../chosen.ts";
import { contained, noRemedy, nothingToWrite } from "../chosen.ts";

/** Sets a key Inactive: that stops its use, and nothing is lost by it. */
export const accessKeyRemedy: Remedier<"access-key"> = (change, asked) =>
  change.after.kind === "gone" ? nothingToWrite("the subject is gone") : forKey(change, change.after, asked);

const forKey = (change: Change<"access-key">, now: AccessKey, asked: Response) => {
  const { owner } = now;
  if (owner.kind === "root")
    return noRemedy("root-credential", "a key of the account owner cannot be managed by a RAM role");
  if (now.status === "Inactive") return nothingToWrite("the key is Inactive already");
  return contained(
    {
      subject: { ...change.subject, accessKeyId: now.accessKeyId },
      expects: stateDigest(now),
      was: now,
      becomes: { ...now, status: "Inactive" },
      calls: [setKeyStatus(owner.name, now.accessKeyId, "Inactive")],
      undo: [setKeyStatus(owner.name, now.accessKeyId, "Active")],
    },
    asked,
  );
};
