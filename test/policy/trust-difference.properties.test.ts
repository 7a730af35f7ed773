import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import { type TrustDifference, trustDifference } from "../../shared/policy/trust-difference.ts";

const own = "1234567890123456";
const foreign = "9876543210987654";

const ram = fc.constantFrom(
  `acs:ram::${own}:root`,
  `acs:ram::${own}:user/alice`,
  `acs:ram::${own}:user/Alice`,
  `acs:ram::${own}:user/*`,
  `acs:ram::${own}:role/ci`,
  `acs:ram::${own}:role/CI`,
  `acs:ram::${own}:role/c*`,
  `acs:ram::${foreign}:root`,
  `acs:ram::${foreign}:user/svc`,
  "acs:ram::*:root",
  "*",
);
const service = fc.constantFrom(
  "ecs.aliyuncs.com",
  "log.aliyuncs.com",
  `${foreign}@log.aliyuncs.com`,
  "*.aliyuncs.com",
);
const federated = fc.constantFrom(
  `acs:ram::${own}:saml-provider/corp`,
  `acs:ram::${own}:oidc-provider/GitHub`,
  `acs:ram::${foreign}:oidc-provider/GitHub`,
);

const list = (value: fc.Arbitrary<string>): fc.Arbitrary<string | string[]> =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));

const principal = fc.oneof(
  { weight: 6, arbitrary: fc.record({ RAM: list(ram) }) },
  { weight: 2, arbitrary: fc.record({ Service: list(service) }) },
  { weight: 2, arbitrary: fc.record({ Federated: list(federated) }) },
  { weight: 2, arbitrary: fc.record({ RAM: list(ram), Service: list(service) }) },
  { weight: 1, arbitrary: fc.constant("*") },
);

const values = list(fc.constantFrom("a", "b", "a*", "*"));
const condition = fc.oneof(
  fc.record({ StringEquals: fc.record({ "sts:ExternalId": values }) }),
  fc.record({ StringLike: fc.record({ "sts:ExternalId": values }) }),
  fc.record({ StringNotEquals: fc.record({ "oidc:sub": values }) }),
  fc.record({ StringLike: fc.record({ "oidc:sub": values, "oidc:aud": values }) }),
  fc.record({ Bool: fc.record({ "acs:MFAPresent": fc.constantFrom("true", "false") }) }),
  fc.record({
    IpAddress: fc.record({ "acs:SourceIp": list(fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "192.0.2.7")) }),
  }),
  fc.record({ Unheard: fc.record({ "x:y": values }) }),
);

const statement = fc.record(
  {
    Effect: fc.oneof({ weight: 4, arbitrary: fc.constant("Allow") }, { weight: 1, arbitrary: fc.constant("Deny") }),
    Action: fc.constantFrom("sts:AssumeRole", "sts:*", "*", "sts:SetSourceIdentity", [
      "sts:AssumeRole",
      "sts:SetSourceIdentity",
    ]),
    Principal: principal,
    Condition: condition,
  },
  { requiredKeys: ["Effect", "Action", "Principal"] },
);
type Statement = typeof statement extends fc.Arbitrary<infer Value> ? Value : never;

const statements = fc.array(statement, { minLength: 1, maxLength: 3 });
const text = (list: readonly Statement[]): string => JSON.stringify({ Version: "1", Statement: list });

/** Pairs that differ in little, as real changes do, beside pairs that have nothing to do with one another. */
const pair = fc.oneof(
  fc.tuple(statements, statements),
  fc
    .tuple(statements, statement, fc.nat({ max: 2 }))
    .map(([list, other, at]): [Statement[], Statement[]] => [
      list,
      list.map((one, index) => (index === at ? other : one)),
    ]),
  fc.tuple(statements, statement).map(([list, more]): [Statement[], Statement[]] => [list, [...list, more]]),
  fc.tuple(statements, fc.nat({ max: 2 })).map(([list, at]): [Statement[], Statement[]] => {
    const without = (one: Statement): Statement => {
      const { Condition: _condition, ...rest } = one;
      return rest;
    };
    return [list, list.map((one, index) => (index === at ? without(one) : one))];
  }),
);

const difference = (before: string, after: string): TrustDifference => {
  const result = trustDifference(before, after, own);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

describe("the words and the comparison agree", () => {
  test("there are steps that widen exactly when something is newly allowed", () => {
    const seen = { new: 0, none: 0, kinds: new Map<string, number>() };
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const { steps, undecided } = difference(text(before), text(after));
        const { result } = compareDocuments([text(before)], [text(after)], { kind: "trust" });
        expect(undecided).toBeUndefined();
        expect(steps.some((step) => step.widens)).toBe(result === "new-access");
        if (result === "new-access") seen.new += 1;
        else seen.none += 1;
        for (const { kind } of steps) seen.kinds.set(kind, (seen.kinds.get(kind) ?? 0) + 1);
      }),
      { numRuns: 400 },
    );
    console.log(`new ${seen.new}, none ${seen.none}, ${JSON.stringify([...seen.kinds])}`);
    expect(Math.min(seen.new, seen.none)).toBeGreaterThan(30);
    for (const kind of [
      "entity-added",
      "entity-widened",
      "condition-dropped",
      "condition-weakened",
      "deny-removed",
      "entity-removed",
    ]) {
      expect(seen.kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
    }
  });

  test("an account that had no part in the role and is let in without conditions is told by name", () => {
    fc.assert(
      fc.property(statements, (list) => {
        const before = text(list);
        fc.pre(!before.includes(foreign) && !before.includes('"*"') && !before.includes("::*:"));
        const newcomer: Statement = {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { RAM: `acs:ram::${foreign}:root` },
        };
        const told = difference(before, text([...list, newcomer])).steps;
        expect(told.map((step) => [step.kind, step.severity, step.facts.accountId])).toEqual([
          ["entity-added", "critical", foreign],
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test("a document does not differ from itself, nor from its statements in another order", () => {
    fc.assert(
      fc.property(statements, (list) => {
        expect(difference(text(list), text(list)).steps).toEqual([]);
        expect(difference(text(list), text([...list].reverse())).steps).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("another Deny never widens", () => {
    fc.assert(
      fc.property(statements, statement, (list, more) => {
        const after = text([...list, { ...more, Effect: "Deny" }]);
        expect(difference(text(list), after).steps.filter((step) => step.widens)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
