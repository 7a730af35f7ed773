import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { remember } from "../support/remedies.ts";

const strict: Snapshot = {
  ...accountBefore(),
  securityPreference: {
    LoginNetworkMasks: "10.0.0.0/8",
    LoginSessionDuration: 6,
    MFAOperationForLogin: "mandatory",
    EnableSaveMFATicket: false,
    AllowUserToManageAccessKeys: false,
    AllowUserToManagePersonalDingTalk: false,
    VerificationTypes: ["email"],
    MaxIdleDaysForUsers: 90,
  },
  passwordPolicy: { MinimumPasswordLength: 14, RequireNumbers: true, MaxPasswordAge: 90, PasswordReusePrevention: 5 },
  userSsoSettings: { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: "corp.example" },
};

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ snapshot: strict });
});
afterEach(() => account.stop());

const ref = (kind: "security-preference" | "password-policy" | "account-alias" | "sso-settings"): SubjectRef => ({
  kind,
  accountId,
  route: "Ims",
});

/** Sets some values, and leaves all others as they are: a call that leaves one out resets it. */
const set = (over: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", "SetSecurityPreference", {
    ...account.standing().securityPreference,
    VerificationTypes: '["email"]',
    ...over,
  });

/** How the one change ended, and the rules that it broke. */
const end = async () => {
  await account.catchUp();
  const [incident, ...others] = await account.incidents();
  expect(others).toEqual([]);
  return [incident?.outcome?.kind, ...(incident?.findings ?? []).map(({ rule }) => rule)];
};

describe("the security preference", () => {
  it.each([
    ["RAM.MfaRequirementWeakened", { MFAOperationForLogin: "adaptive" }],
    ["RAM.MfaRequirementWeakened", { EnableSaveMFATicket: true }],
    ["RAM.LogonMaskWidened", { LoginNetworkMasks: "10.0.0.0/8;192.168.0.0/16" }],
    ["RAM.ConsoleSessionTooLong", { LoginSessionDuration: 24 }],
    ["RAM.SelfServiceCredentialsAllowed", { AllowUserToManageAccessKeys: true }],
    ["RAM.IdleDisableRelaxed", { MaxIdleDaysForUsers: 365 }],
  ])("%s is put back (RAM-SET-002 to RAM-SET-006)", async (rule, over) => {
    await remember(account, ref("security-preference"));
    const before = account.standing();
    await set(over);
    expect(await end()).toEqual(["reverted", rule]);
    expect(account.standing()).toEqual(before);
  });

  it("RAM.FurtherLogonAllowed is told (RAM-SET-007)", async () => {
    await remember(account, ref("security-preference"));
    await set({ AllowUserToManagePersonalDingTalk: true });
    expect(await end()).toEqual(["alerted", "RAM.FurtherLogonAllowed"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("stricter values are nobody's business", async () => {
    await remember(account, ref("security-preference"));
    await set({ LoginNetworkMasks: "10.1.0.0/16", LoginSessionDuration: 1 });
    expect(await end()).toEqual([undefined]);
  });

  it("one call that weakens much is one incident and one write", async () => {
    await remember(account, ref("security-preference"));
    const before = account.standing();
    await set({ MFAOperationForLogin: "independent", LoginNetworkMasks: "", LoginSessionDuration: 24 });
    expect(await end()).toEqual([
      "reverted",
      "RAM.MfaRequirementWeakened",
      "RAM.LogonMaskWidened",
      "RAM.ConsoleSessionTooLong",
    ]);
    expect(account.standing()).toEqual(before);
    expect(account.actingWrites()).toHaveLength(1);
  });
});

describe("the other settings", () => {
  it("a weaker password policy is put back (RAM-SET-001)", async () => {
    await remember(account, ref("password-policy"));
    const before = account.standing();
    await account.as("mallory")("Ims", "SetPasswordPolicy", { ...before.passwordPolicy, MinimumPasswordLength: 8 });
    expect(await end()).toEqual(["reverted", "RAM.PasswordPolicyWeakened"]);
    expect(account.standing()).toEqual(before);
  });

  it("another maximum age of passwords is nobody's business unless the settings choose a benchmark", async () => {
    await remember(account, ref("password-policy"));
    await account.as("mallory")("Ims", "SetPasswordPolicy", {
      ...account.standing().passwordPolicy,
      MaxPasswordAge: 0,
    });
    expect(await end()).toEqual([undefined]);
  });

  it("other metadata for single sign-on is put to a person (RAM-IDP-001)", async () => {
    await remember(account, ref("sso-settings"));
    await account.as("mallory")("Ims", "SetUserSsoSettings", { SsoEnabled: true, MetadataDocument: "ZXZpbA==" });
    expect((await end()).slice(0, 2)).toEqual(["asked", "RAM.UserSsoChanged"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("another alias is put to a person (RAM-IDP-005)", async () => {
    await remember(account, ref("account-alias"));
    await account.as("mallory")("Ram", "SetAccountAlias", { AccountAlias: "evil" });
    expect(await end()).toEqual(["asked", "RAM.LogonDomainChanged"]);
    expect(account.actingWrites()).toEqual([]);
  });
});
