import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

type Kind = "saml-provider" | "oidc-provider" | "application" | "app-secret" | "app-installation";

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const federationRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "saml-provider": none,
  "oidc-provider": none,
  application: none,
  "app-secret": none,
  "app-installation": none,
};
