import { describe, expect, it } from "vitest";
import { compileGlob, foldedGlob, lettersOf } from "../../shared/policy/glob.ts";
import { clearlyApart, globSet, someCovers, someMatches } from "../../shared/policy/glob-set.ts";
import { newMeter } from "../../shared/policy/meter.ts";

const glob = (pattern: string) => compileGlob(pattern, "flat");
const meter = newMeter(Number.POSITIVE_INFINITY);

describe("two patterns without a text in common, as far as their ends tell", () => {
  it.each([
    ["a", "b"],
    ["a", ""],
    ["ab", "a"],
    ["abc*", "abd*"],
    ["abc", "ab"],
    ["*ab", "*cb"],
    ["*xab", "*yab"],
    ["a*b", "a*c"],
    ["ab*", "a"],
    ["*?a", "*?b"],
    ["a*ab", "a*bb"],
  ])("%s and %s", (one, other) => {
    // What comes first is no matter.
    expect(clearlyApart(glob(one), glob(other))).toBe(true);
    expect(clearlyApart(glob(other), glob(one))).toBe(true);
  });

  it.each([
    ["", ""],
    ["a", "a"],
    ["*", "a"],
    ["*", ""],
    ["a*", "a"],
    ["a*", "ab"],
    ["a*", "*b"],
    ["a*b", "ab"],
    ["?", "a"],
    ["a?", "ab"],
    ["*a", "*ba"],
    ["a*c", "ab*"],
    ["*ab", "b"],
  ])("not %s and %s", (one, other) => {
    expect(clearlyApart(glob(one), glob(other))).toBe(false);
    expect(clearlyApart(glob(other), glob(one))).toBe(false);
  });

  it("a letter in either case meets both", () => {
    expect(clearlyApart(foldedGlob("a"), glob("A"))).toBe(false);
    expect(clearlyApart(foldedGlob("a"), glob("b"))).toBe(true);
  });
});

it("a set covers or matches by any of its patterns", () => {
  const set = globSet(false, [glob("a*"), glob("b"), glob("*c")]);
  expect(set.wild).toHaveLength(2);
  expect([...set.keys]).toEqual(["~a*", "=b", "~*c"]);
  for (const pattern of ["ab*", "b", "xc", "*c"]) expect(someCovers(set, glob(pattern), meter)).toBe(true);
  for (const pattern of ["*", "b*", "d"]) expect(someCovers(set, glob(pattern), meter)).toBe(false);
  for (const text of ["a", "b", "xc"]) expect(someMatches(set, lettersOf(text), meter)).toBe(true);
  for (const text of ["", "ba", "d"]) expect(someMatches(set, lettersOf(text), meter)).toBe(false);
});
