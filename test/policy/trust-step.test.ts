import { describe, expect, it } from "vitest";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";
import type { Weakening } from "../../shared/policy/trust-conditions.ts";
import type { LetIn } from "../../shared/policy/trust-entities.ts";
import type { TrustEntity } from "../../shared/policy/trust-entity.ts";
import {
  actionAdded,
  conditionLost,
  denyRemoved,
  entityAdded,
  entityLost,
  entityTrusted,
  entityWidened,
  newlyAllowed,
} from "../../shared/policy/trust-step.ts";

const test = (operator: string, key: string, ...values: string[]): ConditionTest => ({
  ...operatorNamed(operator),
  key,
  values,
});

const entry = (entity: TrustEntity, ...conditions: ConditionTest[]): LetIn => ({
  entity,
  allowed: {
    statement: 2,
    principal: { type: "RAM", value: "as written" },
    actions: { complement: false, patterns: ["sts:AssumeRole"] },
    conditions,
  },
});

const account: TrustEntity = { kind: "account", accountId: "1" };
const user: TrustEntity = { kind: "user", accountId: "1", name: "a" };
const role: TrustEntity = { kind: "role", accountId: "1", name: "b" };
const service: TrustEntity = { kind: "service", name: "ecs.aliyuncs.com" };
const oidc: TrustEntity = { kind: "oidc-provider", accountId: "1", name: "GitHub" };
const saml: TrustEntity = { kind: "saml-provider", accountId: "1", name: "corp" };
const mfa = test("Bool", "acs:MFAPresent", "true");

describe("somebody comes", () => {
  it("from this account, another one, or nobody knows whence", () => {
    expect(entityAdded(entry(user), "1")).toEqual({
      kind: "entity-added",
      widens: true,
      entity: user,
      facts: { entityKind: "user", accountId: "1", name: "a", principal: "as written", statement: "2" },
      severity: "high",
      sentence: {
        en: "the role newly trusts RAM user `a` of account `1` (this account)",
        "zh-CN": "该角色新增信任账号 `1` 的 RAM 用户 `a`（本账号）",
      },
    });
    expect(entityAdded(entry(user), "2")).toMatchObject({
      severity: "critical",
      sentence: {
        en: "the role newly trusts RAM user `a` of account `1` (another account)",
        "zh-CN": "该角色新增信任账号 `1` 的 RAM 用户 `a`（外部账号）",
      },
    });
    expect(entityAdded(entry(user), undefined)).toMatchObject({
      severity: "high",
      sentence: {
        en: "the role newly trusts RAM user `a` of account `1`",
        "zh-CN": "该角色新增信任账号 `1` 的 RAM 用户 `a`",
      },
    });
  });

  it("everyone is worse than a service, which belongs to no account", () => {
    expect(entityAdded(entry({ kind: "everyone" }), undefined).severity).toBe("critical");
    expect(entityAdded(entry(service), "1")).toMatchObject({
      severity: "high",
      sentence: { en: "the role newly trusts cloud service `ecs.aliyuncs.com`" },
    });
  });

  it("under conditions", () => {
    const step = entityAdded(entry(user, mfa, test("StringEquals", "a:b", "x", "y")), "1");
    const conditions = "acs:MFAPresent Bool true and a:b StringEquals x, y";
    expect(step.facts.conditions).toBe(conditions);
    expect(step.sentence).toEqual({
      en: `the role newly trusts RAM user \`a\` of account \`1\` (this account), when \`${conditions}\``,
      "zh-CN": `该角色新增信任账号 \`1\` 的 RAM 用户 \`a\`（本账号），条件为 \`${conditions}\``,
    });
  });

  it("a provider of identities without the limits that keep it narrow", () => {
    const open = entityAdded(entry(oidc), "1");
    expect(open.severity).toBe("critical");
    expect(open.facts.withoutConditionOn).toBe("oidc:sub, oidc:aud");
    expect(open.sentence.en).toMatch(/ \(this account\), with no limit on `oidc:sub`, `oidc:aud`$/);
    expect(open.sentence["zh-CN"]).toMatch(/（本账号），且未限制 `oidc:sub`、`oidc:aud`$/);
    const half = entityAdded(entry(oidc, test("StringEquals", "OIDC:aud", "x")), "1");
    expect(half.facts.withoutConditionOn).toBe("oidc:sub");
    expect(half.sentence.en).toMatch(/, when `OIDC:aud StringEquals x`, with no limit on `oidc:sub`$/);
    expect(half.sentence["zh-CN"]).toMatch(/，条件为 `OIDC:aud StringEquals x`，且未限制 `oidc:sub`$/);
    expect(entityAdded(entry(saml), "1").facts.withoutConditionOn).toBe("saml:recipient");
    const narrow = entityAdded(entry(saml, test("StringEquals", "saml:recipient", "x")), "1");
    expect(narrow.severity).toBe("high");
    expect(narrow.facts).not.toHaveProperty("withoutConditionOn");
    expect(entityAdded(entry(user), "1").facts).not.toHaveProperty("conditions");
  });

  it("and as things stand, in the same words", () => {
    expect(entityTrusted(entry(user, mfa), "1")).toEqual({
      entity: user,
      facts: {
        entityKind: "user",
        accountId: "1",
        name: "a",
        principal: "as written",
        statement: "2",
        conditions: "acs:MFAPresent Bool true",
      },
      severity: "high",
      sentence: {
        en: "RAM user `a` of account `1` (this account), when `acs:MFAPresent Bool true`",
        "zh-CN": "账号 `1` 的 RAM 用户 `a`（本账号），条件为 `acs:MFAPresent Bool true`",
      },
    });
  });
});

