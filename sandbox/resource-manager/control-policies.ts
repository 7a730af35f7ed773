import { checkPolicyDocument } from "../access/documents.ts";
import { need } from "../access/needs.ts";
import { documentText } from "../account.ts";
import { ApiError, alreadyExists, deleteConflict, limitExceeded } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { bounded, named, oneOf, pageByNumber, required } from "../params.ts";
import { type ControlPolicy, type Directory, fullAccess, targetsOf } from "../state/directory.ts";
import { directoryArn, directoryOf } from "./directory.ts";

const policiesPerDirectory = 1500;
const longestDocument = 4096;
const policyName = /^[A-Za-z][A-Za-z0-9-]*$/;

export const controlPolicyArn = (asked: Asked): string =>
  directoryArn(asked, `policy/controlpolicy/${asked.params.PolicyId ?? "*"}`);

/** Throws `EntityNotExists.ControlPolicy`, with the s that ResourceManager's own entities have (`ram-api.md` §3.1). */
export const controlPolicyOf = (directory: Directory, { params }: Asked): ControlPolicy => {
  const id = required(params, "PolicyId");
  const found = [fullAccess, ...directory.controlPolicies].find((each) => each.policyId === id);
  if (found === undefined) {
    throw new ApiError(404, "EntityNotExists.ControlPolicy", `The specified control policy does not exist: ${id}.`);
  }
  return found;
};

export const policyTypeOf = (policy: ControlPolicy): "System" | "Custom" =>
  policy.policyId === fullAccess.policyId ? "System" : "Custom";

const customOf = (directory: Directory, asked: Asked): ControlPolicy => {
  const policy = controlPolicyOf(directory, asked);
  if (policyTypeOf(policy) === "System") {
    throw new ApiError(403, "NoPermission.SystemPolicy", "The system control policy cannot be changed.");
  }
  return policy;
};

/** The count is a text in this service's answers. */
const shape = (directory: Directory, policy: ControlPolicy): JsonObject => ({
  PolicyId: policy.policyId,
  PolicyName: policy.policyName,
  PolicyType: policyTypeOf(policy),
  Description: policy.description,
  EffectScope: policy.effectScope,
  AttachmentCount: String(
    directory.controlPolicyAttachments.filter((each) => each.policyId === policy.policyId).length,
  ),
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
});

const freeName = (directory: Directory, name: string, own?: ControlPolicy): string => {
  const taken = [fullAccess, ...directory.controlPolicies].some((each) => each !== own && each.policyName === name);
  if (taken) throw alreadyExists("ControlPolicy", name);
  return name;
};

const create = (work: Work): JsonObject => {
  const { account, params, ids, now } = work;
  const directory = directoryOf(work);
  const name = freeName(directory, named(params, "PolicyName", policyName, 128));
  const effectScope = oneOf(params, "EffectScope", ["RAM"] as const);
  const policyDocument = required(params, "PolicyDocument");
  checkPolicyDocument(policyDocument, longestDocument);
  if (directory.controlPolicies.length >= policiesPerDirectory) {
    throw limitExceeded("ControlPolicy", policiesPerDirectory);
  }
  const policy: ControlPolicy = {
    policyId: ids.controlPolicyId(),
    policyName: name,
    description: bounded(params, "Description", 1024) ?? "",
    effectScope,
    policyDocument,
    createDate: now,
    updateDate: now,
  };
  account.directory = { ...directory, controlPolicies: [...directory.controlPolicies, policy] };
  return { ControlPolicy: shape(account.directory, policy) };
};

