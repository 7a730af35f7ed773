import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { Subject } from "../domain/subject.ts";
import type { Route } from "../domain/subjects/common.ts";
import { givenFields, passwordPolicyFields, preferenceFields, ssoFields } from "../domain/subjects/setting-fields.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";

type FieldKind = "security-preference" | "password-policy" | "sso-settings";

/** The claim is what the answer tells, as only that tells what the call set back besides what it was given. */
const told = (kind: FieldKind, fields: JsonObject | undefined): Subject | undefined =>
  fields === undefined ? undefined : { kind, fields };

const fieldReading =
  (
    kind: FieldKind,
    route: Route,
    member: string | undefined,
    fieldsOf: (answer: JsonObject) => JsonObject | undefined,
  ) =>
  (record: CallRecord): Result<Reading, string> => {
    const answer = member === undefined ? undefined : objectOf(record.response, member);
    const given = givenFields(kind, record.request);
    return ok({
      kind: "subject",
      subject: { kind, accountId: record.accountId, route },
      claimed: answer === undefined ? undefined : told(kind, fieldsOf(answer)),
      ...(Object.keys(given).length === 0 ? {} : { tells: { fields: given } }),
    });
  };

const preference = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "security-preference",
  effect: "changed",
  lost: ["every value that the call is not given: it is set back to its default"],
  remedy: {
    level: "full",
    why: "the whole preference is sent again with the changed values put back, as a call with one value would reset all others",
    calls: ["Ims.SetSecurityPreference"],
  },
  // Ram's answer leaves out what Ram does not know, and the call has reset that too.
  read: fieldReading(
    "security-preference",
    route,
    route === "Ims" ? "SecurityPreference" : undefined,
    preferenceFields,
  ),
});

const passwords = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "password-policy",
  effect: "changed",
  lost: ["every value that the call is not given: it may be set back to its default"],
  remedy: {
    level: "full",
    why: "the whole policy is sent again through Ims, which knows all of its values, with the changed ones put back",
    calls: ["Ims.SetPasswordPolicy"],
  },
  read: fieldReading("password-policy", route, route === "Ims" ? "PasswordPolicy" : undefined, passwordPolicyFields),
});

const alias = (record: CallRecord, route: Route, name: string): Result<Reading, string> =>
  ok({
    kind: "subject",
    subject: { kind: "account-alias", accountId: record.accountId, route },
    // The account's id stands for the alias of an account that has none.
    claimed: { kind: "account-alias", alias: name === record.accountId ? "" : name },
  });

const domainEnd = ".onaliyun.com";

const readDefaultDomain = (record: CallRecord): Result<Reading, string> => {
  const name = textOf(record.request, "DefaultDomainName") ?? textOf(record.response, "DefaultDomainName");
  if (name === undefined) return failed("names no domain: `DefaultDomainName` is missing");
  if (!name.endsWith(domainEnd) || name.length === domainEnd.length)
    return failed("has a `DefaultDomainName` that is not an alias with `.onaliyun.com`");
  return alias(record, "Ims", name.slice(0, -domainEnd.length));
};

const renaming: Pick<OperationEntry, "subject" | "effect" | "lost"> = {
  subject: "account-alias",
  effect: "changed",
  lost: ["the former alias, which another account may take"],
};

/** The operations that change settings of the account as a whole. */
export const settingsOperations = {
  "Ram.SetSecurityPreference": preference("Ram"),
  "Ims.SetSecurityPreference": preference("Ims"),
  "Ram.SetPasswordPolicy": passwords("Ram"),
  "Ims.SetPasswordPolicy": passwords("Ims"),
  "Ram.SetAccountAlias": {
    ...renaming,
    remedy: {
      level: "full",
      why: "the former alias is set again, or cleared where there was none; it renames every logon, so a person decides",
      calls: ["Ram.SetAccountAlias", "Ram.ClearAccountAlias"],
    },
    read: (record) => {
      const name = textOf(record.request, "AccountAlias");
      return name === undefined ? failed("names no alias: `AccountAlias` is missing") : alias(record, "Ram", name);
    },
  },
  "Ram.ClearAccountAlias": {
    ...renaming,
    remedy: {
      level: "full",
      why: "the former alias is set again, if nobody took it meanwhile; it renames every logon, so a person decides",
      calls: ["Ram.SetAccountAlias"],
    },
    read: (record) => alias(record, "Ram", ""),
  },
  "Ims.SetDefaultDomain": {
    ...renaming,
    remedy: {
      level: "full",
      why: "the former default domain is set again; it renames every logon, so a person decides",
      calls: ["Ims.SetDefaultDomain"],
    },
    read: readDefaultDomain,
  },
  "Ims.AddDomain": {
    subject: "domain",
    effect: "made",
    lost: [],
    remedy: {
      level: "none",
      why: "an operation of the console without a published contract: nothing is known that reads or removes a domain",
      calls: [],
    },
    read: (record) => {
      const domainName = textOf(record.request, "DomainName");
      if (domainName === undefined) return failed("names no domain: `DomainName` is missing");
      return ok({
        kind: "subject",
        subject: { kind: "domain", accountId: record.accountId, route: "Ims", domainName },
        claimed: { kind: "domain", domainName },
      });
    },
  },
  "Ims.SetUserSsoSettings": {
    subject: "sso-settings",
    effect: "changed",
    lost: ["every value that the call is not given: the settings are replaced as a whole"],
    remedy: {
      level: "full",
      why: "the former settings are sent again as a whole; a wrong identity provider locks everybody out, so a person decides",
      calls: ["Ims.SetUserSsoSettings"],
    },
    read: fieldReading("sso-settings", "Ims", "UserSsoSettings", ssoFields),
  },
} as const satisfies Entries;
