import { contextOf } from "../access/authorise.ts";
import { need } from "../access/needs.ts";
import { ApiError, notExist } from "../api-error.ts";
import type { Caller } from "../callers.ts";
import type { JsonObject } from "../json.ts";
import type { Operations, Work } from "../operation.ts";
import { optional, required } from "../params.ts";
import { roleOf } from "../ram/look-up.ts";
import { federatedOperations } from "./federated.ts";
import { askTrust, durationIn, issueSession, parseRoleArn, sessionNameIn, sessionPolicyIn } from "./issue.ts";

const callerArn = (caller: Caller): string => {
  if (caller.kind === "root") throw new ApiError(403, "NoPermission", "Roles may not be assumed by root accounts.");
  const { accountId } = caller;
  if (caller.kind === "federated") throw new ApiError(403, "NoPermission", "Roles are assumed with keys.");
  return caller.kind === "user" || caller.kind === "foreign"
    ? `acs:ram::${accountId}:user/${caller.userName}`
    : `acs:ram::${accountId}:role/${caller.session.roleName.toLowerCase()}`;
};

/** Both the caller's own permissions (asked before, by `needs`) and the role's trust policy must allow it. */
const assumeRole = (work: Work): JsonObject => {
  const { account, params, caller, at, sourceIp } = work;
  const { accountId, roleName } = parseRoleArn(required(params, "RoleArn"));
  const sessionName = sessionNameIn(work);
  const policy = sessionPolicyIn(work);
  const arn = callerArn(caller);
  // Other accounts are not modelled: their roles answer as if they were not there.
  if (accountId !== account.accountId) throw notExist("Role", roleName);
  const role = roleOf(account, roleName);
  const seconds = durationIn(work, role);
  const extra = {
    "sts:externalid": optional(params, "ExternalId"),
    "sts:rolesessionname": sessionName,
    "sts:sourceidentity": optional(params, "SourceIdentity"),
  };
  const given = Object.fromEntries(
    Object.entries(extra).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  askTrust(role, { kind: "RAM", arn }, { ...contextOf(caller, at, sourceIp), ...given }, arn);
  return issueSession(work, role, sessionName, policy, seconds);
};

const whoAmI = ({ caller, account }: Work): JsonObject => {
  const AccountId = account.accountId;
  if (caller.kind === "root") {
    return {
      IdentityType: "Account",
      AccountId,
      PrincipalId: AccountId,
      UserId: AccountId,
      Arn: `acs:ram::${AccountId}:root`,
    };
  }
  if (caller.kind === "federated") throw new ApiError(403, "NoPermission", "Nobody without keys is anybody.");
  if (caller.kind === "foreign") {
    return {
      IdentityType: "RAMUser",
      AccountId: caller.accountId,
      Arn: `acs:ram::${caller.accountId}:user/${caller.userName}`,
    };
  }
  if (caller.kind === "user") {
    const { userId, userName } = caller;
    return {
      IdentityType: "RAMUser",
      AccountId,
      PrincipalId: userId,
      UserId: userId,
      Arn: `acs:ram::${AccountId}:user/${userName}`,
    };
  }
  const { roleName, roleId, sessionName } = caller.session;
  return {
    IdentityType: "AssumedRoleUser",
    AccountId,
    PrincipalId: `${roleId}:${sessionName}`,
    RoleId: roleId,
    Arn: `acs:ram::${AccountId}:role/${roleName.toLowerCase()}/${sessionName}`,
  };
};

export const stsOperations: Operations = {
  AssumeRole: {
    // Recorded as a read: EventBridge carries writes only and does not carry STS (`payloads.md` §b.2, inferred).
    access: "Read",
    needs: ({ params }) => {
      const { accountId, roleName } = parseRoleArn(required(params, "RoleArn"));
      return [need("sts:AssumeRole", `acs:ram:*:${accountId}:role/${roleName}`)];
    },
    run: assumeRole,
    touches: ({ params }) => ({ "ACS::RAM::Role": [/role\/(.+)$/i.exec(params.RoleArn ?? "")?.[1] ?? ""] }),
  },
  ...federatedOperations,
  GetCallerIdentity: { access: "Read", needs: () => [], run: whoAmI },
};
