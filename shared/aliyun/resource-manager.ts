import type { CloudError } from "../domain/cloud-error.ts";
import type { Principal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, type Grant, type GrantRef, gone } from "../domain/subject.ts";
import { listAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./ram.ts";
import type { Transport } from "./transport.ts";

/** Every operation of ResourceManager that is called here; the looking role may do these and no others. */
export const resourceManagerReads = ["ListPolicyAttachments"] as const;

const operation = `ResourceManager.${resourceManagerReads[0]}`;

const principalTypes: { readonly [kind in Principal["kind"]]: string } = {
  user: "IMSUser",
  group: "IMSGroup",
  role: "ServiceRole",
};

const pageSize = 100;
const mostPages = 100;

/**
 * A grant in a resource group, or one that ResourceManager made: `Ram.ListPoliciesFor…` shows nothing of a resource
 * group. The whole account is the resource group that has the account's id.
 */
export const readScopedGrant = async (send: Transport, ref: GrantRef): Promise<Result<Grant | Gone, CloudError>> => {
  for (let page = 1, seen = 0; page <= mostPages; page += 1) {
    const result = await send({
      service: "ResourceManager",
      operation: resourceManagerReads[0],
      parameters: {
        ResourceGroupId: ref.scope === "account" ? ref.accountId : ref.scope.resourceGroupId,
        PolicyType: ref.policy.type,
        PolicyName: ref.policy.name,
        PrincipalType: principalTypes[ref.principal.kind],
        // No PrincipalName: the domain of a name has several spellings, and a filter by another than the listed one finds nothing.
        PageNumber: page,
        PageSize: pageSize,
      },
      effect: "read",
    });
    if (!result.ok) return goneWhenMissing(result.error);
    const { body, requestId } = result.value;
    const attachments = listAt(body, "PolicyAttachments", "PolicyAttachment");
    const total = body.TotalCount;
    if (attachments === undefined || typeof total !== "number") {
      return failed(unexpectedAnswer(operation, "read", requestId));
    }
    const found = attachments.find((attachment) => isAttachmentOf(attachment, ref));
    if (found !== undefined) return ok(grantOf(found, ref));
    seen += attachments.length;
    if (attachments.length === 0 || seen >= total) return ok(gone);
  }
  return failed(unexpectedAnswer(operation, "read"));
};

const isAttachmentOf = (attachment: JsonObject, ref: GrantRef): boolean =>
  attachment.PolicyName === ref.policy.name &&
  attachment.PolicyType === ref.policy.type &&
  attachment.PrincipalType === principalTypes[ref.principal.kind] &&
  isOfScope(textAt(attachment, "ResourceGroupId"), ref) &&
  sameName(textAt(attachment, "PrincipalName"), ref.principal);

/** Only the ids of resource groups have a form that is known: what has another, or none, is for the whole account. */
const isOfScope = (resourceGroupId: string | undefined, { scope }: GrantRef): boolean =>
  scope === "account"
    ? resourceGroupId?.startsWith("rg-") !== true
    : (resourceGroupId ?? scope.resourceGroupId) === scope.resourceGroupId;

/** `alice@corp.onaliyun.com` is `alice`: within one account the part before the `@` names one principal of a kind. */
const sameName = (full: string | undefined, principal: Principal): boolean => {
  const short = full?.split("@")[0];
  return principal.kind === "role" ? short?.toLowerCase() === principal.name.toLowerCase() : short === principal.name;
};

const grantOf = (attachment: JsonObject, ref: GrantRef): Grant => {
  const attachedAt = textAt(attachment, "AttachDate");
  return {
    kind: "grant",
    principal: ref.principal,
    policy: ref.policy,
    scope: ref.scope,
    ...(attachedAt === undefined ? {} : { attachedAt }),
  };
};
