import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileGlob,
  coversCodes,
  FRESH,
  foldedGlob,
  type Glob,
  literalGlob,
  type WildcardReading,
} from "../../shared/policy/glob.ts";
import { clearlyApart, type GlobSet, globSet, someCovers } from "../../shared/policy/glob-set.ts";
import { BudgetSpent, newMeter } from "../../shared/policy/meter.ts";
import { addMinimal, isSubset, type Signature } from "../../shared/policy/signature.ts";
import { signatures } from "../../shared/policy/signatures.ts";

const numRuns = Number(process.env.WARDEN_ALGEBRA_RUNS ?? "300");
const meter = () => newMeter(10_000_000);

/** The letter of the lowest code is a letter like any other. */
const nul = "\u0000";

/** Every text of up to four letters, where z stands for all letters that no pattern names. */
const texts: readonly string[] = (() => {
  let last = [""];
  const found = [""];
  for (let length = 1; length <= 4; length += 1) {
    last = last.flatMap((text) => ["a", "A", nul, ":", "z"].map((letter) => text + letter));
    found.push(...last);
  }
  return found;
})();

const letters = (text: string): readonly number[] =>
  Array.from(text, (letter) => (letter === "z" ? FRESH : (letter.codePointAt(0) ?? 0)));

const holds = (set: GlobSet, text: readonly number[]): boolean =>
  set.globs.some((glob) => coversCodes(glob.codes, text, meter())) !== set.complement;

const pattern = fc.string({ unit: fc.constantFrom("a", "A", nul, ":", "*", "*", "?"), maxLength: 4 });
const set = (reading: WildcardReading): fc.Arbitrary<GlobSet> =>
  fc
    .tuple(
      fc.boolean(),
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: pattern.map((one) => compileGlob(one, reading)) },
          { weight: 1, arbitrary: pattern.map((one) => foldedGlob(one.replace(/[*?]/g, "a"))) },
        ),
        { maxLength: 3 },
      ),
    )
    .map(([complement, globs]) => globSet(complement, globs));

describe.each(["flat", "segments"] as const)("signatures, wildcards %s", (reading) => {
  it("are what trying every short text finds", () => {
    fc.assert(
      fc.property(
        fc.array(set(reading), { minLength: 1, maxLength: 3 }),
        fc.array(set(reading), { maxLength: 4 }),
        fc.constantFrom("*", "?*", "?*:?*"),
        (inside, blockers, whole) => {
          const universe = [compileGlob(whole, reading)];
          const found = signatures({ inside, blockers, universe }, meter());
          const hit = (text: readonly number[]): readonly number[] =>
            blockers.flatMap((one, at) => (holds(one, text) ? [at] : []));
          for (const { blocked, letters: text } of found) {
            expect(inside.every((one) => holds(one, text))).toBe(true);
            expect(hit(text)).toEqual(blocked);
            expect(found.filter((other) => isSubset(other.blocked, blocked))).toHaveLength(1);
          }
          const sizes = found.map(({ blocked }) => blocked.length);
          expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
          for (const text of texts) {
            const codes = letters(text);
            if (
              !universe.some((one) => coversCodes(one.codes, codes, meter())) ||
              !inside.every((one) => holds(one, codes))
            )
              continue;
            const blocked = hit(codes);
            expect(found.some((other) => isSubset(other.blocked, blocked))).toBe(true);
          }
        },
      ),
      { numRuns },
    );
  });

  it("covering and being apart are never wrong", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const [a, b] = [compileGlob(one, reading), compileGlob(other, reading)];
        const both = texts.filter(
          (text) => coversCodes(a.codes, letters(text), meter()) && coversCodes(b.codes, letters(text), meter()),
        );
        const inner = texts.filter((text) => coversCodes(b.codes, letters(text), meter()));
        if (coversCodes(a.codes, b.codes, meter())) expect(both).toEqual(inner);
        if (clearlyApart(a, b)) expect(both).toEqual([]);
        expect(clearlyApart(a, b)).toBe(clearlyApart(b, a));
      }),
      { numRuns: numRuns * 5 },
    );
  });
});

