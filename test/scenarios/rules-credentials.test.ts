import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountWithCredentials, device, upn } from "../operations/account-with-credentials.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { remember } from "../support/remedies.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ snapshot: accountWithCredentials() });
});
afterEach(() => account.stop());

const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const ref = (subject: object): SubjectRef => ({ accountId, route: "Ims", ...subject }) as SubjectRef;
const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };

/** What came of the events that were not delivered yet: the end of each incident, with the rules that were broken. */
const ends = async () => {
  const seen = (await account.incidents()).length;
  await account.catchUp();
  return (await account.incidents())
    .slice(seen)
    .map(({ outcome, findings }) => [
      outcome?.kind,
      ...findings.filter(({ verdict }) => verdict.kind === "violation").map(({ rule }) => rule),
    ]);
};
const wrote = () => account.actingWrites().map(({ operation }) => operation);
const user = (name: string): NonNullable<Snapshot["users"]>[number] | undefined =>
  account.standing().users?.find(({ userName }) => userName === name);

describe("logons", () => {
  it("another's password is contained (RAM-USER-009)", async () => {
    await ims("UpdateLoginProfile", { ...upn("alice"), Password: "password-1" });
    expect(await ends()).toEqual([["contained", "RAM.LogonTakenOver"]]);
    expect(user("alice")?.loginProfile).toMatchObject({ status: "Inactive" });
  });

  it("the own password, and one that a provisioner sets, are nobody's business", async () => {
    await ims("ChangePassword", { OldPassword: "password-0", NewPassword: "password-1" });
    await ims("UpdateLoginProfile", { ...upn("alice"), Password: "password-1" }, "provisioner");
    expect(await ends()).toEqual([]);
  });

  it("a second factor that is taken shuts the logon (RAM-MFA-001)", async () => {
    await ims("UnbindMFADevice", upn("alice"));
    expect(await ends()).toEqual([["contained", "RAM.MfaRemoved"]]);
    expect(user("alice")?.loginProfile).toMatchObject({ status: "Inactive" });
  });

  it("one without a second factor is made to ask for one, and not deleted (RAM-MFA-002)", async () => {
    await ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1", MFABindRequired: false });
    expect(await ends()).toEqual([["reverted", "RAM.LogonWithoutMfa"]]);
    expect(user("bob")?.loginProfile).toMatchObject({ mfaBindRequired: true });
    expect(wrote()).toEqual(["UpdateLoginProfile"]);
  });

  it("one without a second factor is well where the account asks everybody for one", async () => {
    await ims("SetSecurityPreference", { MFAOperationForLogin: "mandatory" }, "administrator");
    account.skipAll();
    await ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1", MFABindRequired: false });
    expect(await ends()).toEqual([]);
  });

  it("that of a program is contained, whoever opens it (RAM-USER-004)", async () => {
    await ims(
      "CreateUser",
      { UserPrincipalName: "svc-billing@example.onaliyun.com", DisplayName: "billing" },
      "provisioner",
    );
    await account.catchUp();
    await ims(
      "CreateLoginProfile",
      { ...upn("svc-billing"), Password: "password-1", MFABindRequired: true },
      "provisioner",
    );
    expect(await ends()).toEqual([["contained", "RAM.ServiceUserLogon"]]);
    expect(user("svc-billing")?.loginProfile).toMatchObject({ status: "Inactive" });
  });

  it("a factor bound for somebody else is told (RAM-MFA-004)", async () => {
    await ims("BindMFADevice", { ...codes, ...upn("bob"), SerialNumber: device("free") });
    expect(await ends()).toEqual([["alerted", "RAM.FactorBoundByAnother"]]);
    expect(wrote()).toEqual([]);
  });

  it("the e-mail of somebody else is told (RAM-USER-012)", async () => {
    await ims("SetVerificationInfo", { ...upn("alice"), VerifyType: "email", Email: "mallory@evil.example" });
    expect(await ends()).toEqual([["alerted", "RAM.VerificationChangedForAnother"]]);
    expect(wrote()).toEqual([]);
  });

  it("a DingTalk account that is unbound is no finding: its binding sends no event yet (RAM-USER-013)", async () => {
    await ims("UnbindUserPersonalDingTalk", upn("alice"));
    expect(await ends()).toEqual([]);
  });
});

