import { describe, expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Comparison } from "../../shared/policy/comparison.ts";

const text = (...Conditions: readonly object[]): string =>
  JSON.stringify({
    Version: "1",
    Statement: Conditions.map((Condition) => ({ Effect: "Allow", Action: "a:b", Resource: "*", Condition })),
  });
const key = "acs:X";
const test = (operator: string, ...values: readonly string[]): object => ({ [operator]: { [key]: values } });
const compare = (before: readonly object[], after: readonly object[]): Comparison =>
  compareDocuments([text(...before)], [text(...after)]);
const value = (before: readonly object[], after: readonly object[]): string | undefined => {
  const { result, exact, witness } = compare(before, after);
  expect({ result, exact }).toEqual({ result: "new-access", exact: true });
  return witness?.context[key];
};
const nothingNew = (before: readonly object[], after: readonly object[]): void => {
  expect(compare(before, after)).toMatchObject({ result: "no-new-access", exact: true });
};

describe("numbers", () => {
  it("a bound that is itself let in", () => {
    expect(value([test("NumericGreaterThan", "5")], [test("NumericGreaterThanEquals", "5")])).toBe("5");
    expect(value([test("NumericLessThan", "5")], [test("NumericLessThanEquals", "5")])).toBe("5");
    nothingNew([test("NumericGreaterThanEquals", "5")], [test("NumericGreaterThan", "5")]);
    nothingNew([test("NumericLessThanEquals", "5")], [test("NumericLessThan", "5")]);
  });

  it("what lies beyond all bounds, on either side", () => {
    expect(value([], [test("NumericLessThan", "-5")])).toBe("-6");
    expect(value([], [test("NumericLessThan", "5", "-7")])).toBe("-8");
    expect(value([], [test("NumericGreaterThan", "5")])).toBe("6");
    expect(value([test("NumericLessThan", "5")], [test("NumericLessThan", "9")])).toBe("5");
  });

  it("the next whole number between two, where there is one", () => {
    const ends = test("NumericEquals", "3", "10");
    const range = { NumericGreaterThanEquals: { [key]: "3" }, NumericLessThanEquals: { [key]: "10" } };
    expect(value([ends], [range])).toBe("4");
    const half = { NumericGreaterThanEquals: { [key]: "3.5" }, NumericLessThanEquals: { [key]: "10" } };
    expect(Number(value([test("NumericEquals", "3.5", "10")], [half]))).toBeGreaterThan(3.5);
  });

  it("equal and unequal", () => {
    expect(value([test("NumericEquals", "1")], [test("NumericEquals", "1", "2")])).toBe("2");
    nothingNew([test("NumericNotEquals", "1")], [test("NumericNotEquals", "1.0", "2")]);
  });
});

describe("dates", () => {
  const [early, noon, late] = ["2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z", "2026-01-02T00:00:00Z"];

  it("are compared as instants, whatever the zone", () => {
    nothingNew([test("DateLessThan", late)], [test("DateLessThan", early)]);
    nothingNew([test("DateEquals", noon)], [test("DateEquals", "2026-01-01T20:00:00+08:00")]);
    expect(value([test("DateLessThan", early)], [test("DateLessThan", late)])).toBe(early);
    expect(value([test("DateGreaterThan", early)], [test("DateGreaterThanEquals", early)])).toBe(early);
    expect(value([], [test("DateGreaterThan", late)])).toBe("2026-01-02T00:00:01Z");
    expect(value([], [test("DateLessThan", early)])).toBe("2025-12-31T23:59:59Z");
  });

  it("that cannot be read are not compared, and neither are such numbers and words", () => {
    for (const [operator, odd, plain] of [
      ["DateLessThan", "tomorrow", late],
      ["NumericLessThan", "many", "5"],
      ["Bool", "maybe", "true"],
    ] as const) {
      expect(compare([test(operator, plain)], [test(operator, plain, odd)])).toMatchObject({
        result: "new-access",
        exact: false,
        inexactBecause: [`\`${operator}\` on \`${key}\` is not understood`],
      });
    }
  });
});

describe("words", () => {
  it("true and false are all there is, but for the missing key", () => {
    expect(value([test("Bool", "true")], [test("Bool", "true", "false")])).toBe("false");
    nothingNew([test("Bool", "true"), test("Bool", "false")], [test("Bool", "true", "false")]);
    expect(compare([test("Bool", "true"), test("Bool", "false")], [{}]).witness?.context).toEqual({});
  });
});

describe("addresses", () => {
  it("the usual one of either kind, where any will do", () => {
    expect(value([], [test("IpAddress", "0.0.0.0/0")])).toBe("203.0.113.9");
    expect(value([], [test("IpAddress", "::/0")])).toBe("2001:db8:0:0:0:0:0:0");
    expect(value([], [test("IpAddress", "10.1.0.0/16")])).toBe("10.1.0.0");
  });

  it("the first beyond what was let in", () => {
    expect(value([test("IpAddress", "10.0.0.0/9")], [test("IpAddress", "10.0.0.0/8")])).toBe("10.128.0.0");
    expect(value([test("IpAddress", "2001:db8::/33")], [test("IpAddress", "2001:db8::/32")])).toBe(
      "2001:db8:8000:0:0:0:0:0",
    );
    expect(value([test("IpAddress", "0.0.0.0/1")], [test("IpAddress", "0.0.0.0/0")])).toBe("203.0.113.9");
    nothingNew([test("IpAddress", "10.0.0.0/9", "10.128.0.0/9")], [test("IpAddress", "10.0.0.0/8")]);
    nothingNew([test("IpAddress", "0.0.0.0/1", "128.0.0.0/1")], [test("IpAddress", "0.0.0.0/0")]);
  });

  it("of one kind say nothing of the other", () => {
    expect(value([test("IpAddress", "::/0")], [test("NotIpAddress", "8.0.0.0/5")])).toBe("203.0.113.9");
    expect(value([test("IpAddress", "0.0.0.0/0")], [test("NotIpAddress", "10.0.0.0/8")])).toMatch(/:/);
  });

  it("no address lies beyond the last, so that without all of them only the missing key is left", () => {
    expect(compare([], [test("NotIpAddress", "0.0.0.0/0", "::/0")])).toMatchObject({
      result: "new-access",
      recommended: "new-access",
      ambiguous: ["A4"],
      exact: true,
      witness: { context: {} },
    });
    nothingNew([], [{ ...test("NotIpAddress", "0.0.0.0/0"), ...test("IpAddress", "0.0.0.0/0") }]);
  });
});
