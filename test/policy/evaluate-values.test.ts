import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { isAllowed } from "../../shared/policy/evaluate.ts";
import { readInstant } from "../../shared/policy/instant.ts";
import { readIpRange } from "../../shared/policy/ip-range.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";

// The evaluator reads values with code of its own, so what the comparer reads is held against it here.

const numRuns = Number(process.env.WARDEN_ALGEBRA_RUNS ?? "300");

/** Whether a request with the value passes a test; "odd" where the test is not understood. */
const passes = (operator: string, value: string, given: string): boolean | "odd" => {
  const test: ConditionTest = { ...operatorNamed(operator), key: "k", values: [value] };
  const all = { complement: false, patterns: ["*"] };
  const statement = { index: 0, effect: "Allow", action: all, resource: all, conditions: [test] } as const;
  const document = { kind: "permission", flaws: [], statements: [statement] } as const;
  let odd = false;
  const allowed = isAllowed(
    { documents: [{ document, scope: "account" }] },
    { action: "a:b", resource: "*", context: { k: given } },
    {
      wildcards: "segments",
      negationHolds: true,
      opaqueHolds: () => {
        odd = true;
        return true;
      },
    },
  );
  return odd ? "odd" : allowed;
};

describe("numbers", () => {
  it.each([
    ["1.0", "1", true],
    ["+2", "2", true],
    ["-3.5", "-3.50", true],
    [" 4 ", "4", true],
    ["4", " 4 ", true],
    [".5", "0.5", true],
    ["-0", "0", true],
    ["10", "1", false],
    ["123456789012345", "123456789012345", true],
    ["123456789012345", "123456789012346", false],
    ["1", "x", false],
    ["1", "1x", false],
    ["1", "x1", false],
    ["1", "", false],
    ["1", "1e0", false],
  ])("%j and %j", (value, given, equal) => {
    expect(passes("NumericEquals", value, given)).toBe(equal);
  });

  it.each([
    "",
    "x",
    "1e3",
    "1.",
    "1.2.3",
    "0x10",
    "1234567890123456",
    "1.234567890123456",
    "Infinity",
    "1 2",
    "--1",
    "1x",
  ])("%j is none", (value) => {
    expect(passes("NumericEquals", value, "1")).toBe("odd");
    expect(passes("NumericNotEquals", value, "1")).toBe("odd");
  });
});

describe("instants", () => {
  it.each([
    ["2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z"],
    ["2025-12-31T19:30:00-0430", "2026-01-01T00:00:00Z"],
    ["2024-02-29T00:00Z", "2024-02-29T00:00:00Z"],
    ["2000-02-29T00:00:00.5Z", "2000-02-29T00:00:00.500Z"],
    [" 2026-01-01T00:00:00.007Z ", "2026-01-01T00:00:00.007Z"],
    ["2026-01-31T23:59:59Z", "2026-02-01T00:59:59+01:00"],
    ["2025-12-31T23:30:00Z", "2026-01-01T00:00:00+0030"],
    ["2026-12-31T23:59Z", "2026-12-31T23:59:00.000Z"],
  ])("%s is %s", (value, given) => {
    expect(passes("DateEquals", value, given)).toBe(true);
    expect(passes("DateLessThan", value, given)).toBe(false);
    expect(passes("DateGreaterThan", value, given)).toBe(false);
    expect(passes("DateLessThanEquals", value, given)).toBe(true);
  });

  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z"],
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"],
    ["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"],
    ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"],
    ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59-00:01"],
    ["2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z"],
    ["2024-02-28T23:59:59Z", "2024-02-29T00:00:00Z"],
    ["2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z"],
    ["1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z"],
    ["2000-12-31T23:59:59Z", "2001-01-01T00:00:00Z"],
    ["1900-12-31T23:59:59Z", "1901-01-01T00:00:00Z"],
  ])("%s is before %s", (early, late) => {
    expect(passes("DateLessThan", late, early)).toBe(true);
    expect(passes("DateGreaterThan", early, late)).toBe(true);
    expect(passes("DateEquals", early, late)).toBe(false);
  });

  it("a second, a day and a year are as long as the platform's calendar has them", () => {
    const day = fc.date({
      min: new Date("0001-01-02T00:00:00Z"),
      max: new Date("9999-12-30T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, fc.integer({ min: -86_400_000, max: 86_400_000 }), (date, more) => {
        const other = new Date(date.getTime() + more);
        const [one, two] = [date.toISOString(), other.toISOString()];
        expect(passes("DateEquals", one, one)).toBe(true);
        expect(passes("DateLessThan", one, two)).toBe(more < 0);
        expect(passes("DateGreaterThan", one, two)).toBe(more > 0);
        const local = new Date(date.getTime() + 8 * 3_600_000).toISOString().replace("Z", "+08:00");
        expect(passes("DateEquals", local, one)).toBe(true);
      }),
      { numRuns },
    );
  });

  it.each([
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-06-31T00:00:00Z",
    "2026-09-31T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00.1234Z",
    "x2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Zx",
    "1767225600",
    "",
  ])("%j is none", (value) => {
    expect(readInstant(value)).toBeUndefined();
    expect(passes("DateEquals", value, "2026-01-01T00:00:00Z")).toBe("odd");
    if (!value.includes(".1234")) expect(passes("DateNotEquals", "2026-01-01T00:00:00Z", value)).toBe(true);
  });
});

