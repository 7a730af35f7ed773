import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { allowAll, callerOf, refusal, trustOf } from "./client.ts";

const account = "1234567890123456";
const alice = "alice@example.onaliyun.com";

describe("the other doors to the same account", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 3 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  it("names users in Ims form and finds them by id and by key", async () => {
    expect((await call("Ims", "GetDefaultDomain")).DefaultDomainName).toBe("example.onaliyun.com");
    const { User } = await call("Ims", "CreateUser", { UserPrincipalName: alice, DisplayName: "Alice" });
    expect(await refusal(call("Ims", "CreateUser", { UserPrincipalName: "alice", DisplayName: "Alice" }))).toBe(
      "InvalidParameter.UserPrincipalName.Format",
    );
    const { AccessKey } = await call("Ims", "CreateAccessKey", { UserPrincipalName: alice });
    const byId = await call("Ims", "GetUser", { UserId: User.UserId });
    const byKey = await call("Ims", "GetUser", { UserAccessKeyId: AccessKey.AccessKeyId });
    const byOtherDomain = await call("Ims", "GetUser", { UserPrincipalName: `alice@${account}.onaliyun.com` });
    for (const found of [byId, byKey, byOtherDomain]) expect(found.User.UserPrincipalName).toBe(alice);
    expect((await call("Ram", "GetUser", { UserName: "alice" })).User.UserId).toBe(User.UserId);
  });

  it("switches console logon off through Ims", async () => {
    await call("Ims", "CreateUser", { UserPrincipalName: alice, DisplayName: "Alice" });
    await call("Ims", "CreateLoginProfile", { UserPrincipalName: alice, Password: "correct-horse-battery" });
    await call("Ims", "UpdateLoginProfile", { UserPrincipalName: alice, Status: "Inactive" });
    expect((await call("Ims", "GetLoginProfile", { UserPrincipalName: alice })).LoginProfile.Status).toBe("Inactive");
  });

  it("puts a fourth deleted key in the place of the first", async () => {
    const { User } = await call("Ims", "CreateUser", { UserPrincipalName: alice, DisplayName: "Alice" });
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { AccessKey } = await call("Ims", "CreateAccessKey", { UserPrincipalName: alice });
      ids.push(AccessKey.AccessKeyId);
      await call("Ims", "DeleteAccessKey", { UserPrincipalName: alice, UserAccessKeyId: AccessKey.AccessKeyId });
    }
    const bin = await call("Ims", "ListAccessKeysInRecycleBin", { UserId: User.UserId });
    expect(bin.AccessKeys.AccessKey.map((key: { AccessKeyId: string }) => key.AccessKeyId)).toEqual(ids.slice(1));
    await call("Ims", "RestoreAccessKeyFromRecycleBin", { UserId: User.UserId, UserAccessKeyId: ids[3] });
    const live = await call("Ims", "ListAccessKeys", { UserPrincipalName: alice });
    expect(live.AccessKeys.AccessKey.map((key: { AccessKeyId: string }) => key.AccessKeyId)).toEqual([ids[3]]);
  });

  it("keeps a deleted user in the bin, without its groups and grants", async () => {
    const { User } = await call("Ims", "CreateUser", { UserPrincipalName: alice, DisplayName: "Alice" });
    await call("Ims", "CreateGroup", { GroupName: "devs", DisplayName: "Devs" });
    await call("Ims", "AddUserToGroup", { UserPrincipalName: alice, GroupName: "devs" });
    await call("Ram", "AttachPolicyToUser", { UserName: "alice", PolicyType: "System", PolicyName: "ReadOnlyAccess" });
    await call("Ims", "DeleteUser", { UserPrincipalName: alice });
    const listed = await call("Ims", "ListUsersInRecycleBin", { Filter: `UserPrincipalName eq ${alice}` });
    expect(listed.Users.User.map((user: { UserId: string }) => user.UserId)).toEqual([User.UserId]);
    await call("Ims", "RestoreUserFromRecycleBin", { UserId: User.UserId });
    expect((await call("Ims", "GetUser", { UserPrincipalName: alice })).User.UserId).toBe(User.UserId);
    expect((await call("Ram", "ListPoliciesForUser", { UserName: "alice" })).Policies.Policy).toEqual([]);
    expect((await call("Ims", "ListGroupsForUser", { UserPrincipalName: alice })).Groups.Group).toEqual([]);
  });

  it("makes an account-wide grant the same link through Ram and ResourceManager", async () => {
    await call("Ram", "CreateUser", { UserName: "alice" });
    const grant = {
      ResourceGroupId: account,
      PolicyType: "System",
      PolicyName: "AliyunOSSReadOnlyAccess",
      PrincipalType: "IMSUser",
      PrincipalName: alice,
    };
    await call("ResourceManager", "AttachPolicy", grant);
    const link = { UserName: "alice", PolicyType: "System", PolicyName: "AliyunOSSReadOnlyAccess" };
    expect(await refusal(call("Ram", "AttachPolicyToUser", link))).toBe("EntityAlreadyExists.User.Policy");
    await call("Ram", "DetachPolicyFromUser", link);
    expect(await refusal(call("ResourceManager", "DetachPolicy", grant))).toBe("EntityNotExist.User.Policy");
  });

  it("hides grants of a resource group from Ram, and lets them authorise nothing in RAM", async () => {
    await call("Ram", "CreateUser", { UserName: "alice" });
    await call("Ram", "CreateAccessKey", { UserName: "alice" });
    const { ResourceGroup } = await call("ResourceManager", "CreateResourceGroup", {
      Name: "team",
      DisplayName: "Team",
    });
    const grant = {
      ResourceGroupId: ResourceGroup.Id,
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      PrincipalType: "IMSUser",
      PrincipalName: alice,
    };
    await call("ResourceManager", "AttachPolicy", grant);
    expect((await call("Ram", "ListPoliciesForUser", { UserName: "alice" })).Policies.Policy).toEqual([]);
    const shown = await call("ResourceManager", "ListPolicyAttachments", {
      PrincipalName: alice,
      PrincipalType: "IMSUser",
    });
    expect(shown.PolicyAttachments.PolicyAttachment[0]).toMatchObject(grant);
    expect(shown.TotalCount).toBe(1);
    const asAlice = callerOf(sandbox, sandbox.keyOf("alice"));
    expect(await refusal(asAlice("Ram", "ListUsers"))).toBe("NoPermission");
    const missing = { ...grant, ResourceGroupId: "rg-none" };
    expect(await refusal(call("ResourceManager", "AttachPolicy", missing))).toBe("EntityNotExists.ResourceGroup");
  });

  it("tells through ResourceManager what Ram does not know of roles", async () => {
    const trust = trustOf({ Service: ["ecs.aliyuncs.com"] });
    await call("ResourceManager", "CreateRole", { RoleName: "Deploy", AssumeRolePolicyDocument: trust });
    expect((await call("ResourceManager", "GetRole", { RoleName: "deploy" })).Role).toMatchObject({
      RoleName: "Deploy",
      IsServiceLinkedRole: false,
      RolePrincipalName: "Deploy@role.example.onaliyunservice.com",
    });
    const grant = {
      ResourceGroupId: account,
      PolicyType: "System",
      PolicyName: "ReadOnlyAccess",
      PrincipalType: "ServiceRole",
      PrincipalName: "deploy@role.example.onaliyunservice.com",
    };
    await call("ResourceManager", "AttachPolicy", grant);
    expect((await call("Ram", "ListPoliciesForRole", { RoleName: "Deploy" })).Policies.Policy).toHaveLength(1);
    const { Roles, TotalCount } = await call("ResourceManager", "ListRoles", { PageSize: 1, PageNumber: 1 });
    expect([Roles.Role.length, TotalCount]).toEqual([1, 1]);
  });

  it("shares policies between Ram and ResourceManager, and never deletes in cascade there", async () => {
    await call("ResourceManager", "CreatePolicy", { PolicyName: "mine", PolicyDocument: allowAll });
    await call("Ram", "CreatePolicyVersion", { PolicyName: "mine", PolicyDocument: allowAll, SetAsDefault: true });
    const { Policy } = await call("ResourceManager", "GetPolicy", { PolicyName: "mine", PolicyType: "Custom" });
    expect(Policy).toMatchObject({ DefaultVersion: "v2", PolicyDocument: allowAll });
    const remove = call("ResourceManager", "DeletePolicy", { PolicyName: "mine", CascadingDelete: true });
    expect(await refusal(remove)).toBe("DeleteConflict.Policy.Version");
    const system = call("Ram", "DeletePolicy", { PolicyName: "AdministratorAccess" });
    expect(await refusal(system)).toBe("NoPermission.SystemPolicy");
  });

  it("renames every principal with the alias", async () => {
    await call("Ram", "CreateUser", { UserName: "alice" });
    await call("Ram", "SetAccountAlias", { AccountAlias: "corp" });
    expect((await call("Ram", "GetAccountAlias")).AccountAlias).toBe("corp");
    expect(await refusal(call("Ims", "GetUser", { UserPrincipalName: alice }))).toBe(
      "InvalidParameter.UserPrincipalName.Format",
    );
    expect((await call("Ims", "GetUser", { UserPrincipalName: "alice@corp.onaliyun.com" })).User.DisplayName).toBe(
      "alice",
    );
  });
});
