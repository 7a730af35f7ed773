import type { JsonObject } from "./json.ts";

/** What a new account has. Where the vendor prints no default, the value is this sandbox's choice. */
export const usualPasswordPolicy: JsonObject = {
  MinimumPasswordLength: 8,
  MinimumPasswordDifferentCharacter: 0,
  RequireLowercaseCharacters: false,
  RequireUppercaseCharacters: false,
  RequireNumbers: false,
  RequireSymbols: false,
  PasswordNotContainUserName: false,
  HardExpire: false,
  MaxPasswordAge: 0,
  PasswordReusePrevention: 0,
  MaxLoginAttemps: 5,
  InitialPasswordAge: 0,
  InterceptRiskPasswordOnApi: false,
};

export const usualSecurityPreference: JsonObject = {
  EnableSaveMFATicket: false,
  AllowUserToChangePassword: true,
  AllowUserToLoginWithPasskey: true,
  LoginSessionDuration: 6,
  LoginNetworkMasks: "",
  MFAOperationForLogin: "independent",
  OperationForRiskLogin: "autonomous",
  AllowUserToManageAccessKeys: false,
  AllowUserToManageMFADevices: true,
  AllowUserToManagePublicKeys: false,
  AllowUserToManagePersonalDingTalk: true,
  AllowUserToManageServiceCredentials: false,
  VerificationTypes: [],
  MaxIdleDaysForUsers: 730,
  MaxIdleDaysForAccessKeys: 730,
};

export const usualUserSsoSettings: JsonObject = {
  SsoEnabled: false,
  MetadataDocument: "",
  AuxiliaryDomain: "",
  SsoLoginWithDomain: false,
  AuthnSignAlgo: "rsa-sha1",
};
