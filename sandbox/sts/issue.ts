import type { Context } from "../access/conditions.ts";
import { checkPolicyDocument } from "../access/documents.ts";
import { type Knocker, trusts } from "../access/trust.ts";
import { documentText, type Role } from "../account.ts";
import { ApiError, invalid, malformedDocument } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Work } from "../operation.ts";
import { documentOf, integer, named, optional } from "../params.ts";
import { credentialsOf } from "../sessions.ts";

const shortest = 900;
const longestChained = 43_200;

export const parseRoleArn = (arn: string): { readonly accountId: string; readonly roleName: string } => {
  const found = /^acs:ram:[^:]*:(\d+):role\/(.+)$/i.exec(arn);
  if (found === null) throw invalid("RoleArn", "Format", "The parameter RoleArn is malformed.");
  const [, accountId = "", roleName = ""] = found;
  return { accountId, roleName };
};

export const sessionNameIn = (work: Work): string => named(work.params, "RoleSessionName", /^[A-Za-z0-9.@_-]{2,}$/, 64);

/** The session policy that a call gives, checked. */
export const sessionPolicyIn = (work: Work): string | undefined => {
  const policy = optional(work.params, "Policy");
  if (policy !== undefined) checkPolicyDocument(policy, 2048);
  return policy;
};

/** Seconds; no longer than the role allows. */
export const durationIn = (work: Work, role: Role): number => {
  const seconds = integer(work.params, "DurationSeconds", shortest, longestChained) ?? 3600;
  if (seconds > role.maxSessionDuration) {
    throw invalid("DurationSeconds", "Range", "The session is longer than the role's MaxSessionDuration.");
  }
  return seconds;
};

/** Throws `NoPermission` unless the role's trust policy lets this one in. */
export const askTrust = (role: Role, who: Knocker, context: Context, name: string): void => {
  const trust = documentOf(documentText(role.trust), malformedDocument);
  if (trusts(trust, who, "sts:AssumeRole", context)) return;
  throw new ApiError(
    403,
    "NoPermission",
    "You are not authorized to do this action. You should be authorized by RAM.",
    {
      AccessDeniedDetail: {
        AuthAction: "sts:AssumeRole",
        AuthPrincipalDisplayName: name,
        NoPermissionType: "ImplicitDeny",
        PolicyType: "AssumeRolePolicy",
      },
    },
  );
};

/** Makes the session and answers it as all three operations do. */
export const issueSession = (
  { account, sessions, at, caller }: Work,
  role: Role,
  sessionName: string,
  policy: string | undefined,
  seconds: number,
): JsonObject => {
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
