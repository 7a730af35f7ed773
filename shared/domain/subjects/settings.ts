import type { JsonObject } from "../json.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo, Touched } from "./kind-info.ts";

/** The security preference of all users: flat and whole, in the parameter names of `Ims.SetSecurityPreference`. */
export type SecurityPreferenceRef = RefBase<"security-preference">;
export type SecurityPreference = { readonly kind: "security-preference"; readonly fields: JsonObject };

/** The password policy: flat and whole, in the parameter names of `Ims.SetPasswordPolicy`. */
export type PasswordPolicyRef = RefBase<"password-policy">;
export type PasswordPolicy = { readonly kind: "password-policy"; readonly fields: JsonObject };

/**
 * The account's alias, which is also its default domain: `<alias>.onaliyun.com` ends every logon name. Empty where there
 * is none; then the account's id stands for it.
 */
export type AccountAliasRef = RefBase<"account-alias">;
export type AccountAlias = { readonly kind: "account-alias"; readonly alias: string };

/** User SSO of the whole account: flat and whole, in the parameter names of `Ims.SetUserSsoSettings`. */
export type SsoSettingsRef = RefBase<"sso-settings">;
export type SsoSettings = { readonly kind: "sso-settings"; readonly fields: JsonObject };

/** A domain that the account's logon names may end in. */
export type DomainRef = RefBase<"domain"> & { readonly domainName: string };
export type Domain = { readonly kind: "domain"; readonly domainName: string };

export type SettingRef = SecurityPreferenceRef | PasswordPolicyRef | AccountAliasRef | SsoSettingsRef | DomainRef;
export type SettingSubject = SecurityPreference | PasswordPolicy | AccountAlias | SsoSettings | Domain;

const ofAccount = {
  key: (): readonly string[] => ["account"],
  names: (): readonly string[] => [],
  touches: (): Touched => "account",
};

export const securityPreferenceKind: KindInfo<SecurityPreferenceRef, SecurityPreference> = {
  ...ofAccount,
  text: () => "security preference of the account",
  compared: ({ fields }) => ({ fields }),
};

export const passwordPolicyKind: KindInfo<PasswordPolicyRef, PasswordPolicy> = {
  ...ofAccount,
  text: () => "password policy of the account",
  compared: ({ fields }) => ({ fields }),
};

export const accountAliasKind: KindInfo<AccountAliasRef, AccountAlias> = {
  ...ofAccount,
  text: () => "alias of the account",
  compared: ({ alias }) => ({ alias }),
};

export const ssoSettingsKind: KindInfo<SsoSettingsRef, SsoSettings> = {
  ...ofAccount,
  text: () => "user SSO of the account",
  compared: ({ fields }) => ({ fields }),
};

export const domainKind: KindInfo<DomainRef, Domain> = {
  key: ({ domainName }) => [domainName.toLowerCase()],
  text: ({ domainName }) => `domain ${domainName}`,
  names: ({ domainName }) => [domainName],
  touches: () => "account",
  compared: ({ domainName }) => ({ domainName }),
};
