import type { JsonObject } from "../json.ts";

export type Folder = {
  readonly folderId: string;
  readonly folderName: string;
  readonly parentFolderId: string;
  readonly createTime: string;
};

export type MemberAccount = {
  readonly accountId: string;
  readonly displayName: string;
  readonly folderId: string;
  readonly type: "CloudAccount" | "ResourceAccount";
  readonly joinMethod: "invited" | "created";
  readonly status: string;
  readonly joinTime: string;
  readonly modifyTime: string;
};

export type ControlPolicy = {
  readonly policyId: string;
  readonly policyName: string;
  readonly description: string;
  readonly effectScope: string;
  /** The text as a caller sent it, or the object that a snapshot holds. */
  readonly policyDocument: string | JsonObject;
  readonly createDate: string;
  readonly updateDate: string;
};

export type ControlPolicyAttachment = {
  readonly policyId: string;
  /** A folder's id or an account's. */
  readonly targetId: string;
  readonly attachDate: string;
};

export type DelegatedAdministrator = {
  readonly accountId: string;
  readonly servicePrincipal: string;
  readonly delegationEnabledTime: string;
};

/** The resource directory that an account manages or belongs to. Its values are replaced, never changed in place. */
export type Directory = {
  readonly directoryId: string;
  readonly rootFolderId: string;
  /** Only callers of this account may see and change the directory. */
  readonly masterAccountId: string;
  readonly controlPolicyStatus: "Enabled" | "Disabled";
  readonly createTime: string;
  readonly folders: readonly Folder[];
  readonly accounts: readonly MemberAccount[];
  /** Custom ones: the system's own is always there. */
  readonly controlPolicies: readonly ControlPolicy[];
  readonly controlPolicyAttachments: readonly ControlPolicyAttachment[];
  readonly delegatedAdministrators: readonly DelegatedAdministrator[];
};

/** The system's control policy, which every folder and member has unless it was detached. */
export const fullAccess: ControlPolicy = {
  policyId: "FullAliyunAccess",
  policyName: "FullAliyunAccess",
  description: "System control policy available for all operations on the cloud",
  effectScope: "All",
  policyDocument: '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  createDate: "2020-12-01T00:00:00Z",
  updateDate: "2020-12-01T00:00:00Z",
};

/** The folders from the root down to one, by id. */
const chain = (directory: Directory, folderId: string): readonly string[] => {
  if (folderId === directory.rootFolderId) return [folderId];
  const folder = directory.folders.find((each) => each.folderId === folderId);
  return folder === undefined ? [folderId] : [...chain(directory, folder.parentFolderId), folderId];
};

/** `rd-1/r-1/fd-1`: where a folder is in the directory. */
export const folderPath = (directory: Directory, folderId: string): string =>
  [directory.directoryId, ...chain(directory, folderId)].join("/");

/** Everything that a control policy can be attached to: all folders, the root first, and all members. */
export const targetsOf = (directory: Directory): readonly string[] => [
  directory.rootFolderId,
  ...directory.folders.map((each) => each.folderId),
  ...directory.accounts.map((each) => each.accountId),
];
