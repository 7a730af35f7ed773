import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { PublicKey } from "../domain/subjects/credentials.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import { userNamedOrCalling } from "./named-user.ts";

const about = (
  record: CallRecord,
  publicKeyId: string | undefined,
  status: PublicKey["status"] | "gone",
): Result<Reading, string> => {
  const user = userNamedOrCalling(record, "UserName");
  if (!user.ok) return user;
  const id = publicKeyId === undefined ? {} : { publicKeyId };
  return ok({
    kind: "subject",
    subject: { kind: "public-key", accountId: record.accountId, route: "Ram", ...user.value, ...id },
    claimed: status === "gone" ? gone : { kind: "public-key", ...id, status },
  });
};

const named = (record: CallRecord, status: PublicKey["status"] | "gone"): Result<Reading, string> => {
  const id = textOf(record.request, "UserPublicKeyId");
  return id === undefined ? failed("names no key: `UserPublicKeyId` is missing") : about(record, id, status);
};

/** Of the Japan site, without a published contract (`ram-operations.json`): what was done is told, nothing is guessed. */
const entry = (
  effect: OperationEntry["effect"],
  lost: readonly string[],
  read: OperationEntry["read"],
): OperationEntry => ({
  subject: "public-key",
  effect,
  lost,
  remedy: {
    level: "none",
    why: "no contract is published and no call reads these keys: nothing is guessed",
    calls: [],
  },
  read,
});

/** The operations on public keys that users upload. */
export const publicKeyOperations = {
  "Ram.UploadPublicKey": entry("made", [], (record) => {
    const answer = objectOf(record.response, "PublicKey");
    return about(record, textOf(answer, "PublicKeyId"), "Active");
  }),
  "Ram.UpdatePublicKey": entry("changed", ["status"], (record) =>
    named(record, textOf(record.request, "Status") === "Inactive" ? "Inactive" : "Active"),
  ),
  "Ram.DeletePublicKey": entry("removed", ["public key"], (record) => named(record, "gone")),
} as const satisfies Entries;
