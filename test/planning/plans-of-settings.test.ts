import { describe } from "vitest";
import type { JsonObject } from "../../shared/domain/json.ts";
import { gone } from "../../shared/domain/subject.ts";
import type {
  AccountAlias,
  AccountAliasRef,
  DomainRef,
  PasswordPolicy,
  PasswordPolicyRef,
  SecurityPreference,
  SecurityPreferenceRef,
  SsoSettings,
  SsoSettingsRef,
} from "../../shared/domain/subjects/settings.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const at = { accountId: own, route: "Ims" } as const;

const preferenceRef: SecurityPreferenceRef = { kind: "security-preference", ...at };
const preference = (over: JsonObject = {}): SecurityPreference => ({
  kind: "security-preference",
  fields: {
    AllowUserToManageAccessKeys: false,
    AllowUserToManageMFADevices: false,
    EnableSaveMFATicket: false,
    LoginNetworkMasks: "10.0.0.0/8",
    LoginSessionDuration: 6,
    MFAOperationForLogin: "mandatory",
    VerificationTypes: ["email", "sms"],
    ...over,
  },
});
const opened = { LoginNetworkMasks: "" };

describe("the security preference", () => {
  goldenPlans("security-preference", {
    "that lets users do more": [
      changed(preferenceRef, preference(), preference({ AllowUserToManageAccessKeys: true, LoginSessionDuration: 24 })),
    ],
    "that lets users do more, asked to ask": [
      changed(preferenceRef, preference(), preference({ AllowUserToManageAccessKeys: true })),
      "ask",
    ],
    "that lets users do less": [
      changed(preferenceRef, preference({ AllowUserToManageAccessKeys: true }), preference()),
    ],
    "that opens one thing and closes another": [
      changed(
        preferenceRef,
        preference({ EnableSaveMFATicket: true }),
        preference({ AllowUserToManageAccessKeys: true }),
      ),
    ],
    "that opens one thing and closes another, asked to ask": [
      changed(
        preferenceRef,
        preference({ EnableSaveMFATicket: true }),
        preference({ AllowUserToManageAccessKeys: true }),
      ),
      "ask",
    ],
    "that opens one thing, closes two and leaves one open to choice": [
      changed(
        preferenceRef,
        preference({ EnableSaveMFATicket: true, FieldOfTomorrow: "a" }),
        preference({ MFAOperationForLogin: "adaptive", VerificationTypes: ["email"], FieldOfTomorrow: "b" }),
      ),
    ],
    "of which nobody can say what is stricter": [
      changed(preferenceRef, preference({ FieldOfTomorrow: "a" }), preference({ FieldOfTomorrow: "b" })),
    ],
    "that has a field of which nothing was known": [
      changed(preferenceRef, preference(), preference({ FieldOfTomorrow: "b" })),
    ],
    "whose logon mask is open": [changed(preferenceRef, preference(), preference(opened))],
    "whose logon mask is open, where the former one is not known to be recent": [
      changed(preferenceRef, preference(), preference(opened), { provenance: "history" }),
    ],
    "that lets users do more, where what was is not known to be recent": [
      changed(preferenceRef, preference(), preference({ AllowUserToManageAccessKeys: true }), {
        provenance: "history",
      }),
    ],
    "whose logon mask is closed, where the former one is not known to be recent": [
      changed(preferenceRef, preference(opened), preference(), { provenance: "history" }),
    ],
    "that lets users manage public keys now": [
      changed(preferenceRef, preference(), preference({ AllowUserToManagePublicKeys: true })),
    ],
    "that lets users manage public keys no more": [
      changed(preferenceRef, preference({ AllowUserToManagePublicKeys: true }), preference()),
    ],
    "that lets users do more while they may manage public keys": [
      changed(
        preferenceRef,
        preference({ AllowUserToManagePublicKeys: true }),
        preference({ AllowUserToManagePublicKeys: true, AllowUserToManageAccessKeys: true }),
      ),
    ],
    "that was changed again since": [
      changed(
        preferenceRef,
        preference(),
        preference({ AllowUserToManageAccessKeys: true, LoginSessionDuration: 24 }),
        { claimed: preference({ AllowUserToManageAccessKeys: true }) },
      ),
    ],
    "that was changed, and changed back since": [
      changed(preferenceRef, preference(), preference(), {
        claimed: preference({ AllowUserToManageAccessKeys: true }),
      }),
    ],
    "whose event claims nothing else": [
      changed(preferenceRef, preference(), preference({ AllowUserToManageAccessKeys: true }), { claimed: gone }),
    ],
    "that is what it was": [changed(preferenceRef, preference(), preference({ VerificationTypes: ["email", "sms"] }))],
    "that was not known": [changed(preferenceRef, undefined, preference())],
    "that never was": [changed(preferenceRef, gone, preference())],
    "that cannot be read": [changed(preferenceRef, preference(), gone)],
  });
});

