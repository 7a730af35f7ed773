import { type Account, attachmentsOf, documentText, groupsOf, policyKey } from "../account.ts";
import { ApiError } from "../api-error.ts";
import { type Caller, callerText } from "../callers.ts";
import { stamp } from "../instants.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import type { Need } from "../operation.ts";
import type { Context } from "./conditions.ts";
import { type Decision, decide } from "./evaluate.ts";

const readDocument = (text: string): readonly JsonObject[] => {
  const parsed = parseJson(text);
  return isObject(parsed) ? [parsed] : [];
};

/**
 * The documents that hold for a principal in the whole account: own attachments and those of its groups.
 * Grants that are bound to a resource group do not authorise calls of RAM itself.
 */
export const documentsOf = (account: Account, kind: "user" | "role", name: string): readonly JsonObject[] => {
  const groups = kind === "user" ? groupsOf(account, name) : [];
  const links = [
    ...attachmentsOf(account, kind, name),
    ...groups.flatMap((group) => attachmentsOf(account, "group", group.groupName)),
  ].filter((link) => link.resourceGroupId === undefined);
  return links.flatMap((link) => {
    const policy = account.policies.get(policyKey(link.policyType, link.policyName));
    const version = policy?.versions.find((each) => each.versionId === policy.defaultVersion);
    return version === undefined ? [] : readDocument(documentText(version.document));
  });
};

/**
 * Keys of a request. The cloud speaks HTTPS only, so `acs:SecureTransport` is true although the sandbox speaks HTTP;
 * AccessKeys and the sandbox's sessions never carry a second factor.
 */
export const contextOf = (caller: Caller, at: number, sourceIp: string): Context => {
  const { accountId } = caller;
  const principal =
    caller.kind === "federated"
      ? `acs:ram::${accountId}:${caller.identity.slice(0, 4)}-provider/${caller.name}`
      : caller.kind === "root"
        ? `acs:ram::${accountId}:root`
        : caller.kind === "user" || caller.kind === "foreign"
          ? `acs:ram::${accountId}:user/${caller.userName}`
          : `acs:ram::${accountId}:role/${caller.session.roleName.toLowerCase()}`;
  return {
    "acs:sourceip": sourceIp,
    "acs:currenttime": stamp(at),
    "acs:securetransport": "true",
    "acs:mfapresent": "false",
    "acs:principalarn": principal,
  };
};

const withoutRegion = (resource: string, service: string): readonly string[] =>
  resource.startsWith(`acs:${service}:*:`) ? [resource.replace(`acs:${service}:*:`, `acs:${service}::`)] : [];

/** Spellings of one ARN: the region is written `*` by the API pages and left empty in the ARNs that RAM answers (A6). */
export const spellings = (resource: string): readonly string[] => [
  resource,
  ...["ram", "resourcemanager"].flatMap((service) => withoutRegion(resource, service)),
];

type Judgement = { readonly decision: Decision; readonly by: "identity" | "session" };

const judge = (account: Account, caller: Caller, need: Need, context: Context): Judgement => {
  if (caller.kind === "root") return { decision: "allow", by: "identity" };
  if (caller.kind === "federated") return { decision: "none", by: "identity" };
  // Nothing of this account is open to others but a role that trusts them, which is asked for its trust later on.
  if (caller.kind === "foreign")
    return { decision: need.action === "sts:AssumeRole" ? "allow" : "none", by: "identity" };
  const question = { action: need.action, resources: need.resources.flatMap(spellings), context };
  if (caller.kind === "user") {
    return { decision: decide(documentsOf(account, "user", caller.userName), question), by: "identity" };
  }
  const { session } = caller;
  if (session.policy !== undefined) {
    const decision = decide(readDocument(session.policy), question);
    if (decision !== "allow") return { decision, by: "session" };
  }
  return { decision: decide(documentsOf(account, "role", session.roleName), question), by: "identity" };
};

/** Throws `NoPermission` with `AccessDeniedDetail` unless every need is allowed (`ram-api.md` §3). */
export const authorise = (account: Account, caller: Caller, needs: readonly Need[], context: Context): void => {
  for (const need of needs) {
    const { decision, by } = judge(account, caller, need, context);
    if (decision === "allow") continue;
    const [resource = "*"] = need.resources;
    throw new ApiError(
      403,
      "NoPermission",
      `You are not authorized to do this action: ${need.action} on ${resource}.`,
      {
        AccessDeniedDetail: {
          AuthAction: need.action,
          AuthResource: resource,
          AuthPrincipalDisplayName: callerText(caller),
          AuthPrincipalType: caller.kind === "session" ? "AssumedRoleUser" : "SubUser",
          AuthPrincipalOwnerId: caller.accountId,
          NoPermissionType: decision === "deny" ? "ExplicitDeny" : "ImplicitDeny",
          PolicyType: by === "session" ? "AssumeRolePolicy" : "AccountLevelIdentityBasedPolicy",
        },
      },
    );
  }
};
