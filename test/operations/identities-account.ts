import type { Snapshot } from "../../sandbox/index.ts";
import type { GroupRef, UserRef } from "../../shared/domain/subjects/identities.ts";
import type { PolicyRef, TagsRef } from "../../shared/domain/subjects/permissions.ts";
import { policyOf } from "../sandbox/client.ts";
import { accountBefore, accountId } from "../support/guarded-account.ts";

const date = "2026-01-02T03:04:05Z";
const old = { createDate: date, updateDate: date };

export const upn = (name: string): string => `${name}@example.onaliyun.com`;
export const allowing = (...actions: readonly string[]): string =>
  policyOf({ Effect: "Allow", Action: actions, Resource: ["*"] });

export const good = allowing("oss:GetObject");
export const wider = allowing("oss:GetObject", "oss:PutObject");
export const other = allowing("ecs:DescribeInstances");

/** The guarded account with users, groups and policies on which each of the operations finds something to do. */
export const crowdedAccount = (): Snapshot => {
  const given = accountBefore();
  return {
    ...given,
    users: [
      ...(given.users ?? []).map((user) =>
        user.userName === "alice"
          ? {
              ...user,
              ...old,
              userId: "200",
              displayName: "Alice",
              comments: "of the shop",
              email: "alice@corp.example",
              mobilePhone: "86-13900001234",
              tags: [
                { key: "team", value: "red" },
                { key: "stage", value: "test" },
              ],
            }
          : user,
      ),
      { userName: "bob", userId: "201", ...old, displayName: "Bob", comments: "leaves soon" },
      { userName: "sso", userId: "203", ...old, provisionType: "CloudSSO" },
    ],
    recycledUsers: [
      { userName: "carol", userId: "202", ...old, recycleDate: "2026-11-01T00:00:00Z" },
      {
        userName: "dave",
        userId: "204",
        ...old,
        recycleDate: "2026-11-01T00:00:00Z",
        accessKeys: [{ accessKeyId: "LTAIdave", ...old }],
      },
    ],
    groups: [
      ...(given.groups ?? []),
      { groupName: "idle", ...old, displayName: "The idle", comments: "nobody yet" },
      { groupName: "plain", ...old, comments: "as Ram makes it" },
    ],
    roles: [
      ...(given.roles ?? []),
      {
        roleName: "idle",
        ...old,
        description: "for nobody",
        maxSessionDuration: 7200,
        assumeRolePolicyDocument: String(
          given.roles?.find(({ roleName }) => roleName === "ci")?.assumeRolePolicyDocument,
        ),
        tags: [{ key: "team", value: "red" }],
      },
    ],
    policies: [
      ...(given.policies ?? []),
      {
        policyName: "mine",
        policyType: "Custom",
        ...old,
        description: "of the shop",
        defaultVersion: "v1",
        versions: [
          { versionId: "v1", policyDocument: good },
          { versionId: "v2", policyDocument: other },
        ],
        tags: [{ key: "team", value: "red" }],
      },
      {
        policyName: "spare",
        policyType: "Custom",
        ...old,
        description: "unused",
        versions: [{ versionId: "v1", policyDocument: good }],
      },
    ],
  };
};

/** The same, where the user in the recycle bin has two keys: to stop it takes two calls. */
export const twoKeysInTheBin = (): Snapshot => {
  const account = crowdedAccount();
  return {
    ...account,
    recycledUsers: (account.recycledUsers ?? []).map((user) =>
      user.userName === "dave"
        ? { ...user, accessKeys: [...(user.accessKeys ?? []), { accessKeyId: "LTAIdave2", ...old }] }
        : user,
    ),
  };
};

export const userRef = (userName: string, route: "Ram" | "Ims" = "Ram"): UserRef => ({
  kind: "user",
  accountId,
  route,
  userName,
});
export const groupRef = (groupName: string): GroupRef => ({ kind: "group", accountId, route: "Ram", groupName });
export const policyRef = (policyName = "mine"): PolicyRef => ({ kind: "policy", accountId, route: "Ram", policyName });
export const tagsRef = (
  resourceType: string,
  resource: string,
  namedBy: TagsRef["namedBy"] = "ResourceNames",
): TagsRef => ({
  kind: "tags",
  accountId,
  route: namedBy === "ResourceNames" ? "Ram" : "Ims",
  resourceType,
  resource,
  namedBy,
});
