import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import {
  approve,
  denied,
  endOf,
  everyChange,
  namesOf,
  needsEveryAction,
  nothingMore,
  remediationOf,
  remember,
  theIncident,
  undo,
} from "../support/remedies.ts";

const ref = (kind: "security-preference" | "password-policy" | "account-alias" | "sso-settings"): SubjectRef => ({
  kind,
  accountId,
  route: "Ims",
});

/** An account whose settings are far from what a call that leaves them out resets them to. */
const strict: Snapshot = {
  ...accountBefore(),
  securityPreference: {
    LoginNetworkMasks: "10.0.0.0/8;192.168.0.0/16",
    LoginSessionDuration: 2,
    MFAOperationForLogin: "mandatory",
    OperationForRiskLogin: "enforceVerify",
    AllowUserToManageMFADevices: false,
    AllowUserToManagePersonalDingTalk: false,
    VerificationTypes: ["email", "sms"],
    MaxIdleDaysForUsers: 90,
  },
  passwordPolicy: {
    MinimumPasswordLength: 14,
    MinimumPasswordDifferentCharacter: 6,
    RequireNumbers: true,
    HardExpire: true,
    MaxPasswordAge: 90,
    PasswordReusePrevention: 5,
    PasswordNotContainUserName: true,
    InterceptRiskPasswordOnApi: true,
    InitialPasswordAge: 7,
  },
  userSsoSettings: { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: "corp.example" },
};

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ snapshot: strict, settings: everyChange() });
});
afterEach(() => account.stop());

describe.each([
  ["Ram", "SetSecurityPreference", "security-preference", { AllowUserToManageAccessKeys: true }],
  ["Ims", "SetSecurityPreference", "security-preference", { MFAOperationForLogin: "independent" }],
  ["Ram", "SetPasswordPolicy", "password-policy", { HardExpiry: false }],
  ["Ims", "SetPasswordPolicy", "password-policy", { MinimumPasswordLength: 8 }],
] as const)("%s.%s", (service, operation, kind, weakening) => {
  it("is put back as a whole set through Ims, in one call, and the undo leads back (gotcha 1)", async () => {
    await remember(account, ref(kind));
    const before = account.standing();
    await account.as("mallory")(service, operation, weakening);
    const changed = account.standing();

    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["reverted", undefined]);
    expect(namesOf(remediationOf(incident).calls)).toEqual([`Ims.${operation}`]);
    expect(account.standing()).toEqual(before);
    expect(account.actingWrites()).toHaveLength(1);
    await nothingMore(account);

    expect((await undo(account, incident)).ok).toBe(true);
    expect(account.standing()).toEqual(changed);
  });

  it("needs every action of its session", async () => {
    await remember(account, ref(kind));
    await account.as("mallory")(service, operation, weakening);
    const asItStands = account.sandbox.dump();
    const incident = await theIncident(account);
    const copy = await guardedAccount({ snapshot: asItStands });
    await needsEveryAction(copy, remediationOf(incident)).finally(copy.stop);
  });

  it("is told when nobody knows what was before", async () => {
    const before = account.sandbox.dump();
    await account.as("mallory")(service, operation, weakening);
    expect(endOf(await theIncident(account))).toEqual(["alerted", "prior-state-unknown"]);
    expect(account.actingWrites()).toEqual([]);
    expect(account.sandbox.dump()).not.toEqual(before);
  });
});

