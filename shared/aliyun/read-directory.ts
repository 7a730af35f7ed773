import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";
import type {
  ControlPolicy,
  ControlPolicyAttachment,
  ControlPolicyAttachmentRef,
  ControlPolicyRef,
  ControlPolicySwitch,
  DelegatedAdministrator,
  DelegatedAdministratorRef,
  MemberAccount,
  MemberAccountRef,
  ResourceGroupOf,
  ResourceGroupOfRef,
  ResourceGroupSetting,
} from "../domain/subjects/directory.ts";
import { controlPolicyOf } from "../domain/subjects/directory-answers.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import type { SubjectReader } from "./read-subject.ts";
import type { Answer, Parameters, Transport } from "./transport.ts";

type Kind =
  | "control-policy"
  | "control-policy-attachment"
  | "control-policy-switch"
  | "delegated-administrator"
  | "member-account"
  | "resource-group-of"
  | "resource-group-setting";

/** Reads of one control policy, account or folder each. */
export const directoryPartReads = [
  "GetControlPolicy",
  "ListTargetAttachmentsForControlPolicy",
  "ListControlPolicyAttachmentsForTarget",
  "GetAccount",
] as const;

/** Reads of the directory as a whole, for which ResourceManager checks no resource. */
export const directoryWholeReads = [
  "ListControlPolicies",
  "GetControlPolicyEnablementStatus",
  "ListDelegatedAdministrators",
  "GetResourceGroupAdminSetting",
] as const;

/** Every operation of ResourceManager that is called here; the looking role may do these and no others. */
export const directoryReads = [...directoryPartReads, ...directoryWholeReads, "ListResources"] as const;

type DirectoryRead = (typeof directoryReads)[number];

const read = (send: Transport, operation: DirectoryRead, parameters: Parameters = {}) =>
  send({ service: "ResourceManager", operation, parameters, effect: "read" });

const strange = (operation: DirectoryRead, answer?: Answer): Result<never, CloudError> =>
  failed(unexpectedAnswer(`ResourceManager.${operation}`, "read", answer?.requestId));

/**
 * A part that is missing is gone. That the whole directory is missing, as it is from every account but the one that
 * manages it, says nothing of its parts (`ram-api.md` §9.33).
 */
const goneWhenPartMissing = (error: CloudError): Result<Gone, CloudError> =>
  error.kind === "not-found" && error.code !== undefined && !/\.ResourceDirectory$/.test(error.code)
    ? ok(gone)
    : failed(error);

const pageSize = 100;
const mostPages = 100;

/** All rows of a list, page by page. */
const readAll = async (
  send: Transport,
  operation: DirectoryRead,
  parameters: Parameters,
  outer: string,
  inner: string,
): Promise<Result<readonly JsonObject[], CloudError>> => {
  const rows: JsonObject[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await read(send, operation, { ...parameters, PageNumber: page, PageSize: pageSize });
    if (!answer.ok) return answer;
    const { body } = answer.value;
    const found = listAt(body, outer, inner);
    const total = Number(body.TotalCount);
    if (found === undefined || !Number.isInteger(total)) return strange(operation, answer.value);
    rows.push(...found);
    if (found.length === 0 || rows.length >= total) return ok(rows);
  }
  return strange(operation);
};

const readPolicy = async (send: Transport, policyId: string): Promise<Result<ControlPolicy | Gone, CloudError>> => {
  const answer = await read(send, "GetControlPolicy", { PolicyId: policyId });
  if (!answer.ok) return goneWhenPartMissing(answer.error);
  const told = objectAt(answer.value.body, "ControlPolicy");
  const policy = told === undefined ? undefined : controlPolicyOf(told);
  return policy === undefined ? strange("GetControlPolicy", answer.value) : ok(policy);
};

/** By its id, and else by its name, where the reference has one: a policy that was made again has another id. */
const readControlPolicy = async (
  send: Transport,
  { policyId, policyName }: ControlPolicyRef,
): Promise<Result<ControlPolicy | Gone, CloudError>> => {
  const byId = await readPolicy(send, policyId);
  if (!byId.ok || byId.value.kind !== "gone" || policyName === undefined) return byId;
  const policies = await listCustomPolicies(send);
  if (!policies.ok) return policies;
  const found = policies.value.find(({ PolicyName }) => PolicyName === policyName);
  const otherId = found === undefined ? undefined : textAt(found, "PolicyId");
  return otherId === undefined ? ok(gone) : readPolicy(send, otherId);
};

const listCustomPolicies = (send: Transport) =>
  readAll(send, "ListControlPolicies", { PolicyType: "Custom" }, "ControlPolicies", "ControlPolicy");

