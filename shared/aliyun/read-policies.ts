import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";
import type { Policy, PolicyRef, PolicyVersion, Tags, TagsRef } from "../domain/subjects/permissions.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { rowsAtOnce, rowsByToken } from "./pages.ts";
import { goneWhenMissing } from "./ram.ts";
import { listAttachments } from "./read-attachments.ts";
import type { SubjectReader } from "./read-subject.ts";
import type { Transport } from "./transport.ts";

/** Every operation that reading a policy or tags calls, of Ram, Ims and ResourceManager; the looking role may do these. */
export const policiesReads = [
  "GetPolicy",
  "ListPolicyVersions",
  "GetPolicyVersion",
  "ListPolicyAttachments",
  "ListTagResources",
] as const;

type Read<Value> = Promise<Result<Value, CloudError>>;

const strange = (operation: string, requestId?: string): Result<never, CloudError> =>
  failed(unexpectedAnswer(operation, "read", requestId));

const custom = (policyName: string) => ({ PolicyType: "Custom", PolicyName: policyName });

/** The document of a version that a list named without it. */
const documentOf = async (send: Transport, policyName: string, versionId: string): Read<string> => {
  const parameters = { ...custom(policyName), VersionId: versionId };
  const result = await send({ service: "Ram", operation: "GetPolicyVersion", parameters, effect: "read" });
  if (!result.ok) return result;
  const version = objectAt(result.value.body, "PolicyVersion");
  const document = version === undefined ? undefined : textAt(version, "PolicyDocument");
  return document === undefined ? strange("Ram.GetPolicyVersion", result.value.requestId) : ok(document);
};

const versionOf = async (send: Transport, policyName: string, row: JsonObject): Read<PolicyVersion> => {
  const versionId = textAt(row, "VersionId");
  if (versionId === undefined) return strange("Ram.ListPolicyVersions");
  const listed = textAt(row, "PolicyDocument");
  const document = listed === undefined ? await documentOf(send, policyName, versionId) : ok(listed);
  if (!document.ok) return document;
  const createdAt = textAt(row, "CreateDate");
  return ok({ versionId, document: document.value, ...(createdAt === undefined ? {} : { createdAt }) });
};

const versionsOf = async (send: Transport, policyName: string): Read<Pick<Policy, "versions" | "defaultVersion">> => {
  const listed = await rowsAtOnce(send, {
    service: "Ram",
    operation: "ListPolicyVersions",
    parameters: custom(policyName),
    rows: (body) => listAt(body, "PolicyVersions", "PolicyVersion"),
  });
  if (!listed.ok) return listed;
  const versions: PolicyVersion[] = [];
  for (const row of listed.value) {
    const version = await versionOf(send, policyName, row);
    if (!version.ok) return version;
    versions.push(version.value);
  }
  const present = listed.value.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
  const defaultVersion = present === undefined ? undefined : textAt(present, "VersionId");
  return defaultVersion === undefined ? strange("Ram.ListPolicyVersions") : ok({ versions, defaultVersion });
};

const wholePolicy = async (send: Transport, ref: PolicyRef): Read<Policy | Gone> => {
  const { policyName } = ref;
  const result = await send({ service: "Ram", operation: "GetPolicy", parameters: custom(policyName), effect: "read" });
  if (!result.ok) return result;
  const answered = objectAt(result.value.body, "Policy");
  const createdAt = answered === undefined ? undefined : textAt(answered, "CreateDate");
  if (answered === undefined || createdAt === undefined) return strange("Ram.GetPolicy", result.value.requestId);
  if (ref.createdAt !== undefined && ref.createdAt !== createdAt) return ok(gone);
  // The list alone tells the versions, so that they and their default are of one moment.
  const versions = await versionsOf(send, policyName);
  if (!versions.ok) return versions;
  const description = textAt(answered, "Description") ?? "";
  const policy: Policy = { kind: "policy", policyName, description, createdAt, ...versions.value };
  if (ref.withAttachments !== true) return ok(policy);
  const attached = await listAttachments(send, custom(policyName));
  if (!attached.ok) return attached;
  return ok({ ...policy, attachedTo: attached.value.map(({ principal, scope }) => ({ principal, scope })) });
};

/** A custom policy with all its versions; one that goes while it is read is gone. */
const readPolicy = async (send: Transport, ref: PolicyRef): Read<Policy | Gone> => {
  const found = await wholePolicy(send, ref);
  return found.ok ? found : goneWhenMissing(found.error);
};

/** Ram's list is one level deep, Ims' two, by their models. */
const tagRows = (body: JsonObject): readonly JsonObject[] | undefined => {
  const { TagResources: rows } = body;
  if (Array.isArray(rows)) return rows as readonly JsonObject[];
  return listAt(body, "TagResources", "TagResource");
};

const readTags = async (send: Transport, { route, resourceType, resource, namedBy }: TagsRef): Read<Tags | Gone> => {
  const service = route === "Ims" ? "Ims" : "Ram";
  const named = service === "Ims" ? { [`${namedBy}.1`]: resource } : { [namedBy]: JSON.stringify([resource]) };
  const listed = await rowsByToken(100)(send, {
    service,
    operation: "ListTagResources",
    parameters: { ResourceType: resourceType, ...named },
    rows: tagRows,
  });
  if (!listed.ok) return goneWhenMissing(listed.error);
  const tags: { [key: string]: string } = Object.create(null);
  for (const row of listed.value) {
    const key = textAt(row, "TagKey");
    if (key === undefined) return strange(`${service}.ListTagResources`);
    tags[key] = textAt(row, "TagValue") ?? "";
  }
  return ok({ kind: "tags", tags: { ...tags } });
};

type Kind = "policy" | "tags";

export const policiesReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  policy: readPolicy,
  tags: readTags,
};
