import type { CloudError } from "../domain/cloud-error.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { logonNameOf } from "../domain/logon-name.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";
import type { CredentialKind, Login, Verification, VerificationRef } from "../domain/subjects/credentials.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./missing.ts";
import { readServiceCredential } from "./read-service-credentials.ts";
import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";
import type { Answer, Parameters, Transport } from "./transport.ts";
import { userIdByLogon } from "./users.ts";

/** Every operation of Ims that is called here and in the files it is made of; the looking role may do these. */
export const credentialsReads = [
  "GetUser",
  "GetLoginProfile",
  "GetUserMFAInfo",
  "ListPasskeys",
  "GetVerificationInfo",
  "GetAccessKeyPolicy",
  "GetServiceCredential",
  "ListServiceCredentials",
  "ListVirtualMFADevices",
  "GetAccessKeyInfoInRecycleBin",
] as const;

type Read = (typeof credentialsReads)[number];

const read = (send: Transport, operation: Read, parameters: Parameters): Promise<Result<Answer, CloudError>> =>
  send({ service: "Ims", operation, parameters, effect: "read" });

const strange = (operation: Read, answer: Answer): Result<never, CloudError> =>
  failed(unexpectedAnswer(`Ims.${operation}`, "read", answer.requestId));

const isStatus = (value: unknown): value is "Active" | "Inactive" => value === "Active" || value === "Inactive";

/** A console logon as Ims alone tells it, without the id of its user. */
export const loginBy = async (
  send: Transport,
  UserPrincipalName: string,
): Promise<Result<Login | Gone, CloudError>> => {
  const result = await read(send, "GetLoginProfile", { UserPrincipalName });
  if (!result.ok) return goneWhenMissing(result.error);
  const login = loginOf(objectAt(result.value.body, "LoginProfile") ?? {});
  return login === undefined ? strange("GetLoginProfile", result.value) : ok(login);
};

/** A console logon as a profile of Ims tells it; undefined for one of another shape. */
export const loginOf = (profile: JsonObject): Login | undefined => {
  const { Status: status, MFABindRequired: mfaBindRequired, PasswordResetRequired: passwordResetRequired } = profile;
  const updatedAt = textAt(profile, "UpdateDate");
  return isStatus(status) && typeof mfaBindRequired === "boolean" && typeof passwordResetRequired === "boolean"
    ? {
        kind: "login",
        status,
        mfaBindRequired,
        passwordResetRequired,
        ...(updatedAt === undefined ? {} : { updatedAt }),
      }
    : undefined;
};

/** Only the user itself has the id by which a logon is known again. */
const readLogin: SubjectReader<"login"> = async (send, ref) => {
  const principalName = logonNameOf(ref);
  const login = await loginBy(send, principalName);
  if (!login.ok || login.value.kind === "gone") return login;
  const userId = await userIdByLogon(send, principalName);
  if (!userId.ok) return userId;
  return ok(typeof userId.value === "string" ? { ...login.value, userId: userId.value } : gone);
};

const readMfa: SubjectReader<"mfa"> = async (send, ref) => {
  const result = await read(send, "GetUserMFAInfo", { UserPrincipalName: logonNameOf(ref) });
  if (!result.ok) return goneWhenMissing(result.error);
  const serialNumber = textAt(objectAt(result.value.body, "MFADevice") ?? {}, "SerialNumber");
  return serialNumber === undefined || serialNumber === ""
    ? strange("GetUserMFAInfo", result.value)
    : ok({ kind: "mfa", serialNumber });
};

/** More pages than an account can have devices: a server that never ends is a failure, not a wait. */
const mostPages = 100;

/** Devices can only be listed, 100 to the page. */
const readDevice: SubjectReader<"mfa-device"> = async (send, ref) => {
  let marker: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const result = await read(send, "ListVirtualMFADevices", { MaxItems: 100, Marker: marker });
    if (!result.ok) return result;
    const { body } = result.value;
    const devices = listAt(body, "VirtualMFADevices", "VirtualMFADevice");
    if (devices === undefined) return strange("ListVirtualMFADevices", result.value);
    const device = devices.find(({ SerialNumber }) => SerialNumber === ref.serialNumber);
    if (device !== undefined) {
      const boundTo = holderOf(device);
      return boundTo === undefined
        ? strange("ListVirtualMFADevices", result.value)
        : ok({ kind: "mfa-device", serialNumber: ref.serialNumber, boundTo });
    }
    const next = textAt(body, "Marker");
    if (body.IsTruncated !== true || next === undefined || next === "" || next === marker) return ok(gone);
    marker = next;
  }
  return failed(unexpectedAnswer("Ims.ListVirtualMFADevices", "read"));
};

