import type { ConditionTest } from "./document.ts";
import { canonicalPattern } from "./glob.ts";
import { readInstant } from "./instant.ts";
import { readIpRange } from "./ip-range.ts";

/** A decimal number of at most 15 digits, which a double holds exactly enough to compare; `undefined` for anything else. */
export const readNumber = (text: string): number | undefined => {
  const match = /^[+-]?(\d{1,15}|\d*\.\d+)$/.exec(text.trim());
  if (match === null || text.replace(/\D/g, "").length > 15) return undefined;
  const value = Number(text);
  return value === 0 ? 0 : value;
};

/** The number without an exponent, which conditions do not know. */
export const numberText = (value: number): string => {
  const text = String(value);
  // What lies between two numbers of 15 digits differs from both within 30.
  return text.includes("e") ? value.toFixed(30).replace(/0+$/, "") : text;
};

/** `true` or `false` in any case; `undefined` for anything else. */
export const readBoolean = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : undefined;
};

/** One text per meaning of a value under a test's operator; a value that has none there stands for itself. */
export const canonicalValue = (test: ConditionTest, value: string): string => {
  switch (test.family) {
    case "string":
      if (test.operator.endsWith("IgnoreCase")) return value.toLowerCase();
      return test.operator.endsWith("Like") ? canonicalPattern(value) : value;
    case "numeric":
      return String(readNumber(value) ?? `unreadable ${value}`);
    case "bool":
      return String(readBoolean(value) ?? `unreadable ${value}`);
    case "date":
      return String(readInstant(value) ?? `unreadable ${value}`);
    case "ip": {
      const range = readIpRange(value);
      return range === undefined ? `unreadable ${value}` : `${range.family} ${range.low} ${range.high}`;
    }
    case "opaque":
      return value;
  }
};
