import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { callerOf } from "../sandbox/client.ts";
import type { GuardedAccount } from "../support/guarded-account.ts";
import { accountId, openTrust } from "../support/guarded-account.ts";
import { approve, loosely } from "../support/operation-cases.ts";
import { endOf, remember, theIncident } from "../support/remedies.ts";
import { gotchaAccount, openGotchas, type Params, planned, ref, type Service } from "./gotchas-account.ts";
import { policyRef, upn, wider } from "./identities-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await openGotchas();
});
afterEach(() => account.stop());

const mallory = (service: Service, operation: string, parameters: Params = {}) =>
  account.as("mallory")(service, operation, { ...parameters });
const sent = () => account.actingWrites().map(({ operation }) => operation);
const ends = async () => endOf(await theIncident(account));
const system = (name: string): Params => ({ PolicyType: "System", PolicyName: name });

describe("loops and wars", () => {
  it("23. a write of ours is known by its RequestId and its maker, and never by its maker alone", async () => {
    await mallory("Ram", "CreateGroup", { GroupName: "shadow" });
    expect(await ends()).toEqual(["reverted", undefined]);
    expect(await account.incidents()).toHaveLength(1);
    const forged = callerOf(account.sandbox, account.sandbox.sessionOf("ram-warden-acting", "warden-of-mallory"));
    await forged("Ram", "UpdateAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice", Status: "Inactive" });
    await account.catchUp();
    expect((await account.incidents()).map(({ because }) => because?.kind)).toContain("unrecorded-write");
  });

  it("24. two that change one subject back and forth are stopped, and both are named", async () => {
    await remember(account, ref("group", { groupName: "idle" }));
    for (let time = 0; time < 4; time += 1) {
      await mallory("Ram", "UpdateGroup", { GroupName: "idle", NewComments: `evil ${time}` });
      await account.catchUp();
      account.clock.advance(10_000);
    }
    const incidents = await account.incidents();
    expect(incidents.map((one) => one.because?.kind)).toEqual([undefined, undefined, undefined, "oscillation"]);
    expect(incidents.at(-1)?.because?.detail).toMatch(/mallory.*RAM Warden/);
  });

  it("25. a pipeline is known by its role or user, and not by what its agent calls itself", async () => {
    await mallory("Ram", "CreateGroup", { GroupName: "shadow" });
    await account.deliver({ ...account.events("CreateGroup")[0], userAgent: "Terraform/1.9 AliyunROS" });
    expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted"]);
    await account.as("provisioner")("Ram", "CreateGroup", { GroupName: "wanted" });
    await account.catchUp();
    expect(await account.incidents()).toHaveLength(1);
  });

  it("26. the same event twice is one incident and one write, and no alarm", async () => {
    await mallory("Ram", "AddUserToGroup", { UserName: "bob", GroupName: "staff" });
    const [event] = account.events("AddUserToGroup");
    for (let time = 0; time < 3; time += 1) expect((await account.deliver(event)).error).toBeUndefined();
    await account.deliver({ specversion: "1.0", id: "another", aliyunaccountid: accountId, data: event });
    expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted"]);
    expect(sent()).toEqual(["RemoveUserFromGroup"]);
  });
});

