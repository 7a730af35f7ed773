import {
  type AccessKey,
  type Account,
  attachmentKey,
  emptyAccount,
  policyKey,
  roleKey,
  type User,
} from "../account.ts";
import type { Ids } from "../random.ts";
import { resourceKey } from "../state/resources.ts";
import { systemPolicies } from "../system-policies.ts";
import { snapshotFaults } from "./check.ts";
import type { Snapshot, SnapshotKey, SnapshotUser } from "./format.ts";
import { loadApplications } from "./load-applications.ts";
import { directoryFrom } from "./load-directory.ts";
import { loginsFrom, tagsFrom } from "./load-logins.ts";

const keyFrom = (key: SnapshotKey, ids: Ids, now: string): AccessKey => ({
  accessKeyId: key.accessKeyId,
  secret: key.secret ?? ids.accessKeySecret(),
  status: key.status ?? "Active",
  createDate: key.createDate ?? now,
  updateDate: key.updateDate ?? key.createDate ?? now,
  ...(key.policy === undefined ? {} : { policy: key.policy }),
});

const userFrom = (user: SnapshotUser, ids: Ids, now: string): User => {
  const login = user.loginProfile;
  const loginProfile = login && {
    status: login.status ?? ("Active" as const),
    passwordResetRequired: login.passwordResetRequired ?? false,
    mfaBindRequired: login.mfaBindRequired ?? false,
    createDate: login.createDate ?? now,
    updateDate: login.updateDate ?? login.createDate ?? now,
  };
  return {
    userName: user.userName,
    userId: user.userId ?? ids.userId(),
    displayName: user.displayName ?? user.userName,
    email: user.email ?? "",
    mobilePhone: user.mobilePhone ?? "",
    comments: user.comments ?? "",
    createDate: user.createDate ?? now,
    updateDate: user.updateDate ?? user.createDate ?? now,
    lastLoginDate: user.lastLoginDate ?? "",
    provisionType: user.provisionType ?? "Manual",
    accessKeys: (user.accessKeys ?? []).map((key) => keyFrom(key, ids, now)),
    recycledKeys: (user.recycledKeys ?? []).map((key) => ({ ...keyFrom(key, ids, now), recycleDate: key.recycleDate })),
    ...(loginProfile === undefined ? {} : { loginProfile }),
    ...loginsFrom(user, now),
    ...tagsFrom(user),
  };
};

/** Keeps the last use of each key apart from the keys, so that a call does not rewrite its user. */
const noteUse = (account: Account, keys: readonly SnapshotKey[]): void => {
  for (const key of keys) if (key.lastUsed !== undefined) account.keyUse.set(key.accessKeyId, key.lastUsed);
};

const loadUsers = (account: Account, snapshot: Snapshot, ids: Ids, now: string): void => {
  account.rootKeys = (snapshot.rootKeys ?? []).map((key) => keyFrom(key, ids, now));
  noteUse(account, snapshot.rootKeys ?? []);
  for (const user of snapshot.users ?? []) {
    account.users.set(user.userName, userFrom(user, ids, now));
    noteUse(account, [...(user.accessKeys ?? []), ...(user.recycledKeys ?? [])]);
  }
  for (const user of snapshot.recycledUsers ?? []) {
    const loaded = { ...userFrom(user, ids, now), recycleDate: user.recycleDate ?? now };
    account.recycledUsers.set(loaded.userId, loaded);
    noteUse(account, [...(user.accessKeys ?? []), ...(user.recycledKeys ?? [])]);
  }
};

const loadPolicies = (account: Account, snapshot: Snapshot, now: string): void => {
  for (const { versions, ...policy } of snapshot.policies ?? []) {
    account.policies.set(policyKey(policy.policyType, policy.policyName), {
      policyName: policy.policyName,
      policyType: policy.policyType,
      description: policy.description ?? "",
      defaultVersion: policy.defaultVersion ?? versions[0]?.versionId ?? "v1",
      createDate: policy.createDate ?? now,
      updateDate: policy.updateDate ?? policy.createDate ?? now,
      lastVersion: policy.lastVersion ?? Math.max(...versions.map((each) => Number(each.versionId.slice(1)))),
      versions: versions.map((each) => ({
        versionId: each.versionId,
        document: each.policyDocument,
        createDate: each.createDate ?? policy.createDate ?? now,
      })),
      ...tagsFrom(policy),
    });
  }
  // A snapshot by hand need not spell out the system policies that it attaches.
  for (const policy of systemPolicies) {
    const key = policyKey("System", policy.policyName);
    if (!account.policies.has(key)) account.policies.set(key, policy);
  }
};

