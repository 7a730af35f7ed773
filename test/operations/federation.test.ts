import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { interrupted } from "../support/interruptions.ts";
import {
  approve,
  endOf,
  everyChange,
  nothingMore,
  play,
  remember,
  type Story,
  theIncident,
} from "../support/remedies.ts";

const date = "2026-01-01T00:00:00Z";
const old = { createDate: date, updateDate: date };
const base = { accountId, route: "Ims" } as const;
const saml: SubjectRef = { ...base, kind: "saml-provider", providerName: "corp" };
const oidc: SubjectRef = { ...base, kind: "oidc-provider", providerName: "ci" };
const app = (appId: string): SubjectRef => ({ ...base, kind: "application", appId });
const installed = (appId: string, external: boolean): SubjectRef => ({
  ...base,
  kind: "app-installation",
  appId,
  external,
});

const federated: Snapshot = {
  ...accountBefore(),
  samlProviders: [{ name: "corp", description: "of the company", encodedMetadata: "bWV0YQ==", ...old }],
  oidcProviders: [
    {
      name: "ci",
      description: "of the pipeline",
      issuerUrl: "https://ci.example",
      clientIds: ["a", "b"],
      fingerprints: ["f", "g"],
      issuanceLimitTime: 24,
      ...old,
    },
  ],
  applications: [
    {
      appId: "4001",
      appName: "bot",
      appType: "ServerApp",
      displayName: "the bot",
      scopes: [
        { name: "openid", required: true },
        { name: "aliuid", required: false },
      ],
      ...old,
      secrets: [{ appSecretId: "secret-1", createDate: date }],
      provision: { scopes: ["openid", "aliuid"], ...old },
    },
    {
      appId: "4002",
      appName: "web",
      appType: "WebApp",
      redirectUris: ["https://web.example/in", "https://web.example/out"],
      accessTokenValidity: 1800,
      ...old,
    },
    { appId: "4003", appName: "spare", appType: "ServerApp", ...old },
  ],
  externalApplications: [{ appId: "5001", scopes: ["openid", "aliuid"], ...old }],
};

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ snapshot: federated, settings: everyChange() });
});
afterEach(() => account.stop());

const ims = (
  operation: string,
  parameters: Story["parameters"],
  rest: Pick<Story, "ends" | "calls"> & Partial<Story>,
) => ({
  service: "Ims" as const,
  operation,
  parameters,
  ...rest,
});

const ci = { OIDCProviderName: "ci" };
const asked = ["asked", "grants-privilege"] as const;
const remove = (list: string): string => `Ims.Remove${list}FromOIDCProvider`;
const add = (list: string): string => `Ims.Add${list}ToOIDCProvider`;

