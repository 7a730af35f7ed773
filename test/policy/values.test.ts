import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalValue, readBoolean, readNumber } from "../../shared/policy/condition-value.ts";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { instantText, readInstant } from "../../shared/policy/instant.ts";
import { ipText, readIpRange } from "../../shared/policy/ip-range.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";

const numRuns = Number(process.env.WARDEN_ALGEBRA_RUNS ?? "300");

describe("instants", () => {
  it("agree with the calendar of the platform, both ways", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
        (date) => {
          expect(readInstant(date.toISOString())).toBe(date.getTime());
          const whole = Math.floor(date.getTime() / 1000) * 1000;
          expect(readInstant(instantText(whole))).toBe(whole);
          expect(instantText(whole)).toBe(new Date(whole).toISOString().replace(".000Z", "Z"));
        },
      ),
      { numRuns },
    );
  });

  it.each([
    ["2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z"],
    ["2025-12-31T19:30:00-0430", "2026-01-01T00:00:00Z"],
    ["2024-02-29T00:00Z", "2024-02-29T00:00:00Z"],
    ["2000-02-29T00:00:00.5Z", "2000-02-29T00:00:00.500Z"],
    [" 2026-01-01T00:00:00.007Z ", "2026-01-01T00:00:00.007Z"],
  ])("%s is %s", (text, same) => {
    expect(readInstant(text)).toBe(Date.parse(same));
  });

  it("show a fraction only where there is one", () => {
    expect(instantText(0)).toBe("1970-01-01T00:00:00Z");
    expect(instantText(Date.parse("0999-03-01T00:00:00Z"))).toBe("0999-03-01T00:00:00Z");
    expect(instantText(Date.parse("1600-12-31T23:59:59Z"))).toBe("1600-12-31T23:59:59Z");
    expect(instantText(Date.parse("2000-02-29T12:00:00Z"))).toBe("2000-02-29T12:00:00Z");
    expect(instantText(1500)).toBe("1970-01-01T00:00:01.5000Z");
    expect(instantText(0.5)).toBe("1970-01-01T00:00:00.0005Z");
  });
});

describe("addresses", () => {
  it.each([
    ["10.1.2.3/8", 4, 0x0a000000n, 0x0affffffn],
    ["10.1.2.3", 4, 0x0a010203n, 0x0a010203n],
    ["10.1.2.3/32", 4, 0x0a010203n, 0x0a010203n],
    ["0.0.0.0/0", 4, 0n, 0xffffffffn],
    [" 255.255.255.255 ", 4, 0xffffffffn, 0xffffffffn],
    ["192.0.2.129/25", 4, 0xc0000280n, 0xc00002ffn],
    ["::/0", 6, 0n, (1n << 128n) - 1n],
    ["10.1.2.3/08", 4, 0x0a000000n, 0x0affffffn],
    ["::1", 6, 1n, 1n],
    ["1:2:3:4:5:6::8", 6, 0x00010002000300040005000600000008n, 0x00010002000300040005000600000008n],
    ["1::3:4:5:6:7:8", 6, 0x00010000000300040005000600070008n, 0x00010000000300040005000600070008n],
    ["2001:db8::/32", 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ["1:2:3:4:5:6:7:8", 6, 0x00010002000300040005000600070008n, 0x00010002000300040005000600070008n],
    ["1::", 6, 1n << 112n, 1n << 112n],
    ["A::b:C", 6, (0xan << 112n) + 0xb000cn, (0xan << 112n) + 0xb000cn],
  ])("%s", (text, family, low, high) => {
    expect(readIpRange(text)).toEqual({ family, low, high });
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
    "10.1.2.:",
    "10.1.2./",
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
    "10.0.0.1-10.0.0.9",
    "x10.1.2.3",
    "10.1.2.3x",
  ])("%j is none", (text) => {
    expect(readIpRange(text)).toBeUndefined();
  });

  it("are spelled so that they are read as themselves", () => {
    expect(ipText(4, 0x0a010203n)).toBe("10.1.2.3");
    expect(ipText(6, (0x20010db8n << 96n) + 1n)).toBe("2001:db8:0:0:0:0:0:1");
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
        expect(readIpRange(ipText(6, value))).toEqual({ family: 6, low: value, high: value });
        const short = value % (1n << 32n);
        expect(readIpRange(ipText(4, short))).toEqual({ family: 4, low: short, high: short });
      }),
      { numRuns },
    );
  });
});

describe("numbers and booleans", () => {
  it.each([
    ["1", 1],
    ["1.0", 1],
    ["+2", 2],
    ["-3.5", -3.5],
    [" 4 ", 4],
    [".5", 0.5],
    ["-0", 0],
    ["123456789012345", 123456789012345],
  ])("%j is %d", (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each(["", "x", "1e3", "1.", "1.2.3", "0x10", "1234567890123456", "1.234567890123456", "Infinity", "1 2", "--1"])(
    "%j is no number",
    (text) => {
      expect(readNumber(text)).toBeUndefined();
    },
  );

  it.each([
    ["true", true],
    ["TRUE", true],
    [" false ", false],
    ["yes", undefined],
    ["", undefined],
    ["1", undefined],
  ])("%j", (text, value) => {
    expect(readBoolean(text)).toBe(value);
  });
});

describe("one text per value", () => {
  const form = (operator: string, value: string): string =>
    canonicalValue({ ...operatorNamed(operator), key: "k", values: [] } satisfies ConditionTest, value);

  it.each([
    ["StringEquals", "A*?*", "A*?*"],
    ["StringEqualsIgnoreCase", "Ab", "ab"],
    ["StringLike", "A*?*", "A?*"],
    ["StringNotLike", "**", "*"],
    ["NumericEquals", "01.50", "1.5"],
    ["NumericEquals", "x", "unreadable x"],
    ["Bool", "True", "true"],
    ["Bool", "x", "unreadable x"],
    ["DateEquals", "1970-01-01T00:00:01Z", "1000"],
    ["DateEquals", "x", "unreadable x"],
    ["IpAddress", "0.0.0.9/24", "4 0 255"],
    ["IpAddress", "x", "unreadable x"],
    ["Null", "True", "True"],
  ])("%s %s", (operator, value, expected) => {
    expect(form(operator, value)).toBe(expected);
  });
});
