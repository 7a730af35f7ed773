import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../shared/domain/json.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { CataloguedId } from "../../shared/operations/catalogue.ts";
import { directoryOperations } from "../../shared/operations/directory.ts";
import type { Entries } from "../../shared/operations/entry.ts";
import { federationOperations } from "../../shared/operations/federation.ts";
import { settingsOperations } from "../../shared/operations/settings.ts";

const accountId = "1234567890123456";
const entries: Entries = { ...settingsOperations, ...federationOperations, ...directoryOperations };

const read = (id: CataloguedId, request: JsonObject, response?: JsonObject) => {
  const entry = entries[id];
  if (entry === undefined) throw new Error(`no entry of ${id}`);
  return entry.read({
    accountId,
    actor: { kind: "user", accountId, name: "mallory" },
    occurredAt: 1_780_000_000_000,
    request,
    response,
  });
};

const claimOf = (id: CataloguedId, request: JsonObject, response?: JsonObject) => {
  const reading = read(id, request, response);
  if (!reading.ok || reading.value.kind !== "subject") throw new Error(JSON.stringify(reading));
  return reading.value.claimed;
};

const preference = {
  LoginProfilePreference: {
    LoginNetworkMasks: "10.0.0.0/8",
    LoginSessionDuration: "6",
    MFAOperationForLogin: "mandatory",
    EnableSaveMFATicket: "false",
    FieldOfTomorrow: "x",
  },
  AccessKeyPreference: { AllowUserToManageAccessKeys: false },
  VerificationPreference: { VerificationTypes: ["sms", "email"] },
};

describe("settings", () => {
  it("are claimed flat, in the types that Ims has, with what nobody knows", () => {
    expect(claimOf("Ims.SetSecurityPreference", {}, { SecurityPreference: preference })).toEqual({
      kind: "security-preference",
      fields: {
        LoginNetworkMasks: "10.0.0.0/8",
        LoginSessionDuration: 6,
        MFAOperationForLogin: "mandatory",
        EnableSaveMFATicket: false,
        FieldOfTomorrow: "x",
        AllowUserToManageAccessKeys: false,
        VerificationTypes: ["email", "sms"],
      },
    });
  });

  it.each([
    ["Ram.SetSecurityPreference", { SecurityPreference: preference }],
    ["Ram.SetPasswordPolicy", { PasswordPolicy: { HardExpiry: true, MinimumPasswordLength: 8 } }],
    ["Ims.SetPasswordPolicy", { PasswordPolicy: { HardExpire: true, MinimumPasswordLength: 8 } }],
    ["Ims.SetSecurityPreference", { SecurityPreference: { LoginProfilePreference: { LoginSessionDuration: 6 } } }],
    [
      "Ims.SetSecurityPreference",
      { SecurityPreference: { ...preference, AccessKeyPreference: { AllowUserToManageAccessKeys: "perhaps" } } },
    ],
    ["Ims.SetUserSsoSettings", { UserSsoSettings: { MetadataDocument: "" } }],
    ["Ims.SetUserSsoSettings", undefined],
  ] as const)("%s claims nothing where its answer does not tell the whole", (id, response) => {
    expect(claimOf(id, { LoginNetworkMasks: "0.0.0.0/0" }, response)).toBeUndefined();
  });

  it("of user SSO are claimed without the line breaks of the metadata", () => {
    const told = { SsoEnabled: "true", MetadataDocument: "bWV0\r\n YQ==" };
    expect(claimOf("Ims.SetUserSsoSettings", {}, { UserSsoSettings: told })).toEqual({
      kind: "sso-settings",
      fields: { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: "" },
    });
  });

  it.each([
    ["Ram.SetAccountAlias", { AccountAlias: "corp" }, "corp"],
    ["Ram.ClearAccountAlias", {}, ""],
    ["Ims.SetDefaultDomain", { DefaultDomainName: "corp.onaliyun.com" }, "corp"],
    ["Ims.SetDefaultDomain", { DefaultDomainName: `${accountId}.onaliyun.com` }, ""],
  ] as const)("%s %o claims one alias, whoever set it", (id, request, alias) => {
    expect(claimOf(id, request)).toEqual({ kind: "account-alias", alias });
  });

  it.each([
    ["Ram.SetAccountAlias", {}],
    ["Ram.SetAccountAlias", { AccountAlias: ["corp"] }],
    ["Ims.SetDefaultDomain", {}],
    ["Ims.SetDefaultDomain", { DefaultDomainName: "corp.example" }],
    ["Ims.SetDefaultDomain", { DefaultDomainName: ".onaliyun.com" }],
    ["Ims.AddDomain", { DomainName: null }],
  ] as const)("%s with %o is refused, without a word of the value", (id, request) => {
    const reading = read(id, request as JsonObject);
    expect(reading.ok).toBe(false);
    expect(JSON.stringify(reading)).not.toContain("corp");
  });
});

