import type { Call } from "../domain/plan.ts";
import type { AppInstallation, Application, OidcProvider, SamlProvider } from "../domain/subjects/federation.ts";

const ims = (operation: string, parameters: Call["parameters"]): Call => ({ service: "Ims", operation, parameters });

/** Left out where nothing is known of it: then the service's own default holds. */
const algorithm = ({ authnSignAlgo }: SamlProvider) => (authnSignAlgo === "" ? {} : { AuthnSignAlgo: authnSignAlgo });

export const createSamlProvider = (provider: SamlProvider): Call =>
  ims("CreateSAMLProvider", {
    SAMLProviderName: provider.providerName,
    EncodedSAMLMetadataDocument: provider.metadata,
    Description: provider.description,
    ...algorithm(provider),
  });

/** Sets a provider as a whole. */
export const updateSamlProvider = (provider: SamlProvider): Call =>
  ims("UpdateSAMLProvider", {
    SAMLProviderName: provider.providerName,
    NewEncodedSAMLMetadataDocument: provider.metadata,
    NewDescription: provider.description,
    ...algorithm(provider),
  });

export const deleteSamlProvider = (name: string): Call => ims("DeleteSAMLProvider", { SAMLProviderName: name });

export const createOidcProvider = (provider: OidcProvider): Call =>
  ims("CreateOIDCProvider", {
    OIDCProviderName: provider.providerName,
    IssuerUrl: provider.issuerUrl,
    ClientIds: provider.clientIds.join(","),
    Fingerprints: provider.fingerprints.join(","),
    IssuanceLimitTime: provider.issuanceLimitTime,
    Description: provider.description,
  });

/** Sets all but the fingerprints of a provider: `ClientIds` replaces the whole list (`ram-api.md` §5). */
export const updateOidcProvider = (provider: OidcProvider): Call =>
  ims("UpdateOIDCProvider", {
    OIDCProviderName: provider.providerName,
    ClientIds: provider.clientIds.join(","),
    IssuanceLimitTime: provider.issuanceLimitTime,
    NewDescription: provider.description,
  });

export const deleteOidcProvider = (name: string): Call => ims("DeleteOIDCProvider", { OIDCProviderName: name });

/** Adds one element to a list of a provider. */
export const addToOidcProvider = (name: string, list: "ClientId" | "Fingerprint", value: string): Call =>
  ims(`Add${list}ToOIDCProvider`, { OIDCProviderName: name, [list]: value });

/** Takes one element out of a list of a provider. */
export const removeFromOidcProvider = (name: string, list: "ClientId" | "Fingerprint", value: string): Call =>
  ims(`Remove${list}FromOIDCProvider`, { OIDCProviderName: name, [list]: value });

/** Sets an application as a whole; its lists are one text each, joined by semicolons. */
export const updateApplication = (application: Application): Call =>
  ims("UpdateApplication", {
    AppId: application.appId,
    NewDisplayName: application.displayName,
    NewRedirectUris: application.redirectUris.join(";"),
    NewPredefinedScopes: application.scopes.join(";"),
    NewRequiredScopes: application.requiredScopes.join(";"),
    NewAccessTokenValidity: application.accessTokenValidity,
    NewRefreshTokenValidity: application.refreshTokenValidity,
    NewIsMultiTenant: application.isMultiTenant,
    NewSecretRequired: application.secretRequired,
  });

export const deleteApplication = (appId: string): Call => ims("DeleteApplication", { AppId: appId });

export const deleteAppSecret = (appId: string, secretId: string): Call =>
  ims("DeleteAppSecret", { AppId: appId, AppSecretId: secretId });

const which = ({ external }: AppInstallation): string => (external ? "ExternalApplication" : "Application");

/** Installs an application with the scopes that it had. */
export const installApplication = (installation: AppInstallation): Call =>
  ims(`Provision${which(installation)}`, { AppId: installation.appId, Scopes: installation.scopes.join(";") });

export const uninstallApplication = (installation: AppInstallation): Call =>
  ims(`Deprovision${which(installation)}`, { AppId: installation.appId });
