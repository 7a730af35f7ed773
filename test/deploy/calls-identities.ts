import type { Call } from "../../shared/domain/plan.ts";
import type { Group, Login, User } from "../../shared/domain/subjects/identities.ts";
import type { TagsRef } from "../../shared/domain/subjects/permissions.ts";
import * as identity from "../../shared/operations/identity-calls.ts";
import * as policy from "../../shared/operations/policy-calls.ts";

const accountId = "1234567890123456";
const at = { accountId };

const user = (over: Partial<User> = {}): User => ({
  kind: "user",
  userId: "200",
  userName: "alice",
  displayName: "Alice",
  comments: "",
  email: "",
  mobilePhone: "",
  provisionType: "Manual",
  ...over,
});
const group = (over: Partial<Group> = {}): Group => ({
  kind: "group",
  groupId: "g-1",
  groupName: "ops",
  displayName: "Ops",
  comments: "",
  ...over,
});
const login: Login = { status: "Active", passwordResetRequired: false, mfaBindRequired: true };
const byName = ["Ram", "Ims"] as const;
const byPolicy = ["Ram", "ResourceManager"] as const;
const tags: readonly TagsRef[] = [
  { kind: "tags", accountId, route: "Ram", resourceType: "role", resource: "Deploy", namedBy: "ResourceNames" },
  { kind: "tags", accountId, route: "Ims", resourceType: "user", resource: "200", namedBy: "ResourceId" },
];

/** Every call about users, groups, memberships, policies and tags that a plan sends by itself. */
export const aloneIdentities: readonly Call[] = [
  identity.setLoginStatus("alice", login, "Inactive", at),
  ...byName.flatMap((service) => [
    identity.updateUser(service, user({ userName: "renamed" }), user(), at),
    identity.updateGroup(service, group({ groupName: "renamed" }), group()),
    identity.deleteGroup(service, "ops"),
    identity.removeFromGroup(service, "alice", "ops", at),
  ]),
  ...byPolicy.flatMap((service) => [
    policy.setDefaultVersion(service, "mine", "v1"),
    policy.deleteVersion(service, "mine", "v2"),
    policy.createVersion(service, "mine", "{}", false),
    policy.deletePolicy(service, "mine"),
  ]),
  policy.describePolicy("mine", "as before"),
];

/** Those that a plan sends only when a person approved it. */
export const approvedIdentities: readonly Call[] = [
  ...byName.flatMap((service) => [
    identity.createUser(service, user(), at),
    identity.deleteUser(service, "alice", at),
    identity.createGroup(service, group()),
    identity.addToGroup(service, "alice", "ops", at),
  ]),
  identity.deleteKey("alice", "LTAI1"),
  identity.deleteLogin("alice"),
  identity.unbindMfa("alice"),
  identity.restoreUser("200"),
  ...byPolicy.map((service) => policy.createPolicy(service, "mine", "{}", "")),
  ...tags.flatMap((ref) => [policy.setTags(ref, [["team", "red"]]), policy.removeTags(ref, ["team"])]),
];
