import type { JsonObject } from "../json.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

/** A user's own thing: found by its name, and by its logon name where the event gave it. */
type OfUser<Kind extends string> = RefBase<Kind> & { readonly userName: string; readonly principalName?: string };

/** The kinds of subject that are somebody's means to prove who they are, AccessKeys in use apart. */
export type CredentialKind =
  | "login"
  | "mfa"
  | "mfa-device"
  | "passkey"
  | "recycled-key"
  | "key-policy"
  | "service-credential"
  | "public-key"
  | "verification"
  | "personal-dingtalk";

/** A user's console logon. */
export type LoginRef = OfUser<"login">;
export type Login = {
  readonly kind: "login";
  /** Of the user; no answer about a logon tells it, so a claim has none. */
  readonly userId?: string;
  readonly status: "Active" | "Inactive";
  readonly mfaBindRequired: boolean;
  readonly passwordResetRequired: boolean;
  /** When it was changed last, or made, as Ims writes it. */
  readonly updatedAt?: string;
};

/** The second factor that is bound to a user. */
export type MfaRef = OfUser<"mfa">;
export type Mfa = { readonly kind: "mfa"; readonly serialNumber: string };

/** A virtual MFA device, whoever it is bound to. */
export type MfaDeviceRef = RefBase<"mfa-device"> & { readonly serialNumber: string };
/** `boundTo` is the user's name, empty for a device that nobody has. */
export type MfaDevice = { readonly kind: "mfa-device"; readonly serialNumber: string; readonly boundTo: string };

export type PasskeyRef = OfUser<"passkey"> & { readonly passkeyId: string };
export type Passkey = { readonly kind: "passkey"; readonly passkeyId: string; readonly name: string };

/** A key that is in the recycle bin: what can still be brought back. Some calls name its owner, some only the owner's id. */
export type RecycledKeyRef = RefBase<"recycled-key"> & {
  readonly accessKeyId: string;
  readonly userName?: string;
  readonly userId?: string;
};
export type RecycledKey = {
  readonly kind: "recycled-key";
  readonly accessKeyId: string;
  /** Of the owner: what bringing it back asks for. Empty in a claim. */
  readonly userId: string;
};

/** From where one AccessKey may be used. It has no user where the key is the account owner's. */
export type KeyPolicyRef = RefBase<"key-policy"> & {
  readonly userName?: string;
  readonly principalName?: string;
  readonly accessKeyId: string;
};
/** A key that never had a policy reads like one whose policy was cleared: nothing limits it. */
export type KeyPolicy = { readonly kind: "key-policy"; readonly document: JsonObject };

/** A long-lived key of one service. Its name serves where the event does not tell its id. */
export type ServiceCredentialRef = OfUser<"service-credential"> & {
  readonly credentialId?: string;
  readonly name?: string;
};
export type ServiceCredential = {
  readonly kind: "service-credential";
  readonly credentialId: string;
  readonly name: string;
  readonly status: "Active" | "Inactive";
  /** For how long it is valid from when it was made; absent where only an event that does not tell it does tell of it. */
  readonly validDays?: number | "unlimited";
};

/** A key that a user uploaded; no API reads it. The id is missing where the event does not tell it. */
export type PublicKeyRef = OfUser<"public-key"> & { readonly publicKeyId?: string };
export type PublicKey = {
  readonly kind: "public-key";
  readonly publicKeyId?: string;
  readonly status: "Active" | "Inactive";
};

/** The phone number or the address by which a user proves to be who they are. */
export type VerificationRef = OfUser<"verification"> & {
  readonly type: "sms" | "email";
  /** What a call took away: its request names it. */
  readonly former?: string;
};
/** `value` is the address, or the number as `86-13900001234`. */
export type Verification = {
  readonly kind: "verification";
  readonly type: "sms" | "email";
  readonly value: string;
};

/** A person's own DingTalk account, bound to a user. */
export type PersonalDingTalkRef = OfUser<"personal-dingtalk">;
export type PersonalDingTalk = { readonly kind: "personal-dingtalk"; readonly userName: string };

export type CredentialRef =
  | LoginRef
  | MfaRef
  | MfaDeviceRef
  | PasskeyRef
  | RecycledKeyRef
  | KeyPolicyRef
  | ServiceCredentialRef
  | PublicKeyRef
  | VerificationRef
  | PersonalDingTalkRef;
export type CredentialSubject =
  | Login
  | Mfa
  | MfaDevice
  | Passkey
  | RecycledKey
  | KeyPolicy
  | ServiceCredential
  | PublicKey
  | Verification
  | PersonalDingTalk;