describe("where single sign-on is the rule", () => {
  it("a password beside it is contained (RAM-IDP-004)", async () => {
    await account.stop();
    account = await guardedAccount({ snapshot: accountWithCredentials(), settings: "sso: required" });
    await ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1", MFABindRequired: true });
    expect(await ends()).toEqual([["contained", "RAM.PasswordLogonBesideSso"]]);
    expect(user("bob")?.loginProfile).toMatchObject({ status: "Inactive" });
  });

  it("one without a second factor is contained by one call, and not by two", async () => {
    await account.stop();
    account = await guardedAccount({ snapshot: accountWithCredentials(), settings: "sso: required" });
    await ims("CreateLoginProfile", { ...upn("bob"), Password: "password-1", MFABindRequired: false });
    expect(await ends()).toEqual([["contained", "RAM.PasswordLogonBesideSso", "RAM.LogonWithoutMfa"]]);
    expect(wrote()).toEqual(["UpdateLoginProfile"]);
    expect(user("bob")?.loginProfile).toMatchObject({ status: "Inactive" });
  });
});

describe("keys", () => {
  it("one from the recycle bin is contained (RAM-AK-007)", async () => {
    await ims("RestoreAccessKeyFromRecycleBin", { UserId: "200", UserAccessKeyId: "LTAIgone" });
    expect(await ends()).toEqual([["contained", "RAM.AccessKeyRestored"]]);
    expect(user("alice")?.accessKeys?.find(({ accessKeyId }) => accessKeyId === "LTAIgone")).toMatchObject({
      status: "Inactive",
    });
  });

  it("a network policy that is looser is put back (RAM-AK-008)", async () => {
    const key = { ...upn("alice"), UserAccessKeyId: "LTAIalice" };
    const limited = (block: string) =>
      JSON.stringify({ Version: 1, Status: "Active", Statements: [{ Type: "ClassicWhiteList", IPList: [block] }] });
    await ims("SetAccessKeyPolicy", { ...key, AccessKeyPolicy: limited("10.0.0.0/8") }, "provisioner");
    await account.catchUp();
    await remember(account, ref({ kind: "key-policy", userName: "alice", accessKeyId: "LTAIalice" }));
    const before = account.standing();
    await ims("SetAccessKeyPolicy", { ...key, AccessKeyPolicy: limited("0.0.0.0/0") });
    expect(await ends()).toEqual([["reverted", "RAM.AccessKeyPolicyLoosened"]]);
    expect(account.standing()).toEqual(before);
  });

  it("a service credential for somebody else is contained, a short one of the own is well (RAM-AK-011)", async () => {
    const credential = { ServiceName: "dashscope.aliyuncs.com" };
    await ims("CreateServiceCredential", {
      ...upn("mallory"),
      ...credential,
      ServiceCredentialName: "own",
      CredentialAgeDays: 30,
    });
    expect(await ends()).toEqual([]);
    await ims("CreateServiceCredential", {
      ...upn("alice"),
      ...credential,
      ServiceCredentialName: "two",
      CredentialAgeDays: 30,
    });
    expect(await ends()).toEqual([["contained", "RAM.ServiceCredentialCreated"]]);
    await ims("CreateServiceCredential", { ...upn("mallory"), ...credential, ServiceCredentialName: "for-ever" });
    expect(await ends()).toEqual([["contained", "RAM.ServiceCredentialCreated"]]);
    expect(wrote()).toEqual(["UpdateServiceCredential", "UpdateServiceCredential"]);
  });
});
