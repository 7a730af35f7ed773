import type { JsonObject } from "./json.ts";
import type { Application, ExternalApplication } from "./state/applications.ts";
import type { Directory } from "./state/directory.ts";
import type { Logins } from "./state/logins.ts";
import type { CloudResource, Reports } from "./state/resources.ts";
import type { Tagged } from "./state/tags.ts";
import { usualPasswordPolicy, usualSecurityPreference, usualUserSsoSettings } from "./usual-settings.ts";

/** A policy or trust document: the text as a caller sent it, or the object that a snapshot holds. */
export type Document = string | JsonObject;

export type AccessKey = {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly status: "Active" | "Inactive";
  readonly createDate: string;
  readonly updateDate: string;
  /** Where the key may be used from, as SetAccessKeyPolicy was given it. */
  readonly policy?: string;
};

export type RecycledKey = AccessKey & { readonly recycleDate: string };

export type LoginProfile = {
  readonly status: "Active" | "Inactive";
  readonly passwordResetRequired: boolean;
  readonly mfaBindRequired: boolean;
  readonly createDate: string;
  readonly updateDate: string;
};

export type User = {
  readonly userName: string;
  readonly userId: string;
  readonly displayName: string;
  readonly email: string;
  readonly mobilePhone: string;
  readonly comments: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly lastLoginDate: string;
  readonly provisionType: string;
  readonly accessKeys: readonly AccessKey[];
  readonly recycledKeys: readonly RecycledKey[];
  readonly loginProfile?: LoginProfile;
} & Logins &
  Tagged;

export type Member = { readonly userName: string; readonly joinDate: string };

export type Group = {
  readonly groupName: string;
  readonly groupId: string;
  readonly displayName: string;
  readonly comments: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly members: readonly Member[];
};

export type Role = {
  readonly roleName: string;
  readonly roleId: string;
  readonly description: string;
  readonly trust: Document;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly createDate: string;
  readonly updateDate: string;
  /** Fields that the installed SDK does not know, such as `AllowConsoleLogin`: kept and answered. */
  readonly extra: JsonObject;
} & Tagged;

export type PolicyVersion = { readonly versionId: string; readonly document: Document; readonly createDate: string };

export type PolicyType = "System" | "Custom";

export type Policy = {
  readonly policyName: string;
  readonly policyType: PolicyType;
  readonly description: string;
  readonly defaultVersion: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly versions: readonly PolicyVersion[];
  /** Number of the version made last: ids are not used twice (`ram-api.md` §4, unconfirmed). */
  readonly lastVersion: number;
} & Tagged;

export type PrincipalKind = "user" | "group" | "role";

/** A link between a policy and a principal; without a resource group it holds in the whole account. */
export type Attachment = {
  readonly policyType: PolicyType;
  readonly policyName: string;
  readonly principalType: PrincipalKind;
  readonly principalName: string;
  readonly resourceGroupId?: string;
  readonly attachDate: string;
};

export type ResourceGroup = {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly status: string;
  readonly createDate: string;
};

/** A virtual MFA device; its seed is handed out once and forgotten. */
export type MfaDevice = {
  readonly serialNumber: string;
  readonly userName?: string;
  readonly activateDate?: string;
};

export type SamlProvider = {
  readonly name: string;
  readonly description: string;
  readonly encodedMetadata: string;
  readonly authnSignAlgo: string;
  readonly createDate: string;
  readonly updateDate: string;
};

export type OidcProvider = {
  readonly name: string;
  readonly description: string;
  readonly issuerUrl: string;
  readonly clientIds: readonly string[];
  readonly fingerprints: readonly string[];
  /** Hours. */
  readonly issuanceLimitTime: number;
  readonly createDate: string;
  readonly updateDate: string;
};

export type KeyUse = { readonly date: string; readonly service: string };

/**
 * All that the sandbox knows of one account. The maps are replaced by copies for each write and their values are never
 * changed in place, so the account before a write stays whole: a stale read is a read of it.
 */
