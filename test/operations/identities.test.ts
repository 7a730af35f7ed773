import { describe, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { GuardedAccount } from "../support/guarded-account.ts";
import { type OperationCase, play, playNarrowed } from "../support/operation-cases.ts";
import { crowdedAccount, groupRef, upn, userRef } from "./identities-account.ts";

type Params = Readonly<Record<string, unknown>>;

const mallory =
  (service: "Ram" | "Ims", operation: string, params: Params) =>
  (account: GuardedAccount): Promise<unknown> =>
    account.as("mallory")(service, operation, params);

const member = { UserName: "bob", GroupName: "staff" };
const imsMember = { UserPrincipalName: upn("bob"), GroupName: "staff" };
const isMember = { UserName: "alice", GroupName: "staff" };
const imsIsMember = { UserPrincipalName: upn("alice"), GroupName: "staff" };

/** The account with one user as it is after its key and its logon are stopped. */
const stopped =
  (userName: string) =>
  (_: Snapshot, during: Snapshot): unknown => ({
    ...during,
    users: (during.users ?? []).map((user) =>
      user.userName === userName
        ? {
            ...user,
            ...(user.accessKeys === undefined
              ? {}
              : { accessKeys: user.accessKeys.map((key) => ({ ...key, status: "Inactive" })) }),
            ...(user.loginProfile === undefined ? {} : { loginProfile: { ...user.loginProfile, status: "Inactive" } }),
          }
        : user,
    ),
  });

const cases: readonly OperationCase[] = (
  [
    {
      name: "Ram.AddUserToGroup",
      attack: mallory("Ram", "AddUserToGroup", member),
      outcome: "reverted",
      calls: ["Ram.RemoveUserFromGroup"],
    },
    {
      name: "Ims.AddUserToGroup",
      attack: mallory("Ims", "AddUserToGroup", imsMember),
      outcome: "reverted",
      calls: ["Ims.RemoveUserFromGroup"],
    },
    {
      name: "Ims.AddUserToUserGroup",
      attack: mallory("Ims", "AddUserToUserGroup", imsMember),
      outcome: "asked",
      because: "prior-state-unknown",
      calls: ["Ims.RemoveUserFromGroup"],
    },
    {
      name: "Ram.RemoveUserFromGroup",
      attack: mallory("Ram", "RemoveUserFromGroup", isMember),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ram.AddUserToGroup"],
    },
    {
      name: "Ims.RemoveUserFromGroup",
      attack: mallory("Ims", "RemoveUserFromGroup", imsIsMember),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ims.AddUserToGroup"],
    },
    {
      name: "Ram.CreateUser, with nothing",
      attack: mallory("Ram", "CreateUser", { UserName: "eve", DisplayName: "Eve", Comments: "new" }),
      outcome: "asked",
      because: "destructive",
      calls: ["Ram.DeleteUser"],
    },
    {
      name: "Ims.CreateUser, with nothing",
      attack: mallory("Ims", "CreateUser", { UserPrincipalName: upn("eve"), DisplayName: "Eve" }),
      outcome: "asked",
      because: "destructive",
      calls: ["Ims.DeleteUser"],
      leaves: (before, during) => ({
        ...before,
        recycledUsers: [
          ...(before.recycledUsers ?? []),
          { ...during.users?.find(({ userName }) => userName === "eve"), recycleDate: "" },
        ],
      }),
    },
    {
      name: "Ims.BatchCreateUser",
      attack: mallory("Ims", "BatchCreateUser", {
        "User.1.UserPrincipalName": upn("eve"),
        "User.1.DisplayName": "Eve",
      }),
      outcome: "asked",
      because: "destructive",
      calls: ["Ims.DeleteUser"],
      leaves: (before, during) => ({
        ...before,
        recycledUsers: [
          ...(before.recycledUsers ?? []),
          { ...during.users?.find(({ userName }) => userName === "eve"), recycleDate: "" },
        ],
      }),
    },
    {
      name: "Ram.UpdateUser, values",
      accepted: [userRef("alice")],
      attack: mallory("Ram", "UpdateUser", { UserName: "alice", NewMobilePhone: "86-13900009999", NewComments: "" }),
      outcome: "reverted",
      calls: ["Ram.UpdateUser"],
    },
    {
      name: "Ram.UpdateUser, the name and more",
      accepted: [userRef("alice")],
      attack: mallory("Ram", "UpdateUser", { UserName: "alice", NewUserName: "alicia", NewDisplayName: "Alicia" }),
      outcome: "reverted",
      calls: ["Ram.UpdateUser"],
    },
    {
      name: "Ram.UpdateUser, the name alone, of a user that nobody knows",
      attack: mallory("Ram", "UpdateUser", { UserName: "alice", NewUserName: "alicia" }),
      outcome: "reverted",
      calls: ["Ram.UpdateUser"],
    },
    {
      name: "Ram.UpdateUser of a user that nobody knows",
      attack: mallory("Ram", "UpdateUser", { UserName: "alice", NewComments: "x" }),
      outcome: "alerted",
      because: "prior-state-unknown",
    },
    {
      name: "Ims.UpdateUser, values",
      accepted: [userRef("alice")],
      attack: mallory("Ims", "UpdateUser", { UserId: "200", NewEmail: "mallory@evil.example", NewDisplayName: "A" }),
      outcome: "reverted",
      calls: ["Ims.UpdateUser"],
    },
    {
      name: "Ims.UpdateUser, the name",
      accepted: [userRef("alice")],
      attack: mallory("Ims", "UpdateUser", {
        UserPrincipalName: upn("alice"),
        NewUserPrincipalName: upn("alicia"),
        NewComments: "x",
      }),
      outcome: "reverted",
      calls: ["Ims.UpdateUser"],
    },
    {
      name: "Ims.UpdateUser of a user that CloudSSO keeps",
      accepted: [userRef("sso")],
      attack: mallory("Ims", "UpdateUser", { UserPrincipalName: upn("sso"), NewComments: "x" }),
      outcome: "alerted",
      because: "provisioned",
    },
    {
      name: "Ims.UpdateUserProvisionType",
      accepted: [userRef("alice")],
      attack: mallory("Ims", "UpdateUserProvisionType", { UserPrincipalName: upn("alice") }),
      outcome: "alerted",
      because: "provisioned",
    },
    {
      name: "Ram.DeleteUser",
      accepted: [userRef("bob")],
      attack: mallory("Ram", "DeleteUser", { UserName: "bob" }),
      outcome: "asked",
      because: "grants-privilege",
      detail: /another id/,
      calls: ["Ram.CreateUser"],
    },
    {
      name: "Ims.DeleteUser, by name",
      accepted: [userRef("bob")],
      attack: mallory("Ims", "DeleteUser", { UserPrincipalName: upn("bob") }),
      outcome: "asked",
      because: "grants-privilege",
      detail: /recycle bin by its id `201`/,
      calls: ["Ims.RestoreUserFromRecycleBin"],
    },
    {
      name: "Ims.DeleteUser, by id alone",
      attack: mallory("Ims", "DeleteUser", { UserId: "201" }),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ims.RestoreUserFromRecycleBin"],
    },
    {
      name: "Ims.RestoreUserFromRecycleBin, with nothing in use",
      attack: mallory("Ims", "RestoreUserFromRecycleBin", { UserId: "202" }),
      outcome: "asked",
      because: "destructive",
      calls: ["Ims.DeleteUser"],
    },
    {
      name: "Ims.RestoreUserFromRecycleBin, with a key in use",
      attack: mallory("Ims", "RestoreUserFromRecycleBin", { UserId: "204" }),
      outcome: "contained",
      because: "destructive",
      calls: ["Ram.UpdateAccessKey"],
      leaves: stopped("dave"),
    },
    {
      name: "Ims.DeleteUserInRecycleBin",
      attack: mallory("Ims", "DeleteUserInRecycleBin", { UserId: "202" }),
      outcome: "alerted",
      because: "not-reversible",
    },
    {
      name: "Ram.CreateGroup",
      attack: mallory("Ram", "CreateGroup", { GroupName: "shadow", Comments: "new" }),
      outcome: "reverted",
      calls: ["Ram.DeleteGroup"],
    },
    {
      name: "Ims.CreateGroup",
      attack: mallory("Ims", "CreateGroup", { GroupName: "shadow", DisplayName: "Shadow", Comments: "new" }),
      outcome: "reverted",
      calls: ["Ims.DeleteGroup"],
    },
    {
      name: "Ram.UpdateGroup, the comments",
      accepted: [groupRef("idle")],
      attack: mallory("Ram", "UpdateGroup", { GroupName: "idle", NewComments: "x" }),
      outcome: "reverted",
      calls: ["Ram.UpdateGroup"],
    },
    {
      name: "Ram.UpdateGroup, the name alone, of a group that nobody knows",
      attack: mallory("Ram", "UpdateGroup", { GroupName: "staff", NewGroupName: "stuff" }),
      outcome: "reverted",
      calls: ["Ram.UpdateGroup"],
    },
    {
      name: "Ims.UpdateGroup, all of it",
      accepted: [groupRef("staff")],
      attack: mallory("Ims", "UpdateGroup", {
        GroupName: "staff",
        NewGroupName: "stuff",
        NewDisplayName: "Stuff",
        NewComments: "x",
      }),
      outcome: "reverted",
      calls: ["Ims.UpdateGroup"],
    },
    {
      name: "Ram.DeleteGroup",
      accepted: [groupRef("plain")],
      attack: mallory("Ram", "DeleteGroup", { GroupName: "plain" }),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ram.CreateGroup"],
    },
    {
      name: "Ims.DeleteGroup",
      accepted: [groupRef("idle")],
      attack: mallory("Ims", "DeleteGroup", { GroupName: "idle" }),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ims.CreateGroup"],
    },
    {
      name: "Ram.DeleteGroup of a group with a display name, which Ims alone can give back",
      accepted: [groupRef("idle")],
      attack: mallory("Ram", "DeleteGroup", { GroupName: "idle" }),
      outcome: "asked",
      because: "grants-privilege",
      calls: ["Ims.CreateGroup"],
    },
  ] satisfies readonly OperationCase[]
).map((one) => ({ ...one, snapshot: crowdedAccount() }));

describe.each(cases)("$name", (one) => {
  it("comes to what it must, and back", () => play(one));
  it("is remedied with no more than it needs", () => playNarrowed(one));
});
