import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reader } from "../../shared/aliyun/reader.ts";
import { transport } from "../../shared/aliyun/transport.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import type { Reader } from "../../shared/ports/cloud.ts";
import { json, type Reply, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

let cloud: ScriptedCloud;
let read: Reader;
beforeAll(async () => {
  cloud = await scriptedCloud();
  read = reader(transport(cloud.options({ attempts: 1 })));
});
afterAll(() => cloud.close());

const accountId = "100000000000000001";
const ims = { accountId, route: "Ims" } as const;
const rm = { accountId, route: "ResourceManager" } as const;
const ok = (body: object): Reply => json(200, { RequestId: "R", ...body });

const answers = async (ref: SubjectRef, ...replies: readonly Reply[]) => {
  cloud.script(...replies);
  return read(ref);
};

const preference = {
  LoginProfilePreference: { LoginSessionDuration: 6, MFAOperationForLogin: "mandatory", FieldOfTomorrow: [1] },
};
const publicKeys = (value: boolean) =>
  ok({ SecurityPreference: { PublicKeyPreference: { AllowUserToManagePublicKeys: value } } });

describe("the security preference", () => {
  const ref: SubjectRef = { ...ims, kind: "security-preference" };

  it("is read whole, with fields that nobody knew, and from Ram what Ims does not tell", async () => {
    const fields = {
      LoginSessionDuration: 6,
      MFAOperationForLogin: "mandatory",
      FieldOfTomorrow: [1],
      LoginNetworkMasks: "",
      VerificationTypes: [],
    };
    expect(await answers(ref, ok({ SecurityPreference: preference }), publicKeys(false))).toEqual({
      ok: true,
      value: { kind: "security-preference", fields },
    });
    expect(await answers(ref, ok({ SecurityPreference: preference }), publicKeys(true))).toMatchObject({
      value: { fields: { ...fields, AllowUserToManagePublicKeys: true } },
    });
  });

  it("is not read where one of the two fails, or tells less than the whole", async () => {
    expect(await answers(ref, ok({ SecurityPreference: preference }), refusal(403, "NoPermission"))).toMatchObject({
      ok: false,
      error: { kind: "forbidden" },
    });
    expect(await answers(ref, ok({ SecurityPreference: {} }), publicKeys(false))).toMatchObject({
      ok: false,
      error: { kind: "unreadable" },
    });
    expect(await answers(ref, ok({ SecurityPreference: preference }), ok({}))).toMatchObject({ ok: false });
  });
});

describe("the alias", () => {
  const ref: SubjectRef = { ...ims, kind: "account-alias" };

  it.each([
    ["an alias", ok({ AccountAlias: "corp" }), "corp"],
    ["the account's id, which stands for none", ok({ AccountAlias: accountId }), ""],
    ["nothing", ok({ AccountAlias: "" }), ""],
    ["a 404", refusal(404, "EntityNotExist.AccountAlias"), ""],
  ] as const)("is read from %s", async (_, reply, alias) => {
    expect(await answers(ref, reply)).toEqual({ ok: true, value: { kind: "account-alias", alias } });
  });
});

const application: SubjectRef = { ...ims, kind: "application", appId: "1" };
const installation: SubjectRef = { ...ims, kind: "app-installation", appId: "1", external: false };
const secret: SubjectRef = { ...ims, kind: "app-secret", appId: "1", at: Date.parse("2026-01-02T03:04:05Z") };
const policy: SubjectRef = { ...rm, kind: "control-policy", policyId: "cp-1" };
const attachment: SubjectRef = { ...rm, kind: "control-policy-attachment", policyId: "cp-1", targetId: "r-1" };
const member: SubjectRef = { ...rm, kind: "member-account", memberId: "1001" };
const group: SubjectRef = {
  ...rm,
  kind: "resource-group-of",
  service: "vpc",
  resourceType: "vpc",
  resourceId: "vpc-1",
  regionId: "",
};

describe("what is missing", () => {
  it.each([
    ["a SAML provider", { ...ims, kind: "saml-provider", providerName: "corp" }, "EntityNotExist.SAMLProvider"],
    ["an OIDC provider", { ...ims, kind: "oidc-provider", providerName: "ci" }, "EntityNotExist.OIDCProvider"],
    ["an application", application, "EntityNotExist.Application"],
    ["a secret's application", secret, "EntityNotExist.Application"],
    ["a control policy", policy, "EntityNotExists.ControlPolicy"],
    ["a target", attachment, "EntityNotExists.Target"],
    ["a member", member, "EntityNotExists.Account"],
  ] as const)("is gone: %s", async (_, ref, code) => {
    expect(await answers(ref, refusal(404, code))).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it.each([policy, attachment, member, { ...rm, kind: "control-policy-switch" } as const])(
    "is not gone where the whole directory is not to be seen: $kind",
    async (ref) => {
      expect(await answers(ref, refusal(404, "EntityNotExists.ResourceDirectory"))).toMatchObject({
        ok: false,
        error: { code: "EntityNotExists.ResourceDirectory" },
      });
    },
  );

  it("is not gone before both sorts of installations were looked at", async () => {
    const missing = refusal(404, "EntityNotExist.Application");
    expect(await answers(installation, missing, missing)).toEqual({ ok: true, value: { kind: "gone" } });
    const external = ok({
      ExternalApplication: { DelegatedScope: { PredefinedScopes: { PredefinedScope: [{ Name: "openid" }] } } },
    });
    expect(await answers(installation, missing, external)).toEqual({
      ok: true,
      value: { kind: "app-installation", appId: "1", external: true, scopes: ["openid"] },
    });
    expect(await answers(installation, missing, refusal(403, "NoPermission"))).toMatchObject({ ok: false });
  });
});

describe("a strange answer", () => {
  it.each([
    [{ ...ims, kind: "saml-provider", providerName: "corp" }, { SAMLProvider: { SAMLProviderName: "corp" } }],
    [{ ...ims, kind: "oidc-provider", providerName: "ci" }, { OIDCProvider: {} }],
    [{ ...ims, kind: "password-policy" }, { PasswordPolicy: { MinimumPasswordLength: 8 } }],
    [{ ...ims, kind: "sso-settings" }, { UserSsoSettings: { SsoEnabled: 7 } }],
    [application, { Application: { AppId: "1" } }],
    [secret, { AppSecrets: {} }],
    [policy, { ControlPolicy: { PolicyId: "cp-1", PolicyName: "guard" } }],
    [attachment, {}],
    [member, { Account: {} }],
    [group, { Resources: { Resource: [] } }],
    [{ ...rm, kind: "resource-group-setting" }, { CreatorAsAdmin: "yes" }],
    [{ ...rm, kind: "control-policy-switch" }, { EnablementStatus: "PendingEnable" }],
    [{ ...rm, kind: "delegated-administrator", memberId: "1001", service: "x.aliyuncs.com" }, { Accounts: [] }],
  ] as const)("is no state, and passes: %o", async (ref, body) => {
    expect(await answers(ref, ok(body))).toMatchObject({ ok: false, error: { kind: "unreadable" } });
  });
});

describe("what two things answer to", () => {
  it("is no secret of the one", async () => {
    const row = (AppSecretId: string) => ({ AppSecretId, CreateDate: "2026-01-02T03:04:05Z" });
    const both = ok({ AppSecrets: { AppSecret: [row("a"), row("b")] } });
    expect(await answers(secret, both)).toMatchObject({ ok: false, error: { code: "SeveralSecretsMatch" } });
    expect(await answers(secret, ok({ AppSecrets: { AppSecret: [row("a")] } }))).toEqual({
      ok: true,
      value: { kind: "app-secret", secretId: "a" },
    });
  });

  it("is no resource group of the one", async () => {
    const row = (RegionId: string) => ({ ResourceId: "vpc-1", RegionId, ResourceGroupId: "rg-1" });
    const both = ok({ TotalCount: 2, Resources: { Resource: [row("cn-hangzhou"), row("cn-beijing")] } });
    expect(await answers(group, both)).toMatchObject({ ok: false, error: { code: "SeveralResourcesMatch" } });
  });
});

it("a long list is read to its end", async () => {
  const ref: SubjectRef = { ...rm, kind: "delegated-administrator", memberId: "1001", service: "x.aliyuncs.com" };
  const page = (AccountId: string) => ok({ TotalCount: 2, Accounts: { Account: [{ AccountId }] } });
  expect(await answers(ref, page("1002"), page("1001"))).toEqual({
    ok: true,
    value: { kind: "delegated-administrator", memberId: "1001", service: "x.aliyuncs.com" },
  });
  expect(await answers(ref, page("1002"), page("1003"))).toEqual({ ok: true, value: { kind: "gone" } });
});
