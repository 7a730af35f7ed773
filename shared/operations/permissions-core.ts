import type { AccountId, Principal } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { actionOf, onAny, onPrincipal, parameter } from "./permission.ts";
import { principalOf } from "./principals.ts";

const policyArn = (call: Call, accountId: AccountId): string =>
  `acs:ram:*:${parameter(call, "PolicyType") === "System" ? "system" : accountId}:policy/${parameter(call, "PolicyName")}`;

/**
 * ResourceManager's AttachPolicy and DetachPolicy are authorised as `ram:AttachPolicy` and `ram:DetachPolicy`; its list
 * of resources prints the principal as `acs:ims:*:<account>:user/*`, `acs:ims:*:<account>:group/*` and
 * `acs:ram:*:<account>:role/*`, whoever is meant:
 * https://help.aliyun.com/zh/resource-management/resource-directory/developer-reference/ram-authorization
 * So the narrow form is given for a service that looks closer, and the printed form for one that does not.
 * The policy's own ARN keeps the permission to this one policy. Not confirmed on a live account.
 */
const printedPrincipalArn = (kind: Principal["kind"], accountId: AccountId): string =>
  kind === "role" ? `acs:ram:*:${accountId}:role/*` : `acs:ims:*:${accountId}:${kind}/*`;

const grantPermissions = (call: Call, accountId: AccountId, principal: Principal): readonly Permission[] => [
  { action: actionOf(call), resource: policyArn(call, accountId) },
  ...onPrincipal(call, accountId, principal),
  ...(call.service === "ResourceManager" ? onAny(call, printedPrincipalArn(principal.kind, accountId)) : []),
];

const grant =
  (kind: Principal["kind"], name: string) =>
  (call: Call, accountId: AccountId): readonly Permission[] =>
    grantPermissions(call, accountId, { kind, name: parameter(call, name) });

const scopedGrant = (call: Call, accountId: AccountId): readonly Permission[] => {
  const principal = principalOf(parameter(call, "PrincipalType"), parameter(call, "PrincipalName"));
  return principal === undefined ? [] : grantPermissions(call, accountId, principal);
};

const ofRole = (call: Call, accountId: AccountId): readonly Permission[] =>
  onPrincipal(call, accountId, { kind: "role", name: parameter(call, "RoleName") });

/** A role that does not exist yet has no name to be allowed by: the page prints all roles. */
const onRoles = (call: Call, accountId: AccountId): readonly Permission[] =>
  onAny(call, `acs:ram:*:${accountId}:role/*`);

/**
 * Roles, AccessKeys and grants. The actions and resources of the Ram calls are documented on each call's page; those of
 * ResourceManager's role calls are taken from its list of role actions, not confirmed on a live account.
 */
export const corePermissions: Permissions = {
  "Ram.UpdateRole": ofRole,
  "ResourceManager.UpdateRole": ofRole,
  "Ram.CreateRole": onRoles,
  "ResourceManager.CreateRole": onRoles,
  "Ram.DeleteRole": ofRole,
  "ResourceManager.DeleteRole": ofRole,
  "Ram.UpdateAccessKey": (call, accountId) =>
    onPrincipal(call, accountId, { kind: "user", name: parameter(call, "UserName") }),
  "Ram.AttachPolicyToUser": grant("user", "UserName"),
  "Ram.DetachPolicyFromUser": grant("user", "UserName"),
  "Ram.AttachPolicyToGroup": grant("group", "GroupName"),
  "Ram.DetachPolicyFromGroup": grant("group", "GroupName"),
  "Ram.AttachPolicyToRole": grant("role", "RoleName"),
  "Ram.DetachPolicyFromRole": grant("role", "RoleName"),
  "ResourceManager.AttachPolicy": scopedGrant,
  "ResourceManager.DetachPolicy": scopedGrant,
};
