import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** What a setting's value is. `names` is a list of which the order does not matter. */
type FieldType = "flag" | "number" | "text" | "names";
type Types = { readonly [name: string]: FieldType };

const preferenceTypes: Types = {
  EnableSaveMFATicket: "flag",
  AllowUserToChangePassword: "flag",
  AllowUserToLoginWithPasskey: "flag",
  AllowUserToManageAccessKeys: "flag",
  AllowUserToManageMFADevices: "flag",
  AllowUserToManagePersonalDingTalk: "flag",
  AllowUserToManagePublicKeys: "flag",
  AllowUserToManageServiceCredentials: "flag",
  EnforceMFAForLogin: "flag",
  LoginSessionDuration: "number",
  MaxIdleDaysForAccessKeys: "number",
  MaxIdleDaysForUsers: "number",
  LoginNetworkMasks: "text",
  MFAOperationForLogin: "text",
  OperationForRiskLogin: "text",
  VerificationTypes: "names",
};

const passwordTypes: Types = {
  HardExpire: "flag",
  InterceptRiskPasswordOnApi: "flag",
  PasswordNotContainUserName: "flag",
  RequireLowercaseCharacters: "flag",
  RequireNumbers: "flag",
  RequireSymbols: "flag",
  RequireUppercaseCharacters: "flag",
  InitialPasswordAge: "number",
  MaxLoginAttemps: "number",
  MaxPasswordAge: "number",
  MinimumPasswordDifferentCharacter: "number",
  MinimumPasswordLength: "number",
  PasswordReusePrevention: "number",
};

const ssoTypes: Types = {
  SsoEnabled: "flag",
  SsoLoginWithDomain: "flag",
  AuthnSignAlgo: "text",
  AuxiliaryDomain: "text",
  MetadataDocument: "text",
};

const longestGiven = 65_536;

/** The values that a request gives a setting, each in its own type; what nobody knows, or is odd, is left out. */
export const givenFields = (
  kind: "security-preference" | "password-policy" | "sso-settings",
  request: JsonObject,
): JsonObject => {
  const types = { "security-preference": preferenceTypes, "password-policy": passwordTypes, "sso-settings": ssoTypes }[
    kind
  ];
  const given: { [name: string]: Json } = {};
  for (const [name, type] of Object.entries(types)) {
    const value = Object.hasOwn(request, name) ? request[name] : undefined;
    const known = value === undefined || value === null ? undefined : typed(type, value);
    // A value that is longer than any of the settings is no setting.
    if (known === undefined || String(known).length > longestGiven) continue;
    given[name] = name === "MetadataDocument" ? String(known).replace(/\s/g, "") : known;
  }
  return given;
};

const flagOf = (value: Json): boolean | undefined => {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.toLowerCase() : undefined;
  return text === "true" ? true : text === "false" ? false : undefined;
};

const numberOf = (value: Json): number | undefined => {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
};

const namesOf = (value: Json): readonly string[] | undefined =>
  Array.isArray(value) && value.every((each) => typeof each === "string")
    ? [...new Set(value as readonly string[])].sort()
    : undefined;

const typed = (type: FieldType, value: Json): Json | undefined => {
  switch (type) {
    case "flag":
      return flagOf(value);
    case "number":
      return numberOf(value);
    case "text":
      return typeof value === "string" ? value : undefined;
    case "names":
      return namesOf(value);
  }
};

/** The values of nested groups in one flat object, by their own names: those of the API's parameters. */
const flat = (nested: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(nested).flatMap(([name, value]) => (isJsonObject(value) ? flat(value) : [[name, value] as const]));

/** Each value in its own type, whoever spelled it; what nobody knows is kept as it is. Undefined where a value is odd. */
const fieldsOf = (answer: JsonObject, types: Types, needed: readonly string[]): JsonObject | undefined => {
  const fields: { [name: string]: Json } = {};
  for (const [name, value] of flat(answer)) {
    if (value === null) continue;
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    const known = type === undefined ? value : typed(type, value);
    if (known === undefined) return undefined;
    fields[name] = known;
  }
  return needed.every((name) => fields[name] !== undefined) ? fields : undefined;
};

/**
 * The security preference that `SecurityPreference` of an answer tells, flat, in the names of `SetSecurityPreference`.
 * Undefined where the answer does not tell it whole.
 */
export const preferenceFields = (answer: JsonObject): JsonObject | undefined => {
  const fields = fieldsOf(answer, preferenceTypes, ["LoginSessionDuration", "MFAOperationForLogin"]);
  if (fields === undefined) return undefined;
  // Only Ram tells of public keys; an account in which users may not manage them is one that does not speak of them.
  const { AllowUserToManagePublicKeys: publicKeys, ...rest } = fields;
  return {
    LoginNetworkMasks: "",
    VerificationTypes: [],
    ...rest,
    ...(publicKeys === true ? { AllowUserToManagePublicKeys: true } : {}),
  };
};

/** The password policy that `PasswordPolicy` of an answer of Ims tells. Ram's knows fewer fields: it is not whole. */
export const passwordPolicyFields = (answer: JsonObject): JsonObject | undefined =>
  fieldsOf(answer, passwordTypes, ["HardExpire", "MinimumPasswordLength", "MinimumPasswordDifferentCharacter"]);

/** User SSO as `UserSsoSettings` of an answer tells it. Two writings of one metadata document differ in white space. */
export const ssoFields = (answer: JsonObject): JsonObject | undefined => {
  const fields = fieldsOf(answer, ssoTypes, ["SsoEnabled"]);
  if (fields === undefined) return undefined;
  const { MetadataDocument: metadata = "", ...rest } = fields;
  return { AuxiliaryDomain: "", ...rest, MetadataDocument: String(metadata).replace(/\s/g, "") };
};