const loadSettings = (account: Account, snapshot: Snapshot, now: string): void => {
  account.passwordPolicy = { ...account.passwordPolicy, ...snapshot.passwordPolicy };
  account.securityPreference = { ...account.securityPreference, ...snapshot.securityPreference };
  account.userSsoSettings = { ...account.userSsoSettings, ...snapshot.userSsoSettings };
  for (const device of snapshot.mfaDevices ?? []) account.mfaDevices.set(device.serialNumber, device);
  for (const provider of snapshot.samlProviders ?? []) {
    const dates = { createDate: provider.createDate ?? now, updateDate: provider.updateDate ?? now };
    account.samlProviders.set(provider.name, { description: "", authnSignAlgo: "rsa-sha1", ...provider, ...dates });
  }
  for (const provider of snapshot.oidcProviders ?? []) {
    const dates = { createDate: provider.createDate ?? now, updateDate: provider.updateDate ?? now };
    const usual = { description: "", clientIds: [], fingerprints: [], issuanceLimitTime: 12 };
    account.oidcProviders.set(provider.name, { ...usual, ...provider, ...dates });
  }
};

const loadResources = (account: Account, snapshot: Snapshot, now: string): void => {
  for (const resource of snapshot.resources ?? []) {
    account.resources.set(resourceKey(resource), { regionId: "cn-hangzhou", createDate: now, ...resource });
  }
  account.creatorAsAdmin = snapshot.creatorAsAdmin ?? false;
  account.rootMfa = snapshot.rootMfa ?? false;
  account.reports = snapshot.reports ?? {};
};

/** Makes an account from a snapshot. Throws an Error that names everything that is wrong with it. */
export const loadAccount = (
  value: unknown,
  ids: Ids,
  now: string,
): { readonly account: Account; readonly snapshot: Snapshot } => {
  const faults = snapshotFaults(value);
  if (faults.length > 0) throw new Error(`the snapshot cannot be loaded: ${faults.join("; ")}`);
  const snapshot = structuredClone(value) as Snapshot;
  const account = emptyAccount(snapshot.accountId, snapshot.alias ?? "");
  account.domains = snapshot.domains ?? [];
  loadUsers(account, snapshot, ids, now);
  loadPolicies(account, snapshot, now);
  for (const group of snapshot.groups ?? []) {
    account.groups.set(group.groupName, {
      groupName: group.groupName,
      groupId: group.groupId ?? ids.groupId(),
      displayName: group.displayName ?? group.groupName,
      comments: group.comments ?? "",
      createDate: group.createDate ?? now,
      updateDate: group.updateDate ?? group.createDate ?? now,
      members: (group.members ?? []).map((member) => ({ userName: member.userName, joinDate: member.joinDate ?? now })),
    });
  }
  for (const role of snapshot.roles ?? []) {
    account.roles.set(roleKey(role.roleName), {
      roleName: role.roleName,
      roleId: role.roleId ?? ids.roleId(),
      description: role.description ?? "",
      trust: role.assumeRolePolicyDocument,
      maxSessionDuration: role.maxSessionDuration ?? 3600,
      createDate: role.createDate ?? now,
      updateDate: role.updateDate ?? role.createDate ?? now,
      extra: role.extra ?? {},
      ...tagsFrom(role),
    });
  }
  for (const group of snapshot.resourceGroups ?? []) {
    account.resourceGroups.set(group.id, {
      id: group.id,
      name: group.name,
      displayName: group.displayName ?? group.name,
      status: group.status ?? "OK",
      createDate: group.createDate ?? now,
    });
  }
  loadSettings(account, snapshot, now);
  loadApplications(account, snapshot, now);
  loadResources(account, snapshot, now);
  if (snapshot.directory !== undefined) account.directory = directoryFrom(snapshot.directory, account.accountId, now);
  for (const link of snapshot.attachments ?? []) {
    const whole = { ...link, attachDate: link.attachDate ?? now };
    if (!account.policies.has(policyKey(link.policyType, link.policyName))) {
      throw new Error(`the snapshot cannot be loaded: it attaches the unknown policy ${link.policyName}`);
    }
    account.attachments.set(attachmentKey(whole), whole);
  }
  return { account, snapshot };
};
