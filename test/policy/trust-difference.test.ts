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

const summary = (before: object[], after: object[]): readonly (readonly [string, string])[] =>
  stepsOf(document(...before), document(...after)).map((step) => [
    step.kind,
    step.facts.conditionKey ??
      step.facts.actions ??
      step.facts.deny ??
      step.facts.request ??
      step.facts.principal ??
      step.facts.name ??
      "",
  ]);
const equals = (values: { readonly [key: string]: string }): Condition => ({ StringEquals: values });
const userOf = (name: string, account = own): { readonly RAM: string } => ({ RAM: `acs:ram::${account}:user/${name}` });
const both = ["sts:AssumeRole", "sts:SetSourceIdentity"];

describe("which statement of before it is told of", () => {
  const narrow = allow(vendor, equals({ "sts:ExternalId": "x", "acs:SourceVpc": "v", "acs:MFAPresent": "true" }));
  const near = allow(vendor, equals({ "sts:ExternalId": "y", "acs:MFAPresent": "true" }));
  const wide = allow(vendor, equals({ "acs:MFAPresent": "true" }));

  test("the one from which the fewest steps lead", () => {
    for (const before of [
      [narrow, near],
      [near, narrow],
      [narrow, near, narrow],
    ]) {
      expect(only(document(...before), document(wide)).facts).toMatchObject({
        conditionKey: "sts:ExternalId",
        conditionBefore: "StringEquals y",
      });
    }
    expect(summary([narrow], [wide])).toEqual([
      ["condition-dropped", "sts:ExternalId"],
      ["condition-dropped", "acs:SourceVpc"],
    ]);
  });

  test("a name with a wildcard seems to cover more than it does, and explains nothing", () => {
    const pattern = userOf("a*");
    expect(summary([allow(pattern)], [allow(userOf("bob"))])).toEqual([
      ["entity-added", userOf("bob").RAM],
      ["entity-narrowed", ""],
    ]);
    expect(summary([allow(pattern)], [allow(pattern), allow(userOf("bob"))])).toEqual([
      ["entity-added", userOf("bob").RAM],
    ]);
    expect(summary([allow(pattern), deny(userOf("ab"))], [allow(pattern)])).toEqual([
      ["deny-removed", `sts:AssumeRole for RAM ${userOf("ab").RAM}`],
    ]);
  });
});

describe("everyone of one type", () => {
  const everyUser = { RAM: "*" };
  const limit = equals({ "sts:ExternalId": "x" });

  test.each<[string, object, object, readonly string[]]>([
    ["an account", everyUser, vendor, ["condition-dropped"]],
    ["a user", everyUser, alice, ["condition-dropped"]],
    ["a role", everyUser, { RAM: `acs:ram::${own}:role/ci` }, ["condition-dropped"]],
    ["everyone of the same type", everyUser, everyUser, ["condition-dropped"]],
    ["everyone in other words", everyUser, { RAM: "acs:ram::*:root" }, ["condition-dropped"]],
    ["a service", everyUser, { Service: "ecs.aliyuncs.com" }, ["entity-added"]],
    ["an identity provider", everyUser, corp, ["entity-added"]],
    ["every identity provider", everyUser, { Federated: "*" }, ["entity-added"]],
    ["a user beside all providers", { Federated: "*" }, alice, ["entity-added"]],
  ])("%s without the condition", (_name, before, after, expected) => {
    expect(kinds(document(allow(before, limit)), document(allow(before, limit), allow(after)))).toEqual(expected);
  });

  test("everyone of any type is more than everyone of one", () => {
    expect(kinds(document(allow(everyUser)), document(allow("*")))).toEqual(["entity-widened"]);
    expect(kinds(document(allow("*", limit)), document(allow("*", limit), allow(corp)))).toEqual(["condition-dropped"]);
  });

  test("a provider that is one of all of them is not gone", () => {
    expect(kinds(document(allow(corp)), document(allow({ Federated: "*" })))).toEqual(["entity-added"]);
  });
});

describe("what one may do with the role", () => {
  test.each<[string, object, object, readonly (readonly [string, string])[]]>([
    [
      "one action more, in another case",
      allow(ownRoot, undefined, "STS:assumerole"),
      allow(ownRoot, undefined, both),
      [["action-added", "sts:SetSourceIdentity"]],
    ],
    [
      "everything but some",
      allow(ownRoot),
      { ...allow(ownRoot), Action: undefined, NotAction: ["sts:TagSession", "sts:X"] },
      [["action-added", "everything but sts:TagSession, sts:X"]],
    ],
    [
      "some that were left out",
      { ...allow(ownRoot), Action: undefined, NotAction: ["sts:SetSourceIdentity"] },
      allow(ownRoot, undefined, both),
      [["action-added", both.join(", ")]],
    ],
    [
      "fewer, in other words, and a condition less",
      allow(ownRoot, equals({ "sts:ExternalId": "x" }), "sts:*"),
      allow(ownRoot),
      [["condition-dropped", "sts:ExternalId"]],
    ],
    [
      "more, and a condition less",
      allow(ownRoot, equals({ "sts:ExternalId": "x" })),
      allow(ownRoot, undefined, both),
      [
        ["condition-dropped", "sts:ExternalId"],
        ["action-added", "sts:SetSourceIdentity"],
      ],
    ],
    [
      "more, and a condition that only looks weaker",
      allow(ownRoot, { IpAddress: { "acs:SourceIp": "10.0.0.0/8" } }),
      allow(ownRoot, { IpAddress: { "acs:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"] } }, both),
      [["action-added", "sts:SetSourceIdentity"]],
    ],
  ])("%s", (_name, before, after, expected) => {
    expect(summary([before], [after])).toEqual(expected);
  });

  test("what lets nobody assume is told by a request, with the statement that allows it", () => {
    const odd = allow(vendor, undefined, "sts:Other");
    const step = only(document(allow(ownRoot)), document(allow(ownRoot), odd));
    expect(step).toMatchObject({ kind: "newly-allowed", widens: true, severity: "high", facts: { statement: "1" } });
    expect(step.facts.request).toMatch(new RegExp(`^sts:Other by RAM acs:ram::${foreign}:`));
    expect(kinds(document(allow(ownRoot), odd), document(allow(ownRoot), odd))).toEqual([]);
    expect(kinds(document(allow(ownRoot), odd), document(allow(ownRoot)))).toEqual([]);
    expect(summary([allow(ownRoot)], [allow(ownRoot), odd, { ...odd, Effect: "Deny" }])).toEqual([]);
    expect(kinds(document(allow(ownRoot)), document(allow(ownRoot), odd, allow(corp)))).toEqual([
      "entity-added",
      "newly-allowed",
    ]);
  });
});

