import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind = "security-preference" | "password-policy" | "account-alias" | "sso-settings" | "domain";

export const settingsReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "security-preference": notRead,
  "password-policy": notRead,
  "account-alias": notRead,
  "sso-settings": notRead,
  domain: notRead,
};
