import * as fc from "fast-check";
import type {
  ConditionBlock,
  RawAttached,
  RawDocument,
  RawPair,
  RawPrincipal,
  RawSide,
  RawStatement,
} from "./model.ts";

const pick = <Item>(...items: readonly Item[]): fc.Arbitrary<Item> => fc.constantFrom(...items);

/** One text, or a list in which order, repeats and emptiness all occur. */
const oneOrMany = (item: fc.Arbitrary<string>, longest = 3): fc.Arbitrary<string | readonly string[]> =>
  fc.oneof({ weight: 4, arbitrary: item }, { weight: 5, arbitrary: fc.array(item, { maxLength: longest }) });

const actionPattern: fc.Arbitrary<string> = fc.oneof(
  pick(
    "*",
    "*:*",
    "a:*",
    "b:*",
    "?:*",
    "A:*",
    "a*",
    "*a",
    "*:a",
    "a:a*",
    "a:?",
    "a:*?",
    "a:?*",
    "a:**",
    "*?*",
    "a:a",
    "A:B",
    "?*a",
    "a*b",
  ),
  fc
    .tuple(
      pick("a", "b", "*", "?", "a*", "B"),
      pick("", "a", "b", "*", "?", "a*", "*a", "*b", "ab", "AB", "?b", "a?", "*a*", "b*", "?*?"),
    )
    .map((parts) => parts.join(":")),
);

const resourcePattern: fc.Arbitrary<string> = fc.oneof(
  pick(
    "*",
    "?*",
    "a",
    "acs:*",
    "acs:o:*",
    "acs:o*",
    "acs:*:*",
    "*:a",
    "acs:*:*:*:*",
    "acs:o:*:1",
    "*a*",
    "?",
    "acs:*:b/*",
    "a*:a",
  ),
  fc
    .tuple(
      pick("acs", "acs", "acs", "*", "a?s"),
      pick("o", "o", "ram", "*", "?"),
      pick("", "*", "*", "r", "?"),
      pick("1", "*", "*", "2", "?"),
      pick(
        "*",
        "a",
        "b",
        "a/*",
        "b/*",
        "a*",
        "*a",
        "?",
        "??",
        "a?*",
        "*/a",
        "a:b",
        "*:a",
        "role/A",
        "role/*",
        "role/a",
        "a/?*",
      ),
    )
    .map((parts) => parts.join(":")),
);

/** Names in which a wildcard of one part could reach into the next. */
const crossing = pick(
  "acs:o:*:*:a",
  "acs:o:*:*:b",
  "acs:o:*:*:a*",
  "acs:o:*:*:a/*",
  "acs:o:*:1:*",
  "acs:o:*:1:a",
  "acs:o:r:*:a",
  "acs:*:*:*:a",
  "acs:*:a",
  "acs:o:*:a",
  "acs:o:*",
  "*",
  "acs:o:*:?:a",
);

const ramPrincipal = fc.oneof(
  pick("*", "acs:ram::*:root", "acs:ram::*:*", "acs:ram::1:*", "acs:ram::1?:root", "acs:ram:*:1:user/a"),
  fc
    .tuple(
      pick("1", "2", "12"),
      pick("root", "root", "user/a", "user/A", "user/*", "role/a", "role/A", "role/*", "*/a"),
    )
    .map(([account, name]) => `acs:ram::${account}:${name}`),
);

const servicePrincipal = pick("a.com", "b.com", "1@a.com", "*", "*.com", "?.com", "*@a.com");

const federatedPrincipal = pick(
  "acs:ram::1:saml-provider/a",
  "acs:ram::1:oidc-provider/a",
  "acs:ram::2:saml-provider/a",
  "acs:ram::1:*",
  "*",
);

