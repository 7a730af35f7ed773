import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Call } from "../domain/plan.ts";
import type { Route } from "../domain/subject.ts";

const scalar = (value: Json): string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : JSON.stringify(value);

const whole = (operation: string, fields: JsonObject): Call => ({
  service: "Ims",
  operation,
  // A list is one parameter that holds a JSON array (`ram-api.md` §2.1).
  parameters: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scalar(value)])),
});

/**
 * Sends the whole security preference: what is left out is reset (`ram-api.md` §5). `EnforceMFAForLogin` is the old name
 * of what `MFAOperationForLogin` says, and the two must not contradict each other.
 */
export const setSecurityPreference = (fields: JsonObject): Call => {
  const { EnforceMFAForLogin: _, ...rest } = fields;
  return whole("SetSecurityPreference", fields.MFAOperationForLogin === undefined ? fields : rest);
};

/** Sends the whole password policy, in Ims' names. */
export const setPasswordPolicy = (fields: JsonObject): Call => whole("SetPasswordPolicy", fields);

/** Sends all settings of user SSO, which are replaced as a whole. */
export const setUserSsoSettings = (fields: JsonObject): Call => whole("SetUserSsoSettings", fields);

/** Gives the account an alias, or takes it away where it is empty, through the service that the change came by. */
export const setAlias = (alias: string, route: Route, accountId: AccountId): Call => {
  if (route === "Ims")
    return {
      service: "Ims",
      operation: "SetDefaultDomain",
      parameters: { DefaultDomainName: `${alias === "" ? accountId : alias}.onaliyun.com` },
    };
  return alias === ""
    ? { service: "Ram", operation: "ClearAccountAlias", parameters: {} }
    : { service: "Ram", operation: "SetAccountAlias", parameters: { AccountAlias: alias } };
};
