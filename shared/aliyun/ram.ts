import type { CloudError } from "../domain/cloud-error.ts";
import type { Principal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import {
  type AccessKey,
  type AccessKeyRef,
  type Gone,
  type Grant,
  type GrantRef,
  gone,
  type RoleTrust,
  type RoleTrustRef,
} from "../domain/subject.ts";
import type { PolicyDocuments } from "../ports/cloud.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./missing.ts";
import type { Answer, Parameters, Transport } from "./transport.ts";
import { userNameById } from "./users.ts";

export { goneWhenMissing } from "./missing.ts";

/** Every operation of Ram that is called here; the looking role may do these and no others. */
export const ramReads = [
  "GetRole",
  "ListAccessKeys",
  "ListPoliciesForUser",
  "ListPoliciesForGroup",
  "ListPoliciesForRole",
  "GetPolicy",
] as const;

type RamRead = (typeof ramReads)[number];

const read = (send: Transport, operation: RamRead, parameters: Parameters): Promise<Result<Answer, CloudError>> =>
  send({ service: "Ram", operation, parameters, effect: "read" });

const strange = (operation: RamRead, answer: Answer): Result<never, CloudError> =>
  failed(unexpectedAnswer(`Ram.${operation}`, "read", answer.requestId));

/** RAM's own length of a session, seconds, for a role that does not say. */
const defaultSessionSeconds = 3600;

const mappedFields = new Set([
  "RoleName",
  "RoleId",
  "AssumeRolePolicyDocument",
  "Description",
  "MaxSessionDuration",
  "CreateDate",
  "UpdateDate",
]);

/** A role's trust as `Ram.GetRole` tells it, with all that the answer holds besides. */
export const readRoleTrust = async (
  send: Transport,
  ref: RoleTrustRef,
): Promise<Result<RoleTrust | Gone, CloudError>> => {
  const result = await read(send, "GetRole", { RoleName: ref.roleName });
  if (!result.ok) return goneWhenMissing(result.error);
  const role = objectAt(result.value.body, "Role");
  const trust = role === undefined ? undefined : roleTrustOf(role);
  return trust === undefined ? strange("GetRole", result.value) : ok(trust);
};

const roleTrustOf = (role: JsonObject): RoleTrust | undefined => {
  const roleName = textAt(role, "RoleName");
  const roleId = textAt(role, "RoleId");
  const document = textAt(role, "AssumeRolePolicyDocument");
  const seconds = role.MaxSessionDuration ?? defaultSessionSeconds;
  if (roleName === undefined || roleId === undefined || document === undefined) return undefined;
  if (typeof seconds !== "number") return undefined;
  const createdAt = textAt(role, "CreateDate");
  const updatedAt = textAt(role, "UpdateDate");
  return {
    kind: "role-trust",
    roleName,
    roleId,
    document,
    description: textAt(role, "Description") ?? "",
    maxSessionSeconds: seconds,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    // Ram.GetRole has no flag for it. ARNs spell the name in lower case, so case does not count.
    serviceLinked: roleName.toLowerCase().startsWith("aliyunservicerolefor"),
    rest: Object.fromEntries(Object.entries(role).filter(([name]) => !mappedFields.has(name))),
  };
};

/** How far the event's time and the key's own creation date may be apart, milliseconds; both are cut to the second. */
const sameMomentMs = 2_000;

/**
 * An AccessKey of a user, found by its id or, where the event had none, by the moment it was made. An owner that the
 * event names by an id is looked up first. Keys of the account owner can be listed by the account owner only:
 * `forbidden` with code `RootUnreadable`. Two keys made in one moment are told apart by nothing: `conflict` with code
 * `SeveralKeysMatch`.
 */
export const readAccessKey = async (
  send: Transport,
  ref: AccessKeyRef,
): Promise<Result<AccessKey | Gone, CloudError>> => {
  if (ref.owner.kind === "root") {
    return failed({ kind: "forbidden", code: "RootUnreadable", operation: "Ram.ListAccessKeys" });
  }
  const owner = ref.owner.kind === "user" ? ok(ref.owner.name) : await userNameById(send, ref.owner.id);
  if (!owner.ok) return owner;
  if (typeof owner.value !== "string") return ok(gone);
  // Without a UserName the call would list the keys of the caller, who is the looking role.
  const result = await read(send, "ListAccessKeys", { UserName: owner.value });
  if (!result.ok) return goneWhenMissing(result.error);
  const keys = listAt(result.value.body, "AccessKeys", "AccessKey");
  if (keys === undefined) return strange("ListAccessKeys", result.value);
  const found = keys.filter((key) =>
    ref.accessKeyId === undefined ? madeAt(key, ref.createdAt) : key.AccessKeyId === ref.accessKeyId,
  );
  if (found.length > 1) return failed({ kind: "conflict", code: "SeveralKeysMatch", operation: "Ram.ListAccessKeys" });
  const [key] = found;
  if (key === undefined) return ok(gone);
  const told = accessKeyOf(key, owner.value);
  return told === undefined ? strange("ListAccessKeys", result.value) : ok(told);
};

/** A user's key as a row of `ListAccessKeys` tells it, which is all that any call tells of it. */
export const accessKeyOf = (row: JsonObject, userName: string): AccessKey | undefined => {
  const accessKeyId = textAt(row, "AccessKeyId");
  const { Status: status } = row;
  if (accessKeyId === undefined || (status !== "Active" && status !== "Inactive")) return undefined;
  const createdAt = textAt(row, "CreateDate");
  return {
    kind: "access-key",
    owner: { kind: "user", name: userName },
    accessKeyId,
    status,
    ...(createdAt === undefined ? {} : { createdAt }),
  };
};

const madeAt = (key: JsonObject, moment: number): boolean =>
  Math.abs(Date.parse(textAt(key, "CreateDate") ?? "") - moment) <= sameMomentMs;

const listing: { readonly [kind in Principal["kind"]]: { readonly operation: RamRead; readonly parameter: string } } = {
  user: { operation: "ListPoliciesForUser", parameter: "UserName" },
  group: { operation: "ListPoliciesForGroup", parameter: "GroupName" },
  role: { operation: "ListPoliciesForRole", parameter: "RoleName" },
};

/** A grant for the whole account, by the list of the principal's policies, which is not paged. */
export const readAccountGrant = async (send: Transport, ref: GrantRef): Promise<Result<Grant | Gone, CloudError>> => {
  const { operation, parameter } = listing[ref.principal.kind];
  const result = await read(send, operation, { [parameter]: ref.principal.name });
  if (!result.ok) return goneWhenMissing(result.error);
  const policies = listAt(result.value.body, "Policies", "Policy");
  if (policies === undefined) return strange(operation, result.value);
  const attached = policies.find(
    (policy) => policy.PolicyName === ref.policy.name && policy.PolicyType === ref.policy.type,
  );
  if (attached === undefined) return ok(gone);
  const attachedAt = textAt(attached, "AttachDate");
  return ok({
    kind: "grant",
    principal: ref.principal,
    policy: ref.policy,
    scope: ref.scope,
    ...(attachedAt === undefined ? {} : { attachedAt }),
  });
};

/** The text of a policy's default version, by `Ram.GetPolicy`; a policy that is not there is `gone`. */
export const policyDocuments =
  (send: Transport): PolicyDocuments =>
  async ({ name, type }) => {
    const result = await read(send, "GetPolicy", { PolicyName: name, PolicyType: type });
    if (!result.ok) return goneWhenMissing(result.error);
    const version = objectAt(result.value.body, "DefaultPolicyVersion");
    const document = version === undefined ? undefined : textAt(version, "PolicyDocument");
    return document === undefined ? strange("GetPolicy", result.value) : ok(document);
  };