const principal: fc.Arbitrary<RawPrincipal> = fc.oneof(
  { weight: 1, arbitrary: pick<RawPrincipal>("*", ["*"], {}, []) },
  { weight: 6, arbitrary: oneOrMany(ramPrincipal).map((RAM) => ({ RAM })) },
  { weight: 2, arbitrary: oneOrMany(servicePrincipal).map((Service) => ({ Service })) },
  { weight: 2, arbitrary: oneOrMany(federatedPrincipal).map((Federated) => ({ Federated })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(oneOrMany(ramPrincipal), oneOrMany(servicePrincipal), oneOrMany(federatedPrincipal))
      .map(([RAM, Service, Federated]) => ({ RAM, Service, Federated })),
  },
);

type Test = { readonly operator: string; readonly key: string; readonly value: ConditionBlock[string][string] };

const test = (
  operators: readonly string[],
  keys: readonly string[],
  values: fc.Arbitrary<string>,
): fc.Arbitrary<Test> =>
  fc
    .tuple(
      fc.constantFrom(...operators),
      fc.constantFrom(...keys),
      oneOrMany(values),
      fc.nat(7).map((roll) => (roll === 0 ? "IfExists" : "")),
    )
    .map(([operator, key, value, suffix]) => ({ operator: operator + suffix, key, value }));

const relations = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];

const conditionTest: fc.Arbitrary<Test> = fc.oneof(
  {
    weight: 6,
    arbitrary: test(
      [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
      ],
      ["k:string", "k:string", "K:String", "k:other"],
      pick("a", "b", "A", "ab", "aB", "", "a*", "*a", "?b", "*", "?", "*?", "?*", "a?*"),
    ),
  },
  {
    weight: 3,
    arbitrary: test(
      relations.map((name) => `Numeric${name}`),
      ["k:number"],
      pick("1", "2", "3", "1.0", "02"),
    ),
  },
  {
    weight: 2,
    arbitrary: test(
      relations.map((name) => `Date${name}`),
      ["k:date"],
      pick("2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-02-01T00:00:00Z", "2026-01-31T19:00:00-05:00"),
    ),
  },
  { weight: 2, arbitrary: test(["Bool"], ["k:bool"], pick("true", "false", "True")) },
  { weight: 1, arbitrary: pick(true, false).map((value) => ({ operator: "Bool", key: "k:bool", value })) },
  {
    weight: 1,
    arbitrary: pick(1, 2, 3).map((value) => ({ operator: "NumericLessThanEquals", key: "k:number", value })),
  },
  {
    weight: 4,
    arbitrary: test(
      ["IpAddress", "NotIpAddress"],
      ["k:ip"],
      pick(
        "10.0.0.0/8",
        "10.0.0.0/9",
        "10.128.0.0/9",
        "10.9.9.9/8",
        "10.1.2.3",
        "10.1.2.3/32",
        "0.0.0.0/0",
        "192.0.2.0/24",
        "::/0",
        "2001:db8::/32",
        "2001:db8::/33",
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: test(["ForAnyValue:StringEquals", "Null", "ArnLike"], ["k:set"], pick("a", "true")).map((one) => ({
      ...one,
      operator: one.operator.replace("IfExists", ""),
    })),
  },
);

const asBlock = (tests: readonly Test[]): ConditionBlock => {
  const block: Record<string, Record<string, Test["value"]>> = {};
  for (const { operator, key, value } of tests) {
    const keys = block[operator] ?? {};
    keys[key] = value;
    block[operator] = keys;
  }
  return block;
};

const conditions: fc.Arbitrary<{ readonly Condition?: ConditionBlock }> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: pick<{ readonly Condition: ConditionBlock }>({ Condition: {} }, { Condition: { Bool: {} } }),
  },
  {
    weight: 5,
    arbitrary: fc.array(conditionTest, { minLength: 1, maxLength: 3 }).map((tests) => ({ Condition: asBlock(tests) })),
  },
);

const named = <Name extends string, Value>(name: Name, value: fc.Arbitrary<Value>): fc.Arbitrary<Record<Name, Value>> =>
  value.map((given) => ({ [name]: given }) as Record<Name, Value>);

