import type { JsonObject } from "../domain/json.ts";
import { logonNameOf } from "../domain/logon-name.ts";
import type { Call } from "../domain/plan.ts";
import type { Route } from "../domain/subject.ts";
import type {
  KeyPolicyRef,
  Login,
  LoginRef,
  MfaDeviceRef,
  PasskeyRef,
  RecycledKey,
  RecycledKeyRef,
  ServiceCredential,
  ServiceCredentialRef,
  VerificationRef,
} from "../domain/subjects/credentials.ts";

type OfUser = {
  readonly accountId: string;
  readonly route: Route;
  readonly userName: string;
  readonly principalName?: string;
};

/** The user is always named: without a name some of these calls would hit the caller's own things (`ram-api.md` §9.19). */
const logon = (user: Omit<OfUser, "route">): Call["parameters"] => ({ UserPrincipalName: logonNameOf(user) });

/** The call in the service that the change came by, with the user named as that service names it. */
const onUser = (ref: OfUser, operation: string): Call =>
  ref.route === "Ram"
    ? { service: "Ram", operation, parameters: { UserName: ref.userName } }
    : { service: "Ims", operation, parameters: logon(ref) };

const ims = (operation: string, parameters: Call["parameters"]): Call => ({ service: "Ims", operation, parameters });

/**
 * Sets all of a logon that a reading shows; never its password. Only Ims has the status: where that is to change, the
 * call goes there, whichever service the change came by.
 */
export const setLogin = (ref: LoginRef, from: Login, to: Login): Call => {
  const flags = { MFABindRequired: to.mfaBindRequired, PasswordResetRequired: to.passwordResetRequired };
  if (ref.route === "Ram" && from.status === to.status) {
    const call = onUser(ref, "UpdateLoginProfile");
    return { ...call, parameters: { ...call.parameters, ...flags } };
  }
  return ims("UpdateLoginProfile", { ...logon(ref), Status: to.status, ...flags });
};

/** Takes a console logon away, with its password. */
export const deleteLogin = (ref: LoginRef): Call => onUser(ref, "DeleteLoginProfile");

/** Takes the bound device from a user. */
export const unbindDevice = (ref: OfUser): Call => onUser(ref, "UnbindMFADevice");

/** Deletes a device that nobody has bound. */
export const deleteDevice = (ref: MfaDeviceRef): Call => ({
  service: ref.route,
  operation: "DeleteVirtualMFADevice",
  parameters: { SerialNumber: ref.serialNumber },
});

export const renamePasskey = (ref: PasskeyRef, name: string): Call =>
  ims("UpdatePasskey", { ...logon(ref), PasskeyId: ref.passkeyId, PasskeyName: name });

const factor = (ref: VerificationRef, value: string): Call["parameters"] => ({
  ...logon(ref),
  VerifyType: ref.type,
  [ref.type === "sms" ? "MobilePhone" : "Email"]: value,
});

/** Proposes a number or an address as a user's factor; the person has to confirm it. */
export const setVerification = (ref: VerificationRef, value: string): Call =>
  ims("SetVerificationInfo", factor(ref, value));

/** Takes a number or an address from a user; it must be the one that is bound. */
export const unbindVerification = (ref: VerificationRef, value: string): Call =>
  ims("UnbindVerification", factor(ref, value));

/** Sets the whole of a service credential that a reading shows. */
export const setServiceCredential = (ref: ServiceCredentialRef, to: ServiceCredential): Call =>
  ims("UpdateServiceCredential", {
    ...logon(ref),
    ServiceCredentialId: to.credentialId,
    Status: to.status,
    ServiceCredentialName: to.name,
  });

/** Replaces the network policy of a user's key. */
export const setKeyPolicy = (ref: KeyPolicyRef, userName: string, document: JsonObject): Call =>
  ims("SetAccessKeyPolicy", {
    ...logon({ ...ref, userName }),
    UserAccessKeyId: ref.accessKeyId,
    AccessKeyPolicy: JSON.stringify(document),
  });

/** Brings a key back from the recycle bin, with the secret that the service has kept. */
export const restoreKey = ({ accessKeyId, userId }: RecycledKey): Call =>
  ims("RestoreAccessKeyFromRecycleBin", { UserId: userId, UserAccessKeyId: accessKeyId });

/** Moves a key to the recycle bin. */
export const deleteKey = ({ accessKeyId, ...user }: RecycledKeyRef & { readonly userName: string }): Call => {
  const call = onUser(user, "DeleteAccessKey");
  return { ...call, parameters: { ...call.parameters, UserAccessKeyId: accessKeyId } };
};
