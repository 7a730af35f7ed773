import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { passwordPolicyFields, preferenceFields, ssoFields } from "../domain/subjects/setting-fields.ts";
import type { AccountAlias, AccountAliasRef, SecurityPreference } from "../domain/subjects/settings.ts";
import { objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";
import type { Answer, Transport } from "./transport.ts";

type Kind = "security-preference" | "password-policy" | "account-alias" | "sso-settings" | "domain";

/** Every operation that is called here; Ram's and Ims' of one name are one permission. */
export const settingsReads = [
  "GetSecurityPreference",
  "GetPasswordPolicy",
  "GetUserSsoSettings",
  "GetAccountAlias",
] as const;

type SettingsRead = (typeof settingsReads)[number];
type ReadService = "Ram" | "Ims";

const read = (send: Transport, service: ReadService, operation: SettingsRead): Promise<Result<Answer, CloudError>> =>
  send({ service, operation, parameters: {}, effect: "read" });

const strange = (service: ReadService, operation: SettingsRead, answer: Answer): Result<never, CloudError> =>
  failed(unexpectedAnswer(`${service}.${operation}`, "read", answer.requestId));

const fieldReader =
  <Of extends "password-policy" | "sso-settings">(
    kind: Of,
    operation: SettingsRead,
    member: string,
    fieldsOf: (answer: JsonObject) => JsonObject | undefined,
  ) =>
  async (send: Transport): Promise<Result<{ readonly kind: Of; readonly fields: JsonObject }, CloudError>> => {
    const answer = await read(send, "Ims", operation);
    if (!answer.ok) return answer;
    const told = objectAt(answer.value.body, member);
    const fields = told === undefined ? undefined : fieldsOf(told);
    return fields === undefined ? strange("Ims", operation, answer.value) : ok({ kind, fields });
  };

/** Ims tells all but whether users manage public keys, which is Ram's alone. */
const readSecurityPreference = async (send: Transport): Promise<Result<SecurityPreference, CloudError>> => {
  const operation = "GetSecurityPreference";
  const [ims, ram] = [await read(send, "Ims", operation), await read(send, "Ram", operation)];
  if (!ims.ok) return ims;
  if (!ram.ok) return ram;
  const told = objectAt(ims.value.body, "SecurityPreference");
  const toldByRam = objectAt(ram.value.body, "SecurityPreference");
  if (toldByRam === undefined) return strange("Ram", operation, ram.value);
  const publicKeys = objectAt(toldByRam, "PublicKeyPreference");
  const fields = told === undefined ? undefined : preferenceFields({ ...(publicKeys ?? {}), ...told });
  return fields === undefined ? strange("Ims", operation, ims.value) : ok({ kind: "security-preference", fields });
};

/** An account without an alias is told by a 404, by nothing, or by the account's id, which stands for it. */
const readAlias = async (send: Transport, ref: AccountAliasRef): Promise<Result<AccountAlias, CloudError>> => {
  const answer = await read(send, "Ram", "GetAccountAlias");
  if (!answer.ok)
    return answer.error.kind === "not-found" ? ok({ kind: "account-alias", alias: "" }) : failed(answer.error);
  const alias = textAt(answer.value.body, "AccountAlias");
  if (alias === undefined) return strange("Ram", "GetAccountAlias", answer.value);
  return ok({ kind: "account-alias", alias: alias === ref.accountId ? "" : alias });
};

export const settingsReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "security-preference": readSecurityPreference,
  "password-policy": fieldReader("password-policy", "GetPasswordPolicy", "PasswordPolicy", passwordPolicyFields),
  "account-alias": readAlias,
  "sso-settings": fieldReader("sso-settings", "GetUserSsoSettings", "UserSsoSettings", ssoFields),
  domain: notRead,
};
