import type { AccountId, Principal } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import { principalOf } from "./principals.ts";

/** One action and one resource that a caller must be allowed. All permissions of a call are needed together. */
export type Permission = { readonly action: string; readonly resource: string };

const text = (call: Call, name: string): string => String(call.parameters[name] ?? "");

const policyArn = (call: Call, accountId: AccountId): string =>
  `acs:ram:*:${text(call, "PolicyType") === "System" ? "system" : accountId}:policy/${text(call, "PolicyName")}`;

/** Role names stand in lower case in some ARNs (`ram-api.md` §4) and matching may be exact: both spellings are given. */
const principalArns = (principal: Principal, accountId: AccountId): readonly string[] => {
  const spellings =
    principal.kind === "role" ? new Set([principal.name, principal.name.toLowerCase()]) : [principal.name];
  return [...spellings].map((name) => `acs:ram:*:${accountId}:${principal.kind}/${name}`);
};

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

const grantPermissions = (call: Call, accountId: AccountId, principal: Principal): readonly Permission[] => {
  const action = `ram:${call.operation}`;
  const resources = [policyArn(call, accountId), ...principalArns(principal, accountId)];
  if (call.service === "ResourceManager") resources.push(printedPrincipalArn(principal.kind, accountId));
  return resources.map((resource) => ({ action, resource }));
};

/**
 * What the acting role must be allowed for one call of a plan, in RAM's words; empty for a call that no plan uses.
 * Ims and ResourceManager are authorised with the code `ram` (`fc-platform.md` §5). The actions and resources of the
 * Ram calls are documented on each call's page; `ram:UpdateRole` for ResourceManager's UpdateRole is taken from its list
 * of role actions, not confirmed on a live account.
 */
export const permissionsOf = (call: Call, accountId: AccountId): readonly Permission[] => {
  const on = (principal: Principal): readonly Permission[] =>
    principalArns(principal, accountId).map((resource) => ({ action: `ram:${call.operation}`, resource }));
  switch (`${call.service}.${call.operation}`) {
    case "Ram.UpdateRole":
    case "ResourceManager.UpdateRole":
      return on({ kind: "role", name: text(call, "RoleName") });
    case "Ram.UpdateAccessKey":
      return on({ kind: "user", name: text(call, "UserName") });
    case "Ram.AttachPolicyToUser":
    case "Ram.DetachPolicyFromUser":
      return grantPermissions(call, accountId, { kind: "user", name: text(call, "UserName") });
    case "Ram.AttachPolicyToGroup":
    case "Ram.DetachPolicyFromGroup":
      return grantPermissions(call, accountId, { kind: "group", name: text(call, "GroupName") });
    case "Ram.AttachPolicyToRole":
    case "Ram.DetachPolicyFromRole":
      return grantPermissions(call, accountId, { kind: "role", name: text(call, "RoleName") });
    case "ResourceManager.AttachPolicy":
    case "ResourceManager.DetachPolicy": {
      const principal = principalOf(text(call, "PrincipalType"), text(call, "PrincipalName"));
      return principal === undefined ? [] : grantPermissions(call, accountId, principal);
    }
    default:
      return [];
  }
};