describe("the security preference", () => {
  it("is put to a person where a revert would widen the logon mask again", async () => {
    await remember(account, ref("security-preference"));
    const before = account.standing();
    const whole = { ...before.securityPreference, VerificationTypes: '["email","sms"]' };
    await account.as("mallory")("Ims", "SetSecurityPreference", { ...whole, LoginNetworkMasks: "10.6.6.6" });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["asked", "weakens-protection"]);
    expect(incident.because?.detail).toContain("`LoginNetworkMasks`");
    expect(account.actingWrites()).toEqual([]);
    await nothingMore(account);

    expect(await approve(account, incident)).toBe("held");
    expect(account.standing()).toEqual(before);
    expect(denied(account)).toEqual([]);
  });

  it("closes what a call opened even where the same call tightened something, and leaves that to a person", async () => {
    await remember(account, ref("security-preference"));
    const before = account.standing();
    await account.as("mallory")("Ims", "SetSecurityPreference", { LoginSessionDuration: 1 });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["contained", "weakens-protection"]);
    expect(incident.because?.detail).toContain("`LoginSessionDuration`");
    expect(account.standing()).toEqual({
      ...before,
      securityPreference: { ...before.securityPreference, LoginSessionDuration: 1 },
    });
    await nothingMore(account);
  });

  it("is put back also where only Ram knows the value", async () => {
    await remember(account, ref("security-preference"));
    await account.as("mallory")("Ram", "SetSecurityPreference", { AllowUserToManagePublicKeys: true });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["reverted", undefined]);
    expect(remediationOf(incident).calls[0].parameters.AllowUserToManagePublicKeys).toBe(false);
    expect(account.standing().securityPreference).toMatchObject({
      AllowUserToManagePublicKeys: false,
      LoginNetworkMasks: "10.0.0.0/8;192.168.0.0/16",
    });
  });

  it("that was set twice is put back by the newest change, and each change puts back its own only", async () => {
    await remember(account, ref("security-preference"));
    const before = account.standing();
    const whole = { ...before.securityPreference, VerificationTypes: '["email","sms"]' };
    await account.as("mallory")("Ims", "SetSecurityPreference", { ...whole, MFAOperationForLogin: "independent" });
    await account.as("mallory")("Ims", "SetSecurityPreference", {
      ...whole,
      MFAOperationForLogin: "independent",
      LoginNetworkMasks: "",
    });
    await account.catchUp();
    const [first, second] = await account.incidents();
    expect([first, second].map((incident) => incident && endOf(incident))).toEqual([
      ["asked", "changed-again"],
      ["reverted", undefined],
    ]);
    expect(first?.remediation?.becomes).toMatchObject({
      fields: { MFAOperationForLogin: "mandatory", LoginNetworkMasks: "" },
    });
    expect(account.standing()).toEqual(before);
  });

  it("that was loosened for a moment is told, although it stands as before again", async () => {
    await remember(account, ref("security-preference"));
    const { securityPreference } = account.standing();
    const whole = { ...securityPreference, VerificationTypes: '["email","sms"]' };
    await account.as("mallory")("Ims", "SetSecurityPreference", { ...whole, MFAOperationForLogin: "independent" });
    await account.as("mallory")("Ims", "SetSecurityPreference", whole);
    expect(endOf(await theIncident(account))).toEqual(["transient", "nothing-to-write"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("that a pipeline sets is the state to go back to", async () => {
    await account.as("provisioner")("Ims", "SetSecurityPreference", { LoginNetworkMasks: "10.1.0.0/16" });
    await account.catchUp();
    account.clock.advance(60_000);
    const before = account.standing();
    await account.as("mallory")("Ims", "SetSecurityPreference", { LoginNetworkMasks: "" });
    expect(endOf(await theIncident(account))).toEqual(["reverted", undefined]);
    expect(account.standing()).toEqual(before);
  });
});

describe("what was before, from the audit trail alone", () => {
  it("does not bring back a logon mask, which may be outdated, without a person (gotcha 2)", async () => {
    const mask = { LoginNetworkMasks: "10.1.0.0/16", MFAOperationForLogin: "mandatory" };
    await account.as("provisioner")("Ims", "SetSecurityPreference", mask);
    account.skipAll();
    account.clock.advance(60_000);
    const before = account.standing();
    await account.as("mallory")("Ims", "SetSecurityPreference", { LoginNetworkMasks: "" });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["asked", "disrupts-logon"]);
    expect(account.actingWrites()).toEqual([]);
    expect(await approve(account, incident)).toBe("held");
    expect(account.standing()).toEqual(before);
  });

  it("restores a password policy", async () => {
    await account.as("provisioner")("Ims", "SetPasswordPolicy", { MinimumPasswordLength: 20 });
    account.skipAll();
    account.clock.advance(60_000);
    const before = account.standing();
    await account.as("mallory")("Ram", "SetPasswordPolicy", { MinimumPasswordLength: 8 });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["reverted", undefined]);
    expect(incident.before).toMatchObject({ provenance: "history" });
    expect(account.standing()).toEqual(before);
  });
});

describe("what renames or reroutes every logon", () => {
  const wholeSso = { SsoEnabled: true, MetadataDocument: "ZXZpbA==" };

  it.each([
    ["Ram", "SetAccountAlias", { AccountAlias: "evil" }, "account-alias", ["Ram.SetAccountAlias"]],
    ["Ram", "ClearAccountAlias", {}, "account-alias", ["Ram.SetAccountAlias"]],
    ["Ims", "SetDefaultDomain", { DefaultDomainName: "evil.onaliyun.com" }, "account-alias", ["Ims.SetDefaultDomain"]],
    [
      "Ims",
      "SetDefaultDomain",
      { DefaultDomainName: `${accountId}.onaliyun.com` },
      "account-alias",
      ["Ims.SetDefaultDomain"],
    ],
    ["Ims", "SetUserSsoSettings", wholeSso, "sso-settings", ["Ims.SetUserSsoSettings"]],
  ] as const)("%s.%s waits for a person, and the approved calls put it back (gotcha 6)", async (...given) => {
    const [service, operation, parameters, kind, calls] = given;
    await remember(account, ref(kind));
    const before = account.standing();
    await account.as("mallory")(service, operation, parameters);
    const changed = account.sandbox.dump();
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["asked", "disrupts-logon"]);
    expect(namesOf(remediationOf(incident).calls)).toEqual(calls);
    expect(account.actingWrites()).toEqual([]);
    await nothingMore(account);

    expect(await approve(account, incident)).toBe("held");
    expect(account.standing()).toEqual(before);
    expect(denied(account)).toEqual([]);
    const copy = await guardedAccount({ snapshot: changed });
    await needsEveryAction(copy, remediationOf(incident)).finally(copy.stop);
  });

  it("an alias where there was none is cleared", async () => {
    const { alias: _, ...without } = strict;
    await account.stop();
    account = await guardedAccount({ snapshot: without, settings: everyChange() });
    await remember(account, ref("account-alias"));
    await account.as("mallory")("Ram", "SetAccountAlias", { AccountAlias: "evil" });
    const incident = await theIncident(account);
    expect(namesOf(remediationOf(incident).calls)).toEqual(["Ram.ClearAccountAlias"]);
    expect(await approve(account, incident)).toBe("held");
    expect(account.standing().alias).toBe("");
  });
});

it("Ims.AddDomain is told, as nothing reads or removes a domain", async () => {
  await account.as("mallory")("Ims", "AddDomain", { DomainName: "evil.example" });
  const incident = await theIncident(account);
  expect(endOf(incident)).toEqual(["alerted", "unreadable"]);
  expect(account.actingWrites()).toEqual([]);
  await nothingMore(account);
});
