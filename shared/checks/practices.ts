import type { RuleId } from "../domain/finding.ts";

/** What watches over one practice: the rules that see it broken by a change, and what sees it in the account as it stands. */
export type Watched = {
  readonly practice: string;
  /** Rules, of changes. Those of trust, policies, grants and settings judge the account as it stands as well. */
  readonly rules: readonly RuleId[];
  readonly checks: readonly RuleId[];
};

/** The practices that Alibaba Cloud's guides on identities ask for, by number. */
export const practices: { readonly [number: string]: Watched } = {
  P1: {
    practice: "the account owner (root) is not used for daily work",
    rules: ["RAM.RootAccessKey"],
    checks: ["RAM.RootKeyHeld", "RAM.RootWithoutMfa"],
  },
  P2: {
    practice: "a dedicated administrator creates and manages the other identities",
    rules: ["RAM.UserOutsideProvisioner"],
    checks: ["RAM.AdministratorsTooMany", "RAM.AdministratorMissing"],
  },
  P3: {
    practice: "people and programs are different users, with one way of access each",
    rules: ["RAM.ServiceUserLogon"],
    checks: ["RAM.BothAccessModesHeld", "RAM.ServiceUserLogonHeld"],
  },
  P4: {
    practice: "console users have MFA, and passwords meet the policy",
    rules: ["RAM.LogonWithoutMfa", "RAM.MfaRemoved", "RAM.MfaRequirementWeakened", "RAM.PasswordPolicyWeakened"],
    checks: ["RAM.LogonWithoutFactor"],
  },
  P5: {
    practice: "least privilege for users",
    rules: [
      "RAM.HighRiskPolicyOnUser",
      "RAM.PolicyAddsEscalation",
      "RAM.PassRoleUnrestricted",
      "RAM.CustomPolicyFullAdmin",
      "RAM.ProductAdminPolicy",
    ],
    checks: ["RAM.ProductAdminPolicy", "RAM.AllowWithNotAction"],
  },
  P6: {
    practice: "no long-lived key where STS fits; keys are rotated and given back",
    rules: ["RAM.AccessKeyUnapproved", "RAM.AccessKeyForAnother", "RAM.AccessKeyReenabled", "RAM.AccessKeyRestored"],
    checks: ["RAM.KeyGrownOld", "RAM.KeyLeftUnused", "RAM.TwoKeysKept", "RAM.KeyFromAnywhere"],
  },
  P7: {
    practice: "single sign-on where a company directory exists",
    rules: ["RAM.UserSsoChanged", "RAM.SamlProviderChanged", "RAM.PasswordLogonBesideSso"],
    checks: ["RAM.SsoSwitchedOff"],
  },
  P8: {
    practice: "rights through groups, and least privilege for the group",
    rules: ["RAM.HighRiskPolicyOnGroup", "RAM.UserAddedToPrivilegedGroup", "RAM.PolicyAttachedToUser"],
    checks: ["RAM.PolicyHeldDirectly", "RAM.UserInNoGroup"],
  },
  P9: {
    practice: "members leave groups when their duties change; what is not needed is revoked",
    rules: ["RAM.IdleDisableRelaxed"],
    checks: ["RAM.ConsoleUserIdle", "RAM.KeyLeftUnused", "RAM.GroupLeftEmpty", "RAM.PolicyAttachedNowhere"],
  },
  P10: {
    practice: "a role's trusted entities stay as they were created",
    rules: ["RAM.TrustEntityAdded", "RAM.TrustEntityRemoved", "RAM.TrustConditionWeakened"],
    checks: ["RAM.TrustEntityAdded", "RAM.TrustTooBroad"],
  },
  P11: {
    practice: "session length is set on purpose, and short",
    rules: ["RAM.SessionLengthRaised", "RAM.ConsoleSessionTooLong"],
    checks: ["RAM.SessionLengthRaised"],
  },
  P12: {
    practice: "access of other accounts by role, to known accounts only",
    rules: ["RAM.TrustForeignAccount", "RAM.AssumeAnyRole", "RAM.DelegatedRoleHoldsMore"],
    checks: ["RAM.TrustForeignAccount", "RAM.AssumeAnyRole", "RAM.DelegatedRoleHoldsMore"],
  },
  P13: {
    practice: "the scope of a grant is chosen: the account, or one resource group",
    rules: ["RAM.ProductAdminPolicy"],
    checks: ["RAM.ProductAdminPolicy"],
  },
  P14: {
    practice: "full administration only where that is the job",
    rules: [
      "RAM.HighRiskPolicyOnUser",
      "RAM.HighRiskPolicyOnGroup",
      "RAM.HighRiskPolicyOnRole",
      "RAM.CustomPolicyFullAdmin",
    ],
    checks: ["RAM.AdministratorsTooMany", "RAM.HighRiskPolicyOnUser"],
  },
  P15: {
    practice: "logon names are clear, and imitate nobody",
    rules: ["RAM.LogonNameUnclear", "RAM.ListedIdentityRenamed"],
    checks: ["RAM.LogonNameKeptUnclear"],
  },
  P16: {
    practice: "messaging resources are granted at their own level",
    rules: ["RAM.MessagingGrantedWhole", "RAM.DelegatedRoleHoldsMore"],
    checks: ["RAM.MessagingGrantedWhole"],
  },
};
