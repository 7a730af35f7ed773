import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { understoodOperations } from "../../shared/operations/understood.ts";
import type { GuardedAccount } from "../support/guarded-account.ts";
import { openTrust } from "../support/guarded-account.ts";
import { endOf, remember, theIncident } from "../support/remedies.ts";
import { device } from "./account-with-credentials.ts";
import { openGotchas, type Params, planned, ref, type Service } from "./gotchas-account.ts";
import { good, policyRef, tagsRef, wider } from "./identities-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await openGotchas();
});
afterEach(() => account.stop());

const mallory = (service: Service, operation: string, parameters: Params = {}) =>
  account.as("mallory")(service, operation, { ...parameters });
const provisioner = (service: Service, operation: string, parameters: Params = {}) =>
  account.as("provisioner")(service, operation, { ...parameters });
/** The first event of that name, and no other: what else happened is not told yet. */
const deliver = (operation: string) => account.deliver(account.events(operation)[0]);
const sent = () => account.actingWrites().map(({ operation }) => operation);
const ends = async () => endOf(await theIncident(account));

describe("lock-out", () => {
  it("1. one-field SetSecurityPreference is answered with the whole set, and not with its one field", async () => {
    await remember(account, ref("security-preference", {}, "Ims"));
    await mallory("Ims", "SetSecurityPreference", { MFAOperationForLogin: "independent" });
    const incident = await theIncident(account);
    expect(planned(incident)).toEqual(["Ims.SetSecurityPreference"]);
    const parameters = incident.remediation?.calls[0].parameters ?? {};
    expect(parameters).toMatchObject({
      MFAOperationForLogin: "mandatory",
      LoginSessionDuration: 2,
      AllowUserToManageMFADevices: false,
      MaxIdleDaysForUsers: 90,
    });
    expect(Object.keys(parameters).length).toBeGreaterThan(10);
  });

  it("2. an old LoginNetworkMasks or old SAML metadata is brought back by a person alone", async () => {
    await provisioner("Ims", "SetSecurityPreference", { LoginNetworkMasks: "10.1.0.0/16" });
    account.skipAll();
    account.clock.advance(60_000);
    await mallory("Ims", "SetSecurityPreference", { LoginNetworkMasks: "" });
    expect(await ends()).toEqual(["asked", "disrupts-logon"]);
    await remember(account, ref("sso-settings", {}, "Ims"));
    await mallory("Ims", "SetUserSsoSettings", { SsoEnabled: true, MetadataDocument: "ZXZpbA==" });
    expect(await ends()).toEqual(["asked", "disrupts-logon"]);
  });

  it("3. AdministratorAccess is not taken off a break-glass user because its attachment broke a rule", async () => {
    const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
    await mallory("Ram", "AttachPolicyToUser", { ...admin, UserName: "break-glass" });
    expect(await ends()).toEqual(["alerted", "protected"]);
    await mallory("Ram", "AttachPolicyToRole", { ...admin, RoleName: "break-glass" });
    expect(await ends()).toEqual(["alerted", "protected"]);
    expect(sent()).toEqual([]);
  });

  it("4. a former trust policy whose principal is gone is refused by RAM, once, and told", async () => {
    await remember(account, ref("role-trust", { roleName: "partnered" }));
    await mallory("Ram", "UpdateRole", { RoleName: "partnered", NewAssumeRolePolicyDocument: openTrust });
    const changed = account.standing();
    const incident = await theIncident(account);
    expect(incident.outcome).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("MalformedPolicyDocument"),
    });
    expect(account.standing()).toEqual(changed);
    const tries = account.sandbox.calls.list().filter(({ code }) => code === "MalformedPolicyDocument");
    expect(tries).toHaveLength(1);
  });

  it("5. a control policy that binds is attached again by a person alone", async () => {
    await mallory("ResourceManager", "DetachControlPolicy", { PolicyId: "cp-1", TargetId: "1001" });
    expect(await ends()).toEqual(["asked", "lock-out"]);
    expect(sent()).toEqual([]);
  });

  it("6. SetAccountAlias and SetDefaultDomain, which rename every logon, go back by a person alone", async () => {
    await remember(account, ref("account-alias", {}, "Ims"));
    await mallory("Ram", "SetAccountAlias", { AccountAlias: "evil" });
    expect(await ends()).toEqual(["asked", "disrupts-logon"]);
    await mallory("Ims", "SetDefaultDomain", { DefaultDomainName: "worse.onaliyun.com" });
    expect(await ends()).toEqual(["asked", "disrupts-logon"]);
    expect(sent()).toEqual([]);
  });

  it("7. a second factor is neither bound nor unbound by itself", async () => {
    const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
    await mallory("Ram", "BindMFADevice", { ...codes, UserName: "bob", SerialNumber: device("free") });
    expect(await ends()).toEqual(["asked", "weakens-protection"]);
    await mallory("Ram", "UnbindMFADevice", { UserName: "alice" });
    await account.catchUp();
    const [login, factor] = (await account.incidents()).slice(1);
    expect([login?.subject.kind, login?.outcome?.kind]).toEqual(["login", "contained"]);
    expect([factor?.subject.kind, factor?.because?.kind]).toEqual(["mfa", "not-reversible"]);
    expect(sent()).toEqual(["UpdateLoginProfile"]);
  });
});