const effect = pick<"Allow" | "Deny">("Allow", "Allow", "Deny");

const statement = (target: fc.Arbitrary<object>): fc.Arbitrary<RawStatement> =>
  fc
    .tuple(
      effect,
      fc.oneof(
        { weight: 4, arbitrary: named("Action", oneOrMany(actionPattern)) },
        { weight: 1, arbitrary: named("NotAction", oneOrMany(actionPattern)) },
      ),
      target,
      conditions,
    )
    .map(([Effect, action, where, when]) => ({ Effect, ...action, ...where, ...when }));

const permissionStatement = statement(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ Resource: "*" }) },
    { weight: 5, arbitrary: named("Resource", oneOrMany(resourcePattern)) },
    { weight: 1, arbitrary: named("NotResource", oneOrMany(resourcePattern)) },
  ),
);

const trustStatement = statement(
  fc.oneof(
    { weight: 8, arbitrary: named("Principal", principal) },
    { weight: 1, arbitrary: named("NotPrincipal", principal) },
  ),
);

const everyAction = fc.constant({ Action: "*" });

/** Statements that differ in their resources only, so that much hangs on what a wildcard may stand for. */
const resourceStatement: fc.Arbitrary<RawStatement> = fc
  .tuple(
    effect,
    everyAction,
    fc.oneof(
      { weight: 6, arbitrary: named("Resource", oneOrMany(crossing)) },
      { weight: 1, arbitrary: named("NotResource", oneOrMany(crossing)) },
    ),
  )
  .map(([Effect, action, where]) => ({ Effect, ...action, ...where }));

/** A test and its negation side by side: what is left between them is the request without the key. */
const oppositeTest: fc.Arbitrary<Test> = pick<readonly [string, string, string]>(
  ["StringEquals", "StringNotEquals", "k:string"],
  ["StringLike", "StringNotLike", "k:string"],
  ["NumericEquals", "NumericNotEquals", "k:number"],
).chain(([positive, negative, key]) =>
  fc
    .tuple(pick(positive, negative), key === "k:string" ? pick("a", "b") : pick("1", "2"))
    .map(([operator, value]) => ({ operator, key, value })),
);

const oppositeIp: fc.Arbitrary<Test> = fc
  .tuple(pick("IpAddress", "NotIpAddress"), pick("10.0.0.0/8", "10.1.2.3"))
  .map(([operator, value]) => ({ operator, key: "k:ip", value }));

/** Statements that differ in their conditions only, so that much hangs on these. */
const conditionStatement: fc.Arbitrary<RawStatement> = fc
  .tuple(
    effect,
    everyAction,
    fc.constant({ Resource: "*" }),
    fc.oneof(
      { weight: 1, arbitrary: conditions },
      { weight: 3, arbitrary: fc.oneof(oppositeTest, oppositeIp).map((one) => ({ Condition: asBlock([one]) })) },
    ),
  )
  .map(([Effect, action, where, when]) => ({ Effect, ...action, ...where, ...when }));

const asDocument = (statements: readonly RawStatement[], alone: boolean): RawDocument => ({
  Version: "1",
  Statement: alone && statements.length === 1 ? (statements[0] as RawStatement) : statements,
});

