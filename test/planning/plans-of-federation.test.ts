import { describe } from "vitest";
import { gone } from "../../shared/domain/subject.ts";
import type {
  AppInstallation,
  AppInstallationRef,
  Application,
  ApplicationRef,
  AppSecret,
  AppSecretRef,
  OidcProvider,
  OidcProviderRef,
  SamlProvider,
  SamlProviderRef,
} from "../../shared/domain/subjects/federation.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const at = { accountId: own, route: "Ims" } as const;

const samlRef: SamlProviderRef = { kind: "saml-provider", ...at, providerName: "corp" };
const saml = (over: Partial<SamlProvider> = {}): SamlProvider => ({
  kind: "saml-provider",
  providerName: "corp",
  description: "of the company",
  metadata: "PG1ldGE+",
  authnSignAlgo: "rsa-sha256",
  createdAt: "2026-01-02T03:04:05Z",
  ...over,
});
const ssoRef: SamlProviderRef = { ...samlRef, providerName: "AliyunReservedSSO-corp" };

describe("a SAML provider", () => {
  goldenPlans("saml-providers", {
    "that is new": [changed(samlRef, gone, saml())],
    "that is new, asked to ask": [changed(samlRef, gone, saml()), "ask"],
    "that was deleted": [changed(samlRef, saml(), gone)],
    "that never was": [changed(samlRef, gone, gone)],
    "that was not known": [changed(samlRef, undefined, saml())],
    "whose metadata is another": [changed(samlRef, saml(), saml({ metadata: "PG90aGVyPg==", description: "" }))],
    "that was made again since, and is what it was": [
      changed(samlRef, saml(), saml({ createdAt: "2026-02-02T03:04:05Z" })),
    ],
    "that was made again with other metadata": [
      changed(samlRef, saml(), saml({ metadata: "PG90aGVyPg==", createdAt: "2026-02-02T03:04:05Z" })),
    ],
    "of CloudSSO": [changed(ssoRef, gone, saml({ providerName: "AliyunReservedSSO-corp" }))],
  });
});

const oidcRef: OidcProviderRef = { kind: "oidc-provider", ...at, providerName: "ci" };
const oidc = (over: Partial<OidcProvider> = {}): OidcProvider => ({
  kind: "oidc-provider",
  providerName: "ci",
  description: "builds",
  issuerUrl: "https://ci.example",
  clientIds: ["a", "b"],
  fingerprints: ["f1", "f2"],
  issuanceLimitTime: 12,
  createdAt: "2026-01-02T03:04:05Z",
  ...over,
});

describe("an OIDC provider", () => {
  goldenPlans("oidc-providers", {
    "that is new": [changed(oidcRef, gone, oidc())],
    "that is new, asked to ask": [changed(oidcRef, gone, oidc()), "ask"],
    "that was deleted": [changed(oidcRef, oidc(), gone)],
    "that never was": [changed(oidcRef, gone, gone)],
    "that was not known": [changed(oidcRef, undefined, oidc())],
    "that is what it was": [changed(oidcRef, oidc(), oidc())],
    "that was given a client": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c"] }))],
    "that was given a client, asked to ask": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c"] })), "ask"],
    "that was given a client and a fingerprint": [
      changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c"], fingerprints: ["f1", "f2", "f3"] })),
    ],
    "that was given three clients": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c", "d", "e"] }))],
    "that was given four clients": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c", "d", "e", "f"] }))],
    "that lost a client": [changed(oidcRef, oidc(), oidc({ clientIds: ["a"] }))],
    "that lost a fingerprint": [changed(oidcRef, oidc(), oidc({ fingerprints: ["f1"] }))],
    "whose client is another": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "c"] }))],
    "whose client is another, asked to ask": [changed(oidcRef, oidc(), oidc({ clientIds: ["a", "c"] })), "ask"],
    "whose clients and fingerprints are all others": [
      changed(oidcRef, oidc(), oidc({ clientIds: ["x"], fingerprints: ["y"], description: "", issuanceLimitTime: 24 })),
    ],
    "whose two clients are two others": [changed(oidcRef, oidc(), oidc({ clientIds: ["c", "d"] })), "ask"],
    "that accepts older tokens": [changed(oidcRef, oidc(), oidc({ issuanceLimitTime: 24 }))],
    "that accepts only newer tokens": [changed(oidcRef, oidc(), oidc({ issuanceLimitTime: 1 }))],
    "that accepts only newer tokens and was given a client": [
      changed(oidcRef, oidc(), oidc({ issuanceLimitTime: 1, clientIds: ["a", "b", "c"] })),
    ],
    "that was described": [changed(oidcRef, oidc(), oidc({ description: "other" }))],
    "that was given a client, and another since": [
      changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c", "d"] }), {
        claimed: oidc({ clientIds: ["a", "b", "c"] }),
      }),
    ],
    "that was given a client, which is gone again": [
      changed(oidcRef, oidc(), oidc(), { claimed: oidc({ clientIds: ["a", "b", "c"] }) }),
    ],
    "that lost a client, and was described since": [
      changed(oidcRef, oidc(), oidc({ clientIds: ["a"], description: "newer" }), {
        claimed: oidc({ clientIds: ["a"] }),
      }),
    ],
    "that was described, and accepts older tokens since": [
      changed(oidcRef, oidc(), oidc({ description: "other", issuanceLimitTime: 24 }), {
        claimed: oidc({ description: "other" }),
      }),
    ],
    "whose event says that it is gone": [
      changed(oidcRef, oidc(), oidc({ clientIds: ["a", "b", "c"] }), { claimed: gone }),
    ],
  });
});

