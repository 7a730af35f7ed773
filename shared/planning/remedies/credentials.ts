import type { CredentialKind } from "../../domain/subjects/credentials.ts";
import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";
import { keyPolicyRemedy, recycledKeyRemedy, serviceCredentialRemedy } from "./keys-of-users.ts";
import { loginRemedy } from "./login.ts";
import { mfaDeviceRemedy, mfaRemedy, passkeyRemedy, verificationRemedy } from "./second-factors.ts";

/** Operations without a published contract are told, and nothing is guessed. */
const noContract = (): ReturnType<Remedier<CredentialKind>> =>
  noRemedy("not-reversible", "no contract is published of the calls that would put it back");

export const credentialsRemedies: { readonly [kind in CredentialKind]: Remedier<kind> } = {
  login: loginRemedy,
  mfa: mfaRemedy,
  "mfa-device": mfaDeviceRemedy,
  passkey: passkeyRemedy,
  "recycled-key": recycledKeyRemedy,
  "key-policy": keyPolicyRemedy,
  "service-credential": serviceCredentialRemedy,
  "public-key": noContract,
  verification: verificationRemedy,
  "personal-dingtalk": noContract,
};
