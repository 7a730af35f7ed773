import { need } from "../access/needs.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { flag, integer, listOf, optional, type Params } from "../params.ts";
import { usualPasswordPolicy, usualSecurityPreference } from "../usual-settings.ts";

/** Reads one value in the type that its usual value has. */
const givenIn = (params: Params, name: string, usual: unknown) => {
  if (typeof usual === "boolean") return flag(params, name);
  if (typeof usual === "number") return integer(params, name, 0, 1_000_000);
  if (Array.isArray(usual))
    return params[name] === undefined && params[`${name}.1`] === undefined ? undefined : listOf(params, name);
  return optional(params, name);
};

/**
 * The whole new settings: **what a call leaves out goes back to its usual value** (`ram-api.md` §5, seen for
 * SetSecurityPreference, taken for SetPasswordPolicy too).
 */
export const resetting = (params: Params, usual: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, givenIn(params, name, value) ?? value]));

const some = (from: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

/** The nesting in which both APIs answer; Ims tells more. */
export const preferenceShape = (all: JsonObject, whole: boolean): JsonObject => ({
  SecurityPreference: {
    LoginProfilePreference: some(
      all,
      "EnableSaveMFATicket",
      "AllowUserToChangePassword",
      "LoginSessionDuration",
      "LoginNetworkMasks",
      ...(whole ? ["AllowUserToLoginWithPasskey", "MFAOperationForLogin", "OperationForRiskLogin"] : []),
    ),
    AccessKeyPreference: some(all, "AllowUserToManageAccessKeys"),
    MFAPreference: some(all, "AllowUserToManageMFADevices"),
    ...(whole
      ? {
          PersonalInfoPreference: some(all, "AllowUserToManagePersonalDingTalk"),
          VerificationPreference: some(all, "VerificationTypes"),
          ServiceCredentialPreference: some(all, "AllowUserToManageServiceCredentials"),
          MaxIdleDays: some(all, "MaxIdleDaysForUsers", "MaxIdleDaysForAccessKeys"),
        }
      : { PublicKeyPreference: some(all, "AllowUserToManagePublicKeys") }),
  },
});

/** Ram says `HardExpiry` where Ims says `HardExpire`, and knows fewer fields. */
const ramPasswordPolicy = (all: JsonObject): JsonObject => {
  const { HardExpire, MinimumPasswordDifferentCharacter: _a, PasswordNotContainUserName: _b, ...rest } = all;
  const { InitialPasswordAge: _c, InterceptRiskPasswordOnApi: _d, ...known } = rest;
  return { PasswordPolicy: { ...known, HardExpiry: HardExpire } };
};

const inImsNames = (params: Params): Params =>
  params.HardExpiry === undefined ? params : { ...params, HardExpire: params.HardExpiry };

export const setting = (action: string, access: Operation["access"], run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: (_asked: Asked) => [need(`ram:${action}`, "*")],
  run,
});

export const settingOperations: Operations = {
  GetPasswordPolicy: setting("GetPasswordPolicy", "Read", ({ account }) => ramPasswordPolicy(account.passwordPolicy)),
  SetPasswordPolicy: setting("SetPasswordPolicy", "Write", ({ account, params }) => {
    account.passwordPolicy = resetting(inImsNames(params), usualPasswordPolicy);
    return ramPasswordPolicy(account.passwordPolicy);
  }),
  GetSecurityPreference: setting("GetSecurityPreference", "Read", ({ account }) =>
    preferenceShape(account.securityPreference, false),
  ),
  SetSecurityPreference: setting("SetSecurityPreference", "Write", ({ account, params }) => {
    account.securityPreference = resetting(params, usualSecurityPreference);
    return preferenceShape(account.securityPreference, false);
  }),
};
