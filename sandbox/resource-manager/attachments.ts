import { groupArn, need, policyArn, roleResource, userArn, wholeAccount } from "../access/needs.ts";
import {
  type Account,
  type Attachment,
  groupPrincipalName,
  type PrincipalKind,
  rolePrincipalName,
  userPrincipalName,
} from "../account.ts";
import { ApiError } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { oneOf, pageByNumber, required } from "../params.ts";
import { groupNameIn, roleNameIn, userNameIn } from "../principal-names.ts";
import { attach, detach, principalIn } from "../ram/attachments.ts";

const kinds = { IMSUser: "user", IMSGroup: "group", ServiceRole: "role" } as const;
const types = { user: "IMSUser", group: "IMSGroup", role: "ServiceRole" } as const;
const resourceTypes = { user: "ACS::RAM::User", group: "ACS::RAM::Group", role: "ACS::RAM::Role" } as const;

const kindIn = ({ params }: Asked): PrincipalKind =>
  kinds[oneOf(params, "PrincipalType", ["IMSUser", "IMSGroup", "ServiceRole"] as const)];

const shortName = (account: Account, kind: PrincipalKind, principal: string): string => {
  if (kind === "user") return userNameIn(account, principal, "PrincipalName");
  return kind === "group"
    ? groupNameIn(account, principal, "PrincipalName")
    : roleNameIn(account, principal, "PrincipalName");
};

const longName = (account: Account, link: Attachment): string => {
  if (link.principalType === "user") return userPrincipalName(account, link.principalName);
  return link.principalType === "group"
    ? groupPrincipalName(account, link.principalName)
    : rolePrincipalName(account, link.principalName);
};

/** A resource group's id, or the account's own id, which means the whole account: the same link as Ram's. */
const scopeIn = ({ account, params }: Asked): { readonly resourceGroupId?: string } => {
  const id = required(params, "ResourceGroupId");
  if (id === account.accountId) return {};
  if (!account.resourceGroups.has(id)) {
    throw new ApiError(404, "EntityNotExists.ResourceGroup", `The specified resource group does not exist: ${id}.`);
  }
  return { resourceGroupId: id };
};

const linkIn = (asked: Asked): Omit<Attachment, "attachDate"> => {
  const { account, params } = asked;
  const kind = kindIn(asked);
  return {
    policyType: oneOf(params, "PolicyType", ["System", "Custom"] as const),
    policyName: required(params, "PolicyName"),
    principalType: kind,
    principalName: principalIn(account, kind, shortName(account, kind, required(params, "PrincipalName"))),
    ...scopeIn(asked),
  };
};

/**
 * `ram:AttachPolicy` and `ram:DetachPolicy` on the principal's ARN and on the policy's: the authorisation table of
 * DetachPolicy of June 2024. Pages of 2025 and 2026 print none.
 */
const bothArns =
  (action: string) =>
  (asked: Asked): readonly Need[] => {
    const name = (asked.params.PrincipalName ?? "").split("@")[0] ?? "";
    const arns = { IMSUser: userArn, IMSGroup: groupArn, ServiceRole: roleResource } as const;
    const type = asked.params.PrincipalType;
    const principalArn = type === "IMSUser" || type === "IMSGroup" || type === "ServiceRole" ? arns[type] : userArn;
    return [
      need(`ram:${action}`, principalArn(asked, name)),
      need(`ram:${action}`, policyArn(asked, asked.params.PolicyType, asked.params.PolicyName ?? "")),
    ];
  };

const changing = (action: string, change: (work: Work, link: Omit<Attachment, "attachDate">) => void): Operation => ({
  access: "Write",
  needs: bothArns(action),
  run: (work): JsonObject => {
    change(work, linkIn(work));
    return {};
  },
  touches: ({ params }) => ({
    "ACS::RAM::Policy": [params.PolicyName ?? ""],
    [resourceTypes[kinds[(params.PrincipalType ?? "IMSUser") as keyof typeof kinds] ?? "user"]]: [
      params.PrincipalName ?? "",
    ],
  }),
});

export const attachmentOperations: Operations = {
  AttachPolicy: changing("AttachPolicy", attach),
  DetachPolicy: changing("DetachPolicy", detach),
  ListPolicyAttachments: {
    access: "Read",
    needs: (asked) => [need("ram:ListPolicyAttachments", wholeAccount(asked))],
    run: ({ account, params }) => {
      const { ResourceGroupId, PolicyType, PolicyName, PrincipalType, PrincipalName } = params;
      const shown = [...account.attachments.values()]
        .map((link) => ({
          ResourceGroupId: link.resourceGroupId ?? account.accountId,
          PolicyType: link.policyType,
          PolicyName: link.policyName,
          Description: account.policies.get(`${link.policyType}/${link.policyName}`)?.description ?? "",
          PrincipalType: types[link.principalType],
          PrincipalName: longName(account, link),
          AttachDate: link.attachDate,
        }))
        .filter(
          (link) =>
            [undefined, "", link.ResourceGroupId].includes(ResourceGroupId) &&
            [undefined, "", link.PolicyType].includes(PolicyType) &&
            [undefined, "", link.PolicyName].includes(PolicyName) &&
            [undefined, "", link.PrincipalType].includes(PrincipalType) &&
            (PrincipalName === undefined || PrincipalName === "" || sameName(link, PrincipalName)),
        );
      const { items, ...page } = pageByNumber(params, shown);
      return { ...page, PolicyAttachments: { PolicyAttachment: items } };
    },
  },
};

/** Role names compare without case. */
const sameName = (link: { PrincipalType: string; PrincipalName: string }, wanted: string): boolean =>
  link.PrincipalType === "ServiceRole"
    ? link.PrincipalName.toLowerCase() === wanted.toLowerCase()
    : link.PrincipalName === wanted;
