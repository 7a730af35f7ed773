import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal } from "./client.ts";

const alice = "alice@example.onaliyun.com";

const snapshot: Snapshot = {
  version: 1,
  accountId: "1234567890123456",
  alias: "example",
  users: [
    {
      userName: "alice",
      passkeys: [{ passkeyId: "PASSKEY-1", passkeyName: "laptop" }, { passkeyId: "PASSKEY-2" }],
      personalDingTalk: "alice.dt",
      securityEmail: { value: "alice@corp.example", status: "active" },
    },
  ],
};

describe("what users log on with besides passwords and keys", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ snapshot, seed: 32 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());
  const user = () => sandbox.dump().users?.find((each) => each.userName === "alice");

  it("passkeys are renamed and lost for ever", async () => {
    const passkey = { UserPrincipalName: alice, PasskeyId: "PASSKEY-1" };
    await call("Ims", "UpdatePasskey", { ...passkey, PasskeyName: "old laptop" });
    expect((await call("Ims", "ListPasskeys", { UserPrincipalName: alice })).Passkeys).toMatchObject([
      { PasskeyId: "PASSKEY-1", PasskeyName: "old laptop" },
      { PasskeyId: "PASSKEY-2", PasskeyName: "PASSKEY-2" },
    ]);
    await call("Ims", "DeletePasskey", passkey);
    expect(await refusal(call("Ims", "DeletePasskey", passkey))).toBe("EntityNotExist.User.Passkey");
    expect(user()?.passkeys).toHaveLength(1);
  });

  it("service credentials are the caller's own where no user is named, and tell their secret once", async () => {
    const before = sandbox.dump();
    const named = { ServiceCredentialName: "bot", ServiceName: "dashscope.aliyuncs.com" };
    const own = (await call("Ims", "CreateServiceCredential", named)).ServiceCredential;
    expect(own).toMatchObject({ UserPrincipalName: "administrator@example.onaliyun.com", Status: "Active" });
    expect(own).not.toHaveProperty("ExpirationTime");
    const made = await call("Ims", "CreateServiceCredential", {
      ...named,
      UserPrincipalName: alice,
      CredentialAgeDays: 30,
    });
    const { ServiceCredentialId, ServiceCredentialSecret, CreateTime, ExpirationTime } = made.ServiceCredential;
    expect(Date.parse(ExpirationTime) - Date.parse(CreateTime)).toBe(30 * 24 * 3600 * 1000);
    expect(JSON.stringify([sandbox.trail, sandbox.dump({ secrets: true })])).not.toContain(ServiceCredentialSecret);
    const one = { UserPrincipalName: alice, ServiceCredentialId };
    await call("Ims", "UpdateServiceCredential", { ...one, Status: "Inactive" });
    expect((await call("Ims", "GetServiceCredential", one)).ServiceCredential).toMatchObject({
      Status: "Inactive",
      ServiceCredentialName: "bot",
    });
    expect(await refusal(call("Ims", "UpdateServiceCredential", { ...one, Status: "Off" }))).toBe(
      "InvalidParameter.Status.Format",
    );
    const all = await call("Ims", "ListServiceCredentials", { AllUsers: true, MaxResults: 1 });
    expect(all).toMatchObject({ IsTruncated: true, MaxResults: 1 });
    expect(all.ServiceCredentials).toHaveLength(1);
    expect(
      (await call("Ims", "ListServiceCredentials", { UserPrincipalName: alice, ServiceName: "other.aliyuncs.com" }))
        .ServiceCredentials,
    ).toEqual([]);
    await call("Ims", "DeleteServiceCredential", one);
    await call("Ims", "DeleteServiceCredential", { ServiceCredentialId: own.ServiceCredentialId });
    expect(await refusal(call("Ims", "GetServiceCredential", one))).toBe("EntityNotExist.User.ServiceCredential");
    expect(sandbox.dump().users?.map(({ accessKeys: _keys, ...rest }) => rest)).toEqual(
      before.users?.map(({ accessKeys: _keys, ...rest }) => rest),
    );
  });

  it("public keys are two at most", async () => {
    const upload = () => call("Ram", "UploadPublicKey", { UserName: "alice", PublicKeySpec: "-----BEGIN" });
    const { PublicKey } = await upload();
    await upload();
    expect(await refusal(upload())).toBe("LimitExceeded.User.PublicKey");
    const key = { UserName: "alice", UserPublicKeyId: PublicKey.PublicKeyId };
    await call("Ram", "UpdatePublicKey", { ...key, Status: "Inactive" });
    expect(user()?.publicKeys?.map((each) => each.status)).toEqual(["Inactive", "Active"]);
    await call("Ram", "DeletePublicKey", key);
    expect(await refusal(call("Ram", "DeletePublicKey", key))).toBe("EntityNotExist.User.PublicKey");
  });

  it("phones and addresses wait for the person, and go only by their own value", async () => {
    const sms = { UserPrincipalName: alice, VerifyType: "sms" };
    expect(await refusal(call("Ims", "SetVerificationInfo", sms))).toBe("MissingParameter.MobilePhone");
    expect(await refusal(call("Ims", "SetVerificationInfo", { ...sms, MobilePhone: "13900001234" }))).toBe(
      "InvalidParameter.MobilePhone.Format",
    );
    await call("Ims", "SetVerificationInfo", { ...sms, MobilePhone: "86-13900001234" });
    expect(await call("Ims", "GetVerificationInfo", { UserPrincipalName: alice })).toMatchObject({
      SecurityPhoneDevice: { AreaCode: "86", PhoneNumber: "13900001234", Status: "pending" },
      SecurityEmailDevice: { Email: "alice@corp.example", Status: "active" },
    });
    const email = (Email: string) =>
      call("Ims", "UnbindVerification", { UserPrincipalName: alice, VerifyType: "email", Email });
    expect(await refusal(email("other@corp.example"))).toBe("EntityNotExist.User.Email");
    await email("alice@corp.example");
    expect(user()).not.toHaveProperty("securityEmail");
  });

  it("a personal DingTalk account is unbound once", async () => {
    const unbind = () => call("Ims", "UnbindUserPersonalDingTalk", { UserPrincipalName: alice });
    await unbind();
    expect(user()).not.toHaveProperty("personalDingTalk");
    expect(await refusal(unbind())).toBe("EntityNotExist.User.PersonalDingTalk");
  });

  it("are lost or kept by a user who goes to the recycle bin, and come back from a snapshot", async () => {
    await call("Ims", "CreateServiceCredential", {
      UserPrincipalName: alice,
      ServiceCredentialName: "bot",
      ServiceName: "dashscope.aliyuncs.com",
    });
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
    await call("Ims", "DeleteUser", { UserPrincipalName: alice });
    const [recycled] = sandbox.dump().recycledUsers ?? [];
    expect(recycled?.serviceCredentials).toHaveLength(1);
    expect(recycled).not.toHaveProperty("passkeys");
    expect(() =>
      sandbox.load({ ...whole, users: [{ userName: "a", securityPhone: { value: "1", status: "active" } }] }),
    ).toThrow("users[0].securityPhone.value must be a number like 86-13900001234");
  });
});

