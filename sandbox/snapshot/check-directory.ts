import { fullAccess } from "../state/directory.ts";
import { among, type Check, date, document, filled, like, list, object, optional, text } from "./checks.ts";
import type { SnapshotDirectory } from "./format.ts";

const accountId = like(/^\d{1,20}$/, "digits");

export const directory: Check = optional(
  object({
    directoryId: filled,
    rootFolderId: filled,
    masterAccountId: optional(accountId),
    controlPolicyStatus: optional(among("Enabled", "Disabled")),
    createTime: optional(date),
    folders: optional(
      list(object({ folderId: filled, folderName: filled, parentFolderId: filled, createTime: optional(date) })),
    ),
    accounts: optional(
      list(
        object({
          accountId,
          displayName: optional(text),
          folderId: filled,
          type: optional(among("CloudAccount", "ResourceAccount")),
          joinMethod: optional(among("invited", "created")),
          status: optional(filled),
          joinTime: optional(date),
          modifyTime: optional(date),
        }),
      ),
    ),
    controlPolicies: optional(
      list(
        object({
          policyId: filled,
          policyName: filled,
          description: optional(text),
          effectScope: optional(text),
          policyDocument: document,
          createDate: optional(date),
          updateDate: optional(date),
        }),
      ),
    ),
    controlPolicyAttachments: optional(
      list(object({ policyId: filled, targetId: filled, attachDate: optional(date) })),
    ),
    delegatedAdministrators: optional(
      list(object({ accountId, servicePrincipal: filled, delegationEnabledTime: optional(date) })),
    ),
  }),
);

/** Folders hang on folders, accounts are in folders, attachments and delegations name what is there. */
export const checkDirectory = (given: SnapshotDirectory, found: string[]): void => {
  const { folders = [], accounts = [], controlPolicies = [], controlPolicyAttachments = [] } = given;
  const folderIds = [given.rootFolderId, ...folders.map((each) => each.folderId)];
  const accountIds = accounts.map((each) => each.accountId);
  const policyIds = [fullAccess.policyId, ...controlPolicies.map((each) => each.policyId)];
  folders.forEach(({ parentFolderId }, index) => {
    if (!folderIds.includes(parentFolderId)) {
      found.push(`directory.folders[${index}] is in the unknown folder ${parentFolderId}`);
    }
  });
  accounts.forEach(({ folderId }, index) => {
    if (!folderIds.includes(folderId)) found.push(`directory.accounts[${index}] is in the unknown folder ${folderId}`);
  });
  controlPolicyAttachments.forEach(({ policyId, targetId }, index) => {
    const place = `directory.controlPolicyAttachments[${index}]`;
    if (!policyIds.includes(policyId)) found.push(`${place} names the unknown policy ${policyId}`);
    if (![...folderIds, ...accountIds].includes(targetId)) found.push(`${place} names the unknown target ${targetId}`);
  });
  (given.delegatedAdministrators ?? []).forEach(({ accountId: id }, index) => {
    if (!accountIds.includes(id)) found.push(`directory.delegatedAdministrators[${index}] names no member: ${id}`);
  });
};
