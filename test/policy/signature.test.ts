import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMinimal, isSubset, type Signature } from "../../shared/policy/signature.ts";

const sorted = fc.uniqueArray(fc.nat(6), { maxLength: 6 }).map((list) => list.sort((one, other) => one - other));

describe("sorted lists as sets", () => {
  test.each<[readonly number[], readonly number[], boolean]>([
    [[], [], true],
    [[], [1], true],
    [[1], [], false],
    [[1], [1], true],
    [[2], [1, 2, 3], true],
    [[1, 3], [1, 2, 3], true],
    [[1, 4], [1, 2, 3], false],
    [[0], [1, 2], false],
    [[3], [1, 2], false],
    [[1, 2, 3], [1, 3], false],
  ])("%j within %j: %s", (small, large, within) => {
    expect(isSubset(small, large)).toBe(within);
  });

  test("are one within the other when every item is", () => {
    fc.assert(
      fc.property(sorted, sorted, (small, large) => {
        expect(isSubset(small, large)).toBe(small.every((item) => large.includes(item)));
      }),
    );
  });
});

describe("the smallest sets", () => {
  const found = (...lists: readonly (readonly number[])[]): readonly (readonly number[])[] => {
    const kept: Signature[] = [];
    for (const blocked of lists) addMinimal(kept, { blocked, letters: [] });
    return kept.map(({ blocked }) => blocked);
  };

  test("a larger one is left out, whichever comes first", () => {
    expect(found([1], [1, 2])).toEqual([[1]]);
    expect(found([1, 2], [1])).toEqual([[1]]);
    expect(found([1, 2], [2, 3], [2])).toEqual([[2]]);
    expect(found([1, 2], [3], [2])).toEqual([[3], [2]]);
    expect(found([1], [])).toEqual([[]]);
  });

  test("of equal ones the first stays", () => {
    const kept: Signature[] = [];
    addMinimal(kept, { blocked: [1], letters: [97] });
    addMinimal(kept, { blocked: [1], letters: [98] });
    expect(kept).toEqual([{ blocked: [1], letters: [97] }]);
  });

  test("no one that is kept lies within another, and each that came has one within it", () => {
    fc.assert(
      fc.property(fc.array(sorted, { maxLength: 8 }), (lists) => {
        const kept = found(...lists);
        for (const one of kept) {
          expect(kept.filter((other) => isSubset(other, one))).toEqual([one]);
        }
        for (const list of lists) expect(kept.some((one) => isSubset(one, list))).toBe(true);
      }),
    );
  });
});
