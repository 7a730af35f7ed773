import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type TrustStep, trustDifference } from "../../shared/policy/trust-difference.ts";

const own = "1234567890123456";
const foreign = "9876543210987654";

type Condition = { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };

const allow = (principal: unknown, condition?: Condition, action: unknown = "sts:AssumeRole"): object => ({
  Effect: "Allow",
  Action: action,
  Principal: principal,
  ...(condition === undefined ? {} : { Condition: condition }),
});
const deny = (principal: unknown, condition?: Condition): object => ({
  ...allow(principal, condition),
  Effect: "Deny",
});
const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });

const ownRoot = { RAM: `acs:ram::${own}:root` };
const alice = { RAM: `acs:ram::${own}:user/alice` };
const vendor = { RAM: `acs:ram::${foreign}:root` };
const github = { Federated: `acs:ram::${own}:oidc-provider/GitHub` };
const corp = { Federated: `acs:ram::${own}:saml-provider/corp` };
const token = (sub: string | readonly string[], operator = "StringEquals"): Condition =>
  operator === "StringEquals"
    ? { StringEquals: { "oidc:aud": "sts.aliyuncs.com", "oidc:sub": sub } }
    : { StringEquals: { "oidc:aud": "sts.aliyuncs.com" }, [operator]: { "oidc:sub": sub } };

const stepsOf = (before: string | undefined, after: string): readonly TrustStep[] => {
  const result = trustDifference(before, after, own);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  expect(result.value.undecided).toBeUndefined();
  return result.value.steps;
};
const kinds = (before: string | undefined, after: string): readonly string[] =>
  stepsOf(before, after).map((step) => step.kind);

const only = (before: string | undefined, after: string): TrustStep => {
  const [step, ...others] = stepsOf(before, after);
  if (step === undefined) throw new Error("no step");
  expect(others).toEqual([]);
  return step;
};

describe("who is let in", () => {
  test.each<[string, object[], object[], readonly string[]]>([
    ["nothing changes", [allow(ownRoot)], [allow(ownRoot)], []],
    [
      "spelling changes",
      [allow(ownRoot)],
      [allow({ RAM: [`acs:ram::${own}:root`] }, undefined, ["STS:assumerole"])],
      [],
    ],
    ["another account comes", [allow(ownRoot)], [allow({ RAM: [ownRoot.RAM, vendor.RAM] })], ["entity-added"]],
    [
      "another account comes in a statement of its own",
      [allow(ownRoot)],
      [allow(ownRoot), allow(vendor)],
      ["entity-added"],
    ],
    ["one user becomes the account", [allow(alice)], [allow(ownRoot)], ["entity-widened"]],
    ["the account becomes one user", [allow(ownRoot)], [allow(alice)], ["entity-narrowed"]],
    ["a user beside the account is nothing new", [allow(ownRoot)], [allow(ownRoot), allow(alice)], []],
    ["everyone comes", [allow(ownRoot)], [allow("*")], ["entity-widened"]],
    ["an account goes", [allow(ownRoot), allow(vendor)], [allow(ownRoot)], ["entity-removed"]],
    ["an account is exchanged", [allow(ownRoot)], [allow(vendor)], ["entity-added", "entity-removed"]],
    [
      "a user is spelled in another case",
      [allow(alice)],
      [allow({ RAM: `acs:ram::${own}:user/Alice` })],
      ["entity-added", "entity-removed"],
    ],
    [
      "a role is spelled in another case",
      [allow({ RAM: `acs:ram::${own}:role/ci` })],
      [allow({ RAM: `acs:ram::${own}:role/CI` })],
      [],
    ],
    [
      "a service acts for another account",
      [allow({ Service: "log.aliyuncs.com" })],
      [allow({ Service: ["log.aliyuncs.com", `${foreign}@log.aliyuncs.com`] })],
      ["entity-added"],
    ],
    [
      "a second identity provider comes",
      [allow(corp)],
      [allow({ Federated: [corp.Federated, `acs:ram::${own}:saml-provider/evil`] })],
      ["entity-added"],
    ],
    [
      "an action that assumes nothing",
      [allow(ownRoot)],
      [allow(ownRoot, undefined, ["sts:AssumeRole", "sts:SetSourceIdentity"])],
      ["action-added"],
    ],
  ])("%s", (_name, before, after, expected) => {
    expect(kinds(document(...before), document(...after))).toEqual(expected);
  });

  test("without a role before, everybody is new", () => {
    expect(kinds(undefined, document(allow(ownRoot), allow({ Service: "ecs.aliyuncs.com" })))).toEqual([
      "entity-added",
      "entity-added",
    ]);
  });

  test("a foreign account is critical, the own one high, and both are named in both languages", () => {
    const step = only(document(allow(ownRoot)), document(allow(ownRoot), allow(vendor)));
    expect(step).toMatchObject({
      widens: true,
      severity: "critical",
      entity: { kind: "account", accountId: foreign },
      facts: { entityKind: "account", accountId: foreign, statement: "1", principal: vendor.RAM },
    });
    expect(step.sentence.en).toContain(`every RAM user and role of account \`${foreign}\` (another account)`);
    expect(step.sentence["zh-CN"]).toContain(foreign);
    expect(only(document(allow(alice)), document(allow(ownRoot)))).toMatchObject({
      severity: "high",
      facts: { insteadOf: expect.stringContaining("alice") },
    });
  });

  test("a provider of tokens without limits is critical and says what it lacks", () => {
    const step = only(document(allow(ownRoot)), document(allow(ownRoot), allow(github)));
    expect(step).toMatchObject({ severity: "critical", facts: { withoutConditionOn: "oidc:sub, oidc:aud" } });
    const limited = only(
      document(allow(ownRoot)),
      document(allow(ownRoot), allow(github, token("repo:org/app:ref:refs/heads/main"))),
    );
    expect(limited.severity).toBe("high");
    expect(limited.facts).not.toHaveProperty("withoutConditionOn");
  });
});