describe("objects that are not ours", () => {
  it("27. service-linked roles are left to their services", async () => {
    await mallory("Ram", "CreateServiceLinkedRole", { ServiceName: "oss.aliyuncs.com" });
    expect(await ends()).toEqual(["alerted", "service-linked"]);
    await mallory("ResourceManager", "DeleteServiceLinkedRole", { RoleName: "AliyunServiceRoleForActionTrail" });
    expect(await ends()).toEqual(["alerted", "service-linked"]);
    expect(sent()).toEqual([]);
  });

  it("28. what CloudSSO owns or provisions is changed there", async () => {
    await remember(account, ref("user", { userName: "sso" }));
    await mallory("Ims", "UpdateUser", { UserPrincipalName: upn("sso"), NewComments: "x" });
    expect(await ends()).toEqual(["alerted", "provisioned"]);
    await mallory("Ims", "CreateSAMLProvider", {
      SAMLProviderName: "AliyunReservedSSO-d2",
      EncodedSAMLMetadataDocument: "ZXZpbA==",
    });
    expect(await ends()).toEqual(["alerted", "cloudsso-owned"]);
  });

  it("29. a classic service role is written by a person alone", async () => {
    await remember(account, ref("role-trust", { roleName: "AliyunFcDefaultRole" }));
    await mallory("Ram", "UpdateRole", { RoleName: "AliyunFcDefaultRole", NewAssumeRolePolicyDocument: openTrust });
    expect(await ends()).toEqual(["asked", "classic-service-role"]);
    expect(sent()).toEqual([]);
  });

  it("30. of a system policy only the attachment is touched", async () => {
    await mallory("Ram", "AttachPolicyToUser", { ...system("AliyunOSSFullAccess"), UserName: "bob" });
    const incident = await theIncident(account);
    expect(planned(incident)).toEqual(["Ram.DetachPolicyFromUser"]);
    expect(incident.remediation?.calls[0].parameters).toMatchObject({ PolicyType: "System" });
  });

  it("31. an attachment in a resource group is seen, and taken off there and nowhere else", async () => {
    await account.as("provisioner")("Ram", "AttachPolicyToUser", { ...system("ReadOnlyAccess"), UserName: "bob" });
    await account.catchUp();
    const before = account.standing();
    await mallory("ResourceManager", "AttachPolicy", {
      ...system("ReadOnlyAccess"),
      PrincipalType: "IMSUser",
      PrincipalName: upn("bob"),
      ResourceGroupId: "rg-team",
    });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["reverted", undefined]);
    expect(incident.remediation?.calls[0].parameters.ResourceGroupId).toBe("rg-team");
    expect(account.standing()).toEqual(before);
  });

  it("32. one act by three operations is one subject and one kind of incident", async () => {
    const member = { UserPrincipalName: upn("bob"), GroupName: "staff" };
    const keys: string[] = [];
    for (const [service, operation, parameters] of [
      ["Ram", "AddUserToGroup", { UserName: "bob", GroupName: "staff" }],
      ["Ims", "AddUserToGroup", member],
      ["Ims", "AddUserToUserGroup", member],
    ] as const) {
      await mallory(service, operation, parameters);
      const incident = await theIncident(account);
      keys.push(subjectKey(incident.subject));
      expect(incident.findings.map(({ rule }) => rule)).toEqual(["RAM.ChangeOutsidePipeline"]);
      await account
        .as("provisioner")("Ram", "RemoveUserFromGroup", { UserName: "bob", GroupName: "staff" })
        .catch(() => undefined);
      await account.catchUp();
      account.clock.advance(60_000);
    }
    expect(new Set(keys).size).toBe(1);
  });

  it("33. what a member cannot see of its directory is told as unreadable, and not as gone", async () => {
    await mallory("ResourceManager", "DetachControlPolicy", { PolicyId: "cp-1", TargetId: "1001" });
    const [event] = account.events("DetachControlPolicy");
    await account.stop();
    const { directory, ...rest } = gotchaAccount();
    if (directory === undefined) throw new Error("the account has no directory");
    account = await openGotchas({ snapshot: { ...rest, directory: { ...directory, masterAccountId: "9999" } } });
    await account.deliver(event);
    expect((await account.incidents()).map(endOf)).toEqual([["alerted", "unreadable"]]);
  });

  it("34. a deletion in the recycle bin is told, as nothing can be done about it", async () => {
    await mallory("Ims", "DeleteUserInRecycleBin", { UserId: "202" });
    expect(await ends()).toEqual(["alerted", "not-reversible"]);
    await mallory("Ims", "DeleteAccessKeyInRecycleBin", { UserId: "200", UserAccessKeyId: "LTAIgone" });
    expect(await ends()).toEqual(["alerted", "not-reversible"]);
  });
});

