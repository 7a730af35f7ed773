import { describe, expect, it } from "vitest";
import {
  entityAccount,
  entityCovers,
  entityFacts,
  entityOf,
  entityOfArn,
  entityText,
  type TrustEntity,
} from "../../shared/policy/trust-entity.ts";

const everyone: TrustEntity = { kind: "everyone" };
const account = (accountId = "1"): TrustEntity => ({ kind: "account", accountId });
const user = (name = "a", accountId = "1"): TrustEntity => ({ kind: "user", accountId, name });
const role = (name = "a", accountId = "1"): TrustEntity => ({ kind: "role", accountId, name });
const saml: TrustEntity = { kind: "saml-provider", accountId: "1", name: "p" };
const oidc: TrustEntity = { kind: "oidc-provider", accountId: "1", name: "p" };
const service: TrustEntity = { kind: "service", name: "ecs.aliyuncs.com" };
const delegated: TrustEntity = { kind: "service", name: "log.aliyuncs.com", forAccountId: "2" };
const unrecognised = (text: string): TrustEntity => ({ kind: "unrecognised", text });

describe("reading one principal", () => {
  it.each<[string, string, TrustEntity]>([
    ["RAM", "*", everyone],
    [" ram ", " acs:ram::1:root ", account()],
    ["*", "acs:ram::1:user/a", user()],
    ["RAM", "1", account()],
    ["RAM", "1x", unrecognised("1x")],
    ["RAM", "x1", unrecognised("x1")],
    ["RAM", "acs:ram::1", unrecognised("acs:ram::1")],
    ["RAM", "acs:ram::1x:root", unrecognised("acs:ram::1x:root")],
    ["RAM", "acs:*", everyone],
    ["RAM", "ac?:*", everyone],
    ["RAM", "arn:*", unrecognised("arn:*")],
    ["RAM", "acs:ram::1*", everyone],
    ["RAM", "acs:r*:x", unrecognised("acs:r*:x")],
    ["RAM", "*cs", unrecognised("*cs")],
    ["RAM", "arn:ram::1:root", unrecognised("arn:ram::1:root")],
    ["RAM", "acs:ecs::1:root", unrecognised("acs:ecs::1:root")],
    ["RAM", "acs:*::1:root", account()],
    ["RAM", "a?s:ram::1:root", account()],
    ["RAM", "ACS:STS::1:assumed-role/a/session", role()],
    ["RAM", "acs:ram::1:ROOT", account()],
    ["RAM", "acs:ram::1:roo?", account()],
    ["RAM", "acs:ram::1:user", unrecognised("acs:ram::1:user")],
    ["RAM", "acs:ram::1:user/", unrecognised("acs:ram::1:user/")],
    ["RAM", "acs:ram::1:root/", unrecognised("acs:ram::1:root/")],
    ["RAM", "acs:ram::1:/root", unrecognised("acs:ram::1:/root")],
    ["RAM", "acs:ram::1:us*/a", account()],
    ["RAM", "acs:ram::1:*/", account()],
    ["RAM", "acs:ram::1:user/a?", account()],
    ["RAM", "acs:ram::1:User/a:b", user("a:b")],
    ["RAM", "acs:ram::1:role/a*", account()],
    ["RAM", "acs:ram::1:role//x", unrecognised("acs:ram::1:role//x")],
    ["RAM", "acs:ram::1:group/a", unrecognised("acs:ram::1:group/a")],
    ["Federated", "*", everyone],
    ["Federated", "acs:ram::1:saml-provider/p", saml],
    ["federated", "acs:ram::1:oidc-provider/p", oidc],
    ["Service", " ECS.aliyuncs.com ", service],
    ["Service", "2@LOG.aliyuncs.com", delegated],
    ["Service", "@log.aliyuncs.com", { kind: "service", name: "log.aliyuncs.com", forAccountId: "" }],
    ["AWS", " x ", unrecognised("AWS:  x ")],
  ])("%s %s", (type, value, entity) => {
    expect(entityOf(type, value)).toEqual(entity);
  });

  it("an ARN of settings by the same rules", () => {
    expect(entityOfArn(" acs:ram::1:role/a ")).toEqual(role());
    expect(entityOfArn("acs:ram::*:role/a")).toEqual(everyone);
  });
});

describe("who is among whom", () => {
  it("everyone holds identities of accounts and providers, but no service and nothing that is not known", () => {
    for (const part of [account(), user(), role(), saml, oidc]) expect(entityCovers(everyone, part)).toBe(true);
    for (const part of [service, delegated, unrecognised("x")]) expect(entityCovers(everyone, part)).toBe(false);
  });

  it("an account holds its users and roles and nothing else", () => {
    for (const part of [account(), user(), role()]) expect(entityCovers(account(), part)).toBe(true);
    const others = [account("2"), user("a", "2"), role("a", "2"), saml, oidc, service, everyone, unrecognised("1")];
    for (const part of others) expect(entityCovers(account(), part)).toBe(false);
  });

  it("all others hold themselves only", () => {
    expect(entityCovers(role("A"), role("a"))).toBe(true);
    expect(entityCovers(user("A"), user("a"))).toBe(false);
    expect(entityCovers(user(), role())).toBe(false);
    expect(entityCovers(saml, oidc)).toBe(false);
    expect(entityCovers(service, delegated)).toBe(false);
    expect(entityCovers(delegated, delegated)).toBe(true);
    expect(entityCovers(user(), account())).toBe(false);
  });
});

it("whose an entity is", () => {
  for (const entity of [account(), user(), role(), saml, oidc]) expect(entityAccount(entity)).toBe("1");
  expect(entityAccount(delegated)).toBe("2");
  for (const entity of [everyone, service, unrecognised("acs:ram::1:root")]) {
    expect(entityAccount(entity)).toBeUndefined();
  }
});

describe("how a person reads it", () => {
  it.each<[TrustEntity, string, string]>([
    [everyone, "everyone (any identity of any account)", "任何人（任意账号的任意身份）"],
    [account(), "every RAM user and role of account `1`", "账号 `1` 下的所有 RAM 用户和角色"],
    [user(), "RAM user `a` of account `1`", "账号 `1` 的 RAM 用户 `a`"],
    [role(), "RAM role `a` of account `1`", "账号 `1` 的 RAM 角色 `a`"],
    [service, "cloud service `ecs.aliyuncs.com`", "云服务 `ecs.aliyuncs.com`"],
    [delegated, "cloud service `log.aliyuncs.com` acting for account `2`", "代表账号 `2` 的云服务 `log.aliyuncs.com`"],
    [saml, "SAML identity provider `p` of account `1`", "账号 `1` 的 SAML 身份提供商 `p`"],
    [oidc, "OIDC identity provider `p` of account `1`", "账号 `1` 的 OIDC 身份提供商 `p`"],
    [unrecognised("x"), "a principal that is not recognised, `x`", "无法识别的主体 `x`"],
  ])("%j", (entity, en, zh) => {
    expect(entityText(entity)).toEqual({ en, "zh-CN": zh });
  });

  it("and a machine", () => {
    expect(entityFacts(delegated)).toEqual({ entityKind: "service", name: "log.aliyuncs.com", forAccountId: "2" });
  });
});