/** How the second side comes from the first: without it nearly every pair would have new access. */
const change = (
  fresh: readonly RawStatement[],
  roll: number,
  old: readonly RawStatement[],
): readonly RawStatement[] => {
  const [one, two] = fresh;
  const allow = (given: RawStatement | undefined): readonly RawStatement[] => (given === undefined ? [] : [given]);
  switch (roll) {
    case 0:
      return fresh;
    case 1:
      return old.slice(1);
    case 2:
      return [...old].reverse();
    case 3:
      return [...old, ...allow(one)];
    case 4:
      return [...old, ...allow(one && { ...one, Effect: "Deny" })];
    case 5:
      return old.map((given, at) => (at === 0 && one !== undefined ? { ...given, ...conditionOf(one) } : given));
    case 6:
      return old.map((given, at) => (at === 0 ? withoutCondition(given) : given));
    case 7:
      return old.flatMap((given, at) =>
        at === 0 && one !== undefined ? [{ ...withoutCondition(given), ...conditionOf(one) }, given] : [given],
      );
    case 8:
      return [...old.slice(0, 1), ...allow(one), ...allow(two)];
    default:
      return old.map((given, at) => (at === 0 && one !== undefined ? { ...one, Effect: given.Effect } : given));
  }
};

const conditionOf = ({ Condition }: RawStatement): { readonly Condition?: ConditionBlock } =>
  Condition === undefined ? {} : { Condition };

const withoutCondition = ({ Condition: _, ...rest }: RawStatement): RawStatement => rest;

/** The statements as one document or as several, some attached to a resource group. */
const attach = (statements: readonly RawStatement[], cut: number, groups: number): readonly RawAttached[] => {
  if (cut === 0) return [{ document: asDocument(statements, true), group: undefined }];
  const at = cut % (statements.length + 1);
  return [statements.slice(0, at), statements.slice(at)].map((part, index) => ({
    document: asDocument(part, false),
    group: groups === 0 ? undefined : (groups + index) % 3 === 0 ? undefined : `g${1 + ((groups + index) % 2)}`,
  }));
};

const pairOf = (kind: RawPair["kind"], one: fc.Arbitrary<RawStatement>): fc.Arbitrary<RawPair> =>
  fc
    .record({
      old: fc.array(one, { minLength: 0, maxLength: 4 }),
      fresh: fc.array(one, { minLength: 1, maxLength: 3 }),
      roll: fc.nat(10),
      cuts: fc.tuple(fc.nat(3), fc.nat(3)),
      groups: fc.nat(9).map((roll) => (roll < 8 ? 0 : roll - 7)),
      session: fc.nat(11),
      sessions: fc.array(one, { minLength: 2, maxLength: 2 }),
    })
    .map(({ old, fresh, roll, cuts, groups, session, sessions }) => {
      const side = (statements: readonly RawStatement[], cut: number, own: boolean): RawSide => ({
        documents: attach(statements, cut, kind === "permission" ? groups : 0),
        session: own
          ? asDocument(
              sessions.map((given) => ({ ...given, Effect: "Allow" as const })).slice(0, 1 + (roll % 2)),
              false,
            )
          : undefined,
      });
      return {
        kind,
        before: side(old, cuts[0], session === 1 || session === 3),
        after: side(change(fresh, roll, old), cuts[1], session === 2 || session === 3),
      };
    });

/** Statements, and twice what may become of them: for laws about three sets. */
export const chains = (kind: RawPair["kind"]): fc.Arbitrary<readonly (readonly RawStatement[])[]> => {
  const one =
    kind === "permission" ? fc.oneof(permissionStatement, conditionStatement, resourceStatement) : trustStatement;
  const step = fc.tuple(fc.array(one, { minLength: 1, maxLength: 3 }), fc.nat(10));
  return fc
    .tuple(fc.array(one, { maxLength: 4 }), step, step)
    .map(([first, [freshOne, rollOne], [freshTwo, rollTwo]]) => {
      const second = change(freshOne, rollOne, first);
      return [first, second, change(freshTwo, rollTwo, second)];
    });
};

export const pairs: fc.Arbitrary<RawPair> = fc.oneof(
  { weight: 4, arbitrary: pairOf("permission", permissionStatement) },
  { weight: 3, arbitrary: pairOf("trust", trustStatement) },
  { weight: 2, arbitrary: pairOf("permission", resourceStatement) },
  { weight: 2, arbitrary: pairOf("permission", conditionStatement) },
);
