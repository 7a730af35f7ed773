import { describe, expect, test } from "vitest";
import {
  entitiesLetIn,
  entityKey,
  entityOfArn,
  entityText,
  type TrustEntity,
  trustEntities,
} from "../../shared/policy/trust-entities.ts";

const own = "1234567890123456";
const foreign = "9876543210987654";

const allow = (principal: unknown, more: object = {}): object => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: principal,
  ...more,
});
const deny = (principal: unknown, more: object = {}): object => ({ ...allow(principal, more), Effect: "Deny" });
const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });

const entities = (text: string): readonly TrustEntity[] => {
  const result = trustEntities(text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.map((entry) => entry.entity);
};
const keys = (text: string): readonly string[] => entities(text).map(entityKey);

describe("the entities that a trust document lets in", () => {
  test.each<[string, unknown, readonly string[]]>([
    ["a text and a list of one are the same", { RAM: `acs:ram::${own}:root` }, [`account/${own}`]],
    [
      "a list",
      { RAM: [`acs:ram::${own}:root`, `acs:ram::${foreign}:user/svc`] },
      [`account/${own}`, `user/${foreign}/svc`],
    ],
    ["role names have no case", { RAM: `acs:ram::${own}:role/CI-Deploy` }, [`role/${own}/ci-deploy`]],
    ["user names have a case", { RAM: `acs:ram::${own}:user/Alice` }, [`user/${own}/Alice`]],
    ["a session of a role is the role", { RAM: `acs:ram::${own}:role/app/session-1` }, [`role/${own}/app`]],
    ["a region may be written", { RAM: `acs:ram:*:${own}:root` }, [`account/${own}`]],
    ["a wildcard account is everyone", { RAM: "acs:ram::*:root" }, ["everyone"]],
    ["a part of an account id is everyone", { RAM: "acs:ram::12*:root" }, ["everyone"]],
    ["a question mark in an account is everyone", { RAM: "acs:ram::123456789012345?:root" }, ["everyone"]],
    ["a role of any account is everyone", { RAM: "acs:ram::*:role/deploy" }, ["everyone"]],
    ["a star for RAM is everyone", { RAM: ["*"] }, ["everyone"]],
    ["a star alone is everyone", "*", ["everyone"]],
    ["a star in a list is everyone", ["*"], ["everyone"]],
    ["a pattern that stops short is everyone", { RAM: "acs:ram:*" }, ["everyone"]],
    ["a wildcard name is the account", { RAM: `acs:ram::${own}:role/ci-*` }, [`account/${own}`]],
    ["a wildcard type is the account", { RAM: `acs:ram::${own}:*` }, [`account/${own}`]],
    ["a service", { Service: ["ECS.aliyuncs.com"] }, ["service/ecs.aliyuncs.com"]],
    [
      "a service for another account",
      { Service: `${foreign}@log.aliyuncs.com` },
      [`service/${foreign}@log.aliyuncs.com`],
    ],
    ["a SAML provider", { Federated: `acs:ram::${own}:saml-provider/corp` }, [`saml-provider/${own}/corp`]],
    ["an OIDC provider", { Federated: [`acs:ram::${own}:oidc-provider/GitHub`] }, [`oidc-provider/${own}/GitHub`]],
    ["a provider of any account is everyone", { Federated: "acs:ram::*:saml-provider/corp" }, ["everyone"]],
    ["what is not known stays text", { RAM: "arn:aws:iam::1:root" }, ["unrecognised/arn:aws:iam::1:root"]],
    ["a type that is not known stays text", { CanonicalUser: "abc" }, ["unrecognised/CanonicalUser: abc"]],
    ["an account that is no number", { RAM: "acs:ram::evil:root" }, ["unrecognised/acs:ram::evil:root"]],
  ])("%s", (_name, principal, expected) => {
    expect(keys(document(allow(principal)))).toEqual(expected);
  });

  test.each<[string, object, number]>([
    ["the plain action", { Action: "sts:AssumeRole" }, 1],
    ["another case", { Action: ["STS:assumerole"] }, 1],
    ["all of sts", { Action: "sts:*" }, 1],
    ["everything", { Action: "*" }, 1],
    ["a wildcard inside", { Action: "s?s:Assume*" }, 1],
    ["another action", { Action: "sts:SetSourceIdentity" }, 0],
    ["a longer name that only begins alike", { Action: "sts:AssumeRoles" }, 0],
    ["everything but another service", { Action: undefined, NotAction: "oss:*" }, 1],
    ["everything but sts", { Action: undefined, NotAction: "sts:*" }, 0],
    ["everything but one way of assuming", { Action: undefined, NotAction: "sts:AssumeRole" }, 1],
  ])("an action lets in or not: %s", (_name, more, count) => {
    expect(entities(document(allow({ RAM: `acs:ram::${own}:root` }, more)))).toHaveLength(count);
  });

  test("NotPrincipal lets in everyone", () => {
    const text = document({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      NotPrincipal: { RAM: `acs:ram::${own}:user/eve` },
    });
    expect(keys(text)).toEqual(["everyone"]);
  });

  test("a Deny of the whole entity takes it back, one of a part does not", () => {
    const bob = { RAM: `acs:ram::${foreign}:user/bob` };
    const account = { RAM: `acs:ram::${foreign}:root` };
    expect(keys(document(allow(bob), deny(account)))).toEqual([]);
    expect(keys(document(allow(bob), deny("*")))).toEqual([]);
    expect(keys(document(allow(account), deny(bob)))).toEqual([`account/${foreign}`]);
    expect(keys(document(allow(account), deny({ RAM: `acs:ram::${foreign}:user/*` })))).toEqual([`account/${foreign}`]);
    expect(keys(document(allow({ Service: "ecs.aliyuncs.com" }), deny({ RAM: "*" })))).toEqual([
      "service/ecs.aliyuncs.com",
    ]);
  });

  test("a Deny takes somebody back only from every way of assuming, and only if it means them all", () => {
    const account = { RAM: `acs:ram::${own}:root` };
    const all = allow(account, { Action: "sts:*" });
    const one = deny(account, { Action: "sts:AssumeRole" });
    const others = deny(account, { Action: ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithOIDC"] });
    expect(keys(document(all, one))).toEqual([`account/${own}`]);
    expect(keys(document(all, others))).toEqual([`account/${own}`]);
    expect(keys(document(all, one, others))).toEqual([]);
    expect(keys(document(allow(account), { ...deny("*"), Principal: undefined, NotPrincipal: { RAM: "x" } }))).toEqual([
      `account/${own}`,
    ]);
    expect(keys(document(allow(account), deny({ RAM: [`acs:ram::${foreign}:root`, account.RAM] })))).toEqual([]);
  });

  test("a star for one type takes back those of that type only", () => {
    const provider = { Federated: `acs:ram::${own}:saml-provider/corp` };
    for (const name of ["root", "user/a", "role/a"]) {
      const principal = { RAM: `acs:ram::${own}:${name}` };
      expect(keys(document(allow(principal), deny({ RAM: "*" })))).toEqual([]);
      expect(keys(document(allow(principal), deny({ Service: "*" })))).toHaveLength(1);
    }
    expect(keys(document(allow(provider), deny({ RAM: "*" })))).toHaveLength(1);
    expect(keys(document(allow(provider), deny("*")))).toEqual([]);
  });

  test("statements without a principal let nobody in and take nobody back", () => {
    const statement = { index: 0, action: { complement: false, patterns: ["*"] }, conditions: [] };
    const principal = { complement: false, patterns: [{ type: "RAM", value: "acs:ram::1:user/a" }] };
    expect(entitiesLetIn([{ ...statement, effect: "Allow" }])).toEqual([]);
    const letIn = entitiesLetIn([
      { ...statement, effect: "Allow", principal },
      { ...statement, effect: "Deny" },
    ]);
    expect(letIn).toHaveLength(1);
    expect(
      entitiesLetIn([{ ...statement, effect: "Allow", principal: { ...principal, complement: true } }])[0]?.allowed
        .principal,
    ).toEqual({ type: "*", value: "*" });
  });

  test("a Deny under a condition, or of another action, takes nobody back", () => {
    const account = { RAM: `acs:ram::${own}:root` };
    const condition = { Condition: { Bool: { "acs:MFAPresent": "false" } } };
    expect(keys(document(allow(account), deny(account, condition)))).toEqual([`account/${own}`]);
    expect(keys(document(allow(account), deny(account, { Action: "sts:SetSourceIdentity" })))).toEqual([
      `account/${own}`,
    ]);
  });

  test("says by which statement and under which conditions", () => {
    const text = document(
      allow("*", { Action: "oss:GetObject" }),
      allow({ Service: "ecs.aliyuncs.com" }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
    );
    const result = trustEntities(text);
    expect(result).toMatchObject({
      ok: true,
      value: [{ allowed: { statement: 1, principal: { type: "Service" }, conditions: [{ key: "sts:ExternalId" }] } }],
    });
  });

  test("a document that cannot be read says where", () => {
    expect(trustEntities("{")).toMatchObject({ ok: false });
    expect(trustEntities(document({ Effect: "Allow", Action: "sts:AssumeRole" }))).toMatchObject({
      ok: false,
      error: [{ path: "$.Statement[0]" }],
    });
  });

  test("reads ARNs of settings by the same rules", () => {
    expect(entityOfArn(` acs:ram::${own}:role/CI `)).toEqual({ kind: "role", accountId: own, name: "CI" });
    expect(entityKey(entityOfArn(`acs:ram::${own}:role/CI`))).toBe(entityKey(entityOfArn(`acs:ram::${own}:role/ci`)));
  });

  test("every kind has words in both languages that name it", () => {
    const all: readonly TrustEntity[] = [
      { kind: "everyone" },
      { kind: "account", accountId: own },
      { kind: "user", accountId: own, name: "alice" },
      { kind: "role", accountId: own, name: "ci" },
      { kind: "service", name: "ecs.aliyuncs.com" },
      { kind: "service", name: "log.aliyuncs.com", forAccountId: foreign },
      { kind: "saml-provider", accountId: own, name: "corp" },
      { kind: "oidc-provider", accountId: own, name: "GitHub" },
      { kind: "unrecognised", text: "x" },
    ];
    const texts = all.map(entityText);
    for (const language of ["en", "zh-CN"] as const) {
      expect(new Set(texts.map((text) => text[language])).size).toBe(all.length);
    }
    expect(texts.every((text) => /\p{Script=Han}/u.test(text["zh-CN"]) && !/\p{Script=Han}/u.test(text.en))).toBe(true);
  });
});
