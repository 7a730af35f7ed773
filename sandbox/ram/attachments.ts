import { groupArn, need, policyArn, roleResource, userArn } from "../access/needs.ts";
import { type Account, type Attachment, attachmentKey, type PolicyType, type PrincipalKind } from "../account.ts";
import { ApiError, alreadyExists, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { oneOf, required } from "../params.ts";
import { groupOf, policyOf, roleOf, userOf } from "./look-up.ts";
import { refuseOwnedRole } from "./roles.ts";
import { policiesFor } from "./shapes.ts";

const perPrincipal: Readonly<Record<PolicyType, number>> = { System: 20, Custom: 10 };

const words = {
  user: { parameter: "UserName", code: "User.Policy", limit: "User.Policy", type: "ACS::RAM::User" },
  group: { parameter: "GroupName", code: "Group.Policy", limit: "Group.Policy", type: "ACS::RAM::Group" },
  role: { parameter: "RoleName", code: "Role.Policy", limit: "Role.Policy", type: "ACS::RAM::Role" },
} as const;

/** The principal's name as the account spells it; throws `EntityNotExist.*`. */
export const principalIn = (account: Account, kind: PrincipalKind, name: string): string => {
  if (kind === "user") return userOf(account, name).userName;
  return kind === "group" ? groupOf(account, name).groupName : roleOf(account, name).roleName;
};

type Link = Omit<Attachment, "attachDate">;

/** Makes a link, or says that it is there already, or that the principal has its fill (`ram-api.md` §3.1 and §4). */
export const attach = ({ account, now }: Work, link: Link): void => {
  policyOf(account, link.policyType, link.policyName);
  if (link.principalType === "role") refuseOwnedRole(link.principalName);
  const key = attachmentKey(link);
  const word = words[link.principalType];
  if (account.attachments.has(key)) throw alreadyExists(word.code, link.policyName);
  const limit = perPrincipal[link.policyType];
  const taken = [...account.attachments.values()].filter(
    (each) =>
      each.principalType === link.principalType &&
      each.principalName === link.principalName &&
      each.policyType === link.policyType &&
      each.resourceGroupId === link.resourceGroupId,
  ).length;
  if (taken >= limit) throw limitExceeded(word.limit, limit);
  account.attachments.set(key, { ...link, attachDate: now });
};

export const detach = ({ account }: Work, link: Link): void => {
  policyOf(account, link.policyType, link.policyName);
  if (link.principalType === "role") refuseOwnedRole(link.principalName);
  const key = attachmentKey(link);
  if (!account.attachments.delete(key)) throw notExist(words[link.principalType].code, link.policyName);
};

const linkIn = ({ account, params }: Asked, kind: PrincipalKind): Link => {
  const scope = params.ResourceGroupId;
  // Since March 2026 Ram takes a resource group too (`ram-api.md` gotcha 31); the account's id means the whole account.
  const group = scope === undefined || scope === "" || scope === account.accountId ? {} : { resourceGroupId: scope };
  if (group.resourceGroupId !== undefined && !account.resourceGroups.has(group.resourceGroupId)) {
    throw new ApiError(404, "EntityNotExists.ResourceGroup", `The resource group does not exist: ${scope}.`);
  }
  return {
    policyType: oneOf(params, "PolicyType", ["System", "Custom"] as const),
    policyName: required(params, "PolicyName"),
    principalType: kind,
    principalName: principalIn(account, kind, required(params, words[kind].parameter)),
    ...group,
  };
};

const principalArn = (asked: Asked, kind: PrincipalKind): string => {
  const name = asked.params[words[kind].parameter] ?? "";
  if (kind === "user") return userArn(asked, name);
  return kind === "group" ? groupArn(asked, name) : roleResource(asked, name);
};

/** Attaching and detaching need the principal's ARN and the policy's (`fc-platform.md` §5). */
const bothArns =
  (action: string, kind: PrincipalKind) =>
  (asked: Asked): readonly Need[] => [
    need(`ram:${action}`, principalArn(asked, kind)),
    need(`ram:${action}`, policyArn(asked, asked.params.PolicyType, asked.params.PolicyName ?? "")),
  ];

const changing = (action: string, kind: PrincipalKind, change: (work: Work, link: Link) => void): Operation => ({
  access: "Write",
  needs: bothArns(action, kind),
  run: (work): JsonObject => {
    change(work, linkIn(work, kind));
    return {};
  },
  touches: ({ params }) => ({
    "ACS::RAM::Policy": [params.PolicyName ?? ""],
    [words[kind].type]: [params[words[kind].parameter] ?? ""],
  }),
});

const listing = (action: string, kind: PrincipalKind): Operation => ({
  access: "Read",
  needs: (asked) => [need(`ram:${action}`, principalArn(asked, kind))],
  run: ({ account, params }) =>
    policiesFor(account, kind, principalIn(account, kind, required(params, words[kind].parameter))),
});

export const attachmentOperations: Operations = {
  AttachPolicyToUser: changing("AttachPolicyToUser", "user", attach),
  AttachPolicyToGroup: changing("AttachPolicyToGroup", "group", attach),
  AttachPolicyToRole: changing("AttachPolicyToRole", "role", attach),
  DetachPolicyFromUser: changing("DetachPolicyFromUser", "user", detach),
  DetachPolicyFromGroup: changing("DetachPolicyFromGroup", "group", detach),
  DetachPolicyFromRole: changing("DetachPolicyFromRole", "role", detach),
  ListPoliciesForUser: listing("ListPoliciesForUser", "user"),
  ListPoliciesForGroup: listing("ListPoliciesForGroup", "group"),
  ListPoliciesForRole: listing("ListPoliciesForRole", "role"),
};