describe("which blockers a text has to lie in", () => {
  const segments = (complement: boolean, ...patterns: readonly string[]): GlobSet =>
    globSet(
      complement,
      patterns.map((one) => compileGlob(one, "segments")),
    );
  const blocked = (inside: readonly GlobSet[], blockers: readonly GlobSet[]): readonly (readonly number[])[] =>
    signatures({ inside, blockers, universe: [compileGlob("*", "segments")] }, meter()).map((one) => one.blocked);

  it("none where a wildcard would have to stand for a colon", () => {
    const others = [segments(false, "::a?"), segments(false, "::a")];
    expect(blocked([segments(false, "::a*")], [segments(false, "?:a*"), ...others])).toEqual([[]]);
    expect(blocked([segments(false, "::a*")], [segments(false, ":?a*"), ...others])).toEqual([[0]]);
    expect(blocked([segments(false, "::a*")], [segments(false, ":*a*:"), ...others])).toEqual([[]]);
  });

  it("those of each way in, in order", () => {
    const ways = [segments(false, "a*", "b*")];
    expect(blocked(ways, [segments(false, "b*"), segments(false, "a*"), segments(true, "c*")])).toEqual([
      [1, 2],
      [0, 2],
    ]);
    expect(blocked(ways, [segments(false, "a*", "b?*"), segments(false, "a?*"), segments(false, "b")])).toEqual([
      [0],
      [2],
    ]);
  });

  it("no text of an unwanted pattern", () => {
    const inside = [segments(false, "a*"), segments(false, "*b"), segments(true, "ab", "a?b")];
    const found = signatures(
      { inside, blockers: [segments(false, "a??b")], universe: [compileGlob("*", "flat")] },
      meter(),
    );
    expect(found.map((one) => one.blocked)).toEqual([[]]);
    expect(found[0]?.letters.length).toBeGreaterThan(4);
  });

  it("all of a pattern that is no text of the kind asked about", () => {
    const universe = [compileGlob("r*", "segments"), compileGlob("s*", "segments")];
    const found = signatures(
      { inside: [segments(false, "x*")], blockers: [segments(false, "x?*")], universe },
      meter(),
    );
    expect(found.map((one) => [one.blocked, one.letters])).toEqual([[[], [120]]]);
  });

  it("the smallest first", () => {
    const found = blocked(
      [segments(false, "a*", "b*", "c*")],
      [segments(false, "a*"), segments(false, "a*", "b*"), segments(false, "c*"), segments(false, "a*", "b*")],
    );
    expect(found).toEqual([[2], [1, 3]]);
  });
});

describe("what is seen without a search", () => {
  const glob = (pattern: string): Glob => compileGlob(pattern, "flat");
  const set = (...patterns: readonly string[]): GlobSet => globSet(false, patterns.map(glob));
  const spent = (inside: readonly GlobSet[], blockers: readonly GlobSet[]) => {
    const own = meter();
    const found = signatures({ inside, blockers, universe: [glob("*")] }, own);
    return { steps: own.spent, searches: own.searches, blocked: found.map((one) => one.blocked) };
  };
  // Two patterns at once, of which neither holds the other.
  const inside = [set("a*"), set("*b")];
  const bare = spent(inside, []);
  const twenty = (of: GlobSet): readonly GlobSet[] => Array.from({ length: 20 }, () => of);
  const all = Array.from({ length: 20 }, (_, at) => at);

  it.each<[string, GlobSet, readonly number[]]>([
    ["holds one of the patterns", set("a*"), all],
    ["holds everything", set("*"), all],
    ["holds nothing of one of them", set("b*", "c*"), []],
    ["leaves out one of them", globSet(true, [glob("*b")]), []],
    ["leaves out nothing of them", globSet(true, [glob("b*")]), all],
  ])("twenty blockers of which each %s", (_name, blocker, blocked) => {
    const found = spent(inside, twenty(blocker));
    expect(found.blocked).toEqual([blocked]);
    // Each is looked at, and the search is none the longer.
    expect(found.steps - bare.steps).toBeLessThanOrEqual(20 * blocker.globs.length);
  });

  it("that nothing is left, where what is left out holds one of the patterns", () => {
    expect(spent([...inside, globSet(true, [glob("a*"), glob("c")])], [])).toMatchObject({ searches: 0, blocked: [] });
    expect(spent([...inside, globSet(true, [glob("c"), glob("*b")])], [])).toMatchObject({ searches: 0, blocked: [] });
  });

  it("what is left out elsewhere", () => {
    expect(spent([...inside, globSet(true, [glob("b*"), glob("ca*")])], [])).toEqual(bare);
  });

  it("that three patterns have nothing in common, where two have not", () => {
    expect(spent([set("a*"), set("*b"), set("c*")], [])).toMatchObject({ searches: 0, blocked: [] });
  });
});

