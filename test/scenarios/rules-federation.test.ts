import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { remember } from "../support/remedies.ts";

const date = "2026-01-01T00:00:00Z";
const old = { createDate: date, updateDate: date };

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({
    snapshot: {
      ...accountBefore(),
      samlProviders: [{ name: "corp", description: "of the company", encodedMetadata: "bWV0YQ==", ...old }],
      oidcProviders: [
        {
          name: "ci",
          description: "of the pipeline",
          issuerUrl: "https://ci.example",
          clientIds: ["a"],
          fingerprints: ["f"],
          issuanceLimitTime: 12,
          ...old,
        },
      ],
      applications: [
        {
          appId: "4001",
          appName: "bot",
          appType: "ServerApp",
          displayName: "the bot",
          scopes: [{ name: "openid", required: true }],
          ...old,
        },
      ],
    },
  });
});
afterEach(() => account.stop());

const ims = (operation: string, parameters: Record<string, unknown>, as = "mallory") =>
  account.as(as)("Ims", operation, parameters);
const ref = (subject: object): SubjectRef => ({ accountId, route: "Ims", ...subject }) as SubjectRef;

const ends = async () => {
  await account.catchUp();
  return (await account.incidents()).map(({ outcome, findings }) => [
    outcome?.kind,
    ...findings.map(({ rule }) => rule),
  ]);
};

describe("identity providers and applications", () => {
  it("other metadata of a SAML provider is put to a person (RAM-IDP-002)", async () => {
    await remember(account, ref({ kind: "saml-provider", providerName: "corp" }));
    await ims("UpdateSAMLProvider", { SAMLProviderName: "corp", NewEncodedSAMLMetadataDocument: "ZXZpbA==" });
    expect(await ends()).toEqual([["asked", "RAM.SamlProviderChanged"]]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("a new SAML provider is put to a person, and one of a provisioner is well", async () => {
    await ims(
      "CreateSAMLProvider",
      { SAMLProviderName: "ours", EncodedSAMLMetadataDocument: "bWV0YQ==" },
      "provisioner",
    );
    expect(await ends()).toEqual([]);
    await ims("CreateSAMLProvider", { SAMLProviderName: "evil", EncodedSAMLMetadataDocument: "ZXZpbA==" });
    expect(await ends()).toEqual([["asked", "RAM.SamlProviderChanged"]]);
  });

  it("a client that is added to an OIDC provider is taken away (RAM-IDP-003)", async () => {
    await remember(account, ref({ kind: "oidc-provider", providerName: "ci" }));
    const before = account.standing();
    await ims("AddClientIdToOIDCProvider", { OIDCProviderName: "ci", ClientId: "evil" });
    expect(await ends()).toEqual([["reverted", "RAM.OidcProviderWidened"]]);
    expect(account.standing()).toEqual(before);
  });

  it("a secret of an application is told (RAM-IDP-006)", async () => {
    await ims("CreateAppSecret", { AppId: "4001" });
    expect(await ends()).toEqual([["alerted", "RAM.OAuthApplicationOpened"]]);
    expect(account.actingWrites()).toEqual([]);
  });
});
