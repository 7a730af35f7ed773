import type { Directory } from "../state/directory.ts";
import type { SnapshotDirectory } from "./format.ts";

/** A resource directory; this account manages it unless the snapshot names another. */
export const directoryFrom = (given: SnapshotDirectory, accountId: string, now: string): Directory => ({
  directoryId: given.directoryId,
  rootFolderId: given.rootFolderId,
  masterAccountId: given.masterAccountId ?? accountId,
  controlPolicyStatus: given.controlPolicyStatus ?? "Disabled",
  createTime: given.createTime ?? now,
  folders: (given.folders ?? []).map((each) => ({ createTime: now, ...each })),
  accounts: (given.accounts ?? []).map((each) => ({
    displayName: each.accountId,
    type: "ResourceAccount",
    joinMethod: "created",
    status: "CreateSuccess",
    joinTime: now,
    modifyTime: each.joinTime ?? now,
    ...each,
  })),
  controlPolicies: (given.controlPolicies ?? []).map((each) => ({
    description: "",
    effectScope: "RAM",
    createDate: now,
    updateDate: each.createDate ?? now,
    ...each,
  })),
  controlPolicyAttachments: (given.controlPolicyAttachments ?? []).map((each) => ({ attachDate: now, ...each })),
  delegatedAdministrators: (given.delegatedAdministrators ?? []).map((each) => ({
    delegationEnabledTime: now,
    ...each,
  })),
});
