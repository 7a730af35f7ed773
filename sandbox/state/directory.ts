import type { Document } from "../account.ts";

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
  readonly policyDocument: Document;
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
