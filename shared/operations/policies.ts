import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { Policy, PolicyRef, TagsRef } from "../domain/subjects/permissions.ts";
import type { About, CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { documentOf, objectOf, textOf } from "./fields.ts";
import { listIn, membersIn } from "./request-lists.ts";

type Route = "Ram" | "ResourceManager";

const isTrue = (from: JsonObject | undefined, name: string): boolean => {
  const value = from?.[name];
  return value === true || (typeof value === "string" && value.trim().toLowerCase() === "true");
};

type Did = Omit<PolicyRef, "kind" | "accountId" | "route" | "policyName">;

const read =
  (
    route: Route,
    did: (record: CallRecord) => Did,
    claimed?: (record: CallRecord) => About["claimed"],
    tells?: (record: CallRecord) => About["tells"],
  ) =>
  (record: CallRecord): Result<Reading, string> => {
    const policyName =
      textOf(record.request, "PolicyName") ?? textOf(objectOf(record.response, "Policy"), "PolicyName");
    if (policyName === undefined) return failed("names no policy: `PolicyName` is missing");
    const subject: PolicyRef = { kind: "policy", accountId: record.accountId, route, policyName, ...did(record) };
    const told = tells?.(record);
    return ok({ kind: "subject", subject, claimed: claimed?.(record), ...(told === undefined ? {} : { tells: told }) });
  };

/** A new policy is its one version: the answer tells all of it but the document, which the request has. */
const claimedNew = ({ request, response }: CallRecord): Policy | undefined => {
  const answered = objectOf(response, "Policy");
  const policyName = textOf(answered, "PolicyName");
  const createdAt = textOf(answered, "CreateDate");
  const defaultVersion = textOf(answered, "DefaultVersion");
  const document = documentOf(request, "PolicyDocument");
  if (policyName === undefined || createdAt === undefined || defaultVersion === undefined || document === undefined)
    return undefined;
  const description = answered?.Description;
  return {
    kind: "policy",
    policyName,
    description: typeof description === "string" ? description : "",
    createdAt,
    defaultVersion,
    versions: [{ versionId: defaultVersion, document }],
  };
};

const didMake = ({ response }: CallRecord): Did => {
  const createdAt = textOf(objectOf(response, "Policy"), "CreateDate");
  return { did: "made", withAttachments: true, ...(createdAt === undefined ? {} : { createdAt }) };
};

const didMakeVersion = ({ request, response }: CallRecord): Did => {
  const version = objectOf(response, "PolicyVersion");
  const versionId = textOf(version, "VersionId");
  const asDefault = isTrue(request, "SetAsDefault") || isTrue(version, "IsDefaultVersion");
  const rotating = textOf(request, "RotateStrategy")?.startsWith("DeleteOldest") === true;
  return {
    did: "version-made",
    ...(versionId === undefined ? {} : { versionId }),
    ...(asDefault ? { asDefault: true } : {}),
    ...(rotating ? { rotating: true } : {}),
  };
};

const onVersion =
  (did: "default-set" | "version-deleted") =>
  ({ request }: CallRecord): Did => {
    const versionId = textOf(request, "VersionId");
    return { did, ...(versionId === undefined ? {} : { versionId }) };
  };

const made = (route: Route): OperationEntry => ({
  subject: "policy",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "a new policy that is attached to nothing is deleted, its further versions first; one that is attached is detached and deleted by a person",
    calls: [`${route}.DeletePolicyVersion`, `${route}.DeletePolicy`],
  },
  read: read(route, didMake, claimedNew),
});

const deleted = (route: Route): OperationEntry => ({
  subject: "policy",
  effect: "removed",
  lost: ["default document", "description", "other versions", "tags"],
  remedy: {
    level: "partial",
    why: "the policy is made again from the baseline's default document, as version v1, by a person; its other versions, its tags and what it was attached to do not come back",
    calls: [`${route}.CreatePolicy`],
  },
  read: read(
    route,
    () => ({}),
    () => gone,
  ),
});

const versionMade = (route: Route): OperationEntry => ({
  subject: "policy",
  effect: "changed",
  lost: ["former default version", ...(route === "Ram" ? ["the version that a rotation dropped"] : [])],
  remedy: {
    level: route === "Ram" ? "partial" : "full",
    why: "the former default version is set first, then the new one deleted; one that a rotation dropped is made again from the baseline under another id, and whatever would give power is for a person to decide",
    calls: [`${route}.CreatePolicyVersion`, `${route}.SetDefaultPolicyVersion`, `${route}.DeletePolicyVersion`],
  },
  read: read(
    route,
    didMakeVersion,
    () => undefined,
    ({ request }) => {
      const document = documentOf(request, "PolicyDocument");
      return document === undefined ? undefined : { document };
    },
  ),
});

