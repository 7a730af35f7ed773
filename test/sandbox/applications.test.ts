import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, refusal } from "./client.ts";

describe("OAuth applications", () => {
  let sandbox: Sandbox;
  let call: ReturnType<typeof callerOf>;
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 34 });
    call = callerOf(sandbox);
  });
  afterEach(() => sandbox.stop());

  const make = async (more: Record<string, unknown> = {}) =>
    (await call("Ims", "CreateApplication", { AppName: "bot", AppType: "ServerApp", DisplayName: "Bot", ...more }))
      .Application;

  it("take their defaults from their type, and lists joined by semicolons", async () => {
    const application = await make({
      PredefinedScopes: "aliuid;profile",
      RequiredScopes: "profile",
      RedirectUris: "https://a.example;https://b.example",
      SecretRequired: false,
    });
    expect(application).toMatchObject({
      AccountId: sandbox.accountId,
      AccessTokenValidity: 3600,
      RefreshTokenValidity: 2_592_000,
      IsMultiTenant: true,
      SecretRequired: true,
      RedirectUris: { RedirectUri: ["https://a.example", "https://b.example"] },
      DelegatedScope: {
        PredefinedScopes: {
          PredefinedScope: [
            { Name: "openid", Required: false },
            { Name: "aliuid", Required: false },
            { Name: "profile", Required: true },
          ],
        },
      },
    });
    expect(await make({ AppName: "phone", AppType: "NativeApp" })).toMatchObject({
      RefreshTokenValidity: 7_776_000,
      SecretRequired: false,
    });
    expect(await refusal(make())).toBe("EntityAlreadyExists.Application");
    expect(await refusal(make({ AppName: "x", AppType: "Daemon" }))).toBe("InvalidParameter.AppType.Format");
    expect(await refusal(make({ AppName: "x", AccessTokenValidity: 1 }))).toBe(
      "InvalidParameter.AccessTokenValidity.Range",
    );
  });

  it("are changed in what is named, list by list", async () => {
    const { AppId } = await make({ PredefinedScopes: "aliuid", RedirectUris: "https://a.example" });
    const { Application } = await call("Ims", "UpdateApplication", { AppId, NewRedirectUris: "https://evil.example" });
    expect(Application).toMatchObject({
      DisplayName: "Bot",
      RedirectUris: { RedirectUri: ["https://evil.example"] },
      DelegatedScope: { PredefinedScopes: { PredefinedScope: [{ Name: "openid" }, { Name: "aliuid" }] } },
    });
    await call("Ims", "UpdateApplication", { AppId, NewPredefinedScopes: "profile", NewIsMultiTenant: false });
    expect((await call("Ims", "GetApplication", { AppId })).Application).toMatchObject({
      IsMultiTenant: false,
      DelegatedScope: { PredefinedScopes: { PredefinedScope: [{ Name: "openid" }, { Name: "profile" }] } },
    });
    expect(await refusal(call("Ims", "UpdateApplication", { AppId, NewRedirectUris: "nowhere" }))).toBe(
      "InvalidParameter.NewRedirectUris.Format",
    );
  });

  it("have two secrets at most, whose values are told once", async () => {
    const { AppId } = await make();
    const { AppSecret } = await call("Ims", "CreateAppSecret", { AppId });
    await call("Ims", "CreateAppSecret", { AppId });
    expect(await refusal(call("Ims", "CreateAppSecret", { AppId }))).toBe("LimitExceeded.AppSecret");
    const ids = async () =>
      (await call("Ims", "ListAppSecretIds", { AppId })).AppSecrets.AppSecret.map(
        (each: { AppSecretId: string }) => each.AppSecretId,
      );
    expect(await ids()).toContain(AppSecret.AppSecretId);
    await call("Ims", "DeleteAppSecret", { AppId, AppSecretId: AppSecret.AppSecretId });
    expect(await ids()).toHaveLength(1);
    expect(await refusal(call("Ims", "DeleteAppSecret", { AppId, AppSecretId: AppSecret.AppSecretId }))).toBe(
      "EntityNotExist.AppSecret",
    );
    expect(JSON.stringify([sandbox.trail, sandbox.dump({ secrets: true })])).not.toContain(AppSecret.AppSecretValue);
    await call("Ims", "DeleteApplication", { AppId });
    expect(await refusal(call("Ims", "ListAppSecretIds", { AppId }))).toBe("EntityNotExist.Application");
    expect((await call("Ims", "ListApplications")).Applications.Application).toEqual([]);
  });

  it("are installed when they are of the server kind, and uninstalled without a trace", async () => {
    const { AppId } = await make({ PredefinedScopes: "aliuid;profile", RequiredScopes: "profile" });
    const web = await make({ AppName: "web", AppType: "WebApp" });
    const before = sandbox.dump().applications;
    const provision = (more = {}) => call("Ims", "ProvisionApplication", { AppId, ...more });
    expect(await refusal(provision({ AppId: web.AppId }))).toBe("InvalidParameter.AppId.AppType");
    expect(await refusal(provision({ Scopes: "everything" }))).toBe("InvalidParameter.Scopes.Format");
    const { ApplicationProvisionInfo } = await provision({ Scopes: "aliuid" });
    expect(ApplicationProvisionInfo.DelegatedScope.PredefinedScopes.PredefinedScope).toMatchObject([
      { Name: "openid" },
      { Name: "aliuid" },
      { Name: "profile" },
    ]);
    expect(await refusal(provision())).toBe("EntityAlreadyExists.ApplicationProvisionInfo");
    expect((await call("Ims", "GetApplicationProvisionInfo", { AppId })).ApplicationProvisionInfo.AppName).toBe("bot");
    await call("Ims", "DeprovisionApplication", { AppId });
    expect(await refusal(call("Ims", "DeprovisionApplication", { AppId }))).toBe(
      "EntityNotExist.ApplicationProvisionInfo",
    );
    expect(sandbox.dump().applications).toEqual(before);
  });

  it("of other accounts are installed by their id", async () => {
    const own = await make();
    const install = (AppId: string) => call("Ims", "ProvisionExternalApplication", { AppId, Scopes: "aliuid" });
    expect((await install("417273362044613")).ExternalApplication).toMatchObject({ ForeignAppId: "417273362044613" });
    expect(await refusal(install("417273362044613"))).toBe("EntityAlreadyExists.ExternalApplication");
    expect(await refusal(install(own.AppId))).toBe("EntityNotExist.Application");
    const infos = async (SourceType: string) =>
      (await call("Ims", "ListApplicationProvisionInfos", { SourceType })).ApplicationProvisionInfos
        .ApplicationProvisionInfo;
    expect(await infos("external")).toMatchObject([{ AppId: "417273362044613" }]);
    expect(await infos("inner")).toEqual([]);
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
    const { ExternalApplication } = await call("Ims", "GetExternalApplication", { AppId: "417273362044613" });
    expect(ExternalApplication.DelegatedScope.PredefinedScopes.PredefinedScope).toHaveLength(2);
    await call("Ims", "DeprovisionExternalApplication", { AppId: "417273362044613" });
    expect((await call("Ims", "ListExternalApplications")).ExternalApplications.ExternalApplication).toEqual([]);
    expect(await refusal(call("Ims", "DeprovisionExternalApplication", { AppId: "417273362044613" }))).toBe(
      "EntityNotExist.ExternalApplication",
    );
  });
});