it("a larger entity where parts of it were", () => {
  expect(entityWidened(entry(account, mfa), [user, role], "2")).toEqual({
    kind: "entity-widened",
    widens: true,
    entity: account,
    facts: {
      entityKind: "account",
      accountId: "1",
      principal: "as written",
      statement: "2",
      conditions: "acs:MFAPresent Bool true",
      insteadOf: "RAM user `a` of account `1`, RAM role `b` of account `1`",
    },
    severity: "critical",
    sentence: {
      en: "the role trusts every RAM user and role of account `1` (another account), when `acs:MFAPresent Bool true`, where it trusted only RAM user `a` of account `1`, RAM role `b` of account `1`",
      "zh-CN":
        "该角色原仅信任账号 `1` 的 RAM 用户 `a`、账号 `1` 的 RAM 角色 `b`，现信任账号 `1` 下的所有 RAM 用户和角色（外部账号），条件为 `acs:MFAPresent Bool true`",
    },
  });
});

describe("a condition", () => {
  const before = [test("StringEquals", "sts:ExternalId", "a")];

  it("is gone", () => {
    expect(conditionLost(entry(user), { key: "sts:ExternalId", how: "dropped", before, after: [] })).toEqual({
      kind: "condition-dropped",
      widens: true,
      entity: user,
      facts: {
        entityKind: "user",
        accountId: "1",
        name: "a",
        statement: "2",
        conditionKey: "sts:ExternalId",
        how: "dropped",
        conditionBefore: "StringEquals a",
      },
      severity: "high",
      sentence: {
        en: "for RAM user `a` of account `1` the condition on `sts:ExternalId` (the external id) is gone: it was `StringEquals a`",
        "zh-CN": "账号 `1` 的 RAM 用户 `a`：针对 `sts:ExternalId`（外部 ID） 的条件已被移除，原为 `StringEquals a`",
      },
    });
  });

  it.each<[Weakening, string, string]>([
    ["values-added", "accepts more values", "接受了更多的值"],
    ["operator-loosened", "compares by pattern instead of exactly", "由精确匹配变为模式匹配"],
    ["wildcard", "accepts a wider pattern", "接受了更宽的模式"],
    ["network-widened", "accepts more addresses", "接受了更多的地址"],
    ["exception-added", "excludes less", "排除的范围变小"],
    ["replaced", "accepts something else", "接受了不同的内容"],
  ])("holds less: %s", (how, en, zh) => {
    const after = [test("StringLike", "sts:ExternalId", "a*")];
    const step = conditionLost(entry(user), { key: "sts:ExternalId", how, before, after });
    expect(step.kind).toBe("condition-weakened");
    expect(step.facts).toMatchObject({ how, conditionBefore: "StringEquals a", conditionAfter: "StringLike a*" });
    expect(step.sentence.en).toMatch(new RegExp(` ${en}: it was \`StringEquals a\`, now \`StringLike a\\*\`$`));
    expect(step.sentence["zh-CN"]).toMatch(
      new RegExp(`的条件${zh}，原为 \`StringEquals a\`，现为 \`StringLike a\\*\`$`),
    );
  });
});

it("a Deny that is gone", () => {
  expect(denyRemoved(3, "the Deny")).toEqual({
    kind: "deny-removed",
    widens: true,
    facts: { statementBefore: "3", deny: "the Deny" },
    severity: "high",
    sentence: {
      en: "a Deny no longer holds back what it did: it was `the Deny`",
      "zh-CN": "原有的拒绝语句不再完全生效，原为 `the Deny`",
    },
  });
});

it("actions that may be used newly", () => {
  expect(actionAdded(entry(user), ["a:b", "c:d"])).toEqual({
    kind: "action-added",
    widens: true,
    entity: user,
    facts: { entityKind: "user", accountId: "1", name: "a", statement: "2", actions: "a:b, c:d" },
    severity: "medium",
    sentence: {
      en: "RAM user `a` of account `1` may newly use `a:b`, `c:d` on the role",
      "zh-CN": "账号 `1` 的 RAM 用户 `a`新增可对该角色使用 `a:b`、`c:d`",
    },
  });
});

it("what only a request shows", () => {
  expect(newlyAllowed("the request", { statement: "1" })).toEqual({
    kind: "newly-allowed",
    widens: true,
    facts: { statement: "1", request: "the request" },
    severity: "high",
    sentence: { en: "newly allowed: `the request`", "zh-CN": "新增允许：`the request`" },
  });
});

describe("somebody goes", () => {
  it("whole", () => {
    expect(entityLost(user, [])).toEqual({
      kind: "entity-removed",
      widens: false,
      entity: user,
      facts: { entityKind: "user", accountId: "1", name: "a" },
      severity: "medium",
      sentence: {
        en: "the role no longer trusts RAM user `a` of account `1`",
        "zh-CN": "该角色不再信任账号 `1` 的 RAM 用户 `a`",
      },
    });
  });

  it("down to parts that stay", () => {
    expect(entityLost(account, [user, role])).toEqual({
      kind: "entity-narrowed",
      widens: false,
      entity: account,
      facts: {
        entityKind: "account",
        accountId: "1",
        stays: "RAM user `a` of account `1`, RAM role `b` of account `1`",
      },
      severity: "info",
      sentence: {
        en: "where the role trusted every RAM user and role of account `1`, it now trusts only RAM user `a` of account `1`, RAM role `b` of account `1`",
        "zh-CN":
          "该角色原信任账号 `1` 下的所有 RAM 用户和角色，现仅信任账号 `1` 的 RAM 用户 `a`、账号 `1` 的 RAM 角色 `b`",
      },
    });
  });
});
