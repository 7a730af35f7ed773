import * as Ram from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { allowAll, callerOf, policyOf, ramOf, refusal, trustOf } from "./client.ts";

const account = "1234567890123456";

describe("Ram by the unmodified typed client", () => {
  let sandbox: Sandbox;
  let ram: ReturnType<typeof ramOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 2 });
    ram = ramOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  const user = (userName: string) => ram.createUser(new Ram.CreateUserRequest({ userName }));

  it("creates, changes, renames, lists and deletes users", async () => {
    const made = await ram.createUser(
      new Ram.CreateUserRequest({ userName: "alice", displayName: "Alice", email: "a@example.com" }),
    );
    expect(made.body?.user?.userId).toMatch(/^2\d{17}$/);
    expect(await refusal(user("alice"))).toBe("EntityAlreadyExists.User");
    expect(await refusal(user("a b"))).toBe("InvalidParameter.UserName.InvalidChars");
    expect(await refusal(user("a".repeat(65)))).toBe("InvalidParameter.UserName.Length");
    await ram.createGroup(new Ram.CreateGroupRequest({ groupName: "devs" }));
    await ram.addUserToGroup(new Ram.AddUserToGroupRequest({ userName: "alice", groupName: "devs" }));
    await ram.updateUser(new Ram.UpdateUserRequest({ userName: "alice", newUserName: "alicia", newComments: "moved" }));
    const read = await ram.getUser(new Ram.GetUserRequest({ userName: "alicia" }));
    expect(read.body?.user).toMatchObject({
      userId: made.body?.user?.userId,
      email: "a@example.com",
      comments: "moved",
    });
    const members = await ram.listUsersForGroup(new Ram.ListUsersForGroupRequest({ groupName: "devs" }));
    expect(members.body?.users?.user?.map((each) => each.userName)).toEqual(["alicia"]);
    const remove = () => ram.deleteUser(new Ram.DeleteUserRequest({ userName: "alicia" }));
    expect(await refusal(remove())).toBe("DeleteConflict.User.Group");
    await ram.removeUserFromGroup(new Ram.RemoveUserFromGroupRequest({ userName: "alicia", groupName: "devs" }));
    await remove();
    expect(await refusal(ram.getUser(new Ram.GetUserRequest({ userName: "alicia" })))).toBe("EntityNotExist.User");
  });

  it("pages lists by marker without losing or repeating anybody", async () => {
    for (let index = 0; index < 7; index += 1) await user(`user-${index}`);
    const seen: (string | undefined)[] = [];
    let marker: string | undefined;
    do {
      const page = await ram.listUsers(
        new Ram.ListUsersRequest({ maxItems: 3, ...(marker === undefined ? {} : { marker }) }),
      );
      seen.push(...(page.body?.users?.user?.map((each) => each.userName) ?? []));
      marker = page.body?.isTruncated === true ? page.body.marker : undefined;
    } while (marker !== undefined);
    expect(seen).toEqual(["administrator", ...Array.from({ length: 7 }, (_, index) => `user-${index}`)]);
  });

  it("keeps groups until they are empty, and says twice-done from new", async () => {
    await user("alice");
    await ram.createGroup(new Ram.CreateGroupRequest({ groupName: "devs", comments: "the devs" }));
    const add = () => ram.addUserToGroup(new Ram.AddUserToGroupRequest({ userName: "alice", groupName: "devs" }));
    await add();
    expect(await refusal(add())).toBe("EntityAlreadyExists.User.Group");
    const groups = await ram.listGroupsForUser(new Ram.ListGroupsForUserRequest({ userName: "alice" }));
    expect(groups.body?.groups?.group?.map((each) => each.groupName)).toEqual(["devs"]);
    const removeGroup = () => ram.deleteGroup(new Ram.DeleteGroupRequest({ groupName: "devs" }));
    expect(await refusal(removeGroup())).toBe("DeleteConflict.Group.User");
    const leave = () =>
      ram.removeUserFromGroup(new Ram.RemoveUserFromGroupRequest({ userName: "alice", groupName: "devs" }));
    await leave();
    expect(await refusal(leave())).toBe("EntityNotExist.User.Group");
    await ram.attachPolicyToGroup(
      new Ram.AttachPolicyToGroupRequest({ groupName: "devs", policyType: "System", policyName: "ReadOnlyAccess" }),
    );
    expect(await refusal(removeGroup())).toBe("DeleteConflict.Group.Policy");
  });

  it("acts on the caller's own keys when no user is named, and allows two", async () => {
    const { body } = await ram.listAccessKeys(new Ram.ListAccessKeysRequest({}));
    expect(body?.accessKeys?.accessKey?.map((key) => key.accessKeyId)).toEqual([sandbox.administrator.accessKeyId]);
    const second = await ram.createAccessKey(new Ram.CreateAccessKeyRequest({}));
    expect(await refusal(ram.createAccessKey(new Ram.CreateAccessKeyRequest({})))).toBe("LimitExceeded.User.AccessKey");
    const accessKeyId = second.body?.accessKey?.accessKeyId ?? "";
    const accessKeySecret = second.body?.accessKey?.accessKeySecret ?? "";
    await ram.updateAccessKey(new Ram.UpdateAccessKeyRequest({ userAccessKeyId: accessKeyId, status: "Inactive" }));
    const stopped = callerOf(sandbox, { accessKeyId, accessKeySecret })("Sts", "GetCallerIdentity");
    expect(await refusal(stopped)).toBe("InvalidAccessKeyId.Inactive");
    await ram.deleteAccessKey(new Ram.DeleteAccessKeyRequest({ userAccessKeyId: accessKeyId }));
    const gone = callerOf(sandbox, { accessKeyId, accessKeySecret })("Sts", "GetCallerIdentity");
    expect(await refusal(gone)).toBe("InvalidAccessKeyId.NotFound");
  });

  it("tells when a key was last used", async () => {
    const own = { userAccessKeyId: sandbox.administrator.accessKeyId, userName: "administrator" };
    const used = await ram.getAccessKeyLastUsed(new Ram.GetAccessKeyLastUsedRequest(own));
    expect(used.body?.accessKeyLastUsed?.lastUsedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("keeps login profiles, but no password", async () => {
    await user("alice");
    const login = (password: string) =>
      ram.createLoginProfile(new Ram.CreateLoginProfileRequest({ userName: "alice", password }));
    expect(await refusal(login("short"))).toBe("InvalidParameter.Password.TooWeak");
    await login("correct-horse-battery");
    expect(await refusal(login("correct-horse-battery"))).toBe("EntityAlreadyExists.User.LoginProfile");
    await ram.updateLoginProfile(new Ram.UpdateLoginProfileRequest({ userName: "alice", MFABindRequired: true }));
    const read = await ram.getLoginProfile(new Ram.GetLoginProfileRequest({ userName: "alice" }));
    expect(read.body?.loginProfile).toMatchObject({
      userName: "alice",
      MFABindRequired: true,
      passwordResetRequired: false,
    });
    await ram.deleteLoginProfile(new Ram.DeleteLoginProfileRequest({ userName: "alice" }));
    expect(await refusal(ram.getLoginProfile(new Ram.GetLoginProfileRequest({ userName: "alice" })))).toBe(
      "EntityNotExist.User.LoginProfile",
    );
    expect(JSON.stringify([sandbox.dump({ secrets: true }), sandbox.trail, sandbox.calls.list()])).not.toContain(
      "horse",
    );
  });

  it("keeps at most five versions of a policy and rotates only when asked", async () => {
    await ram.createPolicy(
      new Ram.CreatePolicyRequest({ policyName: "mine", policyDocument: allowAll, description: "d" }),
    );
    const version = (more: Record<string, unknown> = {}) =>
      ram.createPolicyVersion(
        new Ram.CreatePolicyVersionRequest({ policyName: "mine", policyDocument: allowAll, ...more }),
      );
    for (let index = 0; index < 4; index += 1) await version();
    expect(await refusal(version())).toBe("LimitExceeded.Policy.Version");
    await version({ setAsDefault: true, rotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded" });
    const listed = await ram.listPolicyVersions(
      new Ram.ListPolicyVersionsRequest({ policyType: "Custom", policyName: "mine" }),
    );
    // The default of then, v1, was spared although it was the oldest; ids go on counting.
    expect(listed.body?.policyVersions?.policyVersion?.map((each) => each.versionId)).toEqual([
      "v1",
      "v3",
      "v4",
      "v5",
      "v6",
    ]);
    const remove = (versionId: string) =>
      ram.deletePolicyVersion(new Ram.DeletePolicyVersionRequest({ policyName: "mine", versionId }));
    expect(await refusal(remove("v6"))).toBe("DeleteConflict.Policy.Version.Default");
    await ram.setDefaultPolicyVersion(new Ram.SetDefaultPolicyVersionRequest({ policyName: "mine", versionId: "v3" }));
    await remove("v6");
    const read = await ram.getPolicy(new Ram.GetPolicyRequest({ policyType: "Custom", policyName: "mine" }));
    expect(read.body?.policy?.defaultVersion).toBe("v3");
    expect(read.body?.defaultPolicyVersion?.policyDocument).toBe(allowAll);
    expect(await refusal(ram.deletePolicy(new Ram.DeletePolicyRequest({ policyName: "mine" })))).toBe(
      "DeleteConflict.Policy.Version",
    );
    await ram.deletePolicy(new Ram.DeletePolicyRequest({ policyName: "mine", cascadingDelete: "true" }));
  });

  it("refuses malformed permission and trust documents", async () => {
    const policy = (policyDocument: string) =>
      ram.createPolicy(new Ram.CreatePolicyRequest({ policyName: "p", policyDocument }));
    const bad = [
      "not json",
      JSON.stringify({ Version: "2", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
      policyOf({ Effect: "Maybe", Action: "*", Resource: "*" }),
      policyOf({ Effect: "Allow", Action: "*", NotAction: "ram:*", Resource: "*" }),
      policyOf({ Effect: "Allow", Action: "*" }),
      policyOf({ Effect: "Allow", Action: "*", Resource: "*", Condition: { StringEqualsIfExists: { a: "b" } } }),
      policyOf({ Effect: "Allow", Action: "x".repeat(6200), Resource: "*" }),
    ];
    for (const document of bad) expect(await refusal(policy(document)), document).toBe("MalformedPolicyDocument");
    const role = (assumeRolePolicyDocument: string) =>
      ram.createRole(new Ram.CreateRoleRequest({ roleName: "r", assumeRolePolicyDocument }));
    expect(await refusal(role(trustOf({ RAM: [`acs:ram::${account}:user/nobody`] })))).toBe("MalformedPolicyDocument");
    expect(await refusal(role(trustOf({ RAM: ["someone"] })))).toBe("MalformedPolicyDocument");
    // Names of other accounts cannot be looked up.
    await role(trustOf({ RAM: ["acs:ram::9999999999999999:user/nobody"] }));
  });

  it("keeps roles apart without case, and protects those of the cloud", async () => {
    const trust = trustOf({ Service: ["ecs.aliyuncs.com"] });
    const role = (roleName: string) =>
      ram.createRole(new Ram.CreateRoleRequest({ roleName, assumeRolePolicyDocument: trust }));
    await role("Deploy");
    expect(await refusal(role("DEPLOY"))).toBe("EntityAlreadyExists.Role");
    await ram.attachPolicyToRole(
      new Ram.AttachPolicyToRoleRequest({ roleName: "deploy", policyType: "System", policyName: "ReadOnlyAccess" }),
    );
    expect(await refusal(ram.deleteRole(new Ram.DeleteRoleRequest({ roleName: "Deploy" })))).toBe(
      "DeleteConflict.Role.Policy",
    );
    await role("AliyunServiceRoleForThing");
    expect(await refusal(ram.updateRole(new Ram.UpdateRoleRequest({ roleName: "aliyunserviceroleforthing" })))).toBe(
      "NoPermission.ServiceLinkedRole",
    );
    const call = callerOf(sandbox);
    await call("Ram", "CreateRole", { RoleName: "r2", AssumeRolePolicyDocument: trust, AllowConsoleLogin: false });
    expect((await call("Ram", "GetRole", { RoleName: "r2" })).Role.AllowConsoleLogin).toBe(false);
    await call("Ram", "UpdateRole", { RoleName: "r2", NewAllowConsoleLogin: true });
    expect((await call("Ram", "GetRole", { RoleName: "r2" })).Role.AllowConsoleLogin).toBe(true);
  });

  it("lists who a policy is attached to", async () => {
    await user("alice");
    const grant = { policyType: "System", policyName: "AliyunOSSReadOnlyAccess" };
    await ram.attachPolicyToUser(new Ram.AttachPolicyToUserRequest({ ...grant, userName: "alice" }));
    const entities = await ram.listEntitiesForPolicy(new Ram.ListEntitiesForPolicyRequest(grant));
    expect(entities.body?.users?.user?.map((each) => each.userName)).toEqual(["alice"]);
    await ram.detachPolicyFromUser(new Ram.DetachPolicyFromUserRequest({ ...grant, userName: "alice" }));
    const again = ram.detachPolicyFromUser(new Ram.DetachPolicyFromUserRequest({ ...grant, userName: "alice" }));
    expect(await refusal(again)).toBe("EntityNotExist.User.Policy");
    const unknown = ram.attachPolicyToUser(
      new Ram.AttachPolicyToUserRequest({ policyType: "Custom", policyName: "none", userName: "alice" }),
    );
    expect(await refusal(unknown)).toBe("EntityNotExist.Policy");
  });

  it("says what it does not model instead of guessing", async () => {
    expect(await refusal(callerOf(sandbox)("Ram", "SetEverything"))).toBe("InvalidAction.NotFound");
  });
});
