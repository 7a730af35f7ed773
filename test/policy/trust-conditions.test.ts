import { describe, expect, it } from "vitest";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";
import { conditionChanges, conditionsText, testsText, type Weakening } from "../../shared/policy/trust-conditions.ts";

const on = (operator: string, key: string, ...values: string[]): ConditionTest => ({
  ...operatorNamed(operator),
  key,
  values,
});
const k = (operator: string, ...values: string[]): ConditionTest => on(operator, "a:key", ...values);

const weakened = (before: readonly ConditionTest[], after: readonly ConditionTest[]): readonly Weakening[] =>
  conditionChanges(before, after).map(({ how }) => how);

describe("what keeps a condition", () => {
  it.each<[string, ConditionTest, ConditionTest]>([
    ["the same", k("StringEquals", "a"), k("StringEquals", "a")],
    ["another order", k("StringEquals", "a", "b"), k("StringEquals", "b", "a")],
    ["fewer values", k("StringEquals", "a", "b"), k("StringEquals", "b")],
    ["more exceptions", k("StringNotEquals", "a"), k("StringNotEquals", "a", "b")],
    ["another case of the key", on("StringEquals", "A:Key", "a"), on("StringEquals", "a:KEY", "a")],
    ["what is not understood, word for word", k("Frobnicate", "a", "b"), k("Frobnicate", "b", "a")],
  ])("%s", (_name, before, after) => {
    expect(conditionChanges([before], [after])).toEqual([]);
  });

  it("every test of a key has to be kept, each by some other", () => {
    const both = [k("StringLike", "a*"), k("StringNotEquals", "ab")];
    expect(weakened(both, [...both].reverse())).toEqual([]);
    expect(weakened(both, [k("StringLike", "a*")])).toEqual(["exception-added"]);
    expect(weakened(both, [k("StringNotEquals", "ab")])).toEqual(["exception-added"]);
  });

  it("conditions that are added are silent, and keys are told apart", () => {
    expect(conditionChanges([], [k("StringEquals", "a")])).toEqual([]);
    expect(conditionChanges([on("Bool", "x", "true")], [on("Bool", "y", "true"), on("Bool", "x", "true")])).toEqual([]);
    expect(conditionChanges([on("Bool", "x", "true"), on("Bool", "y", "true")], [on("Bool", "y", "true")])).toEqual([
      { key: "x", how: "dropped", before: [on("Bool", "x", "true")], after: [] },
    ]);
  });
});

describe("how a condition holds less", () => {
  it.each<[string, ConditionTest, ConditionTest, Weakening]>([
    ["a value more", k("StringEquals", "a"), k("StringEquals", "a", "b"), "values-added"],
    ["another value", k("StringEquals", "a"), k("StringEquals", "b"), "replaced"],
    ["one kept and one exchanged", k("StringEquals", "a", "b"), k("StringEquals", "a", "c", "d"), "replaced"],
    ["a pattern for a text", k("StringEquals", "a"), k("StringLike", "a"), "operator-loosened"],
    ["a wider pattern", k("StringLike", "a/*"), k("StringLike", "a*"), "wildcard"],
    ["a pattern of one letter", k("StringLike", "ab"), k("StringLike", "a?"), "wildcard"],
    ["one pattern kept and one text exchanged", k("StringLike", "a*", "b"), k("StringLike", "a*", "c"), "replaced"],
    ["a pattern among texts", k("StringLike", "a", "b"), k("StringLike", "c", "a*"), "wildcard"],
    [
      "a text with a wildcard in it where it means nothing",
      k("StringEquals", "a"),
      k("StringEquals", "a*"),
      "replaced",
    ],
    ["an exception less", k("StringNotEquals", "a", "b"), k("StringNotEquals", "a"), "exception-added"],
    ["another exception", k("StringNotEquals", "a"), k("StringNotEquals", "b"), "replaced"],
    ["a larger network", k("IpAddress", "10.0.0.0/16"), k("IpAddress", "10.0.0.0/8"), "network-widened"],
    ["one network kept", k("IpAddress", "10.0.0.0/8", "::1"), k("IpAddress", "10.0.0.0/8", "::2"), "network-widened"],
    ["a network more", k("IpAddress", "10.0.0.0/8"), k("IpAddress", "10.0.0.0/8", "::1"), "values-added"],
    ["another operator with the same values", k("NumericEquals", "1"), k("NumericLessThan", "1"), "replaced"],
    ["it may be missing", k("StringEquals", "a"), k("StringEqualsIfExists", "a"), "replaced"],
    ["a value more of what is not understood", k("Frobnicate", "a"), k("Frobnicate", "a", "b"), "values-added"],
    ["a value less of what is not understood", k("Frobnicate", "a", "b"), k("Frobnicate", "a"), "replaced"],
  ])("%s", (_name, before, after, how) => {
    expect(conditionChanges([before], [after])).toEqual([{ key: "a:key", how, before: [before], after: [after] }]);
  });

  it("a network beside a text is told by neither alone", () => {
    const after = [k("IpAddress", "10.0.0.0/8"), k("StringEquals", "b")];
    expect(weakened([k("StringEquals", "a")], after)).toEqual(["replaced"]);
  });

  it("a pattern beside a text is a pattern", () => {
    const was = [k("StringEquals", "a"), k("StringLike", "a*")];
    expect(weakened(was, [k("StringLike", "b*"), k("StringEquals", "a")])).toEqual(["wildcard"]);
    expect(weakened([k("StringEquals", "a")], [k("StringEquals", "b"), k("StringLike", "b*")])).toEqual([
      "operator-loosened",
    ]);
  });

  it("one exception among other tests is enough", () => {
    expect(weakened([k("StringLike", "a*"), k("StringNotLike", "ab*")], [k("StringLike", "a*")])).toEqual([
      "exception-added",
    ]);
  });
});

it("tests as a person reads them", () => {
  expect(testsText([k("StringLike", "a*", "b")])).toBe("StringLike a*, b");
  expect(testsText([k("BoolIfExists", "true"), k("StringEquals")])).toBe("BoolIfExists true and StringEquals");
  expect(conditionsText([on("Bool", "x:y", "true"), k("StringEquals", "a")])).toBe(
    "x:y Bool true and a:key StringEquals a",
  );
  expect(conditionsText([])).toBe("");
});
