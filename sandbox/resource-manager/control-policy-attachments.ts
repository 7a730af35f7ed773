import { need } from "../access/needs.ts";
import { ApiError, alreadyExists, limitExceeded } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { pageByNumber, required } from "../params.ts";
import { type Directory, targetsOf } from "../state/directory.ts";
import { controlPolicyArn, controlPolicyOf, policyTypeOf } from "./control-policies.ts";
import { directoryOf, targetArn } from "./directory.ts";

const policiesPerTarget = 10;

const targetIn = (directory: Directory, { params }: Asked): string => {
  const id = required(params, "TargetId");
  if (!targetsOf(directory).includes(id)) {
    throw new ApiError(404, "EntityNotExists.Target", "The specified target does not exist in the resource directory.");
  }
  return id;
};

const nameOf = (directory: Directory, id: string): string => {
  if (id === directory.rootFolderId) return "Root";
  return (
    directory.folders.find((each) => each.folderId === id)?.folderName ??
    directory.accounts.find((each) => each.accountId === id)?.displayName ??
    ""
  );
};

const typeOf = (directory: Directory, id: string): "Root" | "Folder" | "Account" => {
  if (id === directory.rootFolderId) return "Root";
  return /^\d+$/.test(id) ? "Account" : "Folder";
};

const attach = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const targetId = targetIn(directory, work);
  const { policyId, policyName } = controlPolicyOf(directory, work);
  if (directory.controlPolicyStatus !== "Enabled") {
    throw new ApiError(409, "NotSupport.ControlPolicyDisabled", "The Control Policy feature is not enabled.");
  }
  const there = directory.controlPolicyAttachments.filter((each) => each.targetId === targetId);
  if (there.some((each) => each.policyId === policyId)) throw alreadyExists("ControlPolicyAttachment", policyName);
  if (there.length >= policiesPerTarget) throw limitExceeded("ControlPolicyAttachment", policiesPerTarget);
  const added = { policyId, targetId, attachDate: work.now };
  work.account.directory = { ...directory, controlPolicyAttachments: [...directory.controlPolicyAttachments, added] };
  return {};
};

const detach = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const targetId = targetIn(directory, work);
  const { policyId } = controlPolicyOf(directory, work);
  const there = directory.controlPolicyAttachments.filter((each) => each.targetId === targetId);
  const found = there.find((each) => each.policyId === policyId);
  if (found === undefined) {
    throw new ApiError(404, "EntityNotExists.ControlPolicyAttachment", "The control policy is not attached there.");
  }
  if (there.length === 1) {
    throw new ApiError(400, "NotSupport.DetachLastControlPolicy", "The last control policy of a target stays.");
  }
  const controlPolicyAttachments = directory.controlPolicyAttachments.filter((each) => each !== found);
  work.account.directory = { ...directory, controlPolicyAttachments };
  return {};
};

/** On the target's ARN and on the policy's: the resource types that the pages name. */
const changing = (action: string, run: (work: Work) => JsonObject): Operation => ({
  access: "Write",
  needs: (asked) => [
    need(`resourcemanager:${action}`, targetArn(asked, asked.params.TargetId ?? "")),
    need(`resourcemanager:${action}`, controlPolicyArn(asked)),
  ],
  run,
  touches: ({ params }) => ({
    "ACS::ResourceManager::ControlPolicy": [params.PolicyId ?? ""],
    [/^\d+$/.test(params.TargetId ?? "") ? "ACS::ResourceManager::Account" : "ACS::ResourceManager::Folder"]: [
      params.TargetId ?? "",
    ],
  }),
});

export const controlPolicyAttachmentOperations: Operations = {
  AttachControlPolicy: changing("AttachControlPolicy", attach),
  DetachControlPolicy: changing("DetachControlPolicy", detach),
  ListControlPolicyAttachmentsForTarget: {
    access: "Read",
    needs: (asked) => [
      need("resourcemanager:ListControlPolicyAttachmentsForTarget", targetArn(asked, asked.params.TargetId ?? "")),
    ],
    run: (work) => {
      const directory = directoryOf(work);
      const targetId = targetIn(directory, work);
      const ControlPolicyAttachment = directory.controlPolicyAttachments
        .filter((each) => each.targetId === targetId)
        .map(({ policyId, attachDate }) => {
          const policy = controlPolicyOf(directory, { ...work, params: { PolicyId: policyId } });
          return {
            PolicyId: policyId,
            PolicyName: policy.policyName,
            PolicyType: policyTypeOf(policy),
            Description: policy.description,
            EffectScope: policy.effectScope,
            AttachDate: attachDate,
          };
        });
      return { ControlPolicyAttachments: { ControlPolicyAttachment } };
    },
  },
  ListTargetAttachmentsForControlPolicy: {
    access: "Read",
    needs: (asked) => [need("resourcemanager:ListTargetAttachmentsForControlPolicy", controlPolicyArn(asked))],
    run: (work) => {
      const directory = directoryOf(work);
      const { policyId } = controlPolicyOf(directory, work);
      const rows = directory.controlPolicyAttachments
        .filter((each) => each.policyId === policyId)
        .map(({ targetId, attachDate }) => ({
          TargetId: targetId,
          TargetName: nameOf(directory, targetId),
          TargetType: typeOf(directory, targetId),
          AttachDate: attachDate,
        }));
      const { items, ...page } = pageByNumber(work.params, rows);
      return { ...page, TargetAttachments: { TargetAttachment: items } };
    },
  },
};