describe("globs", () => {
  const matches = (glob: Glob, text: string): boolean => coversCodes(glob.codes, literalGlob(text).codes, meter());

  it.each([
    ["a:*:b*", "a:x:by", true, true],
    ["a:*:b*", "a:x:y:b", false, true],
    ["*:b", "a:b", true, true],
    ["*:b", "a:a:b", false, true],
    ["a:b:c:d:*", "a:b:c:d:e:f", true, true],
    ["a:b:c:?:*", "a:b:c:::f", false, true],
    ["a:b:c:d:?", "a:b:c:d::", true, true],
    ["*", ":", true, true],
    ["a?b", "a:b", true, true],
    ["", "", true, true],
    ["?", "", false, false],
    ["*?*?", "ab", true, true],
    ["*?*?", "a", false, false],
    ["a*b*c", "abbbc", true, true],
    ["a*b*c", "acb", false, false],
    ["\u{1F600}?", "\u{1F600}\u{1F601}", true, true],
  ])("%s and %s: %s in parts, %s flat", (glob, text, segments, flat) => {
    expect(matches(compileGlob(glob, "segments"), text)).toBe(segments);
    expect(matches(compileGlob(glob, "flat"), text)).toBe(flat);
  });

  it("in either case fold letters and nothing else", () => {
    const folded = foldedGlob("aB-é*");
    for (const text of ["ab-é*", "AB-É*", "Ab-É*"]) expect(matches(folded, text)).toBe(true);
    for (const text of ["ab-e*", "ab_é*", "ab-éx", "ab-é", "xab-é*"]) expect(matches(folded, text)).toBe(false);
    expect(foldedGlob("12").literal).toBe(true);
    expect(foldedGlob("12").key).toBe(literalGlob("12").key);
    expect(foldedGlob("a").key).toBe(foldedGlob("A").key);
    expect(foldedGlob("a").key).not.toBe(literalGlob("a").key);
    expect(clearlyApart(foldedGlob("ab"), literalGlob("AB"))).toBe(false);
    expect(clearlyApart(foldedGlob("ab"), literalGlob("AC"))).toBe(true);
    expect(clearlyApart(literalGlob("ba"), foldedGlob("Ba"))).toBe(false);
  });

  it("literal texts are letters, wildcards too", () => {
    expect(matches(literalGlob("a*"), "a*")).toBe(true);
    expect(matches(literalGlob("a*"), "ab")).toBe(false);
    expect(someCovers(globSet(false, [literalGlob("a*")]), literalGlob("a*"), meter())).toBe(true);
    expect(compileGlob("a*", "flat").key).not.toBe(literalGlob("a*").key);
  });

  it("count their steps", () => {
    const hard = compileGlob(`*${"a".repeat(3000)}b`, "flat");
    const text = literalGlob("a".repeat(6000));
    const small = newMeter(5000);
    expect(() => coversCodes(hard.codes, text.codes, small)).toThrow(BudgetSpent);
    expect(small.spent).toBeLessThan(7000);
    expect(() => coversCodes(compileGlob("a*", "flat").codes, text.codes, newMeter(10_000))).not.toThrow();
  });
});

describe("smallest sets", () => {
  it.each([
    [[], [], true],
    [[], [1], true],
    [[1], [], false],
    [[1, 3], [1, 2, 3], true],
    [[1, 4], [1, 2, 3], false],
    [[0], [1, 2], false],
    [[2], [1, 2], true],
  ])("%j in %j: %s", (small, large, expected) => {
    expect(isSubset(small, large)).toBe(expected);
  });

  it("are kept, the others dropped", () => {
    const found: Signature[] = [];
    for (const blocked of [[1, 2], [2, 3], [1, 2, 3], [2], [2], [4]]) addMinimal(found, { blocked, letters: [] });
    expect(found.map(({ blocked }) => blocked)).toEqual([[2], [4]]);
  });
});
