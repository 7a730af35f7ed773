import { describe, expect, it } from "vitest";
import { documentText } from "../../shared/policy/document-text.ts";
import { countMembers, readJson, withoutPercents } from "../../shared/policy/read-json.ts";
import { twoReadings } from "../../shared/policy/two-readings.ts";

const text = '{"Version":"1","Statement":[{"a":"%7B%22"}]}';
const wrapped = (times: number, plain = text): string =>
  times === 0 ? plain : JSON.stringify(wrapped(times - 1, plain));
const nested = (levels: number, inside = ""): string => `${"[".repeat(levels)}${inside}${"]".repeat(levels)}`;
const tooDeep = { ok: false, error: [{ path: "$", what: "nested deeper than 32 levels" }] };

describe("a document's value", () => {
  it("is seen through two wrappings, and no more", () => {
    const value = JSON.parse(text) as unknown;
    for (const times of [0, 1, 2]) expect(readJson(wrapped(times))).toEqual({ ok: true, value });
    expect(readJson(wrapped(3))).toEqual({ ok: true, value: text });
    expect(readJson(wrapped(4))).toEqual({ ok: true, value: wrapped(1) });
  });

  it("is nested as deep as it may be, as a text and as a value", () => {
    for (const levels of [1, 31, 32]) {
      const value = JSON.parse(nested(levels)) as never;
      expect(readJson(nested(levels))).toEqual({ ok: true, value });
      expect(readJson(value)).toEqual({ ok: true, value });
    }
    for (const deep of [nested(33), nested(400)]) {
      expect(readJson(deep)).toEqual(tooDeep);
      expect(readJson(JSON.parse(deep) as never)).toEqual(tooDeep);
    }
    expect(readJson([1, JSON.parse(nested(32)) as never])).toEqual(tooDeep);
    expect(readJson({ a: null, b: JSON.parse(nested(32)) as never })).toEqual(tooDeep);
    expect(readJson(JSON.parse(nested(32, "null")) as never)).toMatchObject({ ok: true });
    expect(readJson(JSON.parse(nested(32, "1")) as never)).toMatchObject({ ok: true });
  });

  it("counts the members of all objects", () => {
    expect(countMembers(JSON.parse('{"a":{"b":1,"c":[{"d":null},2,"x"]}}') as never)).toBe(4);
    expect(countMembers(null)).toBe(0);
    expect(countMembers("abc")).toBe(0);
    expect(countMembers([{}, { a: [] }])).toBe(1);
  });
});

describe("percent signs", () => {
  const escaped = encodeURIComponent(text);

  it.each([
    [escaped, text],
    [escaped.replaceAll("%7B", "%7b"), text],
    [`  ${escaped}`, text],
    [encodeURIComponent('"x"'), '"x"'],
    [text, text],
    ["%41%42", "%41%42"],
    ["a%7B", "a%7B"],
    ["a%7b", "a%7b"],
    ["a%22", "a%22"],
    ["%7B%", "%7B%"],
    ["", ""],
  ])("%s", (given, plain) => {
    expect(withoutPercents(given)).toBe(plain);
  });

  it("inside of a document are its own", () => {
    expect(readJson(text)).toMatchObject({ ok: true, value: { Statement: [{ a: "%7B%22" }] } });
    expect(readJson(escaped)).toMatchObject({ ok: true, value: { Statement: [{ a: "%7B%22" }] } });
  });
});

describe("a document's own text", () => {
  it("comes out of two wrappings, and no more", () => {
    for (const times of [0, 1, 2]) expect(documentText(wrapped(times))).toBe(text);
    expect(documentText(wrapped(3))).toBe(wrapped(3));
    expect(documentText(wrapped(4))).toBe(wrapped(4));
  });

  it("comes out of a wrapping with blanks around it, and keeps its own", () => {
    expect(documentText(` \n${wrapped(1)}`)).toBe(text);
    expect(documentText(`${wrapped(1)} `)).toBe(text);
    expect(documentText(` ${text} `)).toBe(` ${text} `);
    expect(documentText(wrapped(1, ` ${text} `))).toBe(` ${text} `);
    expect(documentText('{"a":"b"')).toBe('{"a":"b"');
  });
});

describe("the two readings of a document", () => {
  it("are there down to the deepest level, and not below", () => {
    const twice = '{"a":1,"a":2}';
    expect(twoReadings(nested(31, twice))).toEqual([nested(31, '{"a":1}'), nested(31, '{"a":2}')]);
    expect(twoReadings(nested(32, twice))).toBeUndefined();
  });

  it.each(["there already ", "there already x", "undefined", "x", ""])("keep a member that is called %j", (name) => {
    const own = JSON.stringify(name);
    expect(twoReadings(`{${own}:0,"a":1,"a":2}`)).toEqual([`{${own}:0,"a":1}`, `{${own}:0,"a":2}`]);
    expect(twoReadings(`{${own}:0,${own}:1}`)).toEqual([`{${own}:0}`, `{${own}:1}`]);
  });
});
