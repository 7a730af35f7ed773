import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { onAny, onResource, parameter } from "./permission.ts";

const onSaml = (call: Call, accountId: AccountId): readonly Permission[] =>
  onResource(call, accountId, `saml-provider/${parameter(call, "SAMLProviderName")}`);

const onOidc = (call: Call, accountId: AccountId): readonly Permission[] =>
  onResource(call, accountId, `oidc-provider/${parameter(call, "OIDCProviderName")}`);

/** What does not exist yet is authorised as any of its sort. */
const onAnySaml = (call: Call, accountId: AccountId): readonly Permission[] =>
  onAny(call, `acs:ram:*:${accountId}:saml-provider/*`);

const onAnyOidc = (call: Call, accountId: AccountId): readonly Permission[] =>
  onAny(call, `acs:ram:*:${accountId}:oidc-provider/*`);

/** The pages of the calls on applications print all resources. */
const onAnything = (call: Call): readonly Permission[] => onAny(call);

export const federationPermissions: Permissions = {
  "Ims.CreateSAMLProvider": onAnySaml,
  "Ims.UpdateSAMLProvider": onSaml,
  "Ims.DeleteSAMLProvider": onSaml,
  "Ims.CreateOIDCProvider": onAnyOidc,
  "Ims.UpdateOIDCProvider": onOidc,
  "Ims.DeleteOIDCProvider": onOidc,
  "Ims.AddClientIdToOIDCProvider": onOidc,
  "Ims.RemoveClientIdFromOIDCProvider": onOidc,
  "Ims.AddFingerprintToOIDCProvider": onOidc,
  "Ims.RemoveFingerprintFromOIDCProvider": onOidc,
  "Ims.UpdateApplication": onAnything,
  "Ims.DeleteApplication": onAnything,
  "Ims.DeleteAppSecret": onAnything,
  "Ims.ProvisionApplication": onAnything,
  "Ims.DeprovisionApplication": onAnything,
  "Ims.ProvisionExternalApplication": onAnything,
  "Ims.DeprovisionExternalApplication": onAnything,
};
