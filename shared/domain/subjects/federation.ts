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
  readonly authnSignAlgo: string;
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
  readonly appType: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  /** What may be asked of users in the application's name. */
  readonly scopes: readonly string[];
  readonly requiredScopes: readonly string[];
  /** Seconds. */
  readonly accessTokenValidity: number;
  /** Seconds. */
  readonly refreshTokenValidity: number;
  readonly secretRequired: boolean;
  readonly isMultiTenant: boolean;
  /** What is lost with the application: the ids of its secrets, and whether it is installed in the account. */
  readonly secretIds: readonly string[];
  readonly installed: boolean;
};

/** A secret of an application; found by when it was made where the event does not tell its id. */
export type AppSecretRef = RefBase<"app-secret"> & {
  readonly appId: string;
  readonly secretId?: string;
  /** When the call was made, epoch milliseconds. */
  readonly at: number;
};
export type AppSecret = { readonly kind: "app-secret"; readonly secretId: string };

/** That an application, of the account or from outside, is installed in it. */
export type AppInstallationRef = RefBase<"app-installation"> & { readonly appId: string; readonly external: boolean };
export type AppInstallation = {
  readonly kind: "app-installation";
  readonly appId: string;
  readonly external: boolean;
  readonly scopes: readonly string[];
};

export type FederationRef = SamlProviderRef | OidcProviderRef | ApplicationRef | AppSecretRef | AppInstallationRef;
export type FederationSubject = SamlProvider | OidcProvider | Application | AppSecret | AppInstallation;

export const samlProviderKind: KindInfo<SamlProviderRef, SamlProvider> = {
  key: ({ providerName }) => [providerName],
  text: ({ providerName }) => `SAML provider ${providerName}`,
  names: ({ providerName }) => [providerName],
  touches: () => "account",
  compared: ({ description, metadata, authnSignAlgo }) => ({ description, metadata, authnSignAlgo }),
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

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

const settingsOf = ({
  kind: _,
  redirectUris,
  scopes,
  requiredScopes,
  secretIds,
  ...rest
}: Application): JsonObject => ({
  ...rest,
  redirectUris: sorted(redirectUris),
  scopes: sorted(scopes),
  requiredScopes: sorted(requiredScopes),
  secretIds: sorted(secretIds),
});

export const applicationKind: KindInfo<ApplicationRef, Application> = {
  key: ({ appId }) => [appId],
  text: ({ appId }) => `OAuth application ${appId}`,
  names: ({ appId }) => [appId],
  touches: () => "account",
  compared: settingsOf,
};

export const appSecretKind: KindInfo<AppSecretRef, AppSecret> = {
  key: ({ appId, secretId, at }) => [appId, secretId ?? `made-at-${at}`],
  text: ({ appId, secretId }) => `secret ${secretId ?? "(id not in the event)"} of OAuth application ${appId}`,
  names: ({ appId, secretId }) => (secretId === undefined ? [appId] : [appId, secretId]),
  touches: () => "account",
  compared: ({ secretId }) => ({ secretId }),
};

export const appInstallationKind: KindInfo<AppInstallationRef, AppInstallation> = {
  key: ({ appId }) => [appId],
  text: ({ appId }) => `installation of OAuth application ${appId}`,
  names: ({ appId }) => [appId],
  touches: () => "account",
  compared: ({ appId, scopes }) => ({ appId, scopes: sorted(scopes) }),
};
