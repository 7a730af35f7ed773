import type { Json } from "../domain/json.ts";
import type { Compare } from "./direction.ts";
import { amongWords, choice, lessIsStricter, moreIsStricter, whereFlag } from "./direction.ts";
import { masksDirection } from "./network-masks.ts";

/** What users may do for themselves an attacker who is one of them may do too. */
export const preferenceCompares = {
  AllowUserToChangePassword: whereFlag(false),
  AllowUserToLoginWithPasskey: whereFlag(false),
  AllowUserToManageAccessKeys: whereFlag(false),
  AllowUserToManageMFADevices: whereFlag(false),
  AllowUserToManagePersonalDingTalk: whereFlag(false),
  // Not spoken of is off.
  AllowUserToManagePublicKeys: (from: Json | undefined, to: Json | undefined) =>
    whereFlag(false)(from ?? false, to ?? false),
  AllowUserToManageServiceCredentials: whereFlag(false),
  EnableSaveMFATicket: whereFlag(false),
  EnforceMFAForLogin: whereFlag(true),
  LoginNetworkMasks: (from: Json | undefined, to: Json | undefined) =>
    masksDirection(String(from ?? ""), String(to ?? "")),
  LoginSessionDuration: lessIsStricter(false),
  MaxIdleDaysForAccessKeys: lessIsStricter(true),
  MaxIdleDaysForUsers: lessIsStricter(true),
  MFAOperationForLogin: amongWords("independent", "adaptive", "mandatory"),
  OperationForRiskLogin: amongWords("autonomous", "enforceVerify"),
  // Which means of verification users may choose from; that one is asked for is said elsewhere.
  VerificationTypes: choice,
} as const satisfies { readonly [name: string]: Compare };

/** The values of a password policy, each by the way in which it protects more. */
export const passwordCompares = {
  HardExpire: whereFlag(true),
  InitialPasswordAge: lessIsStricter(true),
  InterceptRiskPasswordOnApi: whereFlag(true),
  MaxLoginAttemps: lessIsStricter(true),
  MaxPasswordAge: lessIsStricter(true),
  MinimumPasswordDifferentCharacter: moreIsStricter,
  MinimumPasswordLength: moreIsStricter,
  PasswordNotContainUserName: whereFlag(true),
  PasswordReusePrevention: moreIsStricter,
  RequireLowercaseCharacters: whereFlag(true),
  RequireNumbers: whereFlag(true),
  RequireSymbols: whereFlag(true),
  RequireUppercaseCharacters: whereFlag(true),
} as const satisfies { readonly [name: string]: Compare };