describe("order", () => {
  it("35. a user is deleted after its links are gone", async () => {
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "AddUserToGroup", { UserName: "eve", GroupName: "staff" });
    await mallory("Ram", "AttachPolicyToUser", { ...system("ReadOnlyAccess"), UserName: "eve" });
    await account.deliver(account.events("CreateUser")[0]);
    const [incident] = await account.incidents();
    if (incident === undefined) throw new Error("no incident");
    expect(planned(incident)).toEqual(["Ram.DetachPolicyFromUser", "Ram.RemoveUserFromGroup", "Ram.DeleteUser"]);
    expect(await approve(account, incident)).toMatchObject({ kind: "held" });
    expect(account.standing().users?.some(({ userName }) => userName === "eve")).toBe(false);
  });

  it("36. the good version is the default before the bad one is deleted", async () => {
    await remember(account, policyRef());
    await mallory("Ram", "CreatePolicyVersion", { PolicyName: "mine", PolicyDocument: wider, SetAsDefault: true });
    expect(planned(await theIncident(account))).toEqual(["Ram.SetDefaultPolicyVersion", "Ram.DeletePolicyVersion"]);
  });

  it("37. a deleted group comes back before its members and its policies, each by an approval of its own", async () => {
    const staff = { GroupName: "staff" };
    await remember(account, ref("group", { groupName: "staff" }));
    const before = account.standing();
    await mallory("Ram", "DetachPolicyFromGroup", { ...system("ReadOnlyAccess"), ...staff });
    await mallory("Ram", "RemoveUserFromGroup", { UserName: "alice", ...staff });
    await mallory("Ram", "DeleteGroup", staff);
    await account.catchUp();
    const incidents = await account.incidents();
    expect(incidents.map((one) => one.outcome?.kind)).not.toContain("reverted");
    const group = incidents.find(({ subject }) => subject.kind === "group");
    if (group === undefined) throw new Error("no incident of the group");
    expect(planned(group).at(-1)).toMatch(/CreateGroup$/);
    expect(await approve(account, group)).toMatchObject({ kind: "held" });
    const made = account.standing().groups?.find(({ groupName }) => groupName === "staff");
    expect(made?.members ?? []).toEqual([]);
    for (const one of incidents.filter(({ subject }) => subject.kind !== "group"))
      if (one.remediation !== undefined) expect(await approve(account, one)).toMatchObject({ kind: "held" });
    expect(loosely(account.standing())).toEqual(loosely(before));
  });

  it("38. a burst that comes in the wrong order ends with every credential stopped", async () => {
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "AttachPolicyToUser", { ...system("AdministratorAccess"), UserName: "eve" });
    await mallory("Ram", "CreateAccessKey", { UserName: "eve" });
    await mallory("Ram", "CreateLoginProfile", { UserName: "eve", Password: "password-1" });
    for (const name of ["CreateLoginProfile", "CreateUser", "CreateAccessKey", "AttachPolicyToUser"])
      await account.deliver(account.events(name)[0]);
    const eve = account.standing().users?.find(({ userName }) => userName === "eve");
    expect(eve?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive"]);
    expect([undefined, "Inactive"]).toContain(eve?.loginProfile?.status);
    expect(account.standing().attachments?.some(({ principalName }) => principalName === "eve")).toBe(false);
  });

  it("39. sessions that outlive a trust policy are named, with the latest moment at which one can live", async () => {
    await remember(account, ref("role-trust", { roleName: "idle" }));
    await mallory("Ram", "UpdateRole", { RoleName: "idle", NewAssumeRolePolicyDocument: openTrust });
    const incident = await theIncident(account);
    expect(incident.outcome?.kind).toBe("reverted");
    expect(incident.exposure).toMatchObject({ role: "idle", whole: true });
    expect(incident.exposure?.until).toBeGreaterThan(incident.settledAt ?? 0);
  });
});