describe("a Deny in words", () => {
  const opened = allow("*");
  const told = (before: object): string | undefined =>
    stepsOf(document(opened, before), document(opened)).find(({ kind }) => kind === "deny-removed")?.facts.deny;

  test.each<[string, object, string]>([
    [
      "actions and principals",
      { ...deny({ RAM: [userOf("a").RAM, userOf("b").RAM], Service: "ecs.aliyuncs.com" }), Action: both },
      `sts:AssumeRole, sts:SetSourceIdentity for RAM ${userOf("a").RAM}, RAM ${userOf("b").RAM}, Service ecs.aliyuncs.com`,
    ],
    ["everybody", deny("*"), "sts:AssumeRole for *"],
    [
      "everything but",
      { ...deny("*"), Action: undefined, NotAction: ["sts:X", "sts:Y"] },
      "everything but sts:X, sts:Y for *",
    ],
    [
      "all but",
      { Effect: "Deny", Action: "sts:AssumeRole", NotPrincipal: alice },
      `sts:AssumeRole for all but RAM ${alice.RAM}`,
    ],
    [
      "a condition",
      deny(vendor, equals({ "sts:ExternalId": "x" })),
      `sts:AssumeRole for RAM ${vendor.RAM} when sts:ExternalId StringEquals x`,
    ],
  ])("names %s", (_name, before, expected) => {
    expect(told(before)).toBe(expected);
  });

  test("is told only where it held somebody back who is let in", () => {
    const carol = userOf("carol", foreign);
    expect(summary([allow(ownRoot), deny(carol)], [allow(ownRoot), allow(corp)])).toEqual([
      ["entity-added", corp.Federated],
    ]);
    expect(summary([allow("*"), deny(carol)], [allow("*"), deny(carol), deny(vendor)])).toEqual([]);
    expect(summary([allow("*"), deny(vendor)], [allow("*"), deny(carol)])).toEqual([
      ["deny-removed", `sts:AssumeRole for RAM ${vendor.RAM}`],
    ]);
    expect(summary([allow("*"), deny(vendor), deny(carol)], [allow("*"), deny(vendor)])).toEqual([]);
  });
});

describe("how sure it is", () => {
  test("exact, where everything is understood", () => {
    expect(trustDifference(document(allow(ownRoot)), document(allow(vendor)), own)).toMatchObject({
      value: { exact: true },
    });
    expect(trustDifference(document(allow(ownRoot)), document(allow(ownRoot)), own)).toStrictEqual({
      ok: true,
      value: { steps: [], exact: true },
    });
    const odd = document(allow(ownRoot, { Odd: { "a:b": "x" } }));
    expect(trustDifference(odd, document(allow(ownRoot)), own)).toMatchObject({ value: { exact: false } });
  });

  test("undecided, with the reason, where the comparison is", () => {
    const text = document(allow(ownRoot, equals({ "acs:SourceIp": "10.0.0.1" })));
    const address = document(allow(ownRoot, { IpAddress: { "acs:SourceIp": "10.0.0.1" } }));
    expect(trustDifference(text, address, own)).toMatchObject({
      ok: true,
      value: { exact: false, undecided: "`acs:SourceIp` is compared in two ways" },
    });
  });

  describe("once the budget is gone", () => {
    const many = allow({ RAM: Array.from({ length: 330 }, (_, at) => `acs:ram::${own}:role/r${at}`) });
    const widening = (before: object[], after: object[]) => {
      const result = trustDifference(document(...before), document(...after), own);
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      expect(result.value.exact).toBe(false);
      return result.value.steps.filter(({ widens }) => widens);
    };

    test("what is new is told by a request, if by nothing better", () => {
      const steps = widening([many], [many, allow(ownRoot, undefined, "sts:Other")]);
      expect(steps.map(({ kind }) => kind)).toEqual(["newly-allowed"]);
      expect(steps[0]?.facts).toEqual({ request: expect.stringMatching(/^sts:Other by RAM acs:ram::/) });
    });

    test.each<[string, boolean]>([
      ["acs:ram::*:root", false],
      ["acs:ram:*:*:root", false],
      ["acs:ram:*:*:*", false],
      ["acs:ram::*:root*", true],
      ["xacs:ram::*:root", true],
      [`acs:ram::${foreign}:user/p*`, true],
    ])("%s, which stays, is told again: %s", (value, told) => {
      const stays = allow({ RAM: value });
      const steps = widening([many, stays], [many, stays, allow(corp)]);
      expect(steps.map(({ facts }) => facts.principal)).toEqual([...(told ? [value] : []), corp.Federated]);
    });
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
