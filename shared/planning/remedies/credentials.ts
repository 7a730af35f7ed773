import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

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

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const credentialsRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  login: none,
  mfa: none,
  "mfa-device": none,
  passkey: none,
  "recycled-key": none,
  "key-policy": none,
  "service-credential": none,
  "public-key": none,
  verification: none,
  "personal-dingtalk": none,
};