describe("logon domains and users that the console makes", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ snapshot, seed: 33 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  it("the default domain renames everybody", async () => {
    const set = (name: string) => call("Ims", "SetDefaultDomain", { DefaultDomainName: name });
    expect((await set("other.onaliyun.com")).DefaultDomainName).toBe("other.onaliyun.com");
    expect(
      (await call("Ims", "GetUser", { UserPrincipalName: "alice@other.onaliyun.com" })).User.UserPrincipalName,
    ).toBe("alice@other.onaliyun.com");
    expect(await refusal(call("Ims", "GetUser", { UserPrincipalName: alice }))).toMatch(/^InvalidParameter/);
    expect((await call("Ram", "GetAccountAlias")).AccountAlias).toBe("other");
    expect(await refusal(set("corp.example"))).toBe("InvalidParameter.DefaultDomainName.Format");
    await set("1234567890123456.onaliyun.com");
    expect(await refusal(call("Ram", "GetAccountAlias"))).toBe("EntityNotExist.AccountAlias");
  });

  it("a further domain names the same users", async () => {
    await call("Ims", "AddDomain", { DomainName: "corp.example" });
    expect((await call("Ims", "GetUser", { UserPrincipalName: "alice@corp.example" })).User.UserPrincipalName).toBe(
      alice,
    );
    expect(await refusal(call("Ims", "AddDomain", { DomainName: "corp.example" }))).toBe("EntityAlreadyExists.Domain");
    expect(sandbox.dump().domains).toEqual(["corp.example"]);
  });

  it("several users are made at once or not at all", async () => {
    const batch = (...names: readonly string[]) =>
      call(
        "Ims",
        "BatchCreateUser",
        Object.fromEntries(
          names.flatMap((name, index) => [
            [`User.${index + 1}.UserPrincipalName`, `${name}@example.onaliyun.com`],
            [`User.${index + 1}.DisplayName`, name],
          ]),
        ),
      );
    expect(await refusal(batch("bob", "alice"))).toBe("EntityAlreadyExists.User");
    expect(await refusal(batch())).toBe("MissingParameter.User.1.UserPrincipalName");
    expect((await batch("bob", "carol")).Users.User).toHaveLength(2);
    expect(sandbox.trail.at(-1)).toMatchObject({
      resourceName: "bob@example.onaliyun.com,carol@example.onaliyun.com",
    });
    await call("Ims", "UpdateUserProvisionType", { UserPrincipalName: alice });
    expect((await call("Ims", "GetUser", { UserPrincipalName: alice })).User.ProvisionType).toBe("CloudSSO");
  });
});