const applicationRef: ApplicationRef = { kind: "application", ...at, appId: "app-1" };
const application = (over: Partial<Application> = {}): Application => ({
  kind: "application",
  appId: "app-1",
  appName: "shop",
  appType: "WebApp",
  displayName: "Shop",
  redirectUris: ["https://shop.example/in"],
  scopes: ["openid", "/acs/ccc"],
  requiredScopes: ["openid"],
  accessTokenValidity: 3600,
  refreshTokenValidity: 7200,
  secretRequired: true,
  isMultiTenant: false,
  secretIds: [],
  installed: false,
  ...over,
});

describe("an application", () => {
  goldenPlans("applications", {
    "that is new": [changed(applicationRef, gone, application())],
    "that is new, asked to ask": [changed(applicationRef, gone, application()), "ask"],
    "that is new and has a secret": [changed(applicationRef, gone, application({ secretIds: ["s-1"] }))],
    "that is new and installed": [changed(applicationRef, gone, application({ installed: true }))],
    "that was deleted": [changed(applicationRef, application(), gone)],
    "that was not known": [changed(applicationRef, undefined, application())],
    "that is what it was": [changed(applicationRef, application(), application())],
    "that only got a secret and was installed": [
      changed(applicationRef, application(), application({ secretIds: ["s-1"], installed: true })),
    ],
    "that was given an address and a scope": [
      changed(
        applicationRef,
        application(),
        application({
          redirectUris: ["https://shop.example/in", "https://evil.example/in"],
          scopes: ["openid", "/acs/ccc", "/acs/ram"],
          requiredScopes: ["openid"],
        }),
      ),
    ],
    "that was renamed": [changed(applicationRef, application({ displayName: "S" }), application())],
    "whose tokens live longer, for many tenants, without a secret": [
      changed(
        applicationRef,
        application(),
        application({
          accessTokenValidity: 7200,
          refreshTokenValidity: 31_536_000,
          isMultiTenant: true,
          secretRequired: false,
        }),
      ),
    ],
    "whose tokens live shorter": [
      changed(applicationRef, application(), application({ accessTokenValidity: 900, refreshTokenValidity: 900 })),
    ],
    "that is for one tenant only now": [changed(applicationRef, application({ isMultiTenant: true }), application())],
    "that demands a secret now": [changed(applicationRef, application({ secretRequired: false }), application())],
    "that lost an address": [changed(applicationRef, application(), application({ redirectUris: [] }))],
    "whose address is another": [
      changed(applicationRef, application(), application({ redirectUris: ["https://evil.example/in"] })),
    ],
    "whose address is another, asked to ask": [
      changed(applicationRef, application(), application({ redirectUris: ["https://evil.example/in"] })),
      "ask",
    ],
    "that lost a scope that it required, and was given another": [
      changed(
        applicationRef,
        application({ requiredScopes: ["openid", "/acs/ccc"] }),
        application({ scopes: ["openid", "/acs/ram"], requiredScopes: ["/acs/ram"] }),
      ),
    ],
    "that lost one of its scopes": [changed(applicationRef, application(), application({ scopes: ["openid"] }))],
    "that requires one scope more": [
      changed(applicationRef, application(), application({ requiredScopes: ["openid", "/acs/ccc"] })),
    ],
  });
});

const secretRef: AppSecretRef = { kind: "app-secret", ...at, appId: "app-1", at: 1_700_000_000_000 };
const secret: AppSecret = { kind: "app-secret", secretId: "s-1" };

describe("a secret of an application", () => {
  goldenPlans("app-secrets", {
    "that is new": [changed(secretRef, gone, secret)],
    "that is new, asked to ask": [changed(secretRef, gone, secret), "ask"],
    "that was there before": [changed(secretRef, secret, secret)],
    "that was deleted": [changed(secretRef, secret, gone)],
    "that was not known": [changed(secretRef, undefined, secret)],
  });
});

const installationRef = (external: boolean): AppInstallationRef => ({
  kind: "app-installation",
  ...at,
  appId: "app-1",
  external,
});
const installation = (external: boolean): AppInstallation => ({
  kind: "app-installation",
  appId: "app-1",
  external,
  scopes: ["openid"],
});

describe("the installation of an application", () => {
  goldenPlans("app-installations", {
    "that is new": [changed(installationRef(false), gone, installation(false))],
    "that is new, from outside": [changed(installationRef(true), gone, installation(true))],
    "that is new, asked to ask": [changed(installationRef(true), gone, installation(true)), "ask"],
    "that was taken away": [changed(installationRef(false), installation(false), gone)],
    "that was there before": [changed(installationRef(false), installation(false), installation(false))],
    "that never was": [changed(installationRef(false), gone, gone)],
    "that was not known": [changed(installationRef(false), undefined, installation(false))],
  });
});