/** The user who has a device, empty for nobody; undefined where the answer names one in a form that is not known. */
const holderOf = (device: JsonObject): string | undefined => {
  const user = objectAt(device, "User");
  if (user === undefined || Object.keys(user).length === 0) return "";
  const name = textAt(user, "UserPrincipalName")?.split("@")[0];
  return name === "" ? undefined : name;
};

const readPasskey: SubjectReader<"passkey"> = async (send, ref) => {
  const result = await read(send, "ListPasskeys", { UserPrincipalName: logonNameOf(ref) });
  if (!result.ok) return goneWhenMissing(result.error);
  const { Passkeys: passkeys } = result.value.body;
  if (!Array.isArray(passkeys) || !passkeys.every(isJsonObject)) return strange("ListPasskeys", result.value);
  const passkey = passkeys.find(({ PasskeyId }) => PasskeyId === ref.passkeyId);
  if (passkey === undefined) return ok(gone);
  return ok({ kind: "passkey", passkeyId: ref.passkeyId, name: textAt(passkey, "PasskeyName") ?? "" });
};

const readVerification: SubjectReader<"verification"> = async (send, ref) => {
  const result = await read(send, "GetVerificationInfo", { UserPrincipalName: logonNameOf(ref) });
  if (!result.ok) return goneWhenMissing(result.error);
  const device = objectAt(result.value.body, ref.type === "sms" ? "SecurityPhoneDevice" : "SecurityEmailDevice");
  if (device === undefined) return ok(gone);
  const found = ref.type === "sms" ? phoneOf(device) : textAt(device, "Email");
  return found === undefined ? strange("GetVerificationInfo", result.value) : ok(factorOf(ref, found));
};

const factorOf = ({ type }: VerificationRef, value: string): Verification | typeof gone =>
  value === "" ? gone : { kind: "verification", type, value };

const phoneOf = (device: JsonObject): string | undefined => {
  const [area, number] = [textAt(device, "AreaCode"), textAt(device, "PhoneNumber")];
  if (area === undefined || number === undefined) return undefined;
  return number === "" ? "" : `${area}-${number}`;
};

/** What clears a policy, and so what a key is like that has none (`ram-api.md` §5). */
const noPolicy: JsonObject = { Version: 1, Status: "Inactive", Statements: [] };

const readKeyPolicy: SubjectReader<"key-policy"> = async (send, ref) => {
  const { userName } = ref;
  if (userName === undefined)
    return failed({ kind: "forbidden", code: "RootUnreadable", operation: "Ims.GetAccessKeyPolicy" });
  const UserPrincipalName = logonNameOf({ ...ref, userName });
  const result = await read(send, "GetAccessKeyPolicy", { UserPrincipalName, UserAccessKeyId: ref.accessKeyId });
  if (!result.ok)
    return result.error.code === "EntityNotExist.AccessKeyPolicy"
      ? ok({ kind: "key-policy", document: noPolicy })
      : goneWhenMissing(result.error);
  const document = documentIn(result.value.body.AccessKeyPolicy);
  return document === undefined
    ? strange("GetAccessKeyPolicy", result.value)
    : ok({ kind: "key-policy", document: Object.keys(document).length === 0 ? noPolicy : document });
};

/** A document comes as the text of JSON, or as the object. */
const documentIn = (value: unknown): JsonObject | undefined => {
  if (isJsonObject(value)) return value;
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const readRecycledKey: SubjectReader<"recycled-key"> = async (send, ref) => {
  const result = await read(send, "GetAccessKeyInfoInRecycleBin", {
    UserAccessKeyId: ref.accessKeyId,
    UserId: ref.userId,
  });
  if (!result.ok) return goneWhenMissing(result.error);
  const userId = textAt(objectAt(result.value.body, "AccessKey") ?? {}, "UserId");
  return userId === undefined || userId === ""
    ? strange("GetAccessKeyInfoInRecycleBin", result.value)
    : ok({ kind: "recycled-key", accessKeyId: ref.accessKeyId, userId });
};

/** Public keys and bound DingTalk accounts are told by no API. */
export const credentialsReaders: { readonly [kind in CredentialKind]: SubjectReader<kind> } = {
  login: readLogin,
  mfa: readMfa,
  "mfa-device": readDevice,
  passkey: readPasskey,
  "recycled-key": readRecycledKey,
  "key-policy": readKeyPolicy,
  "service-credential": readServiceCredential,
  "public-key": notRead,
  verification: readVerification,
  "personal-dingtalk": notRead,
};