const passwordRef: PasswordPolicyRef = { kind: "password-policy", ...at };
const password = (over: JsonObject = {}): PasswordPolicy => ({
  kind: "password-policy",
  fields: {
    HardExpire: true,
    MaxPasswordAge: 90,
    MinimumPasswordLength: 14,
    PasswordReusePrevention: 5,
    RequireNumbers: true,
    ...over,
  },
});

describe("the password policy", () => {
  goldenPlans("password-policy", {
    "that demands less": [changed(passwordRef, password(), password({ MinimumPasswordLength: 8, HardExpire: false }))],
    "that demands more": [changed(passwordRef, password(), password({ MinimumPasswordLength: 20 }))],
    "that demands less here and more there": [
      changed(passwordRef, password(), password({ MinimumPasswordLength: 8, PasswordReusePrevention: 24 })),
    ],
    "that was not known": [changed(passwordRef, undefined, password())],
    "that is what it was": [changed(passwordRef, password(), password())],
  });
});

const ssoRef: SsoSettingsRef = { kind: "sso-settings", ...at };
const sso = (over: JsonObject = {}): SsoSettings => ({
  kind: "sso-settings",
  fields: {
    SsoEnabled: true,
    SsoLoginWithDomain: true,
    AuthnSignAlgo: "rsa-sha256",
    AuxiliaryDomain: "",
    MetadataDocument: "PG1ldGE+",
    ...over,
  },
});

describe("user SSO", () => {
  goldenPlans("sso-settings", {
    "whose identity provider is another": [changed(ssoRef, sso(), sso({ MetadataDocument: "PG90aGVyPg==" }))],
    "that is off": [changed(ssoRef, sso(), sso({ SsoEnabled: false }))],
    "that was not known": [changed(ssoRef, undefined, sso())],
    "that is what it was": [changed(ssoRef, sso(), sso())],
  });
});

const aliasRef: AccountAliasRef = { kind: "account-alias", ...at };
const alias = (name: string): AccountAlias => ({ kind: "account-alias", alias: name });
const domainRef: DomainRef = { kind: "domain", ...at, domainName: "shop.example" };

describe("the names of the account", () => {
  goldenPlans("account-names", {
    "an alias that is another": [changed(aliasRef, alias("shop"), alias("evil"))],
    "an alias that is another, by Ram": [changed({ ...aliasRef, route: "Ram" }, alias("shop"), alias("evil"))],
    "an alias that is new": [changed(aliasRef, alias(""), alias("evil"))],
    "an alias that was taken away": [changed(aliasRef, alias("shop"), alias(""))],
    "an alias that is what it was": [changed(aliasRef, alias("shop"), alias("shop"))],
    "an alias that was not known": [changed(aliasRef, undefined, alias("shop"))],
    "an alias that never was": [changed(aliasRef, gone, alias("shop"))],
    "an alias that cannot be read": [changed(aliasRef, alias("shop"), gone)],
    "a domain that is new": [changed(domainRef, gone, { kind: "domain", domainName: "shop.example" })],
  });
});
