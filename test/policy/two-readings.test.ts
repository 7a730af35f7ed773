import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentText } from "../../shared/policy/document-text.ts";
import { readJson } from "../../shared/policy/read-json.ts";
import { twoReadings } from "../../shared/policy/two-readings.ts";

/** A value, the text that has members of it twice, and what a reader has who keeps the first or the last of each. */
type Written = { readonly text: string; readonly first: unknown; readonly last: unknown };

const plain = (value: unknown): Written => ({ text: JSON.stringify(value), first: value, last: value });
const written: fc.Arbitrary<Written> = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.nat()).map(plain),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => ({
      text: `[${items.map(({ text }) => text).join(",")}]`,
      first: items.map(({ first }) => first),
      last: items.map(({ last }) => last),
    })),
    fc
      .array(fc.tuple(fc.constantFrom("a", "b", '"', "\\", "constructor"), tie("value")), { maxLength: 5 })
      .map((all) => ({
        text: `{${all.map(([name, { text }]) => `${JSON.stringify(name)}:${text}`).join(", ")}}`,
        first: Object.fromEntries([...all].reverse().map(([name, { first }]) => [name, first])),
        last: Object.fromEntries(all.map(([name, { last }]) => [name, last])),
      })),
  ),
})).value;

describe("a document with a member that is there twice", () => {
  it("is read by the first of each and by the last of each; any other has one reading", () => {
    fc.assert(
      fc.property(written, ({ text, first, last }) => {
        const readings = twoReadings(text);
        // Members that are replaced may be the same, and then it is the reader of the text who sees that there are two.
        expect(readings === undefined).toBe(typeof JSON.parse(text) === "string" || readJson(text).ok);
        if (readings === undefined) return;
        expect(JSON.parse(readings[0])).toEqual(first);
        expect(JSON.parse(readings[1])).toEqual(last);
      }),
    );
  });

  it("is looked for in the wrapping too, and a text that is no JSON has none", () => {
    const text = '{"a":1,"\\u0061":2}';
    for (const one of [text, encodeURIComponent(text), JSON.stringify(text)])
      expect(twoReadings(one)).toEqual(['{"a":1}', '{"a":2}']);
    for (const one of ["", "{", "nothing", `${"[".repeat(100)}${"]".repeat(100)}`])
      expect(twoReadings(one)).toBeUndefined();
  });
});

describe("a document's own text", () => {
  it("is what was wrapped, byte for byte", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const wrappings = [
          text,
          encodeURIComponent(text),
          JSON.stringify(text),
          encodeURIComponent(JSON.stringify(text)),
        ];
        for (const wrapped of [...wrappings, `\uFEFF${text}`]) expect(documentText(wrapped)).toBe(text);
      }),
    );
  });

  it("is the text as it came, where there is no document inside", () => {
    for (const text of ["", "%7Bbroken", '"', '"text"', "%22text%22", "100%", '"{"', "%7B%7B"])
      expect(documentText(text)).toBe(text);
  });
});