const defaultSet = (route: Route): OperationEntry => ({
  subject: "policy",
  effect: "changed",
  lost: ["former default version"],
  remedy: {
    level: "full",
    why: "the former default version is set again, unless another has been set since or it allows what the present one does not",
    calls: [`${route}.SetDefaultPolicyVersion`],
  },
  read: read(route, onVersion("default-set")),
});

const versionDeleted = (route: Route): OperationEntry => ({
  subject: "policy",
  effect: "changed",
  lost: ["the version's document"],
  remedy: {
    level: "partial",
    why: "the document is made a version again from the baseline, not the default, under another id",
    calls: [`${route}.CreatePolicyVersion`],
  },
  read: read(route, onVersion("version-deleted")),
});

const namings: { readonly [route in "Ram" | "Ims"]: readonly TagsRef["namedBy"][] } = {
  Ram: ["ResourceNames"],
  Ims: ["ResourceId", "ResourcePrincipalName"],
};

const readTags =
  (route: "Ram" | "Ims", keysOf: (request: JsonObject) => readonly string[] | undefined) =>
  ({ accountId, request }: CallRecord): Result<Reading, string> => {
    const resourceType = textOf(request, "ResourceType");
    if (resourceType === undefined) return failed("does not say what is tagged: `ResourceType` is missing");
    const keys = keysOf(request);
    const all = namings[route].flatMap((namedBy) =>
      listIn(request, namedBy).map((resource): About => {
        const ref = { kind: "tags", accountId, route, resourceType, resource, namedBy } as const;
        return keys === undefined
          ? { subject: ref, claimed: { kind: "tags", tags: {} } }
          : { subject: { ...ref, keys }, claimed: undefined };
      }),
    );
    const [first, ...others] = all;
    if (first === undefined) return failed("names nothing that is tagged");
    if (keys?.length === 0) return failed("names no key of a tag");
    return ok({ kind: "subjects", all: [first, ...others] });
  };

const tagged = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "tags",
  effect: "changed",
  lost: ["former values of the keys"],
  remedy: {
    level: "full",
    why: "the keys that the call set, and no others, get back the value of the baseline or go; tags steer access by condition, so a person decides",
    calls: [`${route}.TagResources`, `${route}.UntagResources`],
  },
  read: readTags(route, (request) => membersIn(request, "Tag", "Key")),
});

const untagged = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "tags",
  effect: "changed",
  lost: ["values of the keys"],
  remedy: {
    level: "full",
    why: "the keys that the call took away, and no others, get back the value of the baseline; tags steer access by condition, so a person decides",
    calls: [`${route}.TagResources`],
  },
  read: readTags(route, (request) => {
    const keys = listIn(request, route === "Ram" ? "TagKeys" : "TagKey");
    return keys.length === 0 && isTrue(request, "All") ? undefined : keys;
  }),
});

/** The operations on custom policies, their versions, and on tags. */
export const policiesOperations = {
  "Ram.CreatePolicy": made("Ram"),
  "ResourceManager.CreatePolicy": made("ResourceManager"),
  "Ram.DeletePolicy": deleted("Ram"),
  "ResourceManager.DeletePolicy": deleted("ResourceManager"),
  "Ram.CreatePolicyVersion": versionMade("Ram"),
  "ResourceManager.CreatePolicyVersion": versionMade("ResourceManager"),
  "Ram.SetDefaultPolicyVersion": defaultSet("Ram"),
  "ResourceManager.SetDefaultPolicyVersion": defaultSet("ResourceManager"),
  "Ram.DeletePolicyVersion": versionDeleted("Ram"),
  "ResourceManager.DeletePolicyVersion": versionDeleted("ResourceManager"),
  "Ram.UpdatePolicyDescription": {
    subject: "policy",
    effect: "changed",
    lost: ["description"],
    remedy: {
      level: "full",
      why: "a text without effect on rights, put back where a baseline tells it",
      calls: ["Ram.UpdatePolicyDescription"],
    },
    read: read("Ram", () => ({ did: "described" })),
  },
  "Ram.TagResources": tagged("Ram"),
  "Ims.TagResources": tagged("Ims"),
  "Ram.UntagResources": untagged("Ram"),
  "Ims.UntagResources": untagged("Ims"),
} as const satisfies Entries;
