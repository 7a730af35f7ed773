import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

type Kind = "security-preference" | "password-policy" | "account-alias" | "sso-settings" | "domain";

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const settingsRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "security-preference": none,
  "password-policy": none,
  "account-alias": none,
  "sso-settings": none,
  domain: none,
};