const readAttachment = async (
  send: Transport,
  { policyId, targetId }: ControlPolicyAttachmentRef,
): Promise<Result<ControlPolicyAttachment | Gone, CloudError>> => {
  const operation = "ListControlPolicyAttachmentsForTarget";
  const answer = await read(send, operation, { TargetId: targetId });
  if (!answer.ok) return goneWhenPartMissing(answer.error);
  const rows = listAt(answer.value.body, "ControlPolicyAttachments", "ControlPolicyAttachment");
  if (rows === undefined) return strange(operation, answer.value);
  const found = rows.some(({ PolicyId }) => PolicyId === policyId);
  return ok(found ? { kind: "control-policy-attachment", policyId, targetId } : gone);
};

/** While the switch moves it is neither on nor off: that passes, and is read again later. */
const readSwitch = async (send: Transport): Promise<Result<ControlPolicySwitch, CloudError>> => {
  const operation = "GetControlPolicyEnablementStatus";
  const answer = await read(send, operation);
  if (!answer.ok) return answer;
  const status = textAt(answer.value.body, "EnablementStatus");
  if (status !== "Enabled" && status !== "Disabled") return strange(operation, answer.value);
  const policies = await listCustomPolicies(send);
  if (!policies.ok) return policies;
  const attachments: { readonly policyId: string; readonly targetId: string }[] = [];
  for (const policy of policies.value) {
    if (Number(policy.AttachmentCount ?? 0) === 0) continue;
    const policyId = textAt(policy, "PolicyId");
    if (policyId === undefined) return strange("ListControlPolicies");
    const targets = await readTargets(send, policyId);
    if (!targets.ok) return targets;
    attachments.push(...targets.value.map((targetId) => ({ policyId, targetId })));
  }
  return ok({ kind: "control-policy-switch", status, attachments });
};

const readTargets = async (send: Transport, policyId: string): Promise<Result<readonly string[], CloudError>> => {
  const operation = "ListTargetAttachmentsForControlPolicy";
  const rows = await readAll(send, operation, { PolicyId: policyId }, "TargetAttachments", "TargetAttachment");
  if (!rows.ok) return rows;
  const ids = rows.value.map((row) => textAt(row, "TargetId"));
  return ids.every((id) => id !== undefined) ? ok(ids) : strange(operation);
};

const readAdministrator = async (
  send: Transport,
  { memberId, service }: DelegatedAdministratorRef,
): Promise<Result<DelegatedAdministrator | Gone, CloudError>> => {
  const filter = { ServicePrincipal: service };
  const rows = await readAll(send, "ListDelegatedAdministrators", filter, "Accounts", "Account");
  if (!rows.ok) return rows;
  const found = rows.value.some(
    ({ AccountId, ServicePrincipal = service }) => AccountId === memberId && ServicePrincipal === service,
  );
  return ok(found ? { kind: "delegated-administrator", memberId, service } : gone);
};

const readMember = async (
  send: Transport,
  { memberId }: MemberAccountRef,
): Promise<Result<MemberAccount | Gone, CloudError>> => {
  const answer = await read(send, "GetAccount", { AccountId: memberId });
  if (!answer.ok) return goneWhenPartMissing(answer.error);
  const account = objectAt(answer.value.body, "Account");
  const folderId = account === undefined ? undefined : textAt(account, "FolderId");
  return folderId === undefined
    ? strange("GetAccount", answer.value)
    : ok({ kind: "member-account", memberId, folderId });
};

/** Two resources of one id in two regions are told apart by nothing where the event tells no region. */
const readGroupOf = async (
  send: Transport,
  { service, resourceType, resourceId, regionId }: ResourceGroupOfRef,
): Promise<Result<ResourceGroupOf | Gone, CloudError>> => {
  const filter = { Service: service, ResourceType: resourceType, ResourceId: resourceId };
  const region = regionId === "" ? {} : { Region: regionId };
  const rows = await readAll(send, "ListResources", { ...filter, ...region }, "Resources", "Resource");
  if (!rows.ok) return rows;
  const found = rows.value.filter((row) => row.ResourceId === resourceId);
  if (found.length > 1)
    return failed({ kind: "conflict", code: "SeveralResourcesMatch", operation: "ResourceManager.ListResources" });
  const [resource] = found;
  if (resource === undefined) return ok(gone);
  const resourceGroupId = textAt(resource, "ResourceGroupId");
  return resourceGroupId === undefined ? strange("ListResources") : ok({ kind: "resource-group-of", resourceGroupId });
};

const readGroupSetting = async (send: Transport): Promise<Result<ResourceGroupSetting, CloudError>> => {
  const operation = "GetResourceGroupAdminSetting";
  const answer = await read(send, operation);
  if (!answer.ok) return answer;
  const { CreatorAsAdmin: creatorAsAdmin } = answer.value.body;
  return typeof creatorAsAdmin === "boolean"
    ? ok({ kind: "resource-group-setting", creatorAsAdmin })
    : strange(operation, answer.value);
};

export const directoryReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "control-policy": readControlPolicy,
  "control-policy-attachment": readAttachment,
  "control-policy-switch": readSwitch,
  "delegated-administrator": readAdministrator,
  "member-account": readMember,
  "resource-group-of": readGroupOf,
  "resource-group-setting": readGroupSetting,
};