export type Account = {
  readonly accountId: string;
  alias: string;
  domains: readonly string[];
  rootKeys: readonly AccessKey[];
  /** By the names that Ims gives them, flat, whole. */
  passwordPolicy: JsonObject;
  securityPreference: JsonObject;
  userSsoSettings: JsonObject;
  readonly users: Map<string, User>;
  readonly recycledUsers: Map<string, User & { readonly recycleDate: string }>;
  readonly groups: Map<string, Group>;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, Policy>;
  readonly attachments: Map<string, Attachment>;
  readonly resourceGroups: Map<string, ResourceGroup>;
  readonly mfaDevices: Map<string, MfaDevice>;
  readonly samlProviders: Map<string, SamlProvider>;
  readonly oidcProviders: Map<string, OidcProvider>;
  readonly keyUse: Map<string, KeyUse>;
  readonly applications: Map<string, Application>;
  readonly externalApplications: Map<string, ExternalApplication>;
  readonly resources: Map<string, CloudResource>;
  /** Whether whoever creates a resource group becomes its administrator. */
  creatorAsAdmin: boolean;
  /** Whether the account owner has a second factor. */
  rootMfa: boolean;
  reports: Reports;
  /** Left out while no resource directory is enabled. */
  directory?: Directory;
};

export const emptyAccount = (accountId: string, alias: string): Account => ({
  accountId,
  alias,
  domains: [],
  rootKeys: [],
  passwordPolicy: usualPasswordPolicy,
  securityPreference: usualSecurityPreference,
  userSsoSettings: usualUserSsoSettings,
  users: new Map(),
  recycledUsers: new Map(),
  groups: new Map(),
  roles: new Map(),
  policies: new Map(),
  attachments: new Map(),
  resourceGroups: new Map(),
  mfaDevices: new Map(),
  samlProviders: new Map(),
  oidcProviders: new Map(),
  keyUse: new Map(),
  applications: new Map(),
  externalApplications: new Map(),
  resources: new Map(),
  creatorAsAdmin: false,
  rootMfa: false,
  reports: {},
});

/** A copy that can be written to without the original noticing. */
export const forkAccount = (account: Account): Account => ({
  ...account,
  users: new Map(account.users),
  recycledUsers: new Map(account.recycledUsers),
  groups: new Map(account.groups),
  roles: new Map(account.roles),
  policies: new Map(account.policies),
  attachments: new Map(account.attachments),
  resourceGroups: new Map(account.resourceGroups),
  mfaDevices: new Map(account.mfaDevices),
  samlProviders: new Map(account.samlProviders),
  oidcProviders: new Map(account.oidcProviders),
  keyUse: new Map(account.keyUse),
  applications: new Map(account.applications),
  externalApplications: new Map(account.externalApplications),
  resources: new Map(account.resources),
});

export const policyKey = (type: PolicyType, name: string): string => `${type}/${name}`;

/** Role names compare without case (`ram-api.md` §4). */
export const roleKey = (name: string): string => name.toLowerCase();

export const attachmentKey = (link: Omit<Attachment, "attachDate">): string => {
  const principal = link.principalType === "role" ? roleKey(link.principalName) : link.principalName;
  return [link.principalType, principal, link.policyType, link.policyName, link.resourceGroupId ?? ""].join("|");
};

export const documentText = (document: Document): string =>
  typeof document === "string" ? document : JSON.stringify(document);

/** The domain that principal names end in: the last one set, or the alias, or the account id (`ram-api.md` §4). */
export const domainLabel = (account: Account): string => (account.alias === "" ? account.accountId : account.alias);

export const defaultDomain = (account: Account): string => `${domainLabel(account)}.onaliyun.com`;

export const userPrincipalName = (account: Account, userName: string): string =>
  `${userName}@${defaultDomain(account)}`;

export const groupPrincipalName = (account: Account, groupName: string): string =>
  `${groupName}@group.${defaultDomain(account)}`;

export const rolePrincipalName = (account: Account, roleName: string): string =>
  `${roleName}@role.${domainLabel(account)}.onaliyunservice.com`;

/** The ARN that RAM answers: the role's name in lower case (`ram-api.md` §4). */
export const roleArn = (account: Account, roleName: string): string =>
  `acs:ram::${account.accountId}:role/${roleName.toLowerCase()}`;

export const attachmentsOf = (account: Account, kind: PrincipalKind, name: string): readonly Attachment[] =>
  [...account.attachments.values()].filter(
    (link) =>
      link.principalType === kind &&
      (kind === "role" ? roleKey(link.principalName) === roleKey(name) : link.principalName === name),
  );

export const groupsOf = (account: Account, userName: string): readonly Group[] =>
  [...account.groups.values()].filter((group) => group.members.some((member) => member.userName === userName));

export const isServiceLinked = (roleName: string): boolean => roleName.toLowerCase().startsWith("aliyunservicerolefor");

export const isReservedForSso = (name: string): boolean => name.toLowerCase().startsWith("aliyunreservedsso-");
