import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind =
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

export const credentialsReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  login: notRead,
  mfa: notRead,
  "mfa-device": notRead,
  passkey: notRead,
  "recycled-key": notRead,
  "key-policy": notRead,
  "service-credential": notRead,
  "public-key": notRead,
  verification: notRead,
  "personal-dingtalk": notRead,
};
