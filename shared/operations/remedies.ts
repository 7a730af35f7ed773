import type { Principal } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { GrantRef, RoleTrust, Route } from "../domain/subject.ts";
import { principalNameOf, principalType } from "./principals.ts";

/**
 * Puts back a trust policy. UpdateRole is documented to reset what it is not given (`ram-api.md` §4), so the live
 * description, session length and console flag always travel along. ResourceManager's UpdateRole has no parameter for
 * the console flag: a role that has one is written through Ram, whoever changed it.
 */
export const putBackTrust = (role: RoleTrust, previousDocument: string, route: Route): Call => {
  const console = role.rest.AllowConsoleLogin;
  const hasFlag = typeof console === "boolean" || typeof console === "string";
  return {
    service: hasFlag ? "Ram" : route,
    operation: "UpdateRole",
    parameters: {
      RoleName: role.roleName,
      NewAssumeRolePolicyDocument: previousDocument,
      NewDescription: role.description,
      NewMaxSessionDuration: role.maxSessionSeconds,
      ...(hasFlag ? { NewAllowConsoleLogin: console } : {}),
    },
  };
};

/** Switches a key off, or on again. The owner is always named: without a name the call would hit the caller's keys. */
export const setKeyStatus = (userName: string, accessKeyId: string, status: "Active" | "Inactive"): Call => ({
  service: "Ram",
  operation: "UpdateAccessKey",
  parameters: { UserName: userName, UserAccessKeyId: accessKeyId, Status: status },
});

const ramNames: { readonly [kind in Principal["kind"]]: { readonly suffix: string; readonly parameter: string } } = {
  user: { suffix: "User", parameter: "UserName" },
  group: { suffix: "Group", parameter: "GroupName" },
  role: { suffix: "Role", parameter: "RoleName" },
};

const grantCall = (grant: GrantRef, verb: "Attach" | "Detach"): Call => {
  const policy = { PolicyType: grant.policy.type, PolicyName: grant.policy.name };
  if (grant.route === "Ram") {
    const { suffix, parameter } = ramNames[grant.principal.kind];
    return {
      service: "Ram",
      operation: verb === "Attach" ? `AttachPolicyTo${suffix}` : `DetachPolicyFrom${suffix}`,
      parameters: {
        ...policy,
        [parameter]: grant.principal.name,
        ...(grant.scope === "account" ? {} : { ResourceGroupId: grant.scope.resourceGroupId }),
      },
    };
  }
  return {
    service: "ResourceManager",
    operation: `${verb}Policy`,
    parameters: {
      ResourceGroupId: grant.scope === "account" ? grant.accountId : grant.scope.resourceGroupId,
      ...policy,
      PrincipalType: principalType(grant.principal.kind),
      PrincipalName: grant.principalName ?? principalNameOf(grant.principal, grant.accountId),
    },
  };
};

/** Takes a grant away in the service and the scope it was made in: a detach elsewhere hits another grant or none. */
export const detach = (grant: GrantRef): Call => grantCall(grant, "Detach");

/** Gives a grant back: the undo of `detach`. */
export const attach = (grant: GrantRef): Call => grantCall(grant, "Attach");