const stories: readonly Story[] = [
  ims(
    "CreateSAMLProvider",
    { SAMLProviderName: "evil", EncodedSAMLMetadataDocument: "ZXZpbA==", Description: "not ours" },
    { ends: ["reverted"], calls: ["Ims.DeleteSAMLProvider"] },
  ),
  ims(
    "UpdateSAMLProvider",
    { SAMLProviderName: "corp", NewEncodedSAMLMetadataDocument: "ZXZp\nbA==", NewDescription: "x" },
    { known: saml, ends: ["asked", "disrupts-logon"], calls: ["Ims.UpdateSAMLProvider"] },
  ),
  ims(
    "DeleteSAMLProvider",
    { SAMLProviderName: "corp" },
    { known: saml, ends: asked, calls: ["Ims.CreateSAMLProvider"] },
  ),
  ims(
    "CreateOIDCProvider",
    { OIDCProviderName: "evil", IssuerUrl: "https://evil.example", ClientIds: "x,y", Fingerprints: "z" },
    { ends: ["reverted"], calls: ["Ims.DeleteOIDCProvider"] },
  ),
  ims("DeleteOIDCProvider", ci, { known: oidc, ends: asked, calls: ["Ims.CreateOIDCProvider"] }),
  ims(
    "UpdateOIDCProvider",
    { ...ci, ClientIds: "a,b,evil", NewDescription: "x", IssuanceLimitTime: 100 },
    { known: oidc, ends: ["reverted"], calls: [remove("ClientId"), "Ims.UpdateOIDCProvider"] },
  ),
  ims(
    "UpdateOIDCProvider",
    { ...ci, ClientIds: "1,2,3,4,a,b" },
    { known: oidc, ends: ["reverted"], calls: ["Ims.UpdateOIDCProvider"] },
  ),
  ims(
    "UpdateOIDCProvider",
    { ...ci, ClientIds: "a,evil" },
    {
      known: oidc,
      ends: ["contained", "grants-privilege"],
      calls: [remove("ClientId")],
      leaves: (before) => ({ ...before, oidcProviders: [{ ...before.oidcProviders?.[0], clientIds: ["a"] }] }),
    },
  ),
  ims(
    "UpdateOIDCProvider",
    { ...ci, IssuanceLimitTime: 2 },
    { known: oidc, ends: ["asked", "weakens-protection"], calls: ["Ims.UpdateOIDCProvider"] },
  ),
  ims(
    "AddClientIdToOIDCProvider",
    { ...ci, ClientId: "evil" },
    { known: oidc, ends: ["reverted"], calls: [remove("ClientId")] },
  ),
  ims(
    "RemoveClientIdFromOIDCProvider",
    { ...ci, ClientId: "b" },
    { known: oidc, ends: asked, calls: [add("ClientId")] },
  ),
  ims(
    "AddFingerprintToOIDCProvider",
    { ...ci, Fingerprint: "evil" },
    { known: oidc, ends: ["reverted"], calls: [remove("Fingerprint")] },
  ),
  ims(
    "RemoveFingerprintFromOIDCProvider",
    { ...ci, Fingerprint: "g" },
    { known: oidc, ends: asked, calls: [add("Fingerprint")] },
  ),
  ims(
    "CreateApplication",
    { AppName: "evil", AppType: "WebApp", DisplayName: "Evil" },
    { ends: ["reverted"], calls: ["Ims.DeleteApplication"], final: true },
  ),
  ims(
    "UpdateApplication",
    {
      AppId: "4002",
      NewRedirectUris: "https://web.example/in;https://web.example/out;https://evil.example",
      NewPredefinedScopes: "openid;aliuid",
      NewAccessTokenValidity: 10_800,
      NewDisplayName: "x",
    },
    { known: app("4002"), ends: ["reverted"], calls: ["Ims.UpdateApplication"] },
  ),
  ims(
    "UpdateApplication",
    { AppId: "4002", NewRedirectUris: "https://web.example/in;https://evil.example" },
    {
      known: app("4002"),
      ends: ["contained", "grants-privilege"],
      calls: ["Ims.UpdateApplication"],
      leaves: (before) => ({
        ...before,
        applications: before.applications?.map((each) =>
          each.appId === "4002" ? { ...each, redirectUris: ["https://web.example/in"] } : each,
        ),
      }),
    },
  ),
  ims(
    "UpdateApplication",
    { AppId: "4002", NewRedirectUris: "https://web.example/in" },
    { known: app("4002"), ends: asked, calls: ["Ims.UpdateApplication"] },
  ),
  ims("DeleteApplication", { AppId: "4001" }, { known: app("4001"), ends: ["alerted", "not-reversible"], calls: [] }),
  ims("CreateAppSecret", { AppId: "4001" }, { ends: ["reverted"], calls: ["Ims.DeleteAppSecret"], final: true }),
  ims(
    "DeleteAppSecret",
    { AppId: "4001", AppSecretId: "secret-1" },
    { ends: ["alerted", "not-reversible"], calls: [] },
  ),
  ims("ProvisionApplication", { AppId: "4003" }, { ends: ["reverted"], calls: ["Ims.DeprovisionApplication"] }),
  ims(
    "DeprovisionApplication",
    { AppId: "4001" },
    { known: installed("4001", false), ends: asked, calls: ["Ims.ProvisionApplication"] },
  ),
  ims(
    "ProvisionExternalApplication",
    { AppId: "5002", Scopes: "openid;aliuid" },
    { ends: ["reverted"], calls: ["Ims.DeprovisionExternalApplication"] },
  ),
  ims(
    "DeprovisionExternalApplication",
    { AppId: "5001" },
    { known: installed("5001", true), ends: asked, calls: ["Ims.ProvisionExternalApplication"] },
  ),
  ims(
    "DeprovisionApplication",
    { AppId: "5001" },
    { known: installed("5001", true), ends: asked, calls: ["Ims.ProvisionExternalApplication"] },
  ),
];

it.each(stories.map((story) => [`${story.operation} ends ${story.ends.join(", ")}`, story] as const))(
  "%s",
  async (_, story) => {
    await play(account, story);
  },
);

