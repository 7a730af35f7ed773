import type {
  AppInstallation,
  Application,
  OidcProvider,
  SamlProvider,
} from "../../shared/domain/subjects/federation.ts";
import {
  addToOidcProvider,
  createOidcProvider,
  createSamlProvider,
  deleteApplication,
  deleteAppSecret,
  deleteOidcProvider,
  deleteSamlProvider,
  installApplication,
  removeFromOidcProvider,
  uninstallApplication,
  updateApplication,
  updateOidcProvider,
  updateSamlProvider,
} from "../../shared/operations/federation-calls.ts";

const saml: SamlProvider = {
  kind: "saml-provider",
  providerName: "corp",
  description: "",
  metadata: "bWV0YQ==",
  authnSignAlgo: "rsa-sha256",
  createdAt: "2026-01-02T03:04:05Z",
};

const oidc: OidcProvider = {
  kind: "oidc-provider",
  providerName: "ci",
  description: "",
  issuerUrl: "https://ci.example",
  clientIds: ["a"],
  fingerprints: ["f"],
  issuanceLimitTime: 12,
  createdAt: "2026-01-02T03:04:05Z",
};

const application: Application = {
  kind: "application",
  appId: "4001",
  appName: "bot",
  appType: "WebApp",
  displayName: "bot",
  redirectUris: [],
  scopes: ["openid"],
  requiredScopes: [],
  accessTokenValidity: 3600,
  refreshTokenValidity: 7200,
  secretRequired: true,
  isMultiTenant: false,
  secretIds: [],
  installed: false,
};

const installations: readonly AppInstallation[] = [false, true].map((external) => ({
  kind: "app-installation",
  appId: "4001",
  external,
  scopes: ["openid"],
}));

/** Every call on identity providers that a plan has, sent by itself or with a person's word. */
export const plannedProviders = [
  createSamlProvider(saml),
  updateSamlProvider(saml),
  deleteSamlProvider("corp"),
  createOidcProvider(oidc),
  updateOidcProvider(oidc),
  deleteOidcProvider("ci"),
  ...(["ClientId", "Fingerprint"] as const).flatMap((list) => [
    addToOidcProvider("ci", list, "a"),
    removeFromOidcProvider("ci", list, "a"),
  ]),
];

/** The same on OAuth applications. */
export const plannedApplications = [
  updateApplication(application),
  deleteApplication("4001"),
  deleteAppSecret("4001", "secret-1"),
  ...installations.flatMap((each) => [installApplication(each), uninstallApplication(each)]),
];
