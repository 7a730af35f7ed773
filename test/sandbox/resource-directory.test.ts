import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { snapshotFaults } from "../../sandbox/snapshot/check.ts";
import { allowAll, callerOf, policyOf, refusal } from "./client.ts";
import { account, crowded } from "./crowded-account.ts";

describe("the resource directory", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ snapshot: crowded, seed: 37 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());
  const manage = (name: string, params: Record<string, unknown> = {}) => call("ResourceManager", name, params);
  const policiesOf = async (TargetId: string): Promise<readonly string[]> =>
    (
      await manage("ListControlPolicyAttachmentsForTarget", { TargetId })
    ).ControlPolicyAttachments.ControlPolicyAttachment.map((each: { PolicyId: string }) => each.PolicyId);

  it("attaches control policies to folders and members, and keeps the last one of each", async () => {
    await manage("AttachControlPolicy", { PolicyId: "cp-1", TargetId: "1001" });
    expect(await policiesOf("1001")).toEqual(["FullAliyunAccess", "cp-1"]);
    expect(await refusal(manage("AttachControlPolicy", { PolicyId: "cp-1", TargetId: "1001" }))).toBe(
      "EntityAlreadyExists.ControlPolicyAttachment",
    );
    await manage("DetachControlPolicy", { PolicyId: "FullAliyunAccess", TargetId: "1001" });
    expect(await refusal(manage("DetachControlPolicy", { PolicyId: "cp-1", TargetId: "1001" }))).toBe(
      "NotSupport.DetachLastControlPolicy",
    );
    expect(await refusal(manage("DetachControlPolicy", { PolicyId: "cp-2", TargetId: "1001" }))).toBe(
      "EntityNotExists.ControlPolicyAttachment",
    );
    expect(await refusal(manage("AttachControlPolicy", { PolicyId: "cp-1", TargetId: "9999" }))).toBe(
      "EntityNotExists.Target",
    );
    const { TargetAttachments } = await manage("ListTargetAttachmentsForControlPolicy", { PolicyId: "cp-1" });
    expect(TargetAttachments.TargetAttachment).toMatchObject([
      { TargetId: "fd-1", TargetType: "Folder", TargetName: "core" },
      { TargetId: "1001", TargetType: "Account" },
    ]);
    expect(sandbox.trail.at(-1)).toMatchObject({ eventSource: "resourcemanager.aliyuncs.com", eventRW: "Read" });
  });

  it("loses every attachment when control policies are switched off, and gets only the system's back", async () => {
    const { EnablementStatus } = await manage("DisableControlPolicy");
    expect(EnablementStatus).toBe("PendingDisable");
    expect(await policiesOf("fd-1")).toEqual([]);
    expect(await refusal(manage("AttachControlPolicy", { PolicyId: "cp-1", TargetId: "fd-1" }))).toBe(
      "NotSupport.ControlPolicyDisabled",
    );
    await manage("EnableControlPolicy");
    expect((await manage("GetControlPolicyEnablementStatus")).EnablementStatus).toBe("Enabled");
    expect(await policiesOf("fd-1")).toEqual(["FullAliyunAccess"]);
  });

  it("has control policies without versions, which go only when nothing has them", async () => {
    const made = await manage("CreateControlPolicy", {
      PolicyName: "new",
      EffectScope: "RAM",
      PolicyDocument: allowAll,
    });
    const { PolicyId } = made.ControlPolicy;
    expect(made.ControlPolicy).toMatchObject({ AttachmentCount: "0", PolicyType: "Custom" });
    const document = policyOf({ Effect: "Deny", Action: "ram:*", Resource: "*" });
    await manage("UpdateControlPolicy", { PolicyId, NewPolicyDocument: document });
    expect((await manage("GetControlPolicy", { PolicyId })).ControlPolicy).toMatchObject({
      PolicyName: "new",
      PolicyDocument: document,
    });
    const long = policyOf({ Effect: "Deny", Action: `ram:${"x".repeat(4096)}`, Resource: "*" });
    expect(await refusal(manage("UpdateControlPolicy", { PolicyId, NewPolicyDocument: long }))).toBe(
      "MalformedPolicyDocument",
    );
    expect(await refusal(manage("UpdateControlPolicy", { PolicyId, NewPolicyName: "guard" }))).toBe(
      "EntityAlreadyExists.ControlPolicy",
    );
    expect(await refusal(manage("DeleteControlPolicy", { PolicyId: "cp-1" }))).toBe(
      "DeleteConflict.ControlPolicy.Attachment",
    );
    expect(await refusal(manage("DeleteControlPolicy", { PolicyId: "FullAliyunAccess" }))).toBe(
      "NoPermission.SystemPolicy",
    );
    await manage("DeleteControlPolicy", { PolicyId });
    expect(await refusal(manage("GetControlPolicy", { PolicyId }))).toBe("EntityNotExists.ControlPolicy");
    expect((await manage("ListControlPolicies", { PolicyType: "Custom" })).TotalCount).toBe(2);
  });

  it("moves members from under a folder, and lets those go that were invited", async () => {
    expect((await manage("GetAccount", { AccountId: "1002" })).Account).toMatchObject({
      FolderId: "fd-1",
      ResourceDirectoryPath: "rd-1/r-1/fd-1/1002",
    });
    await manage("MoveAccount", { AccountId: "1002", DestinationFolderId: "r-1" });
    expect((await manage("GetAccount", { AccountId: "1002" })).Account.ResourceDirectoryPath).toBe("rd-1/r-1/1002");
    expect(await refusal(manage("MoveAccount", { AccountId: "1002", DestinationFolderId: "fd-9" }))).toBe(
      "EntityNotExists.Folder",
    );
    expect(await refusal(manage("MoveAccount", { AccountId: "me", DestinationFolderId: "r-1" }))).toBe(
      "InvalidParameter.AccountId",
    );
    expect(await refusal(manage("RemoveCloudAccount", { AccountId: "1002" }))).toBe("AccountTypeMismatch");
    await manage("RemoveCloudAccount", { AccountId: "1001" });
    expect((await manage("ListAccounts")).Accounts.Account).toMatchObject([{ AccountId: "1002" }]);
    expect((await manage("ListDelegatedAdministrators")).Accounts.Account).toEqual([]);
    expect(snapshotFaults(sandbox.dump())).toEqual([]);
  });

  it("delegates a service to a member once", async () => {
    const pair = { AccountId: "1002", ServicePrincipal: "actiontrail.aliyuncs.com" };
    expect(await refusal(manage("DeregisterDelegatedAdministrator", pair))).toBe("AccountNotRegistered");
    await manage("RegisterDelegatedAdministrator", pair);
    expect(await refusal(manage("RegisterDelegatedAdministrator", pair))).toBe("AccountAlreadyRegistered");
    const listed = await manage("ListDelegatedAdministrators", { ServicePrincipal: "actiontrail.aliyuncs.com" });
    expect(listed.Accounts.Account).toMatchObject([{ AccountId: "1002" }]);
    expect(await refusal(manage("RegisterDelegatedAdministrator", { ...pair, AccountId: "9999" }))).toBe(
      "EntityNotExists.Account",
    );
    await manage("DeregisterDelegatedAdministrator", pair);
  });

  it("is closed to members, and to callers without the permission on the target", async () => {
    await call("Ram", "CreateUser", { UserName: "clerk" });
    await call("Ram", "CreateAccessKey", { UserName: "clerk" });
    const PolicyDocument = policyOf({
      Effect: "Allow",
      Action: "resourcemanager:AttachControlPolicy",
      Resource: [`acs:resourcemanager::${account}:folder/rd-1/r-1/*`, `acs:resourcemanager:*:${account}:policy/*`],
    });
    await call("Ram", "CreatePolicy", { PolicyName: "attach", PolicyDocument });
    await call("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "attach", UserName: "clerk" });
    const clerk = callerOf(sandbox, sandbox.keyOf("clerk"));
    const attach = (TargetId: string) =>
      clerk("ResourceManager", "AttachControlPolicy", { PolicyId: "cp-2", TargetId });
    await attach("fd-1");
    expect(await refusal(attach("1001"))).toBe("NoPermission");
    const whole = sandbox.dump({ secrets: true });
    if (whole.directory === undefined) throw new Error("the directory was dumped");
    sandbox.load({ ...whole, directory: { ...whole.directory, masterAccountId: "777" } });
    expect(await refusal(manage("ListAccounts"))).toBe("NoPermission");
  });

  it("is checked link by link when a snapshot is loaded", () => {
    const { directory } = crowded;
    if (directory === undefined) throw new Error("the crowded account has one");
    const faults = snapshotFaults({
      ...crowded,
      directory: {
        ...directory,
        folders: [{ folderId: "fd-1", folderName: "core", parentFolderId: "fd-0" }],
        accounts: [{ accountId: "1001", folderId: "fd-7" }],
        controlPolicies: [],
      },
    });
    expect(faults).toEqual([
      "directory.folders[0] is in the unknown folder fd-0",
      "directory.accounts[0] is in the unknown folder fd-7",
      "directory.controlPolicyAttachments[3] names the unknown target 1002",
      "directory.controlPolicyAttachments[4] names the unknown policy cp-1",
    ]);
  });
});

