import type { KeyOwner } from "../domain/identity.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import { shortName } from "./principals.ts";

/** A call that names no user concerns its caller; sent again by us unchanged, it would hit our own keys (`ram-api.md` §9.19). */
export const keyOwnerOf = (record: CallRecord, parameter: string): Result<KeyOwner, string> => {
  const named = textOf(record.request, parameter);
  if (named !== undefined) {
    const name = shortName(named);
    return name === undefined ? failed(`has a \`${parameter}\` without a name`) : ok({ kind: "user", name });
  }
  switch (record.actor.kind) {
    case "root":
      return ok({ kind: "root" });
    case "user":
      return ok({ kind: "user", name: record.actor.name });
    case "role":
      return failed(`names no \`${parameter}\` and was made by an assumed role, which cannot own AccessKeys`);
    default:
      return failed(`names no \`${parameter}\`, and its caller is no user`);
  }
};

const read = (record: CallRecord, parameter: string): Result<Reading, string> => {
  const owner = keyOwnerOf(record, parameter);
  if (!owner.ok) return owner;
  const made = objectOf(record.response, "AccessKey");
  const id = textOf(made, "AccessKeyId");
  // A starred id is a redacted one: it finds no key, so the key is looked up by its owner and its time.
  const accessKeyId = id === undefined || id.includes("*") ? undefined : id;
  const createdAt = textOf(made, "CreateDate");
  return ok({
    kind: "subject",
    subject: {
      kind: "access-key",
      accountId: record.accountId,
      owner: owner.value,
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
      createdAt: record.occurredAt,
    },
    claimed:
      accessKeyId === undefined
        ? undefined
        : {
            kind: "access-key",
            owner: owner.value,
            accessKeyId,
            status: textOf(made, "Status") === "Inactive" ? "Inactive" : "Active",
            ...(createdAt === undefined ? {} : { createdAt }),
          },
  });
};

const readStatus = (record: CallRecord, parameter: string): Result<Reading, string> => {
  const owner = keyOwnerOf(record, parameter);
  if (!owner.ok) return owner;
  const accessKeyId = textOf(record.request, "UserAccessKeyId");
  if (accessKeyId === undefined || accessKeyId.includes("*"))
    return failed("names no key: `UserAccessKeyId` is missing");
  return ok({
    kind: "subject",
    subject: {
      kind: "access-key",
      accountId: record.accountId,
      owner: owner.value,
      accessKeyId,
      createdAt: record.occurredAt,
    },
    claimed: {
      kind: "access-key",
      owner: owner.value,
      accessKeyId,
      status: textOf(record.request, "Status") === "Inactive" ? "Inactive" : "Active",
    },
  });
};

const made = (parameter: string): OperationEntry => ({
  subject: "access-key",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "the key is set Inactive: that stops its use, and can be taken back; it is never deleted",
    calls: ["Ram.UpdateAccessKey"],
  },
  read: (record) => read(record, parameter),
});

const updated = (parameter: string): OperationEntry => ({
  subject: "access-key",
  effect: "changed",
  lost: ["status"],
  remedy: {
    level: "full",
    why: "the status has two values, and the former is set again; putting a key in use again is for a person to decide",
    calls: ["Ram.UpdateAccessKey"],
  },
  read: (record) => readStatus(record, parameter),
});

/** The operations that make AccessKeys, or put them in use. */
export const accessKeyOperations = {
  "Ram.CreateAccessKey": made("UserName"),
  "Ims.CreateAccessKey": made("UserPrincipalName"),
  "Ram.UpdateAccessKey": updated("UserName"),
  "Ims.UpdateAccessKey": updated("UserPrincipalName"),
} as const satisfies Entries;