describe("under which conditions", () => {
  test.each<[string, object[], object[], readonly [kind: string, key: string, how: string]]>([
    [
      "external id dropped",
      [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } })],
      [allow(vendor)],
      ["condition-dropped", "sts:ExternalId", "dropped"],
    ],
    [
      "external id changed",
      [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } })],
      [allow(vendor, { StringEquals: { "sts:ExternalId": "b" } })],
      ["condition-weakened", "sts:ExternalId", "replaced"],
    ],
    [
      "external id by pattern",
      [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } })],
      [allow(vendor, { StringLike: { "sts:ExternalId": "a*" } })],
      ["condition-weakened", "sts:ExternalId", "operator-loosened"],
    ],
    [
      "a second audience",
      [allow(github, { StringEquals: { "oidc:aud": "a", "oidc:sub": "s" } })],
      [allow(github, { StringEquals: { "oidc:aud": ["a", "b"], "oidc:sub": "s" } })],
      ["condition-weakened", "oidc:aud", "values-added"],
    ],
    [
      "subject dropped",
      [allow(github, token("repo:org/app:*", "StringLike"))],
      [allow(github, { StringEquals: { "oidc:aud": "sts.aliyuncs.com" } })],
      ["condition-dropped", "oidc:sub", "dropped"],
    ],
    [
      "subject loses its slash",
      [allow(github, token("repo:org/*", "StringLike"))],
      [allow(github, token("repo:org*", "StringLike"))],
      ["condition-weakened", "oidc:sub", "wildcard"],
    ],
    [
      "recipient dropped",
      [allow(corp, { StringEquals: { "saml:recipient": "https://signin.aliyun.com/saml-role/sso" } })],
      [allow(corp)],
      ["condition-dropped", "saml:recipient", "dropped"],
    ],
    [
      "larger network",
      [allow(ownRoot, { IpAddress: { "acs:SourceIp": "10.1.0.0/16" } })],
      [allow(ownRoot, { IpAddress: { "acs:SourceIp": "10.0.0.0/8" } })],
      ["condition-weakened", "acs:SourceIp", "network-widened"],
    ],
    [
      "second network",
      [allow(ownRoot, { IpAddress: { "acs:SourceIp": "10.0.0.0/8" } })],
      [allow(ownRoot, { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"] } })],
      ["condition-weakened", "acs:SourceIp", "values-added"],
    ],
    [
      "MFA dropped",
      [allow(ownRoot, { Bool: { "acs:MFAPresent": "true" } })],
      [allow(ownRoot)],
      ["condition-dropped", "acs:MFAPresent", "dropped"],
    ],
    [
      "a condition nobody knows dropped",
      [allow(ownRoot, { Frobnicate: { "x:y": "z" } })],
      [allow(ownRoot)],
      ["condition-dropped", "x:y", "dropped"],
    ],
    [
      "a second statement without the condition",
      [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } })],
      [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } }), allow(vendor)],
      ["condition-dropped", "sts:ExternalId", "dropped"],
    ],
    [
      "a user under fewer conditions than the account",
      [allow(ownRoot, { Bool: { "acs:MFAPresent": "true" } })],
      [allow(ownRoot, { Bool: { "acs:MFAPresent": "true" } }), allow(alice)],
      ["condition-dropped", "acs:MFAPresent", "dropped"],
    ],
    [
      "an exception less",
      [allow(ownRoot, { NotIpAddress: { "acs:SourceIp": ["192.0.2.1", "192.0.2.2"] } })],
      [allow(ownRoot, { NotIpAddress: { "acs:SourceIp": ["192.0.2.1"] } })],
      ["condition-weakened", "acs:SourceIp", "exception-added"],
    ],
  ])("%s", (_name, before, after, [kind, key, how]) => {
    expect(only(document(...before), document(...after))).toMatchObject({
      kind,
      widens: true,
      facts: { conditionKey: key, how },
    });
  });

  test.each<[string, object[], object[]]>([
    [
      "fewer audiences",
      [allow(github, { StringEquals: { "oidc:aud": ["a", "b"], "oidc:sub": "s" } })],
      [allow(github, { StringEquals: { "oidc:aud": "a", "oidc:sub": "s" } })],
    ],
    ["a condition more", [allow(vendor)], [allow(vendor, { StringEquals: { "sts:ExternalId": "a" } })]],
    [
      "key in another case, values in another order",
      [allow(vendor, { StringEquals: { "sts:ExternalId": ["a", "b"] } })],
      [allow(vendor, { StringEquals: { "sts:externalid": ["b", "a"] } })],
    ],
    [
      "an exception more",
      [allow(ownRoot, { NotIpAddress: { "acs:SourceIp": "192.0.2.1" } })],
      [allow(ownRoot, { NotIpAddress: { "acs:SourceIp": ["192.0.2.1", "192.0.2.2"] } })],
    ],
    [
      "a second statement that narrows",
      [allow(ownRoot)],
      [allow(ownRoot), allow(ownRoot, { Bool: { "acs:MFAPresent": "true" } })],
    ],
  ])("silent: %s", (_name, before, after) => {
    expect(stepsOf(document(...before), document(...after))).toEqual([]);
  });

  test("says what the condition was and is", () => {
    const step = only(
      document(allow(github, token("repo:org/*", "StringLike"))),
      document(allow(github, token("repo:org*", "StringLike"))),
    );
    expect(step.severity).toBe("critical");
    expect(step.facts).toMatchObject({
      conditionBefore: "StringLike repo:org/*",
      conditionAfter: "StringLike repo:org*",
    });
    expect(step.sentence.en).toContain("it was `StringLike repo:org/*`, now `StringLike repo:org*`");
    expect(step.sentence["zh-CN"]).toContain("原为 `StringLike repo:org/*`，现为 `StringLike repo:org*`");
  });
});

