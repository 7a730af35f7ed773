import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { MfaDeviceRef, VerificationRef } from "../domain/subjects/credentials.ts";
import type { CallRecord, Entries, OperationEntry, Reading } from "./entry.ts";
import { objectOf, textOf } from "./fields.ts";
import { aboutLogin } from "./logins.ts";
import type { UserParameter } from "./named-user.ts";
import { routeOf, userNamed, userNamedOrCalling } from "./named-user.ts";

const bound = (parameter: UserParameter): OperationEntry => ({
  subject: "mfa",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "a user has one device, so it is unbound again; that takes a factor from a person, and is for a person to decide",
    calls: [`${routeOf(parameter)}.UnbindMFADevice`],
  },
  read: (record) => {
    const user = userNamed(record, parameter);
    if (!user.ok) return user;
    const serialNumber = textOf(record.request, "SerialNumber");
    return ok({
      kind: "subject",
      subject: { kind: "mfa", accountId: record.accountId, route: routeOf(parameter), ...user.value },
      claimed: serialNumber === undefined ? undefined : { kind: "mfa", serialNumber },
    });
  },
});

/** Who takes a factor away leaves a logon that a password alone opens: the logon is a subject of the call as well. */
const unbound = (parameter: UserParameter): OperationEntry => ({
  subject: "mfa",
  effect: "removed",
  lost: ["second factor"],
  remedy: {
    level: "none",
    why: "binding takes two codes that only the person can read; the logon that lost its factor is set Inactive, which only Ims can do",
    calls: ["Ims.UpdateLoginProfile"],
  },
  read: (record) => {
    const user = userNamed(record, parameter);
    if (!user.ok) return user;
    const route = routeOf(parameter);
    return ok({
      kind: "subjects",
      all: [
        aboutLogin(record, route, user.value, { claimed: undefined, unseen: ["second-factor"] }),
        { subject: { kind: "mfa", accountId: record.accountId, route, ...user.value }, claimed: gone },
      ],
    });
  },
});

const device = (record: CallRecord, route: "Ram" | "Ims", serialNumber: string): MfaDeviceRef => ({
  kind: "mfa-device",
  accountId: record.accountId,
  route,
  serialNumber,
});

/** The number of a new device is in the answer, or made of its name. */
const serialOfNew = (record: CallRecord): string | undefined => {
  const told = textOf(objectOf(record.response, "VirtualMFADevice"), "SerialNumber");
  const name = textOf(record.request, "VirtualMFADeviceName");
  return told ?? (name === undefined ? undefined : `acs:ram::${record.accountId}:mfa/${name}`);
};

const deviceMade = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "mfa-device",
  effect: "made",
  lost: [],
  remedy: {
    level: "full",
    why: "a device that nobody has bound has no effect, and is deleted; one that is bound by now is put to a person",
    calls: [`${route}.DeleteVirtualMFADevice`],
  },
  read: (record) => {
    const serialNumber = serialOfNew(record);
    if (serialNumber === undefined) return failed("names no device: `VirtualMFADeviceName` is missing");
    const subject = device(record, route, serialNumber);
    return ok({ kind: "subject", subject, claimed: { kind: "mfa-device", serialNumber, boundTo: "" } });
  },
});

const deviceRemoved = (route: "Ram" | "Ims"): OperationEntry => ({
  subject: "mfa-device",
  effect: "removed",
  lost: ["seed"],
  remedy: { level: "none", why: "the seed is gone; a new device has another, and needs the person", calls: [] },
  read: (record) => {
    const serialNumber = textOf(record.request, "SerialNumber");
    if (serialNumber === undefined) return failed("names no device: `SerialNumber` is missing");
    return ok({ kind: "subject", subject: device(record, route, serialNumber), claimed: gone });
  },
});

const passkey = (record: CallRecord, name: string | undefined): Result<Reading, string> => {
  const user = userNamed(record, "UserPrincipalName");
  if (!user.ok) return user;
  const passkeyId = textOf(record.request, "PasskeyId");
  if (passkeyId === undefined) return failed("names no passkey: `PasskeyId` is missing");
  return ok({
    kind: "subject",
    subject: { kind: "passkey", accountId: record.accountId, route: "Ims", ...user.value, passkeyId },
    claimed: name === undefined ? gone : { kind: "passkey", passkeyId, name },
  });
};