const oidc = {
  OIDCProviderName: "ci",
  IssuerUrl: "https://ci.example",
  ClientIds: "a, b",
  Fingerprints: "",
  IssuanceLimitTime: "12",
  CreateDate: "2026-01-02T03:04:05Z",
};

describe("identity providers", () => {
  it.each([
    "Ims.CreateOIDCProvider",
    "Ims.UpdateOIDCProvider",
    "Ims.AddClientIdToOIDCProvider",
    "Ims.RemoveFingerprintFromOIDCProvider",
  ] as const)("%s claims the whole provider from its answer, and nothing without one", (id) => {
    expect(claimOf(id, { OIDCProviderName: "ci" }, { OIDCProvider: oidc })).toEqual({
      kind: "oidc-provider",
      providerName: "ci",
      description: "",
      issuerUrl: "https://ci.example",
      clientIds: ["a", "b"],
      fingerprints: [],
      issuanceLimitTime: 12,
      createdAt: "2026-01-02T03:04:05Z",
    });
    expect(claimOf(id, { OIDCProviderName: "ci", ClientIds: "a" })).toBeUndefined();
    expect(claimOf(id, { OIDCProviderName: "ci" }, { OIDCProvider: { ...oidc, ClientIds: [1] } })).toBeUndefined();
  });

  it("of SAML are claimed with the metadata of the request, and not where an update leaves it out", () => {
    const response = { SAMLProvider: { SAMLProviderName: "corp", CreateDate: "2026-01-02T03:04:05Z" } };
    const name = { SAMLProviderName: "corp" };
    const metadata = "bWV0\nYQ==";
    const whole = { kind: "saml-provider", providerName: "corp", metadata: "bWV0YQ==" };
    expect(
      claimOf("Ims.CreateSAMLProvider", { ...name, EncodedSAMLMetadataDocument: metadata }, response),
    ).toMatchObject(whole);
    expect(
      claimOf("Ims.UpdateSAMLProvider", { ...name, NewEncodedSAMLMetadataDocument: metadata }, response),
    ).toMatchObject(whole);
    expect(claimOf("Ims.UpdateSAMLProvider", { ...name, NewDescription: "x" }, response)).toBeUndefined();
    expect(claimOf("Ims.CreateSAMLProvider", { ...name, EncodedSAMLMetadataDocument: metadata })).toBeUndefined();
  });

  it.each(Object.keys(federationOperations).filter((id) => id !== "Ims.CreateApplication") as readonly CataloguedId[])(
    "%s is refused where it names nothing",
    (id) => {
      expect(read(id, {}).ok).toBe(false);
      expect(read(id, { SAMLProviderName: {}, OIDCProviderName: [], AppId: false, AppSecretId: null }).ok).toBe(false);
    },
  );

  it.each(["Ims.DeleteSAMLProvider", "Ims.DeleteOIDCProvider"] as const)("%s claims that it is gone", (id) => {
    expect(claimOf(id, { SAMLProviderName: "corp", OIDCProviderName: "ci" })).toEqual(gone);
  });
});

