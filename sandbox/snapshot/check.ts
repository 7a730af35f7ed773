import { isObject, type JsonObject } from "../json.ts";
import { resourceKey } from "../state/resources.ts";
import { usualPasswordPolicy, usualSecurityPreference, usualUserSsoSettings } from "../usual-settings.ts";
import { applications, externalApplications } from "./check-applications.ts";
import { checkDirectory, directory } from "./check-directory.ts";
import { loginMembers, tags } from "./check-logins.ts";
import {
  among,
  anyObject,
  atLeastOne,
  type Check,
  date,
  document,
  filled,
  like,
  list,
  numberFrom,
  object,
  optional,
  text,
  yesOrNo,
} from "./checks.ts";
import type { Snapshot } from "./format.ts";

/** Any of the names that the usual settings have, each in the type of its usual value. */
const settings = (usual: JsonObject): Check =>
  object(
    Object.fromEntries(
      Object.entries(usual).map(([name, value]) => {
        if (typeof value === "boolean") return [name, optional(yesOrNo)];
        if (typeof value === "number") return [name, optional(numberFrom(0, 1_000_000))];
        return [name, optional(Array.isArray(value) ? list(text) : text)];
      }),
    ),
  );

const status = optional(among("Active", "Inactive"));

const keyMembers: Readonly<Record<string, Check>> = {
  accessKeyId: filled,
  secret: optional(filled),
  status,
  createDate: optional(date),
  updateDate: optional(date),
  policy: optional(filled),
  lastUsed: optional(object({ date, service: text })),
};

const key = object(keyMembers);

const user = object({
  userName: like(/^[A-Za-z0-9._-]{1,64}$/, "a user name"),
  userId: optional(filled),
  displayName: optional(text),
  email: optional(text),
  mobilePhone: optional(text),
  comments: optional(text),
  createDate: optional(date),
  updateDate: optional(date),
  lastLoginDate: optional(text),
  provisionType: optional(text),
  accessKeys: optional(list(key)),
  recycledKeys: optional(list(object({ ...keyMembers, recycleDate: date }))),
  loginProfile: optional(
    object({
      status,
      passwordResetRequired: optional(yesOrNo),
      mfaBindRequired: optional(yesOrNo),
      createDate: optional(date),
      updateDate: optional(date),
    }),
  ),
  recycleDate: optional(date),
  ...loginMembers,
});

const shape = object({
  version: among(1),
  accountId: like(/^\d{1,20}$/, "digits"),
  alias: optional(text),
  domains: optional(list(filled)),
  rootKeys: optional(list(key)),
  users: optional(list(user)),
  recycledUsers: optional(list(user)),
  groups: optional(
    list(
      object({
        groupName: like(/^[A-Za-z0-9._-]{1,64}$/, "a group name"),
        groupId: optional(filled),
        displayName: optional(text),
        comments: optional(text),
        createDate: optional(date),
        updateDate: optional(date),
        members: optional(list(object({ userName: filled, joinDate: optional(date) }))),
      }),
    ),
  ),
  roles: optional(
    list(
      object({
        roleName: like(/^[A-Za-z0-9.-]{1,64}$/, "a role name"),
        roleId: optional(filled),
        description: optional(text),
        assumeRolePolicyDocument: document,
        maxSessionDuration: optional(numberFrom(3600, 43_200)),
        createDate: optional(date),
        updateDate: optional(date),
        extra: optional(anyObject),
        tags,
      }),
    ),
  ),
  policies: optional(
    list(
      object({
        policyName: like(/^[A-Za-z0-9-]{1,128}$/, "a policy name"),
        policyType: among("System", "Custom"),
        description: optional(text),
        defaultVersion: optional(filled),
        createDate: optional(date),
        updateDate: optional(date),
        lastVersion: optional(numberFrom(1, 1_000_000)),
        tags,
        versions: atLeastOne(
          object({ versionId: like(/^v\d+$/, "v and a number"), policyDocument: document, createDate: optional(date) }),
        ),
      }),
    ),
  ),
  attachments: optional(
    list(
      object({
        policyType: among("System", "Custom"),
        policyName: filled,
        principalType: among("user", "group", "role"),
        principalName: filled,
        resourceGroupId: optional(filled),
        attachDate: optional(date),
      }),
    ),
  ),
  resourceGroups: optional(
    list(
      object({
        id: filled,
        name: filled,
        displayName: optional(text),
        status: optional(text),
        createDate: optional(date),
      }),
    ),
  ),
  passwordPolicy: optional(settings(usualPasswordPolicy)),
  securityPreference: optional(settings(usualSecurityPreference)),
  userSsoSettings: optional(settings(usualUserSsoSettings)),
  mfaDevices: optional(
    list(object({ serialNumber: filled, userName: optional(filled), activateDate: optional(date) })),
  ),
  samlProviders: optional(
    list(
      object({
        name: filled,
        description: optional(text),
        encodedMetadata: text,
        authnSignAlgo: optional(filled),
        createDate: optional(date),
        updateDate: optional(date),
      }),
    ),
  ),
  oidcProviders: optional(
    list(
      object({
        name: filled,
        description: optional(text),
        issuerUrl: filled,
        clientIds: optional(list(filled)),
        fingerprints: optional(list(filled)),
        issuanceLimitTime: optional(numberFrom(1, 168)),
        createDate: optional(date),
        updateDate: optional(date),
      }),
    ),
  ),
  applications,
  externalApplications,
  resources: optional(
    list(
      object({
        service: filled,
        resourceType: filled,
        resourceId: filled,
        regionId: optional(text),
        resourceGroupId: filled,
        createDate: optional(date),
      }),
    ),
  ),
  creatorAsAdmin: optional(yesOrNo),
  rootMfa: optional(yesOrNo),
  reports: optional(
    object({
      credential: optional(object({ generatedTime: date, rows: list(text) })),
      governance: optional(object({ generatedTime: date })),
    }),
  ),
  directory,
  trail: optional(list(anyObject)),
});