const passkeyRenamed: OperationEntry = {
  subject: "passkey",
  effect: "changed",
  lost: ["name"],
  remedy: { level: "full", why: "the former name is set again; nothing else changes", calls: ["Ims.UpdatePasskey"] },
  read: (record) => {
    const name = textOf(record.request, "PasskeyName");
    return name === undefined ? failed("tells no name: `PasskeyName` is missing") : passkey(record, name);
  },
};

const passkeyRemoved: OperationEntry = {
  subject: "passkey",
  effect: "removed",
  lost: ["passkey"],
  remedy: { level: "none", why: "the private key lives on the person's device; they must register again", calls: [] },
  read: (record) => passkey(record, undefined),
};

/** The kind of factor, and the number or the address that a call gives. */
const factorIn = ({ request }: CallRecord): { readonly type: VerificationRef["type"]; readonly value?: string } => {
  const type = textOf(request, "VerifyType")?.toLowerCase() === "email" ? "email" : "sms";
  const value = textOf(request, type === "email" ? "Email" : "MobilePhone");
  return { type, ...(value === undefined || value.includes("*") ? {} : { value }) };
};

const verification = (
  record: CallRecord,
  read: (ref: VerificationRef, value: string | undefined) => Result<Reading, string>,
): Result<Reading, string> => {
  const user = userNamed(record, "UserPrincipalName");
  if (!user.ok) return user;
  if (!/^(?:sms|email)$/i.test(textOf(record.request, "VerifyType") ?? ""))
    return failed("has a `VerifyType` that is neither `sms` nor `email`");
  const { type, value } = factorIn(record);
  return read({ kind: "verification", accountId: record.accountId, route: "Ims", ...user.value, type }, value);
};

const verificationSet: OperationEntry = {
  subject: "verification",
  effect: "changed",
  lost: ["former number or address"],
  remedy: {
    level: "partial",
    why: "what was bound is unbound, or the former value proposed again, which the person must confirm; a person decides",
    calls: ["Ims.UnbindVerification", "Ims.SetVerificationInfo"],
  },
  read: (record) =>
    verification(record, (subject, value) => {
      const claimed = value === undefined ? undefined : ({ kind: "verification", type: subject.type, value } as const);
      return ok({ kind: "subject", subject, claimed });
    }),
};

const verificationRemoved: OperationEntry = {
  subject: "verification",
  effect: "removed",
  lost: [],
  remedy: {
    level: "partial",
    why: "the number or the address of the request is proposed again, which the person must confirm; a person decides",
    calls: ["Ims.SetVerificationInfo"],
  },
  read: (record) =>
    verification(record, (subject, former) =>
      ok({ kind: "subject", subject: former === undefined ? subject : { ...subject, former }, claimed: gone }),
    ),
};

const dingTalkUnbound: OperationEntry = {
  subject: "personal-dingtalk",
  effect: "removed",
  lost: ["DingTalk account"],
  remedy: { level: "none", why: "the console's own call, without a published contract: nothing is guessed", calls: [] },
  read: (record) => {
    const user = userNamedOrCalling(record, "UserPrincipalName");
    if (!user.ok) return user;
    const { accountId } = record;
    return ok({
      kind: "subject",
      subject: { kind: "personal-dingtalk", accountId, route: "Ims", ...user.value },
      claimed: gone,
    });
  },
};

/** The operations on what a user proves its identity with beside the password. */
export const secondFactorOperations = {
  "Ram.BindMFADevice": bound("UserName"),
  "Ims.BindMFADevice": bound("UserPrincipalName"),
  "Ram.UnbindMFADevice": unbound("UserName"),
  "Ims.UnbindMFADevice": unbound("UserPrincipalName"),
  "Ims.DisableVirtualMFA": unbound("UserPrincipalName"),
  "Ram.CreateVirtualMFADevice": deviceMade("Ram"),
  "Ims.CreateVirtualMFADevice": deviceMade("Ims"),
  "Ram.DeleteVirtualMFADevice": deviceRemoved("Ram"),
  "Ims.DeleteVirtualMFADevice": deviceRemoved("Ims"),
  "Ims.UpdatePasskey": passkeyRenamed,
  "Ims.DeletePasskey": passkeyRemoved,
  "Ims.SetVerificationInfo": verificationSet,
  "Ims.UnbindVerification": verificationRemoved,
  "Ims.UnbindUserPersonalDingTalk": dingTalkUnbound,
} as const satisfies Entries;