const ofUser = {
  names: ({ userName }: { readonly userName: string }) => [userName],
  touches: ({ userName }: { readonly userName: string }) => ({ kind: "user", name: userName }) as const,
};

export const loginKind: KindInfo<LoginRef, Login> = {
  ...ofUser,
  key: ({ userName }) => [userName],
  text: ({ userName }) => `console logon of user ${userName}`,
  compared: ({ status, mfaBindRequired, passwordResetRequired }) => ({
    status,
    mfaBindRequired,
    passwordResetRequired,
  }),
  incarnation: ({ userId }) => userId,
};

export const mfaKind: KindInfo<MfaRef, Mfa> = {
  ...ofUser,
  key: ({ userName }) => [userName],
  text: ({ userName }) => `MFA device of user ${userName}`,
  compared: ({ serialNumber }) => ({ serialNumber }),
};

export const mfaDeviceKind: KindInfo<MfaDeviceRef, MfaDevice> = {
  key: ({ serialNumber }) => [serialNumber],
  text: ({ serialNumber }) => `virtual MFA device ${serialNumber}`,
  names: ({ serialNumber }) => [serialNumber],
  touches: () => "account",
  compared: ({ serialNumber, boundTo }) => ({ serialNumber, boundTo }),
};

export const passkeyKind: KindInfo<PasskeyRef, Passkey> = {
  ...ofUser,
  key: ({ userName, passkeyId }) => [userName, passkeyId],
  names: ({ userName, passkeyId }) => [userName, passkeyId],
  text: ({ userName, passkeyId }) => `passkey ${passkeyId} of user ${userName}`,
  compared: ({ passkeyId, name }) => ({ passkeyId, name }),
};

export const recycledKeyKind: KindInfo<RecycledKeyRef, RecycledKey> = {
  key: ({ accessKeyId }) => [accessKeyId],
  text: ({ accessKeyId }) => `AccessKey ${accessKeyId} in the recycle bin`,
  names: ({ accessKeyId, userName }) => [accessKeyId, ...(userName === undefined ? [] : [userName])],
  touches: ({ userName }) => (userName === undefined ? "account" : { kind: "user", name: userName }),
  compared: ({ accessKeyId }) => ({ accessKeyId }),
};

export const keyPolicyKind: KindInfo<KeyPolicyRef, KeyPolicy> = {
  key: ({ accessKeyId }) => [accessKeyId],
  text: ({ accessKeyId, userName }) =>
    `network policy of AccessKey ${accessKeyId} of ${userName === undefined ? "the account owner (root)" : `user ${userName}`}`,
  names: ({ userName, accessKeyId }) => [...(userName === undefined ? [] : [userName]), accessKeyId],
  touches: ({ userName }) => (userName === undefined ? "root" : { kind: "user", name: userName }),
  compared: ({ document }) => ({ document }),
};

export const serviceCredentialKind: KindInfo<ServiceCredentialRef, ServiceCredential> = {
  ...ofUser,
  key: ({ userName, credentialId, name = "" }) => [userName, credentialId ?? `named-${name}`],
  text: ({ userName, credentialId, name = "" }) =>
    `service credential ${credentialId ?? `named ${name}`} of user ${userName}`,
  names: ({ userName, credentialId, name }) => [userName, credentialId, name].filter((one) => one !== undefined),
  compared: ({ credentialId, name, status }) => ({ credentialId, name, status }),
};

export const publicKeyKind: KindInfo<PublicKeyRef, PublicKey> = {
  ...ofUser,
  key: ({ userName, publicKeyId }) => [userName, publicKeyId ?? "id-not-told"],
  text: ({ userName, publicKeyId }) => `public key ${publicKeyId ?? "(id not in the event)"} of user ${userName}`,
  names: ({ userName, publicKeyId }) => [userName, ...(publicKeyId === undefined ? [] : [publicKeyId])],
  compared: ({ publicKeyId = "", status }) => ({ publicKeyId, status }),
};

export const verificationKind: KindInfo<VerificationRef, Verification> = {
  ...ofUser,
  key: ({ userName, type }) => [userName, type],
  text: ({ userName, type }) => `verification by ${type} of user ${userName}`,
  compared: ({ type, value }) => ({ type, value }),
};

export const personalDingTalkKind: KindInfo<PersonalDingTalkRef, PersonalDingTalk> = {
  ...ofUser,
  key: ({ userName }) => [userName],
  text: ({ userName }) => `personal DingTalk account of user ${userName}`,
  compared: ({ userName }) => ({ userName }),
};
