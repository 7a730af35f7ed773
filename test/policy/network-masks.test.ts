import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type IpRange, readIpRange } from "../../shared/policy/ip-range.ts";
import { isWithin, masksAdmitMore, masksDirection, mergedRanges } from "../../shared/policy/network-masks.ts";

const range = (family: 4 | 6, low: number, high: number): IpRange => ({ family, low: BigInt(low), high: BigInt(high) });
const small = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.nat(12), fc.nat(3))
  .map(([family, low, more]) => range(family, low, low + more));
const addresses = ([4, 6] as const).flatMap((family) => Array.from({ length: 18 }, (_, at) => range(family, at, at)));
const holds = (ranges: readonly IpRange[], { family, low }: IpRange): boolean =>
  ranges.some((one) => one.family === family && one.low <= low && low <= one.high);

describe("blocks that are merged", () => {
  it("hold what they held, in order, with a gap between any two", () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 6 }), (blocks) => {
        const merged = mergedRanges(blocks);
        for (const address of addresses) expect(holds(merged, address)).toBe(holds(blocks, address));
        for (const [at, one] of merged.entries()) {
          const next = merged[at + 1];
          if (next === undefined) break;
          expect(one.family < next.family || (one.family === next.family && one.high + 1n < next.low)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are given as they are, not changed in place", () => {
    const blocks = [range(4, 5, 6), range(4, 0, 1)];
    expect(mergedRanges(blocks)).toEqual([range(4, 0, 1), range(4, 5, 6)]);
    expect(blocks).toEqual([range(4, 5, 6), range(4, 0, 1)]);
    expect(mergedRanges([])).toEqual([]);
  });

  it("lie within others exactly where each of their addresses does", () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 4 }), fc.array(small, { maxLength: 4 }), (inner, outer) => {
        const everyOne = addresses.every((address) => !holds(inner, address) || holds(outer, address));
        expect(isWithin(mergedRanges(inner), mergedRanges(outer))).toBe(everyOne);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a logon mask that moves", () => {
  it.each<[string, string, string, boolean | undefined]>([
    ["10.0.0.0/8", "10.0.0.0/8", "neutral", false],
    ["10.0.0.0/9;10.128.0.0/9", "10.0.0.0/8", "neutral", false],
    ["10.0.0.0/8", " 10.128.0.0/9, 10.0.0.0/9 ", "neutral", false],
    ["10.0.0.0/8", "10.0.0.0/9", "stricter", false],
    ["10.0.0.0/8", "10.0.0.0/7", "looser", true],
    ["10.0.0.0/8", "10.0.0.0/8\n11.0.0.0/8", "looser", true],
    ["10.0.0.0/8", "11.0.0.0/8", "unsure", true],
    // An empty mask lets everybody in, of either family.
    ["", "", "neutral", false],
    ["", " ; ,", "neutral", false],
    ["", "10.0.0.0/8", "stricter", false],
    ["10.0.0.0/8", "", "looser", true],
    ["0.0.0.0/0", "", "looser", true],
    ["::/0", "", "looser", true],
    ["0.0.0.0/0;::/0", "", "neutral", false],
    ["", "0.0.0.0/0,::/0", "neutral", false],
    // What cannot be read moves in no way that anybody could tell, unless it stays.
    ["10.0.0.0/8", "x", "unsure", undefined],
    ["x", "10.0.0.0/8", "unsure", undefined],
    ["10.0.0.0/8", "10.0.0.0/8;x", "unsure", undefined],
    ["x", "y", "unsure", undefined],
    ["x", "x", "neutral", undefined],
  ])("from %j to %j", (from, to, direction, more) => {
    expect(masksDirection(from, to)).toBe(direction);
    expect(masksAdmitMore(from, to)).toBe(more);
  });

  it("is everywhere when it is empty, to the last address", () => {
    for (const [address, family] of [
      ["255.255.255.255", 4],
      ["0.0.0.0", 4],
      ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6],
      ["::", 6],
    ] as const) {
      expect(readIpRange(address)?.family).toBe(family);
      expect(masksAdmitMore("", address)).toBe(false);
    }
  });
});
