import { failed, ok } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import { keyOwnerOf } from "./access-keys.ts";
import type { CallRecord, Entries, OperationEntry } from "./entry.ts";
import { textOf } from "./fields.ts";
import type { UserParameter } from "./named-user.ts";
import { routeOf } from "./named-user.ts";

const keyIn = (record: CallRecord): string | undefined => {
  const id = textOf(record.request, "UserAccessKeyId");
  return id?.includes("*") === true ? undefined : id;
};

const noKey = failed("names no key: `UserAccessKeyId` is missing");

/** A deleted key is in the recycle bin, and is judged there: what is left of it tells whose it is. */
const deleted = (parameter: UserParameter): OperationEntry => ({
  subject: "recycled-key",
  effect: "made",
  lost: ["status"],
  remedy: {
    level: "partial",
    why: "the key is brought back from the recycle bin while it is there (30 days, three to a user); a person decides, and looks at its status then",
    calls: ["Ims.RestoreAccessKeyFromRecycleBin"],
  },
  read: (record) => {
    const owner = keyOwnerOf(record, parameter);
    if (!owner.ok) return owner;
    if (owner.value.kind !== "user")
      return ok({ kind: "beside", because: "a key of the account owner was deleted, which nobody else could undo" });
    const accessKeyId = keyIn(record);
    if (accessKeyId === undefined) return noKey;
    const route = routeOf(parameter);
    const { accountId } = record;
    return ok({
      kind: "subject",
      subject: { kind: "recycled-key", accountId, route, accessKeyId, userName: owner.value.name },
      claimed: { kind: "recycled-key", accessKeyId, userId: "" },
    });
  },
});

/** The owner is told by its id alone: the reading finds the name. */
const restored: OperationEntry = {
  subject: "access-key",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "the key is set Inactive: that stops its use, and can be taken back; it is not deleted again, as that may push another key out of the bin",
    calls: ["Ram.UpdateAccessKey"],
  },
  read: (record) => {
    const accessKeyId = keyIn(record);
    const id = textOf(record.request, "UserId");
    if (accessKeyId === undefined) return noKey;
    if (id === undefined) return failed("names no user: `UserId` is missing");
    const { accountId, occurredAt: createdAt } = record;
    return ok({
      kind: "subject",
      subject: { kind: "access-key", accountId, owner: { kind: "user-id", id }, accessKeyId, createdAt, fromBin: true },
      claimed: undefined,
    });
  },
};

const purged: OperationEntry = {
  subject: "recycled-key",
  effect: "removed",
  lost: ["AccessKey"],
  remedy: { level: "none", why: "what is deleted from the recycle bin is gone for ever", calls: [] },
  read: (record) => {
    const accessKeyId = keyIn(record);
    if (accessKeyId === undefined) return noKey;
    const userId = textOf(record.request, "UserId");
    return ok({
      kind: "subject",
      subject: {
        kind: "recycled-key",
        accountId: record.accountId,
        route: "Ims",
        accessKeyId,
        ...(userId === undefined ? {} : { userId }),
      },
      claimed: gone,
    });
  },
};

/** The operations that move AccessKeys into the recycle bin, out of it, or off for ever. */
export const recycleBinOperations = {
  "Ram.DeleteAccessKey": deleted("UserName"),
  "Ims.DeleteAccessKey": deleted("UserPrincipalName"),
  "Ims.RestoreAccessKeyFromRecycleBin": restored,
  "Ims.DeleteAccessKeyInRecycleBin": purged,
} as const satisfies Entries;
