import { describe, expect, it } from "vitest";
import { atomOf, holdsWhenMissing, testKey } from "../../shared/policy/condition-atom.ts";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";

const test = (operator: string, values: readonly string[], key = "a:b"): ConditionTest => ({
  ...operatorNamed(operator),
  key,
  values,
});
const atom = (operator: string, ...values: readonly string[]) => {
  const one = test(operator, values);
  return atomOf(7, one, testKey(one));
};

describe("what a test asks", () => {
  it.each<[string, string[], object]>([
    ["NumericLessThan", ["1", "2.5"], { family: "numeric", relation: "LessThan", bounds: [1, 2.5] }],
    ["NumericNotEquals", ["1"], { family: "numeric", relation: "Equals", bounds: [1] }],
    [
      "DateGreaterThanEquals",
      ["1970-01-01T00:00:01Z"],
      { family: "date", relation: "GreaterThanEquals", bounds: [1000] },
    ],
    ["DateNotEquals", ["1970-01-01T00:00:00Z"], { family: "date", relation: "Equals", bounds: [0] }],
    ["Bool", ["True", "false"], { family: "bool", values: [true, false] }],
    ["IpAddress", ["0.0.0.1"], { family: "ip", ranges: [{ family: 4, low: 1n, high: 1n }] }],
  ])("%s %j", (operator, values, asks) => {
    expect(atom(operator, ...values).asks).toEqual(asks);
  });

  it.each<[string, string[]]>([
    ["NumericEquals", ["1", "x"]],
    ["NumericNotEquals", ["1970-01-01T00:00:00Z"]],
    ["DateEquals", ["1970-01-01T00:00:00Z", "12"]],
    ["DateNotEquals", ["yesterday"]],
    ["Bool", ["true", "maybe"]],
    ["IpAddress", ["10.0.0.1", "here"]],
    ["NotIpAddress", ["here"]],
    ["Null", ["true"]],
  ])("%s %j is not understood, and stands for itself alone", (operator, values) => {
    const { asks, negated, dimension } = atom(operator, ...values);
    expect(asks).toEqual({ family: "opaque" });
    expect(negated).toBe(false);
    expect(dimension).not.toBe(atom(operator, ...values, "other").dimension);
  });

  it("is of one key's values where the key and the kind of operator are one", () => {
    const dimension = (operator: string, key: string, value: string): string => {
      const one = test(operator, [value], key);
      return atomOf(0, one, testKey(one)).dimension;
    };
    expect(dimension("StringLike", "A:b", "x")).toBe(dimension("StringNotEquals", "a:B", "y"));
    expect(dimension("StringLike", "a:b", "1")).not.toBe(dimension("NumericEquals", "a:b", "1"));
    expect(dimension("StringLike", "a:b", "x")).not.toBe(dimension("StringLike", "a:c", "x"));
  });
});

describe("one text per meaning of a test", () => {
  it.each<[string, ConditionTest, ConditionTest]>([
    ["order of two values", test("StringEquals", ["x", "y"]), test("StringEquals", ["y", "x"])],
    ["repeats", test("StringEquals", ["x"]), test("StringEquals", ["x", "x"])],
    ["case of the key", test("StringEquals", ["x"], "A:b"), test("StringEquals", ["x"], "a:B")],
    ["spelling of a number", test("NumericEquals", ["1.0"]), test("NumericEquals", ["01"])],
  ])("whatever the %s", (_, one, other) => {
    expect(testKey(one)).toBe(testKey(other));
  });

  it("and another for each that differs", () => {
    const tests = [
      test("StringEquals", ["x"]),
      test("StringEquals", ["x", "y"]),
      test("StringEquals", ["X"]),
      test("StringNotEquals", ["x"]),
      test("StringLike", ["x"]),
      test("StringEqualsIfExists", ["x"]),
      test("StringEquals", ["x"], "a:c"),
      test("StringEquals", []),
    ];
    expect(new Set(tests.map(testKey)).size).toBe(tests.length);
  });
});

describe("a test whose key is missing", () => {
  it.each([
    ["StringEquals", false, false],
    ["StringNotEquals", true, false],
    ["StringEqualsIfExists", true, true],
    ["StringNotEqualsIfExists", true, true],
  ])("%s: %s where negation holds, %s where it does not", (operator, holding, not) => {
    expect(holdsWhenMissing(atom(operator, "x"), true)).toBe(holding);
    expect(holdsWhenMissing(atom(operator, "x"), false)).toBe(not);
  });

  it("that is not understood does not hold for being a negation", () => {
    expect(holdsWhenMissing(atom("NumericNotEquals", "x"), true)).toBe(false);
  });
});
