import type { JsonObject } from "../json.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type SamlProviderRef = RefBase<"saml-provider"> & { readonly providerName: string };
export type SamlProvider = {
  readonly kind: "saml-provider";
  readonly providerName: string;
  readonly description: string;
  /** Base64, without line breaks, as two writings of one document differ in them. */
  readonly metadata: string;
  readonly createdAt: string;
};

export type OidcProviderRef = RefBase<"oidc-provider"> & { readonly providerName: string };
export type OidcProvider = {
  readonly kind: "oidc-provider";
  readonly providerName: string;
  readonly description: string;
  readonly issuerUrl: string;
  readonly clientIds: readonly string[];
  readonly fingerprints: readonly string[];
  /** Hours. */
  readonly issuanceLimitTime: number;
  readonly createdAt: string;
};

export type ApplicationRef = RefBase<"application"> & { readonly appId: string };
export type Application = {
  readonly kind: "application";
  readonly appId: string;
  readonly appName: string;
  /** What else the application is set to, in the parameter names of `Ims.CreateApplication`. */
  readonly fields: JsonObject;
};

export type AppSecretRef = RefBase<"app-secret"> & { readonly appId: string; readonly secretId: string };
export type AppSecret = { readonly kind: "app-secret"; readonly secretId: string };

/** That an application, of the account or from outside, is installed in it. */
export type AppInstallationRef = RefBase<"app-installation"> & { readonly appId: string; readonly external: boolean };
export type AppInstallation = {
  readonly kind: "app-installation";
  readonly appId: string;
  readonly scopes: readonly string[];
};

export type FederationRef = SamlProviderRef | OidcProviderRef | ApplicationRef | AppSecretRef | AppInstallationRef;
export type FederationSubject = SamlProvider | OidcProvider | Application | AppSecret | AppInstallation;

export const samlProviderKind: KindInfo<SamlProviderRef, SamlProvider> = {
  key: ({ providerName }) => [providerName],
  text: ({ providerName }) => `SAML provider ${providerName}`,
  names: ({ providerName }) => [providerName],
  touches: () => "account",
  compared: ({ description, metadata }) => ({ description, metadata }),
  incarnation: ({ createdAt }) => createdAt,
};

export const oidcProviderKind: KindInfo<OidcProviderRef, OidcProvider> = {
  key: ({ providerName }) => [providerName],
  text: ({ providerName }) => `OIDC provider ${providerName}`,
  names: ({ providerName }) => [providerName],
  touches: () => "account",
  compared: ({ description, issuerUrl, clientIds, fingerprints, issuanceLimitTime }) => ({
    description,
    issuerUrl,
    clientIds: [...clientIds].sort(),
    fingerprints: [...fingerprints].sort(),
    issuanceLimitTime,
  }),
  incarnation: ({ createdAt }) => createdAt,
};

export const applicationKind: KindInfo<ApplicationRef, Application> = {
  key: ({ appId }) => [appId],
  text: ({ appId }) => `OAuth application ${appId}`,
  names: ({ appId }) => [appId],
  touches: () => "account",
  compared: ({ appId, appName, fields }) => ({ appId, appName, fields }),
};

export const appSecretKind: KindInfo<AppSecretRef, AppSecret> = {
  key: ({ appId, secretId }) => [appId, secretId],
  text: ({ appId, secretId }) => `secret ${secretId} of OAuth application ${appId}`,
  names: ({ appId, secretId }) => [appId, secretId],
  touches: () => "account",
  compared: ({ secretId }) => ({ secretId }),
};

export const appInstallationKind: KindInfo<AppInstallationRef, AppInstallation> = {
  key: ({ appId }) => [appId],
  text: ({ appId }) => `installation of OAuth application ${appId}`,
  names: ({ appId }) => [appId],
  touches: () => "account",
  compared: ({ appId, scopes }) => ({ appId, scopes: [...scopes].sort() }),
};
