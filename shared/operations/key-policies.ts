import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { failed, ok } from "../domain/result.ts";
import { keyOwnerOf } from "./access-keys.ts";
import type { Entries, OperationEntry } from "./entry.ts";
import { documentOf, textOf } from "./fields.ts";
import { userNamed } from "./named-user.ts";

/** Characters, and levels of nesting. What is beyond them is no network policy: the claim is not believed then. */
const longestDocument = 16_384;
const deepest = 16;

const isShallow = (value: Json, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((each: Json) => isShallow(each, levels - 1));
};

const policyIn = (text: string | undefined): JsonObject | undefined => {
  if (text === undefined || text.length > longestDocument) return undefined;
  try {
    const parsed = JSON.parse(text) as Json;
    return isJsonObject(parsed) && isShallow(parsed, deepest) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const policySet: OperationEntry = {
  subject: "key-policy",
  effect: "changed",
  lost: ["former network policy"],
  remedy: {
    level: "full",
    why: "the former policy is sent whole; one that allows more than what is in force now is for a person to decide",
    calls: ["Ims.SetAccessKeyPolicy"],
  },
  read: (record) => {
    const owner = keyOwnerOf(record, "UserPrincipalName");
    if (!owner.ok) return owner;
    const accessKeyId = textOf(record.request, "UserAccessKeyId");
    if (accessKeyId === undefined || accessKeyId.includes("*"))
      return failed("names no key: `UserAccessKeyId` is missing");
    const named = userNamed(record, "UserPrincipalName");
    const user = named.ok ? named.value : owner.value.kind === "user" ? { userName: owner.value.name } : {};
    const document = policyIn(documentOf(record.request, "AccessKeyPolicy"));
    return ok({
      kind: "subject",
      subject: {
        kind: "key-policy",
        accountId: record.accountId,
        route: "Ims",
        ...user,
        accessKeyId,
      },
      claimed: document === undefined ? undefined : { kind: "key-policy", document },
    });
  },
};

/** The operations on from where an AccessKey may be used. */
export const keyPolicyOperations = { "Ims.SetAccessKeyPolicy": policySet } as const satisfies Entries;