describe("identity providers", () => {
  it("of CloudSSO are left to it (gotcha 28)", async () => {
    await account.as("mallory")("Ims", "CreateSAMLProvider", {
      SAMLProviderName: "AliyunReservedSSO-d2",
      EncodedSAMLMetadataDocument: "ZXZpbA==",
    });
    expect(endOf(await theIncident(account))).toEqual(["alerted", "cloudsso-owned"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("that were made again under the old name are not given the old one's lists (gotcha 12)", async () => {
    await remember(account, oidc);
    await account.as("administrator")("Ims", "DeleteOIDCProvider", ci);
    await account.as("administrator")("Ims", "CreateOIDCProvider", { ...ci, IssuerUrl: "https://new.example" });
    account.skipAll();
    account.clock.advance(60_000);
    await account.as("mallory")("Ims", "AddClientIdToOIDCProvider", { ...ci, ClientId: "evil" });
    const incident = await theIncident(account);
    expect(endOf(incident)).toEqual(["alerted", "prior-state-unknown"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("keep what others added after the change: a person decides, and only the change's own elements go", async () => {
    await remember(account, oidc);
    const before = account.standing();
    await account.as("mallory")("Ims", "AddClientIdToOIDCProvider", { ...ci, ClientId: "evil" });
    await account.as("administrator")("Ims", "AddFingerprintToOIDCProvider", { ...ci, Fingerprint: "later" });
    await account.deliver(account.events("AddClientIdToOIDCProvider")[0]);
    const [incident] = await account.incidents();
    if (incident === undefined) throw new Error("no incident");
    expect(endOf(incident)).toEqual(["asked", "changed-again"]);
    expect(await approve(account, incident)).toBe("held");
    const [provider] = before.oidcProviders ?? [];
    expect(account.standing()).toEqual({
      ...before,
      oidcProviders: [{ ...provider, fingerprints: ["f", "g", "later"] }],
    });
  });

  it.each(["before", "after"] as const)(
    "are put back to the end by whoever comes after an interruption %s a call",
    async (when) => {
      for (const at of [1, 2, 3]) {
        const place = await guardedAccount({ snapshot: federated, settings: everyChange() });
        try {
          await remember(place, oidc);
          const before = place.standing();
          const parameters = { ...ci, ClientIds: "a,b,evil,worse", IssuanceLimitTime: 100 };
          await place.as("mallory")("Ims", "UpdateOIDCProvider", parameters);
          const [event] = place.events("UpdateOIDCProvider");
          place.wrap((world) => interrupted(world, { at, of: "send", when, kind: "death" }).world);
          expect((await place.deliver(event)).error).toBeDefined();
          place.wrap(undefined);
          place.clock.advance(300_000);
          await place.catchUp();
          expect((await place.incidents()).map(endOf)).toEqual([["reverted", undefined]]);
          expect(place.standing()).toEqual(before);
          expect(place.actingWrites()).toHaveLength(3);
          await nothingMore(place);
        } finally {
          await place.stop();
        }
      }
    },
  );

  it("are put back in one go by the newest of two changes, which is the one that stands", async () => {
    await remember(account, oidc);
    const before = account.standing();
    await account.as("mallory")("Ims", "AddClientIdToOIDCProvider", { ...ci, ClientId: "evil" });
    await account.as("mallory")("Ims", "AddFingerprintToOIDCProvider", { ...ci, Fingerprint: "evil" });
    await account.catchUp();
    expect((await account.incidents()).map(endOf)).toEqual([
      ["asked", "changed-again"],
      ["reverted", undefined],
    ]);
    expect(account.standing()).toEqual(before);
  });
});

describe("OAuth applications", () => {
  it("that were given a secret before their creation was looked at wait for a person", async () => {
    const made = await account.as("mallory")("Ims", "CreateApplication", {
      AppName: "evil",
      AppType: "WebApp",
      DisplayName: "Evil",
    });
    await account.as("mallory")("Ims", "CreateAppSecret", { AppId: made.Application.AppId });
    const before = (await account.incidents()).length;
    await account.catchUp();
    const incidents = (await account.incidents()).slice(before);
    expect(incidents.map(endOf)).toEqual([
      ["asked", "destructive"],
      ["reverted", undefined],
    ]);
  });

  it("lose a secret whose event does not tell its id, by the moment at which it was made", async () => {
    await account.stop();
    account = await guardedAccount({
      snapshot: federated,
      settings: everyChange(),
      sandbox: { dropResponseElements: true },
    });
    const before = account.standing();
    await account.as("mallory")("Ims", "CreateAppSecret", { AppId: "4001" });
    expect(endOf(await theIncident(account))).toEqual(["reverted", undefined]);
    expect(account.standing()).toEqual(before);
  });

  it("say nothing of a secret's value", async () => {
    const made = await account.as("mallory")("Ims", "CreateAppSecret", { AppId: "4001" });
    const incident = await theIncident(account);
    const value: string = made.AppSecret.AppSecretValue;
    expect(value.length).toBeGreaterThan(10);
    expect(JSON.stringify([incident, account.logLines, account.messages()])).not.toContain(value);
  });
});