const repeated = (names: readonly string[], what: string, found: string[]): void => {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) found.push(`${what} ${name} is there twice`);
    seen.add(name);
  }
};

/** Links must have both ends, names must be unique, defaults must exist. */
const checkReferences = (snapshot: Snapshot, found: string[]): void => {
  const { users = [], groups = [], roles = [], policies = [], attachments = [], resourceGroups = [] } = snapshot;
  const names = {
    user: users.map((each) => each.userName),
    group: groups.map((each) => each.groupName),
    role: roles.map((each) => each.roleName.toLowerCase()),
  };
  const policyNames = policies.map((each) => `${each.policyType}/${each.policyName}`);
  repeated(names.user, "user", found);
  repeated(names.group, "group", found);
  repeated(names.role, "role", found);
  repeated(policyNames, "policy", found);
  repeated(
    (snapshot.samlProviders ?? []).map((each) => each.name),
    "SAML provider",
    found,
  );
  repeated(
    (snapshot.oidcProviders ?? []).map((each) => each.name),
    "OIDC provider",
    found,
  );
  (snapshot.mfaDevices ?? []).forEach(({ userName }, index) => {
    if (userName !== undefined && !names.user.includes(userName)) {
      found.push(`mfaDevices[${index}] is bound to the unknown user ${userName}`);
    }
  });
  repeated(
    [...(snapshot.rootKeys ?? []), ...users.flatMap((each) => each.accessKeys ?? [])].map((each) => each.accessKeyId),
    "access key",
    found,
  );
  groups.forEach((group, index) => {
    for (const member of group.members ?? []) {
      if (!names.user.includes(member.userName)) found.push(`groups[${index}] has the unknown user ${member.userName}`);
    }
  });
  policies.forEach(({ versions, defaultVersion = versions[0]?.versionId }, index) => {
    if (!versions.some((each) => each.versionId === defaultVersion)) {
      found.push(`policies[${index}].defaultVersion is not among its versions`);
    }
  });
  attachments.forEach((link, index) => {
    const name = link.principalType === "role" ? link.principalName.toLowerCase() : link.principalName;
    if (!names[link.principalType].includes(name)) {
      found.push(`attachments[${index}] names the unknown ${link.principalType} ${link.principalName}`);
    }
    if (!policyNames.includes(`${link.policyType}/${link.policyName}`) && link.policyType === "Custom") {
      found.push(`attachments[${index}] names the unknown policy ${link.policyName}`);
    }
    const group = link.resourceGroupId;
    if (group !== undefined && !resourceGroups.some((each) => each.id === group)) {
      found.push(`attachments[${index}] names the unknown resource group ${group}`);
    }
  });
};

/** Ids must be unique, and resources must be in groups that are there. */
const checkMore = (snapshot: Snapshot, found: string[]): void => {
  const { applications: own = [], externalApplications: foreign = [], resources = [], resourceGroups = [] } = snapshot;
  repeated(
    [...own, ...foreign].map((each) => each.appId),
    "application",
    found,
  );
  repeated(resources.map(resourceKey), "resource", found);
  resources.forEach(({ resourceGroupId }, index) => {
    if (!resourceGroups.some((each) => each.id === resourceGroupId)) {
      found.push(`resources[${index}] is in the unknown resource group ${resourceGroupId}`);
    }
  });
  if (snapshot.directory !== undefined) checkDirectory(snapshot.directory, found);
};

/** Everything that is wrong with a snapshot, by place; empty when it can be loaded. */
export const snapshotFaults = (value: unknown): readonly string[] => {
  const found: string[] = [];
  if (!isObject(value)) return ["the snapshot must be an object"];
  shape(value, "", found);
  if (found.length === 0) checkReferences(value as unknown as Snapshot, found);
  if (found.length === 0) checkMore(value as unknown as Snapshot, found);
  return found;
};
