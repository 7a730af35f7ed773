import { describe, expect, it } from "vitest";
import { atomOf, testKey } from "../../shared/policy/condition-atom.ts";
import type { CellValue } from "../../shared/policy/condition-cells.ts";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { FRESH, lettersOf } from "../../shared/policy/glob.ts";
import type { Found } from "../../shared/policy/region.ts";
import { keysComparedTwice, opaqueThatHold, spellWitness, unusedCharacter } from "../../shared/policy/witness.ts";

const test = (key: string, family: ConditionTest["family"], operator: string, value: string): ConditionTest => ({
  operator,
  family,
  negated: false,
  ifExists: false,
  key,
  values: [value],
});

/** What a search found: names by dimension, and a value for each test. */
const found = (
  letters: Found["letters"],
  ...values: readonly (readonly [test: ConditionTest, value: CellValue])[]
): Found => ({
  letters,
  assignment: new Map(
    values.map(([one, value], id) => {
      const atom = atomOf(id, one, testKey(one));
      return [atom.dimension, { atoms: [atom], value }];
    }),
  ),
});

const text = (spelled: string): CellValue => ({ text: () => spelled });

describe("a character that no text holds", () => {
  it.each<[string, readonly string[], string]>([
    ["the usual one", [], "x"],
    ["the next, where that is there", ["fox"], "y"],
    ["in either case", ["X", "y"], "z"],
    ["among all letters of all texts", ["xyz", "wvq", "kjhgbpufmdlcrnstoiea"], "0"],
    ["the last of the usual ones", ["xyzwvqkjhgbpufmdlcrnstoiea0123456789-"], "_"],
    ["beyond the usual ones", ["xyzwvqkjhgbpufmdlcrnstoiea0123456789-_"], "\u4e00"],
    ["beyond those that are there", ["xyzwvqkjhgbpufmdlcrnstoiea0123456789-_\u4e00\u4e01\u4e03"], "\u4e02"],
  ])("%s", (_, texts, character) => {
    expect(unusedCharacter(texts)).toBe(character);
  });
});

describe("a request as it is sent", () => {
  it("in letters, with one for any other", () => {
    const [only, ...others] = spellWitness(
      found({ action: [...lettersOf("ecs:Do"), FRESH], resource: [FRESH, FRESH, ...lettersOf("\u{1F600}")] }),
      "x",
    );
    expect(only).toEqual({ action: "ecs:Dox", resource: "xx\u{1F600}", context: {} });
    expect(others).toEqual([]);
  });

  it("without what the documents do not speak of", () => {
    expect(spellWitness(found({}), "x")).toEqual([{ action: "", context: {} }]);
  });

  it("with a principal, its type apart from its name", () => {
    const principal = lettersOf("RAM|acs:ram::1:user/a|b");
    expect(spellWitness(found({ principal }), "x")[0].principal).toEqual({
      type: "RAM",
      value: "acs:ram::1:user/a|b",
    });
  });

  it("with the keys that it needs, and without those that must be missing or are not understood", () => {
    const letters: CellValue = { letters: [...lettersOf("a"), FRESH] };
    const values = found(
      { action: lettersOf("a:b") },
      [test("k:Text", "string", "StringLike", "a*"), letters],
      [test("k:Number", "numeric", "NumericEquals", "1"), text("1")],
      [test("k:Gone", "bool", "Bool", "true"), "missing"],
      [test("k:Odd", "opaque", "Odd", "x"), { holds: true }],
    );
    expect(spellWitness(values, "y")).toEqual([{ action: "a:b", context: { "k:Text": "ay", "k:Number": "1" } }]);
  });

  it("with either value, where one key has two", () => {
    const one = [test("acs:SourceIp", "string", "StringEquals", "a"), { letters: lettersOf("a") }] as const;
    const other = [test("ACS:sourceip", "ip", "IpAddress", "10.0.0.1"), text("10.0.0.1")] as const;
    for (const values of [found({}, one, other), found({}, other, one)]) {
      const contexts = spellWitness(values, "x").map(({ context }) => Object.values(context));
      expect(contexts).toEqual([["a"], ["10.0.0.1"]]);
      expect([...keysComparedTwice(values)]).toEqual(["acs:sourceip"]);
    }
  });
});

describe("keys that are compared in two ways", () => {
  const string = test("a:b", "string", "StringEquals", "a");
  const number = test("A:B", "numeric", "NumericEquals", "1");
  const odd = test("a:b", "opaque", "Odd", "a");

  it.each<[string, Found, readonly string[]]>([
    ["none", found({}), []],
    ["two keys", found({}, [string, text("a")], [test("c:d", "numeric", "NumericEquals", "1"), text("1")]), []],
    ["one key twice", found({}, [string, text("a")], [number, text("1")]), ["a:b"]],
    ["one that may be missing", found({}, [string, "missing"], [number, text("1")]), ["a:b"]],
    ["one that is not understood", found({}, [string, text("a")], [odd, { holds: true }]), []],
  ])("%s", (_, values, keys) => {
    expect([...keysComparedTwice(values)]).toEqual(keys);
  });
});

describe("tests that are taken to hold without being understood", () => {
  it("are only those", () => {
    const [yes, no] = [test("a:b", "opaque", "Odd", "yes"), test("a:b", "opaque", "Odd", "no")];
    const values = found(
      {},
      [yes, { holds: true }],
      [no, { holds: false }],
      [test("c:d", "string", "StringEquals", "a"), { letters: lettersOf("a") }],
      [test("e:f", "bool", "Bool", "true"), "missing"],
    );
    expect([...opaqueThatHold(values)]).toEqual([`opaque ${testKey(yes)}`]);
  });
});