describe("whom a Deny held back", () => {
  test("a Deny that goes is told", () => {
    const step = only(document(allow("*"), deny(vendor)), document(allow("*")));
    expect(step).toMatchObject({ kind: "deny-removed", widens: true, facts: { statementBefore: "1" } });
    expect(step.facts.deny).toContain(vendor.RAM);
  });

  test("a Deny that comes is silent", () => {
    expect(kinds(document(allow("*")), document(allow("*"), deny(vendor)))).toEqual([]);
  });
});

type Vector = { name: string; kind: string; before: object | []; after: object | []; expect: string };
const vectors: Vector[] = JSON.parse(
  readFileSync(new URL("../fixtures/policy/cases.json", import.meta.url), "utf8"),
).cases.filter((vector: Vector) => vector.kind === "trust");

describe("the vectors of the reference", () => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    "%s",
    (name, { before, after, expect: expected }) => {
      const widens = stepsOf(JSON.stringify(before), JSON.stringify(after)).some((step) => step.widens);
      // The caller's name as a condition is taken to be independent of the principal, which errs towards telling.
      if (name !== "trust-principalarn-condition-vs-principal") expect(widens).toBe(expected === "new-access");
    },
  );
});

describe("documents that nobody should have to wait for", () => {
  const names = (count: number, name: (at: number) => string): object =>
    allow({ RAM: Array.from({ length: count }, (_, at) => `acs:ram::${own}:role/${name(at)}`) });

  test("a hundred roles for a hundred others are each told", () => {
    const steps = stepsOf(document(names(100, (at) => `old${at}`)), document(names(100, (at) => `new${at}`)));
    expect(steps.filter((step) => step.kind === "entity-added")).toHaveLength(100);
    expect(steps.filter((step) => step.kind === "entity-removed")).toHaveLength(100);
  });

  test("tangled patterns end, and what was not settled is not called exact", () => {
    const tangled = (shift: number): object => names(60, (at) => `*${at}*?*${at + shift}*`);
    const before = document(
      tangled(2),
      deny({ RAM: Array.from({ length: 30 }, (_, at) => `acs:ram::*:*/*${at}*?*${at + 2}*`) }),
    );
    const result = trustDifference(before, document(tangled(1)), own);
    expect(result.ok && result.value.steps.some((step) => step.widens)).toBe(true);
    expect(result).toMatchObject({ ok: true, value: { exact: false } });
  });
});

describe("documents that cannot be read", () => {
  test("says which one and where", () => {
    expect(trustDifference("nonsense", document(allow(ownRoot)), own)).toMatchObject({
      ok: false,
      error: { document: "before" },
    });
    expect(
      trustDifference(undefined, document({ Effect: "Perhaps", Action: "sts:AssumeRole", Principal: "*" }), own),
    ).toMatchObject({
      ok: false,
      error: { document: "after", errors: [{ path: "$.Statement[0].Effect" }] },
    });
  });
});
