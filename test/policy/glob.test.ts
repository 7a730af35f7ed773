import { describe, expect, it } from "vitest";
import {
  ANY_ONE,
  ANY_RUN,
  BOUNDED_ONE,
  BOUNDED_RUN,
  canonicalPattern,
  caseVariants,
  compileGlob,
  covers,
  coversCodes,
  FOLD,
  FRESH,
  foldedGlob,
  foldRoleName,
  hasBounded,
  isRun,
  isWildcard,
  lettersOf,
  literalGlob,
  lowerCode,
  meet,
} from "../../shared/policy/glob.ts";
import { newMeter } from "../../shared/policy/meter.ts";

const meter = () => newMeter(1_000_000);
const code = (letter: string): number => letter.codePointAt(0) ?? -1;

describe("a pattern as codes", () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ["", [], []],
    ["a", [97], [97]],
    ["*", [ANY_RUN], [ANY_RUN]],
    ["?*?", [ANY_ONE, ANY_ONE, ANY_RUN], [ANY_ONE, ANY_ONE, ANY_RUN]],
    ["**?*", [ANY_ONE, ANY_RUN], [ANY_ONE, ANY_RUN]],
    ["*:*", [BOUNDED_RUN, 58, ANY_RUN], [ANY_RUN, 58, ANY_RUN]],
    ["?:?", [BOUNDED_ONE, 58, ANY_ONE], [ANY_ONE, 58, ANY_ONE]],
    ["*?:", [BOUNDED_ONE, BOUNDED_RUN, 58], [ANY_ONE, ANY_RUN, 58]],
    [":::*:*:*", [58, 58, 58, BOUNDED_RUN, 58, ANY_RUN, 58, ANY_RUN], [58, 58, 58, ANY_RUN, 58, ANY_RUN, 58, ANY_RUN]],
    ["\u{1F600}*", [0x1f600, ANY_RUN], [0x1f600, ANY_RUN]],
    ["\uFFFF?", [0xffff, ANY_ONE], [0xffff, ANY_ONE]],
  ])("%j", (pattern, segments, flat) => {
    expect(compileGlob(pattern, "segments").codes).toEqual(segments);
    expect(compileGlob(pattern, "flat").codes).toEqual(flat);
    expect(compileGlob(pattern, "flat").literal).toBe(!/[*?]/.test(pattern));
  });

  it("has one key for each set of texts", () => {
    const key = (pattern: string) => compileGlob(pattern, "flat").key;
    expect(key("a*?b")).toBe(key("a?**b"));
    const globs = [
      key("a*"),
      key("a?"),
      key("a"),
      key("A"),
      literalGlob("a*").key,
      foldedGlob("b").key,
      foldedGlob("c").key,
    ];
    expect(new Set(globs).size).toBe(globs.length);
    expect(literalGlob("a").key).toBe(key("a"));
    expect(literalGlob("a*")).toEqual({ key: "=a*", codes: [97, 42], literal: true });
  });

  it("tells wildcards from letters, and runs from single ones", () => {
    expect([ANY_RUN, ANY_ONE, BOUNDED_RUN, BOUNDED_ONE].map(isWildcard)).toEqual([true, true, true, true]);
    expect([0, 97, FRESH, 97 + FOLD].map(isWildcard)).toEqual([false, false, false, false]);
    expect([ANY_RUN, BOUNDED_RUN, ANY_ONE, BOUNDED_ONE, 97, undefined].map(isRun)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ["a*?b", "a?*b"],
    ["a**", "a*"],
    ["a??", "a??"],
    ["??*", "??*"],
    ["*?*?x?", "??*x?"],
    ["a*b?c", "a*b?c"],
    ["**a*?", "*a?*"],
    ["a??b**", "a??b*"],
    ["*?a??", "?*a??"],
    ["a?*b?", "a?*b?"],
  ])("%s is spelled %s", (pattern, spelled) => {
    expect(canonicalPattern(pattern)).toBe(spelled);
  });

  it.each([
    ["*:b", true],
    ["?:b", true],
    ["a*:b", true],
    ["a:*", false],
    ["a:?", false],
    ["*", false],
    ["?", false],
    ["abc", false],
    ["a:b:c", false],
    ["a:b:c:*:e", true],
    ["a:b:c:?:e", true],
    ["a:b:c:d:*:f", false],
    ["a:b:c:d:?:f", false],
    ["a:?:c:d:*", true],
    ["a:b*c:d:e:?", true],
  ])("%s has a wildcard that stops at a colon: %s", (pattern, bounded) => {
    expect(hasBounded(pattern)).toBe(bounded);
  });
});

