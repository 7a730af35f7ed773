import * as Ram from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, ramOf, refusal } from "./client.ts";

const alice = "alice@example.onaliyun.com";

describe("settings of the account", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 17 });
    call = callerOf(sandbox);
    await call("Ram", "CreateUser", { UserName: "alice" });
  });
  afterEach(() => sandbox.stop());

  it("lose what a security preference does not name", async () => {
    await call("Ims", "SetSecurityPreference", {
      LoginNetworkMasks: "10.0.0.0/8",
      LoginSessionDuration: 8,
      VerificationTypes: JSON.stringify(["sms"]),
      MFAOperationForLogin: "mandatory",
    });
    const read = async () => (await call("Ims", "GetSecurityPreference")).SecurityPreference;
    expect(await read()).toMatchObject({
      LoginProfilePreference: {
        LoginNetworkMasks: "10.0.0.0/8",
        LoginSessionDuration: 8,
        MFAOperationForLogin: "mandatory",
      },
      VerificationPreference: { VerificationTypes: ["sms"] },
    });
    await call("Ims", "SetSecurityPreference", { AllowUserToManageAccessKeys: true });
    expect(await read()).toMatchObject({
      LoginProfilePreference: { LoginNetworkMasks: "", LoginSessionDuration: 6, MFAOperationForLogin: "independent" },
      AccessKeyPreference: { AllowUserToManageAccessKeys: true },
      VerificationPreference: { VerificationTypes: [] },
    });
  });

  it("name the hard expiry of passwords in two ways", async () => {
    await call("Ram", "SetPasswordPolicy", { MinimumPasswordLength: 12, HardExpiry: true });
    expect((await call("Ims", "GetPasswordPolicy")).PasswordPolicy).toMatchObject({
      MinimumPasswordLength: 12,
      HardExpire: true,
    });
    const typed = await ramOf(sandbox).getPasswordPolicy();
    expect(typed.body?.passwordPolicy).toMatchObject({ minimumPasswordLength: 12, hardExpiry: true });
    await call("Ims", "SetPasswordPolicy", { RequireNumbers: true });
    expect((await call("Ims", "GetPasswordPolicy")).PasswordPolicy).toMatchObject({
      MinimumPasswordLength: 8,
      HardExpire: false,
      RequireNumbers: true,
    });
  });

  it("replace user SSO as a whole", async () => {
    await call("Ims", "SetUserSsoSettings", { SsoEnabled: true, MetadataDocument: "bWV0YQ==" });
    await call("Ims", "SetUserSsoSettings", { AuxiliaryDomain: "corp.example" });
    expect((await call("Ims", "GetUserSsoSettings")).UserSsoSettings).toMatchObject({
      SsoEnabled: false,
      MetadataDocument: "",
      AuxiliaryDomain: "corp.example",
    });
  });

  it("bind a second factor to one user, and hand its seed out once", async () => {
    const { VirtualMFADevice } = await call("Ims", "CreateVirtualMFADevice", { VirtualMFADeviceName: "phone" });
    const { SerialNumber, Base32StringSeed } = VirtualMFADevice;
    const bind = (more: Record<string, unknown> = {}) =>
      call("Ims", "BindMFADevice", {
        UserPrincipalName: alice,
        SerialNumber,
        AuthenticationCode1: "123456",
        AuthenticationCode2: "654321",
        ...more,
      });
    expect(await refusal(bind({ AuthenticationCode2: "abc" }))).toBe("InvalidParameter.AuthenticationCode2.Format");
    await bind();
    expect(await refusal(bind())).toBe("EntityAlreadyExists.VirtualMFADevice.User");
    expect(await refusal(call("Ims", "DeleteVirtualMFADevice", { SerialNumber }))).toBe(
      "DeleteConflict.VirtualMFADevice.User",
    );
    const ram = ramOf(sandbox);
    const info = await ram.getUserMFAInfo(new Ram.GetUserMFAInfoRequest({ userName: "alice" }));
    expect(info.body?.MFADevice?.serialNumber).toBe(SerialNumber);
    expect(await refusal(call("Ram", "DeleteUser", { UserName: "alice" }))).toBe("DeleteConflict.User.MFADevice");
    const listed = await ram.listVirtualMFADevices();
    expect(listed.body?.virtualMFADevices?.virtualMFADevice?.[0]?.user?.userName).toBe("alice");
    const unbound = await call("Ram", "UnbindMFADevice", { UserName: "alice" });
    expect(unbound.MFADevice.SerialNumber).toBe(SerialNumber);
    expect(await refusal(call("Ram", "UnbindMFADevice", { UserName: "alice" }))).toBe("EntityNotExist.User.MFADevice");
    await call("Ram", "DeleteVirtualMFADevice", { SerialNumber });
    expect(JSON.stringify([sandbox.trail, sandbox.dump({ secrets: true })])).not.toContain(Base32StringSeed);
  });

  it("take a second factor away together with its device", async () => {
    const { VirtualMFADevice } = await call("Ram", "CreateVirtualMFADevice", { VirtualMFADeviceName: "phone" });
    await call("Ram", "BindMFADevice", {
      UserName: "alice",
      SerialNumber: VirtualMFADevice.SerialNumber,
      AuthenticationCode1: "123456",
      AuthenticationCode2: "654321",
    });
    await call("Ims", "DisableVirtualMFA", { UserPrincipalName: alice });
    expect((await call("Ims", "ListVirtualMFADevices")).VirtualMFADevices.VirtualMFADevice).toEqual([]);
  });

  it("let a user change the own password, and keep neither", async () => {
    const change = () => call("Ram", "ChangePassword", { OldPassword: "old-secret-1", NewPassword: "new-secret-2" });
    expect(await refusal(change())).toBe("EntityNotExist.User.LoginProfile");
    await call("Ram", "CreateLoginProfile", { UserName: "administrator", Password: "old-secret-1" });
    await change();
    expect(JSON.stringify([sandbox.trail, sandbox.calls.list(), sandbox.dump({ secrets: true })])).not.toMatch(
      /old-secret|new-secret/,
    );
  });

  it("keep the network policy of a key, and refuse an empty one", async () => {
    const { AccessKey } = await call("Ims", "CreateAccessKey", { UserPrincipalName: alice });
    const key = { UserPrincipalName: alice, UserAccessKeyId: AccessKey.AccessKeyId };
    expect(await refusal(call("Ims", "GetAccessKeyPolicy", key))).toBe("EntityNotExist.AccessKeyPolicy");
    const set = (policy: string) => call("Ims", "SetAccessKeyPolicy", { ...key, AccessKeyPolicy: policy });
    expect(await refusal(set("{}"))).toBe("InvalidParameter.AccessKeyPolicy.Format");
    const policy = JSON.stringify({ Version: 1, Status: "Inactive", Statements: [] });
    await set(policy);
    expect((await call("Ims", "GetAccessKeyPolicy", key)).AccessKeyPolicy).toBe(policy);
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
  });

  it("make service-linked roles that only their own call deletes", async () => {
    const { Role } = await call("ResourceManager", "CreateServiceLinkedRole", { ServiceName: "ess.aliyuncs.com" });
    expect(Role).toMatchObject({ RoleName: "AliyunServiceRoleForEss", IsServiceLinkedRole: true });
    const role = { RoleName: Role.RoleName };
    expect(await refusal(call("Ram", "DeleteRole", role))).toBe("NoPermission.ServiceLinkedRole");
    expect(await refusal(call("ResourceManager", "UpdateRole", role))).toBe("NoPermission.ServiceLinkedRole");
    const { DeletionTaskId } = await call("Ram", "DeleteServiceLinkedRole", role);
    const status = await call("ResourceManager", "GetServiceLinkedRoleDeletionStatus", { DeletionTaskId });
    expect(status.Status).toBe("SUCCEEDED");
    expect(await refusal(call("Ram", "GetRole", role))).toBe("EntityNotExist.Role");
  });

  it("keep identity providers", async () => {
    const saml = { SAMLProviderName: "corp", EncodedSAMLMetadataDocument: "bWV0YQ==" };
    const made = await call("Ims", "CreateSAMLProvider", saml);
    expect(made.SAMLProvider.Arn).toBe("acs:ram::1234567890123456:saml-provider/corp");
    expect(await refusal(call("Ims", "CreateSAMLProvider", saml))).toBe("EntityAlreadyExists.SAMLProvider");
    await call("Ims", "UpdateSAMLProvider", { SAMLProviderName: "corp", NewDescription: "ours" });
    expect((await call("Ims", "GetSAMLProvider", { SAMLProviderName: "corp" })).SAMLProvider).toMatchObject({
      Description: "ours",
      EncodedSAMLMetadataDocument: "bWV0YQ==",
    });
    await call("Ims", "DeleteSAMLProvider", { SAMLProviderName: "corp" });
    expect((await call("Ims", "ListSAMLProviders")).SAMLProviders.SAMLProvider).toEqual([]);

    const oidc = { OIDCProviderName: "ci", IssuerUrl: "https://ci.example", ClientIds: "a,b" };
    await call("Ims", "CreateOIDCProvider", oidc);
    await call("Ims", "AddClientIdToOIDCProvider", { OIDCProviderName: "ci", ClientId: "c" });
    await call("Ims", "RemoveClientIdFromOIDCProvider", { OIDCProviderName: "ci", ClientId: "a" });
    const provider = async () => (await call("Ims", "GetOIDCProvider", { OIDCProviderName: "ci" })).OIDCProvider;
    expect((await provider()).ClientIds).toBe("b,c");
    await call("Ims", "UpdateOIDCProvider", { OIDCProviderName: "ci", ClientIds: "z" });
    expect((await provider()).ClientIds).toBe("z");
    expect(
      await refusal(call("Ims", "CreateOIDCProvider", { ...oidc, OIDCProviderName: "x", IssuerUrl: "http://x" })),
    ).toBe("InvalidParameter.IssuerUrl.Format");
    expect(sandbox.trail.at(-1)).toMatchObject({ errorCode: "InvalidParameter.IssuerUrl.Format", resourceName: "x" });
  });

  it("come back from a snapshot with the rest", async () => {
    await call("Ims", "SetSecurityPreference", { LoginNetworkMasks: "10.0.0.0/8" });
    await call("Ims", "SetPasswordPolicy", { MinimumPasswordLength: 14 });
    await call("Ims", "CreateSAMLProvider", { SAMLProviderName: "corp", EncodedSAMLMetadataDocument: "bWV0YQ==" });
    await call("Ims", "CreateOIDCProvider", { OIDCProviderName: "ci", IssuerUrl: "https://ci.example" });
    await call("Ims", "CreateVirtualMFADevice", { VirtualMFADeviceName: "phone" });
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
    expect(whole).toMatchObject({
      securityPreference: { LoginNetworkMasks: "10.0.0.0/8" },
      passwordPolicy: { MinimumPasswordLength: 14 },
      samlProviders: [{ name: "corp" }],
      oidcProviders: [{ name: "ci" }],
      mfaDevices: [{ serialNumber: "acs:ram::1234567890123456:mfa/phone" }],
    });
    expect(() => sandbox.load({ ...whole, securityPreference: { LoginSessionDuration: "six" } })).toThrow(
      "securityPreference.LoginSessionDuration must be a number",
    );
  });
});