describe("reports", () => {
  it("are there after they were asked for, page by page", async () => {
    const sandbox = await startSandbox({ seed: 35 });
    try {
      const call = callerOf(sandbox);
      await call("Ram", "CreateUser", { UserName: "alice" });
      expect(await refusal(call("Ims", "GetCredentialReport"))).toBe("EntityNotExist.CredentialReport");
      expect((await call("Ims", "GenerateCredentialReport")).State).toBe("STARTED");
      const first = await call("Ims", "GetCredentialReport", { MaxItems: 1 });
      expect(first.IsTruncated).toBe("true");
      const second = await call("Ims", "GetCredentialReport", { MaxItems: 1, NextToken: first.NextToken });
      expect(Buffer.from(second.Content, "base64").toString().split("\n")[1]).toMatch(/^alice,/);
      expect((await call("Ims", "GetGovernanceReportStatus")).WholeReportStatus).toBe("NotStarted");
      await call("Ims", "GenerateGovernanceReport");
      expect((await call("Ims", "GetGovernanceReportStatus")).WholeReportStatus).toBe("Completed");
      const whole = sandbox.dump({ secrets: true });
      sandbox.load(whole);
      expect(sandbox.dump({ secrets: true })).toEqual(whole);
    } finally {
      await sandbox.stop();
    }
  });
});