describe("resources in resource groups", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ snapshot: crowded, seed: 38 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  it("are moved one by one, each with its own outcome", async () => {
    const move = (more: Record<string, unknown>) =>
      call("ResourceManager", "MoveResources", {
        ResourceGroupId: "rg-2",
        "Resources.1.Service": "vpc",
        "Resources.1.ResourceType": "vpc",
        "Resources.1.ResourceId": "vpc-1",
        "Resources.2.Service": "vpc",
        "Resources.2.ResourceType": "vpc",
        "Resources.2.ResourceId": "vpc-9",
        ...more,
      });
    expect((await move({})).Responses).toMatchObject([
      { ResourceId: "vpc-1", Status: "SUCCESS" },
      { ResourceId: "vpc-9", Status: "FAIL", ErrorCode: "EntityNotExists.Resource" },
    ]);
    const listed = await call("ResourceManager", "ListResources", { ResourceGroupId: "rg-2", Service: "vpc" });
    expect(listed.Resources.Resource).toMatchObject([{ ResourceId: "vpc-1", ResourceGroupId: "rg-2" }]);
    expect((await call("ResourceManager", "ListResources", { ResourceGroupId: "rg-1" })).TotalCount).toBe(0);
    expect(await refusal(move({ ResourceGroupId: "rg-9" }))).toBe("EntityNotExists.ResourceGroup");
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`Resources.${index + 1}.Service`, "x"]));
    expect(await refusal(move(many))).toBe("InvalidParameter.Resources");
  });

  it("are administered by whoever made the group, where the setting says so", async () => {
    const setting = async () => (await call("ResourceManager", "GetResourceGroupAdminSetting")).CreatorAsAdmin;
    const make = async (Name: string) => {
      const { ResourceGroup } = await call("ResourceManager", "CreateResourceGroup", { Name, DisplayName: Name });
      return sandbox.dump().attachments?.filter((each) => each.resourceGroupId === ResourceGroup.Id);
    };
    expect(await setting()).toBe(false);
    expect(await make("plain")).toEqual([]);
    await call("ResourceManager", "UpdateResourceGroupAdminSetting", { CreatorAsAdmin: true });
    expect(await setting()).toBe(true);
    expect(await make("owned")).toMatchObject([
      { policyName: "AdministratorAccess", principalType: "user", principalName: "administrator" },
    ]);
  });
});
