import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, trustOf } from "./client.ts";
import { account, crowded, oidcToken, providers, samlAssertion } from "./crowded-account.ts";

const now = Date.parse("2026-06-01T08:00:00Z");

// biome-ignore lint/suspicious/noExplicitAny: answers are read by name in tests.
type Loose = any;

describe("sessions of identity providers", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    const clock = { now: () => now };
    sandbox = await startSandbox({ snapshot: crowded, seed: 39, clock, dateWindowMs: Number.POSITIVE_INFINITY });
  });
  afterEach(() => sandbox.stop());

  /** As SDKs send these calls: without any signature. */
  const call = async (action: string, params: Record<string, string>): Promise<Loose> => {
    const answer = await fetch(sandbox.url, {
      method: "POST",
      headers: { "x-acs-action": action, "x-acs-version": "2015-04-01" },
      body: new URLSearchParams(params),
    });
    return answer.json();
  };

  const withToken = (more: Record<string, string> = {}, claims: Record<string, unknown> = {}) =>
    call("AssumeRoleWithOIDC", {
      RoleArn: `acs:ram::${account}:role/federated`,
      RoleSessionName: "ci-run",
      OIDCProviderArn: providers.oidc,
      OIDCToken: oidcToken(now, claims),
      ...more,
    });

  const withAssertion = (more: Record<string, string> = {}) =>
    call("AssumeRoleWithSAML", {
      RoleArn: `acs:ram::${account}:role/federated`,
      SAMLProviderArn: providers.saml,
      SAMLAssertion: samlAssertion("federated"),
      ...more,
    });

  it("begin with a token, without keys, and work", async () => {
    const { Credentials, AssumedRoleUser, OIDCTokenInfo } = await withToken();
    expect(AssumedRoleUser.Arn).toBe(`acs:ram::${account}:role/federated/ci-run`);
    expect(OIDCTokenInfo).toMatchObject({ Subject: "repo:corp/app", Issuer: "https://ci.example", ClientIds: "a" });
    const session = callerOf(sandbox, {
      accessKeyId: Credentials.AccessKeyId,
      accessKeySecret: Credentials.AccessKeySecret,
      securityToken: Credentials.SecurityToken,
    });
    expect((await session("Sts", "GetCallerIdentity")).IdentityType).toBe("AssumedRoleUser");
    expect(sandbox.trail[0]).toMatchObject({
      eventName: "AssumeRoleWithOIDC",
      eventRW: "Read",
      userIdentity: { type: "oidc-user", userName: "ci" },
      resourceName: "federated",
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["another issuer", { iss: "https://evil.example" }, "AuthenticationFail.OIDCToken.Invalid"],
    ["another audience", { aud: ["b"] }, "AuthenticationFail.OIDCToken.Invalid"],
    ["an end that is over", { exp: now / 1000 - 1 }, "AuthenticationFail.OIDCToken.Expired"],
    ["a beginning too long ago", { iat: now / 1000 - 13 * 3600 }, "AuthenticationFail.OIDCToken.Expired"],
  ])("are refused to a token with %s", async (_what, claims, code) => {
    expect((await withToken({}, claims)).Code).toBe(code);
  });

  it("ask the trust policy, condition by condition", async () => {
    const trust = trustOf(
      { Federated: [providers.oidc] },
      { StringEquals: { "oidc:aud": "a" }, StringLike: { "oidc:sub": "repo:corp/*" } },
    );
    await callerOf(sandbox)("Ram", "UpdateRole", { RoleName: "federated", NewAssumeRolePolicyDocument: trust });
    expect((await withToken()).Credentials).toBeDefined();
    expect((await withToken({}, { sub: "repo:evil/app" })).Code).toBe("NoPermission");
    expect((await withAssertion()).Code).toBe("NoPermission");
    expect((await withToken({ RoleArn: `acs:ram::${account}:role/deploy` })).Code).toBe("NoPermission");
  });

  it("begin with an assertion that names the role and the provider", async () => {
    const { Credentials, AssumedRoleUser, SAMLAssertionInfo } = await withAssertion({ DurationSeconds: "900" });
    expect(AssumedRoleUser.Arn).toBe(`acs:ram::${account}:role/federated/alice@corp.example`);
    expect(SAMLAssertionInfo).toMatchObject({ Subject: "alice@corp.example", Issuer: "https://idp.example" });
    expect(Credentials.Expiration).toBe("2026-06-01T08:15:00Z");
    expect((await withAssertion({ RoleArn: `acs:ram::${account}:role/deploy` })).Code).toBe(
      "AuthenticationFail.SAMLAssertion.Invalid",
    );
    expect((await withAssertion({ SAMLAssertion: samlAssertion("federated", "2026-05-01T00:00:00Z") })).Code).toBe(
      "AuthenticationFail.SAMLAssertion.Expired",
    );
    expect((await withAssertion({ SAMLAssertion: "none" })).Code).toBe("AuthenticationFail.SAMLAssertion.Invalid");
    expect((await withAssertion({ DurationSeconds: "3601" })).Code).toBe("InvalidParameter.DurationSeconds.Range");
  });

  it("leave no token in what is recorded", async () => {
    await withToken();
    await withAssertion();
    const text = JSON.stringify([sandbox.trail, sandbox.calls.list()]);
    expect(text).not.toContain(oidcToken(now));
    expect(text).not.toContain(samlAssertion("federated"));
    expect(sandbox.calls.list().map((each) => each.caller)).toEqual(["oidc-user:ci", "saml-user:corp"]);
  });
});