describe("OAuth applications", () => {
  const answer = {
    AppId: "4001",
    AppName: "bot",
    AppType: "WebApp",
    DisplayName: "Bot",
    RedirectUris: { RedirectUri: ["https://a.example"] },
    DelegatedScope: { PredefinedScopes: { PredefinedScope: [{ Name: "openid", Required: true }, { Name: "aliuid" }] } },
    AccessTokenValidity: 3600,
    RefreshTokenValidity: 7200,
    SecretRequired: true,
    IsMultiTenant: false,
  };

  it("that are new hold nothing, and are claimed so", () => {
    expect(claimOf("Ims.CreateApplication", {}, { Application: answer })).toMatchObject({
      appId: "4001",
      scopes: ["openid", "aliuid"],
      requiredScopes: ["openid"],
      secretIds: [],
      installed: false,
    });
    expect(read("Ims.CreateApplication", { AppName: "bot" }).ok).toBe(false);
  });

  it("that are updated claim nothing, as the event does not tell what they hold", () => {
    expect(claimOf("Ims.UpdateApplication", { AppId: "4001" }, { Application: answer })).toBeUndefined();
  });

  it.each([
    [{ AppSecretId: "secret-1", AppSecretValue: "the value" }, "secret-1"],
    [{ AppSecretId: "secr****" }, undefined],
    [undefined, undefined],
  ] as const)("with a new secret %o never tell its value", (AppSecret, secretId) => {
    const reading = read("Ims.CreateAppSecret", { AppId: 4001 }, AppSecret && { AppSecret });
    expect(reading).toMatchObject({ ok: true, value: { subject: { appId: "4001" } } });
    expect(JSON.stringify(reading)).not.toContain("the value");
    expect(claimOf("Ims.CreateAppSecret", { AppId: "4001" }, AppSecret && { AppSecret })).toEqual(
      secretId === undefined ? undefined : { kind: "app-secret", secretId },
    );
  });

  it("that are installed claim their scopes where the answer tells them", () => {
    const told = { ExternalApplication: { DelegatedScope: answer.DelegatedScope } };
    expect(claimOf("Ims.ProvisionExternalApplication", { AppId: "5001" }, told)).toEqual({
      kind: "app-installation",
      appId: "5001",
      external: true,
      scopes: ["openid", "aliuid"],
    });
    expect(claimOf("Ims.ProvisionApplication", { AppId: "5001" }, told)).toBeUndefined();
    expect(claimOf("Ims.DeprovisionApplication", { AppId: "5001" })).toEqual(gone);
  });
});

describe("the resource directory", () => {
  it.each(
    Object.keys(directoryOperations).filter(
      (id) => !/(Enable|Disable)ControlPolicy|AdminSetting/.test(id),
    ) as readonly CataloguedId[],
  )("%s is refused where it names nothing", (id) => {
    expect(read(id, {}).ok).toBe(false);
    expect(read(id, { PolicyId: {}, TargetId: [], AccountId: true, Resources: 7 }, { ControlPolicy: [] }).ok).toBe(
      false,
    );
  });

  it("claims a control policy only where its document is told", () => {
    const response = { ControlPolicy: { PolicyId: "cp-1", PolicyName: "guard", EffectScope: "RAM" } };
    const document = { Version: "1", Statement: [] };
    expect(claimOf("ResourceManager.CreateControlPolicy", { PolicyDocument: document }, response)).toMatchObject({
      policyId: "cp-1",
      document: '{"Version":"1","Statement":[]}',
    });
    const update = { PolicyId: "cp-1", NewDescription: "x" };
    expect(claimOf("ResourceManager.UpdateControlPolicy", update, response)).toBeUndefined();
    expect(read("ResourceManager.CreateControlPolicy", { PolicyDocument: document }).ok).toBe(false);
  });

  it.each([
    [true, true],
    ["false", false],
    ["perhaps", undefined],
    [1, undefined],
  ] as const)("reads the switch of resource groups from %o", (CreatorAsAdmin, creatorAsAdmin) => {
    expect(claimOf("ResourceManager.UpdateResourceGroupAdminSetting", { CreatorAsAdmin })).toEqual(
      creatorAsAdmin === undefined ? undefined : { kind: "resource-group-setting", creatorAsAdmin },
    );
  });

  const vpc = { Service: "vpc", ResourceType: "VPC", ResourceId: "vpc-1" };
  const flat = Object.fromEntries(Object.entries(vpc).map(([name, value]) => [`Resources.1.${name}`, value]));

  it.each([
    ["a list", { Resources: [vpc] }],
    ["its text", { Resources: JSON.stringify([vpc]) }],
    ["flat parameters", flat],
  ])("reads resources that are moved from %s", (_, resources) => {
    const reading = read("ResourceManager.MoveResources", { ResourceGroupId: "rg-2", ...resources });
    const subject = { service: "vpc", resourceType: "VPC", resourceId: "vpc-1", regionId: "" };
    expect(reading).toMatchObject({
      ok: true,
      value: { kind: "subjects", all: [{ subject, claimed: { kind: "resource-group-of", resourceGroupId: "rg-2" } }] },
    });
  });

  it.each([{ Resources: "[{" }, { Resources: [] }, { Resources: [{ ...vpc, ResourceId: {} }] }])(
    "refuses %o, of which nobody knows what was moved",
    (resources) => {
      expect(read("ResourceManager.MoveResources", { ResourceGroupId: "rg-2", ...resources }).ok).toBe(false);
    },
  );
});