describe("letters", () => {
  it("of a text, one for each character", () => {
    expect(lettersOf("a\u{1F600}\uFFFFb")).toEqual([97, 0x1f600, 0xffff, 98]);
  });

  it.each([
    ["A", "a"],
    ["a", "a"],
    ["É", "é"],
    ["1", "1"],
    ["İ", "İ"],
    ["\u{10400}", "\u{10428}"],
  ])("the lower case of %s is %s", (letter, lower) => {
    expect(lowerCode(code(letter))).toBe(code(lower));
    expect(lowerCode(code(letter))).toBe(code(lower));
  });

  it("any other letter has no case", () => {
    expect(lowerCode(FRESH)).toBe(FRESH);
  });

  it.each([
    ["a", ["a", "A"]],
    ["1", ["1"]],
    ["ß", ["ß"]],
    ["é", ["é", "É"]],
    ["ı", ["ı"]],
    ["\u{10428}", ["\u{10428}", "\u{10400}"]],
  ])("%s in either case", (letter, variants) => {
    expect(caseVariants(code(letter))).toEqual(variants.map(code));
  });

  it("of a text in either case", () => {
    expect(foldedGlob("A1")).toEqual({ key: "^a1", codes: [97 + FOLD, 49], literal: false });
    expect(foldedGlob("12")).toEqual({ key: "=12", codes: [49, 50], literal: true });
    expect(foldedGlob("")).toEqual({ key: "=", codes: [], literal: true });
  });

  it.each([
    [97, 97, true],
    [97, 98, false],
    [97, 65, false],
    [97 + FOLD, 97, true],
    [97 + FOLD, 65, true],
    [97 + FOLD, 98, false],
    [97 + FOLD, 97 + FOLD, true],
    [97 + FOLD, 98 + FOLD, false],
    [97 + FOLD, FRESH, false],
    [FRESH, FRESH, true],
  ])("%d and %d have one in common: %s", (one, other, common) => {
    expect(meet(one, other)).toBe(common);
    expect(meet(other, one)).toBe(common);
  });
});

describe("names of roles", () => {
  it.each([
    ["acs:ram::1:role/App", "acs:ram::1:role/app"],
    ["acs:ram:*:*:role/App*", "acs:ram:*:*:role/app*"],
    ["acs:ram::1:user/App", "acs:ram::1:user/App"],
    ["acs:oss::1:role/App", "acs:oss::1:role/App"],
    ["acs:ram:role/App", "acs:ram:role/App"],
    ["acs:ram::role/App", "acs:ram::role/App"],
    ["acs:ram:1role/App", "acs:ram:1role/App"],
    ["acs:ram:role/role/App", "acs:ram:role/role/App"],
    ["acs:ram:role/App:1", "acs:ram:role/App:1"],
    ["acs:ram::1:x:role/App", "acs:ram::1:x:role/App"],
    ["role/App:acs:ram::1:", "role/App:acs:ram::1:"],
    ["*", "*"],
  ])("%s is %s", (name, folded) => {
    expect(foldRoleName(name)).toBe(folded);
  });
});

describe("one pattern over another", () => {
  it.each<[string, string, boolean, boolean]>([
    ["*", "*", true, true],
    ["*", "?*", true, true],
    ["?*", "*", false, false],
    ["?", "?", true, true],
    ["?", "*", false, false],
    ["a*", "ab*", true, true],
    ["ab*", "a*", false, false],
    ["*:*", "?:*", true, true],
    ["?:*", "*:*", false, false],
    ["*:b", "a:b", true, true],
    ["*:b:", "a:*:b:", false, true],
    ["*:x", "a:*", false, false],
    ["*b*", "*?b", true, true],
    ["a:*", "a:b:c:d:*:*", true, true],
    ["*:c", "?a?:c", true, true],
    ["?:c", "x:c", true, true],
    ["?:c", "::c", false, true],
    ["a?*", "a", false, false],
  ])("%s over %s: %s in parts, %s flat", (outer, inner, segments, flat) => {
    expect(covers(compileGlob(outer, "segments"), compileGlob(inner, "segments"), meter())).toBe(segments);
    expect(covers(compileGlob(outer, "flat"), compileGlob(inner, "flat"), meter())).toBe(flat);
  });

  it("a letter in either case holds both, and neither of them holds it", () => {
    const over = (outer: readonly number[], inner: readonly number[]) => coversCodes(outer, inner, meter());
    expect(over([97 + FOLD], [97])).toBe(true);
    expect(over([97 + FOLD], [65])).toBe(true);
    expect(over([97 + FOLD], [98])).toBe(false);
    expect(over([97 + FOLD], [98 + FOLD])).toBe(false);
    expect(over([97 + FOLD], [ANY_ONE])).toBe(false);
    expect(over([97], [97 + FOLD])).toBe(false);
    expect(over([ANY_ONE], [97 + FOLD])).toBe(true);
    expect(over([BOUNDED_ONE], [97 + FOLD])).toBe(true);
    expect(over([BOUNDED_ONE], [58])).toBe(false);
    expect(over([BOUNDED_ONE], [ANY_ONE])).toBe(false);
    expect(over([BOUNDED_ONE], [BOUNDED_RUN])).toBe(false);
    expect(over([BOUNDED_RUN], [BOUNDED_ONE, 0, BOUNDED_RUN, FRESH])).toBe(true);
    expect(over([BOUNDED_RUN], [ANY_ONE])).toBe(false);
    expect(over([BOUNDED_RUN], [ANY_RUN])).toBe(false);
    expect(over([ANY_ONE], [0])).toBe(true);
    expect(over([BOUNDED_ONE], [0])).toBe(true);
  });
});