describe("words", () => {
  it.each([
    ["true", "true", true],
    ["TRUE", "true", true],
    [" true ", "True", true],
    ["false", "false", true],
    ["false", "true", false],
    ["true", "yes", false],
    ["true", "", false],
    ["yes", "yes", "odd"],
    ["", "", "odd"],
    ["truefalse", "true", "odd"],
  ] as const)("%j and %j", (value, given, expected) => {
    expect(passes("Bool", value, given)).toBe(expected);
  });
});

describe("addresses", () => {
  const texts = [
    "10.1.2.3",
    "10.1.2.0/24",
    "10.1.2.3/31",
    "10.1.2.3/32",
    "::1/128",
    "0.0.0.0/0",
    "255.255.255.255",
    "192.0.2.129/25",
    "10.1.2.3/08",
    "::/0",
    "::1",
    "::",
    "1::",
    "1:2:3:4:5:6::8",
    "1::3:4:5:6:7:8",
    "2001:db8::/32",
    "2001:DB8:0:0::",
    "1:2:3:4:5:6:7:8",
    "A::b:C",
    " 10.1.2.3 ",
  ];
  const addresses = [
    "10.1.2.3",
    "10.1.2.2",
    "10.1.2.4",
    "10.1.3.3",
    "0.0.0.1",
    "255.255.255.255",
    "192.0.2.128",
    "::1",
  ];
  const more = ["::", "1::", "1:2:3:4:5:6:0:8", "1:0:3:4:5:6:7:8", "2001:db8::5", "2001:db9::5", "a:0::B:c", "::a:b:c"];

  it("lie in the blocks that the comparer sees them in", () => {
    for (const text of texts) {
      const block = readIpRange(text);
      for (const given of [...addresses, ...more, "1:2:3:4:5:6:7:8"]) {
        const address = readIpRange(given);
        const inside =
          block !== undefined &&
          address?.family === block.family &&
          block.low <= address.low &&
          address.low <= block.high;
        expect(passes("IpAddress", text, given), `${given} in ${text}`).toBe(inside);
        expect(passes("NotIpAddress", text, given), `${given} not in ${text}`).toBe(!inside);
      }
    }
  });

  it.each([
    "10.1.2",
    "10.1.2.256",
    "10.1.2.3.4",
    "10.01.2.3",
    "10.1.2.3/33",
    "10.1.2.3/",
    "10.1.2.3/x",
    "10.1.2.3/8/8",
    "10.1.2.3/0008",
    "10.1.2.3/1a",
    "10.1.2.3/-1",
    "10.1..3",
    "10.1.2.0001",
    "g::1",
    "g::",
    "1:g::",
    "1:2:3:4:5:6:7:8::",
    "a.b.c.d",
    "",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "::12345",
    "::g",
    "1:2:3:4:5:6:7::8",
    "::/129",
    "x10.1.2.3",
    "10.1.2.3x",
  ])("%j is none", (value) => {
    expect(readIpRange(value)).toBeUndefined();
    expect(passes("IpAddress", value, "10.1.2.3")).toBe("odd");
    expect(passes("IpAddress", "0.0.0.0/0", value)).toBe(false);
    expect(passes("IpAddress", "::/0", value)).toBe(false);
  });
});

describe("texts", () => {
  it.each([
    ["StringLike", "a*b*c", "abbc", true],
    ["StringLike", "a*b*c", "acb", false],
    ["StringLike", "a*bc*c", "abc", false],
    ["StringLike", "a*b*b", "ab", false],
    ["StringLike", "a*?", "a", false],
    ["StringLike", "*a", "ba", true],
    ["StringLike", "*a*", "bab", true],
    ["StringLike", "*a*", "bbb", false],
    ["StringLike", "a?c*", "abcd", true],
    ["StringLike", "a?c*", "abd", false],
    ["StringLike", "a*a", "a", false],
    ["StringLike", "?", "\u{1F600}", true],
    ["StringLike", "?*?", "\u{1F600}", false],
    ["StringLike", "*\u{1F600}?", "x\u{1F600}\u{1F601}", true],
    ["StringLike", "\uFFFD*", "\uFFFDx", true],
    ["StringLike", "", "", true],
    ["StringLike", "", "a", false],
    ["StringLike", "*", "", true],
    ["StringNotLike", "a*", "ab", false],
    ["StringNotLike", "a*", "b", true],
    ["StringEquals", "a", "A", false],
    ["StringNotEqualsIgnoreCase", "a", "A", false],
    ["StringNotEqualsIgnoreCase", "a", "b", true],
  ])("%s %j and %j: %s", (operator, value, given, expected) => {
    expect(passes(operator, value, given)).toBe(expected);
  });
});