describe("later changes of others", () => {
  it("8. a late event does not write over what another made of the subject since", async () => {
    await remember(account, ref("group", { groupName: "idle" }));
    await mallory("Ims", "UpdateGroup", { GroupName: "idle", NewComments: "evil" });
    account.clock.advance(2_000);
    await provisioner("Ims", "UpdateGroup", { GroupName: "idle", NewComments: "as the code says" });
    const wanted = account.standing();
    await deliver("UpdateGroup");
    expect((await account.incidents()).map(endOf)).toEqual([["asked", "changed-again"]]);
    await account.catchUp();
    expect(await account.incidents()).toHaveLength(1);
    expect(account.standing()).toEqual(wanted);
    expect(sent()).toEqual([]);
  });

  it("9. the previous default is not set again over a fix that was published since", async () => {
    await remember(account, policyRef());
    await mallory("Ram", "CreatePolicyVersion", { PolicyName: "mine", PolicyDocument: wider, SetAsDefault: true });
    await provisioner("Ram", "CreatePolicyVersion", { PolicyName: "mine", PolicyDocument: good, SetAsDefault: true });
    await deliver("CreatePolicyVersion");
    const mine = account.standing().policies?.find(({ policyName }) => policyName === "mine");
    expect(mine?.defaultVersion).toBe("v4");
    expect(sent()).toEqual(["DeletePolicyVersion"]);
  });

  it("10. of lists and tags only what the event changed is put back", async () => {
    await remember(account, ref("oidc-provider", { providerName: "ci" }, "Ims"));
    await mallory("Ims", "AddClientIdToOIDCProvider", { OIDCProviderName: "ci", ClientId: "evil" });
    expect(planned(await theIncident(account))).toEqual(["Ims.RemoveClientIdFromOIDCProvider"]);
    await remember(account, tagsRef("policy", "mine"));
    await mallory("Ram", "TagResources", {
      ResourceType: "policy",
      ResourceNames: '["mine"]',
      Tag: '[{"Key":"new","Value":"x"}]',
    });
    const { remediation } = await theIncident(account);
    expect(JSON.stringify(remediation?.calls)).toContain("new");
    expect(JSON.stringify(remediation?.calls)).not.toContain("team");
  });

  it("11. fields that the SDK does not know survive a read and a write", async () => {
    await remember(account, ref("role-trust", { roleName: "Deploy" }));
    const before = account.standing();
    await mallory("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
    expect(await ends()).toEqual(["reverted", undefined]);
    expect(account.standing()).toEqual(before);
    const role = account.standing().roles?.find(({ roleName }) => roleName === "Deploy");
    expect(role?.extra).toEqual({ AllowConsoleLogin: true });
  });

  it("12. a group that somebody made again under the name is not deleted for the first", async () => {
    await mallory("Ram", "CreateGroup", { GroupName: "shadow" });
    await mallory("Ram", "DeleteGroup", { GroupName: "shadow" });
    await provisioner("Ram", "CreateGroup", { GroupName: "shadow" });
    const wanted = account.standing();
    await deliver("CreateGroup");
    expect(account.standing()).toEqual(wanted);
    expect(sent()).toEqual([]);
  });

  it("13. a custom policy is attached again by a person, who is told to look at what it holds today", async () => {
    await provisioner("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "mine", UserName: "bob" });
    await account.catchUp();
    await mallory("Ram", "DetachPolicyFromUser", { PolicyType: "Custom", PolicyName: "mine", UserName: "bob" });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["asked", "grants-privilege"]);
    expect(incident.because?.detail).toMatch(/holds today: look at `mine`/);
  });

  it("14. a user is put back into a group by a person, as the group gives what it carries today", async () => {
    await mallory("Ram", "RemoveUserFromGroup", { UserName: "alice", GroupName: "staff" });
    expect(await ends()).toEqual(["asked", "grants-privilege"]);
    expect(sent()).toEqual([]);
  });
});

describe("secrets that cannot come back", () => {
  it("15. nothing is put back by a call that mints a secret", async () => {
    const minting =
      /\.(CreateAccessKey|CreateLoginProfile|CreateAppSecret|CreateServiceCredential|CreateVirtualMFADevice|ChangePassword)$/;
    const calls = Object.values(understoodOperations).flatMap(({ remedy }) => remedy.calls as readonly string[]);
    expect(calls.length).toBeGreaterThan(50);
    expect(calls.filter((call) => minting.test(call))).toEqual([]);
    await mallory("Ram", "DeleteLoginProfile", { UserName: "alice" });
    expect(await ends()).toEqual(["alerted", "not-reversible"]);
  });

  it("16. a new key is switched off and never deleted, so that no other is pushed out of the recycle bin", async () => {
    await mallory("Ram", "CreateAccessKey", { UserName: "bob" });
    expect((await theIncident(account)).outcome?.kind).toBe("contained");
    expect(sent()).toEqual(["UpdateAccessKey"]);
    const bob = account.standing().users?.find(({ userName }) => userName === "bob");
    expect(bob?.accessKeys).toMatchObject([{ status: "Inactive" }]);
  });

  it("17. no secret of an answer or a request reaches the ledger, the log or a message", async () => {
    await account.stop();
    account = await openGotchas({ sandbox: { secretsInEvents: true } });
    const { AccessKey } = await mallory("Ram", "CreateAccessKey", { UserName: "bob" });
    await mallory("Ram", "CreateLoginProfile", { UserName: "bob", Password: "CANARY-9f3-password" });
    await account.catchUp();
    await account.flush();
    expect(JSON.stringify(account.events())).toContain("CANARY-9f3-password");
    const shown = JSON.stringify([await account.incidents(), account.logLines, account.robot.messages()]);
    expect(shown).not.toContain("CANARY-9f3-password");
    expect(shown).not.toContain(AccessKey.AccessKeySecret);
  });

  it("18. an old key is switched off by a person alone", async () => {
    await mallory("Ram", "UpdateAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice", Status: "Active" });
    expect(await ends()).toEqual(["asked", "prior-state-unknown"]);
    expect(sent()).toEqual([]);
  });

  it("19. a call without UserName is inverted with its caller's name filled in", async () => {
    await mallory("Ram", "CreateAccessKey");
    const { callsMade } = await theIncident(account);
    expect(callsMade[0]?.call.parameters).toMatchObject({ UserName: "mallory", Status: "Inactive" });
  });

  it("20. a role that a service may work with by now is deleted by a person alone", async () => {
    await mallory("Ram", "CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: openTrust });
    expect(await ends()).toEqual(["asked", "destructive"]);
    expect(sent()).toEqual([]);
  });

  it("21. what is made again is said to have another id", async () => {
    await remember(account, ref("role-trust", { roleName: "idle" }));
    await mallory("Ram", "DeleteRole", { RoleName: "idle" });
    expect((await theIncident(account)).because?.detail).toMatch(/another RoleId/);
    await remember(account, ref("user", { userName: "bob" }));
    await mallory("Ram", "DeleteUser", { UserName: "bob" });
    expect((await theIncident(account)).because?.detail).toMatch(/another id/);
    await remember(account, ref("group", { groupName: "plain" }));
    await mallory("Ram", "DeleteGroup", { GroupName: "plain" });
    expect((await theIncident(account)).because?.detail).toMatch(/another id/);
  });

  it("22. keys of the account owner are told, and not tried in vain", async () => {
    await account.asRoot("Ram", "CreateAccessKey");
    expect(await ends()).toEqual(["alerted", "root-credential"]);
    expect(account.sandbox.calls.list().filter(({ code }) => code === "NoPermission")).toEqual([]);
  });
});
