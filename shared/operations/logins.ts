import type { JsonObject } from "../domain/json.ts";
import { ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { Login } from "../domain/subjects/credentials.ts";
import type { About, CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import type { NamedUser, UserParameter } from "./named-user.ts";
import { callingUser, routeOf, userNamed } from "./named-user.ts";

/** A flag, as a value or as text: requests hold it either way. */
const flagOf = (from: JsonObject | undefined, name: string): boolean | undefined => {
  const value = from?.[name];
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  return { true: true, false: false }[value.trim().toLowerCase()];
};

/** What the answer says of the logon, where it says all: Ram does not know the status, and a new logon is in use. */
const loginIn = (answer: JsonObject | undefined, status: string | undefined): Login | undefined => {
  const mfaBindRequired = flagOf(answer, "MFABindRequired");
  const passwordResetRequired = flagOf(answer, "PasswordResetRequired");
  if (mfaBindRequired === undefined || passwordResetRequired === undefined) return undefined;
  if (status !== "Active" && status !== "Inactive") return undefined;
  return { kind: "login", status, mfaBindRequired, passwordResetRequired };
};

const settable = ["Status", "MFABindRequired", "PasswordResetRequired"];

/**
 * Whether a call set a password. A starred one counts; and a call that sets nothing else has set one, as the trail may
 * leave passwords out.
 */
const setsPassword = ({ request }: CallRecord): boolean => {
  const { Password: password } = request;
  if (password !== undefined && password !== null && password !== "") return true;
  return settable.every((name) => request[name] === undefined);
};

/** The logon of a user, as the subject of a call. */
export const aboutLogin = (
  { accountId }: CallRecord,
  route: "Ram" | "Ims",
  user: NamedUser,
  more: Omit<About, "subject">,
): About => ({ subject: { kind: "login", accountId, route, ...user }, ...more });

const written = (
  record: CallRecord,
  parameter: UserParameter,
  more: (answer: JsonObject | undefined) => Omit<About, "subject">,
): Result<Reading, string> => {
  const answer = objectOf(record.response, "LoginProfile");
  const user = userNamed(record, parameter, answer);
  if (!user.ok) return user;
  return ok({ kind: "subject", ...aboutLogin(record, routeOf(parameter), user.value, more(answer)) });
};

const made = (parameter: UserParameter): OperationEntry => ({
  subject: "login",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "RAM answers 409 where a logon exists, so it was new, and is deleted; asked to contain, it is set Inactive",
    calls: [`${routeOf(parameter)}.DeleteLoginProfile`],
  },
  read: (record) =>
    written(record, parameter, (answer) => ({
      claimed: loginIn(answer, textOf(answer, "Status") ?? (parameter === "UserName" ? "Active" : undefined)),
    })),
});

const changed = (parameter: UserParameter): OperationEntry => ({
  subject: "login",
  effect: "changed",
  lost: ["password", "status", "MFA demand", "password reset demand"],
  remedy: {
    level: "partial",
    why: "flags and status are set again; a password cannot be, so the logon is set Inactive, which only Ims can do",
    calls: parameter === "UserName" ? ["Ram.UpdateLoginProfile", "Ims.UpdateLoginProfile"] : ["Ims.UpdateLoginProfile"],
  },
  read: (record) =>
    written(record, parameter, (answer) => ({
      claimed: loginIn(answer, textOf(answer, "Status")),
      ...(setsPassword(record) ? { unseen: ["password"] } : {}),
    })),
});

const removed = (parameter: UserParameter): OperationEntry => ({
  subject: "login",
  effect: "removed",
  lost: ["password", "status", "MFA demand", "password reset demand"],
  remedy: {
    level: "none",
    why: "the password is gone, and a new one would be a secret that nobody can hand over safely",
    calls: [],
  },
  read: (record) => {
    const user = userNamed(record, parameter);
    if (!user.ok) return user;
    return ok({ kind: "subject", ...aboutLogin(record, routeOf(parameter), user.value, { claimed: gone }) });
  },
});

const passwordChanged = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "login",
  effect: "changed",
  lost: ["password"],
  remedy: {
    level: "none",
    why: "neither the old nor the new password can be read; the user changed its own, so setting the logon Inactive is for a person to decide",
    calls: ["Ims.UpdateLoginProfile"],
  },
  read: (record) => {
    const user = callingUser(record);
    if (!user.ok) return user;
    const about = aboutLogin(record, route, user.value, { claimed: undefined, unseen: ["password"] });
    return ok({ kind: "subject", ...about });
  },
});

/** The operations on console logons. */
export const loginOperations = {
  "Ram.CreateLoginProfile": made("UserName"),
  "Ims.CreateLoginProfile": made("UserPrincipalName"),
  "Ram.UpdateLoginProfile": changed("UserName"),
  "Ims.UpdateLoginProfile": changed("UserPrincipalName"),
  "Ram.DeleteLoginProfile": removed("UserName"),
  "Ims.DeleteLoginProfile": removed("UserPrincipalName"),
  "Ram.ChangePassword": passwordChanged("Ram"),
  "Ims.ChangePassword": passwordChanged("Ims"),
} as const satisfies Entries;
