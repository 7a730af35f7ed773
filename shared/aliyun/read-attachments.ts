import type { CloudError } from "../domain/cloud-error.ts";
import type { Principal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { PolicyName, Scope } from "../domain/subject.ts";
import { listAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { rowsAtOnce, rowsByNumber } from "./pages.ts";
import type { Parameters, Transport } from "./transport.ts";

export type Attachment = {
  readonly principal: Principal;
  readonly policy: PolicyName;
  readonly scope: Scope;
  /** Since when, epoch milliseconds, where the cloud says so. */
  readonly since?: number;
};

/** A policy that somebody holds in the whole account. */
export type AccountPolicy = Pick<Attachment, "policy" | "since">;

const kinds: { readonly [type: string]: Principal["kind"] } = {
  IMSUser: "user",
  IMSGroup: "group",
  ServiceRole: "role",
};

/** When something came to be, by a date of the cloud's. */
export const sinceIn = (row: JsonObject, member: "AttachDate" | "JoinDate"): { readonly since?: number } => {
  const since = Date.parse(textAt(row, member) ?? "");
  return Number.isNaN(since) ? {} : { since };
};

export const policyOf = (row: JsonObject): PolicyName | undefined => {
  const name = textAt(row, "PolicyName");
  const type = textAt(row, "PolicyType");
  return name === undefined || (type !== "System" && type !== "Custom") ? undefined : { type, name };
};

/** Only the ids of resource groups have a form that is known: what has another, or none, is for the whole account. */
const scopeOf = (row: JsonObject): Scope => {
  const resourceGroupId = textAt(row, "ResourceGroupId");
  return resourceGroupId?.startsWith("rg-") === true ? { resourceGroupId } : "account";
};

export const attachmentOf = (row: JsonObject): Attachment | undefined => {
  const kind = kinds[textAt(row, "PrincipalType") ?? ""];
  const name = textAt(row, "PrincipalName")?.split("@")[0];
  const policy = policyOf(row);
  if (kind === undefined || name === undefined || name === "" || policy === undefined) return undefined;
  return { principal: { kind, name }, policy, scope: scopeOf(row), ...sinceIn(row, "AttachDate") };
};

const whole = <Value>(
  values: readonly (Value | undefined)[],
  operation: string,
): Result<readonly Value[], CloudError> => {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? ok(known) : failed(unexpectedAnswer(operation, "read"));
};

/** Attachments of the whole account and of its resource groups, as far as `filter` lets them pass. */
export const listAttachments = async (
  send: Transport,
  filter: Parameters,
): Promise<Result<readonly Attachment[], CloudError>> => {
  const operation = "ListPolicyAttachments";
  const listed = await rowsByNumber(100)(send, {
    service: "ResourceManager",
    operation,
    parameters: filter,
    rows: (body) => listAt(body, "PolicyAttachments", "PolicyAttachment"),
  });
  return listed.ok ? whole(listed.value.map(attachmentOf), `ResourceManager.${operation}`) : listed;
};

const accountPolicyOf = (row: JsonObject): AccountPolicy | undefined => {
  const policy = policyOf(row);
  return policy === undefined ? undefined : { policy, ...sinceIn(row, "AttachDate") };
};

const listing = {
  user: { operation: "ListPoliciesForUser", parameter: "UserName" },
  group: { operation: "ListPoliciesForGroup", parameter: "GroupName" },
  role: { operation: "ListPoliciesForRole", parameter: "RoleName" },
} as const;

/** The policies that a user, a group or a role holds in the whole account. */
export const listAccountPolicies = async (
  send: Transport,
  { kind, name }: Principal,
): Promise<Result<readonly AccountPolicy[], CloudError>> => {
  const { operation, parameter } = listing[kind];
  const listed = await rowsAtOnce(send, {
    service: "Ram",
    operation,
    parameters: { [parameter]: name },
    rows: (body) => listAt(body, "Policies", "Policy"),
  });
  return listed.ok ? whole(listed.value.map(accountPolicyOf), `Ram.${operation}`) : listed;
};
