import type { AccessKey, Account, User } from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Snapshot, SnapshotKey, SnapshotUser } from "./format.ts";

const keyShape =
  (account: Account, secrets: boolean) =>
  ({ secret, ...key }: AccessKey): SnapshotKey => {
    const lastUsed = account.keyUse.get(key.accessKeyId);
    return { ...key, ...(secrets ? { secret } : {}), ...(lastUsed === undefined ? {} : { lastUsed }) };
  };

export type DumpOptions = { readonly secrets?: boolean; readonly trail?: boolean };

/** The account as a snapshot. Secrets of keys are left out unless asked for; passwords are never kept at all. */
export const dumpAccount = (
  account: Account,
  trail: readonly JsonObject[],
  { secrets = false, trail: withTrail = true }: DumpOptions = {},
): Snapshot => {
  const key = keyShape(account, secrets);
  const userShape = (user: User): SnapshotUser => ({
    ...user,
    accessKeys: user.accessKeys.map(key),
    recycledKeys: user.recycledKeys.map((each) => ({ ...key(each), recycleDate: each.recycleDate })),
  });
  return structuredClone({
    version: 1,
    accountId: account.accountId,
    alias: account.alias,
    domains: [...account.domains],
    rootKeys: account.rootKeys.map(key),
    users: [...account.users.values()].map(userShape),
    recycledUsers: [...account.recycledUsers.values()].map(userShape),
    groups: [...account.groups.values()],
    roles: [...account.roles.values()].map(({ trust, ...role }) => ({ ...role, assumeRolePolicyDocument: trust })),
    policies: [...account.policies.values()].map(({ versions, ...policy }) => ({
      ...policy,
      versions: versions.map(({ document, ...version }) => ({ ...version, policyDocument: document })),
    })),
    attachments: [...account.attachments.values()],
    resourceGroups: [...account.resourceGroups.values()],
    passwordPolicy: account.passwordPolicy,
    securityPreference: account.securityPreference,
    userSsoSettings: account.userSsoSettings,
    mfaDevices: [...account.mfaDevices.values()],
    samlProviders: [...account.samlProviders.values()],
    oidcProviders: [...account.oidcProviders.values()],
    applications: [...account.applications.values()],
    externalApplications: [...account.externalApplications.values()],
    resources: [...account.resources.values()],
    creatorAsAdmin: account.creatorAsAdmin,
    rootMfa: account.rootMfa,
    reports: account.reports,
    ...(account.directory === undefined ? {} : { directory: account.directory }),
    ...(withTrail ? { trail: [...trail] } : {}),
  });
};
