import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind = "saml-provider" | "oidc-provider" | "application" | "app-secret" | "app-installation";

export const federationReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "saml-provider": notRead,
  "oidc-provider": notRead,
  application: notRead,
  "app-secret": notRead,
  "app-installation": notRead,
};
