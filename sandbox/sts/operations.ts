import { contextOf } from "../access/authorise.ts";
import { checkPolicyDocument } from "../access/documents.ts";
import { need } from "../access/needs.ts";
import { trusts } from "../access/trust.ts";
import { documentText } from "../account.ts";
import { ApiError, invalid, notExist } from "../api-error.ts";
import type { Caller } from "../callers.ts";
import type { JsonObject } from "../json.ts";
import type { Operations, Work } from "../operation.ts";
import { documentOf, integer, named, optional, required } from "../params.ts";
import { roleOf } from "../ram/look-up.ts";
import { credentialsOf } from "../sessions.ts";

const shortest = 900;
const longestChained = 43_200;

const parseRoleArn = (arn: string): { readonly accountId: string; readonly roleName: string } => {
  const found = /^acs:ram:[^:]*:(\d+):role\/(.+)$/i.exec(arn);
  if (found === null) throw invalid("RoleArn", "Format", "The parameter RoleArn is malformed.");
  const [, accountId = "", roleName = ""] = found;
  return { accountId, roleName };
};

const callerArn = (caller: Caller): string => {
  if (caller.kind === "root") throw new ApiError(403, "NoPermission", "Roles may not be assumed by root accounts.");
  const { accountId } = caller;
  return caller.kind === "user" || caller.kind === "foreign"
    ? `acs:ram::${accountId}:user/${caller.userName}`
    : `acs:ram::${accountId}:role/${caller.session.roleName.toLowerCase()}`;
};

/** Both the caller's own permissions (asked before, by `needs`) and the role's trust policy must allow it. */
const assumeRole = ({ account, params, caller, at, sessions, sourceIp }: Work): JsonObject => {
  const { accountId, roleName } = parseRoleArn(required(params, "RoleArn"));
  const sessionName = named(params, "RoleSessionName", /^[A-Za-z0-9.@_-]{2,}$/, 64);
  const policy = optional(params, "Policy");
  if (policy !== undefined) checkPolicyDocument(policy, 2048);
  const arn = callerArn(caller);
  // Other accounts are not modelled: their roles answer as if they were not there.
  if (accountId !== account.accountId) throw notExist("Role", roleName);
  const role = roleOf(account, roleName);
  const seconds = integer(params, "DurationSeconds", shortest, longestChained) ?? 3600;
  if (seconds > role.maxSessionDuration) {
    throw invalid("DurationSeconds", "Range", "The session is longer than the role's MaxSessionDuration.");
  }
  const extra = {
    "sts:externalid": optional(params, "ExternalId"),
    "sts:rolesessionname": sessionName,
    "sts:sourceidentity": optional(params, "SourceIdentity"),
  };
  const given = Object.fromEntries(
    Object.entries(extra).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const context = { ...contextOf(caller, at, sourceIp), ...given };
  const trust = documentOf(
    documentText(role.trust),
    (message) => new ApiError(400, "MalformedPolicyDocument", message),
  );
  if (!trusts(trust, { kind: "RAM", arn }, "sts:AssumeRole", context)) {
    throw new ApiError(
      403,
      "NoPermission",
      "You are not authorized to do this action. You should be authorized by RAM.",
      {
        AccessDeniedDetail: {
          AuthAction: "sts:AssumeRole",
          AuthPrincipalDisplayName: arn,
          NoPermissionType: "ImplicitDeny",
          PolicyType: "AssumeRolePolicy",
        },
      },
    );
  }
  const session = sessions.issue(
    {
      roleName: role.roleName,
      roleId: role.roleId,
      sessionName,
      handedTo: caller.accountId,
      ...(policy === undefined ? {} : { policy }),
    },
    at,
    seconds,
  );
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${sessionName}`,
      Arn: `acs:ram::${account.accountId}:role/${role.roleName.toLowerCase()}/${sessionName}`,
    },
    Credentials: credentialsOf(session),
  };
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
  GetCallerIdentity: { access: "Read", needs: () => [], run: whoAmI },
};
