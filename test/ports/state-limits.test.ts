import fc from "fast-check";
import { expect, test } from "vitest";
import { afterAllWith, expiryFromMs, expiryInMs, partsOfKey } from "../../shared/ports/state-limits.ts";

const text = fc.string({ unit: "binary", maxLength: 6 });
const before = (a: string, b: string): boolean => Buffer.from(a).compare(Buffer.from(b)) < 0;

test("the end of a prefix is after every text with the prefix and before every other text after it", () => {
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      const end = afterAllWith(prefix);
      expect(end === undefined || before(prefix + other, end)).toBe(true);
      const inRange = !before(other, prefix) && (end === undefined || before(other, end));
      expect(inRange).toBe(other.startsWith(prefix));
    }),
    {
      examples: [
        ["\u{10ffff}", "x"],
        ["a\u{10ffff}", "b"],
        ["\ud7ff", "\ue000"],
        ["", ""],
      ],
    },
  );
});

test("a key is cut at its second slash and put together again", () => {
  expect(partsOfKey("k/1/a/b")).toEqual({ partition: "k/1", rest: "a/b" });
});

test("an expiry in seconds survives being kept in milliseconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
      expect(expiryFromMs(expiryInMs(ms / 1000))).toEqual({ expiresAt: ms / 1000 });
    }),
  );
  expect(expiryFromMs(expiryInMs(undefined))).toEqual({});
  expect(() => expiryInMs(Number.NaN)).toThrow(RangeError);
});