/** There are no versions: the former document is gone. */
const update = (work: Work): JsonObject => {
  const { account, params, now } = work;
  const directory = directoryOf(work);
  const policy = customOf(directory, work);
  const policyDocument = params.NewPolicyDocument;
  if (policyDocument !== undefined) checkPolicyDocument(policyDocument, longestDocument);
  const changed: ControlPolicy = {
    ...policy,
    policyName:
      params.NewPolicyName === undefined
        ? policy.policyName
        : freeName(directory, named(params, "NewPolicyName", policyName, 128), policy),
    description: bounded(params, "NewDescription", 1024) ?? policy.description,
    policyDocument: policyDocument ?? policy.policyDocument,
    updateDate: now,
  };
  const controlPolicies = directory.controlPolicies.map((each) => (each === policy ? changed : each));
  account.directory = { ...directory, controlPolicies };
  return { ControlPolicy: shape(account.directory, changed) };
};

const remove = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const policy = customOf(directory, work);
  if (directory.controlPolicyAttachments.some((each) => each.policyId === policy.policyId)) {
    throw deleteConflict("ControlPolicy.Attachment", "The control policy is attached to folders or members.");
  }
  const controlPolicies = directory.controlPolicies.filter((each) => each !== policy);
  work.account.directory = { ...directory, controlPolicies };
  return {};
};

/** Switches at once; the cloud says `Pending…` and takes a while. Enabling gives every target the system's policy. */
const enable = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  if (directory.controlPolicyStatus === "Disabled") {
    const controlPolicyAttachments = targetsOf(directory).map((targetId) => ({
      policyId: fullAccess.policyId,
      targetId,
      attachDate: work.now,
    }));
    work.account.directory = { ...directory, controlPolicyStatus: "Enabled", controlPolicyAttachments };
  }
  return { EnablementStatus: "PendingEnable" };
};

/** **Detaches every control policy**, the custom ones for good: the note on the SDK's method. */
const disable = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  work.account.directory = { ...directory, controlPolicyStatus: "Disabled", controlPolicyAttachments: [] };
  return { EnablementStatus: "PendingDisable" };
};

const operation = (
  action: string,
  access: Operation["access"],
  resource: "one" | "all",
  run: (work: Work) => JsonObject,
): Operation => ({
  access,
  needs: (asked) => [need(`resourcemanager:${action}`, resource === "one" ? controlPolicyArn(asked) : "*")],
  run,
  ...(resource === "all" && action !== "CreateControlPolicy"
    ? {}
    : {
        touches: ({ params }: Asked) => ({
          "ACS::ResourceManager::ControlPolicy": [params.PolicyId ?? params.PolicyName ?? ""],
        }),
      }),
});

/** Control policies bound members, not the management account; this sandbox enforces them on nobody. */
export const controlPolicyOperations: Operations = {
  CreateControlPolicy: operation("CreateControlPolicy", "Write", "all", create),
  UpdateControlPolicy: operation("UpdateControlPolicy", "Write", "one", update),
  DeleteControlPolicy: operation("DeleteControlPolicy", "Write", "one", remove),
  GetControlPolicy: operation("GetControlPolicy", "Read", "one", (work) => {
    const directory = directoryOf(work);
    const policy = controlPolicyOf(directory, work);
    return { ControlPolicy: { ...shape(directory, policy), PolicyDocument: documentText(policy.policyDocument) } };
  }),
  ListControlPolicies: operation("ListControlPolicies", "Read", "all", (work) => {
    const directory = directoryOf(work);
    const rows = [fullAccess, ...directory.controlPolicies]
      .map((each) => shape(directory, each))
      .filter((each) => [undefined, "", each.PolicyType].includes(work.params.PolicyType));
    const { items, ...page } = pageByNumber(work.params, rows);
    return { ...page, ControlPolicies: { ControlPolicy: items } };
  }),
  EnableControlPolicy: operation("EnableControlPolicy", "Write", "all", enable),
  DisableControlPolicy: operation("DisableControlPolicy", "Write", "all", disable),
  GetControlPolicyEnablementStatus: operation("GetControlPolicyEnablementStatus", "Read", "all", (work) => ({
    EnablementStatus: directoryOf(work).controlPolicyStatus,
  })),
};
