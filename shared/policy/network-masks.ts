import type { Direction } from "./direction.ts";
import { type IpRange, readIpRange } from "./ip-range.ts";

/** An empty mask lets everybody in. */
const everywhere: readonly IpRange[] = [
  { family: 4, low: 0n, high: (1n << 32n) - 1n },
  { family: 6, low: 0n, high: (1n << 128n) - 1n },
];

/** Blocks in their order, merged where they touch. */
export const mergedRanges = (blocks: readonly IpRange[]): readonly IpRange[] => {
  const merged: IpRange[] = [];
  for (const block of [...blocks].sort((a, b) => a.family - b.family || (a.low < b.low ? -1 : 1))) {
    const last = merged.at(-1);
    if (last === undefined || last.family !== block.family || block.low > last.high + 1n) merged.push(block);
    else if (block.high > last.high) merged[merged.length - 1] = { ...last, high: block.high };
  }
  return merged;
};

/** The blocks of a mask, merged where they touch; undefined where one of them cannot be read. */
const blocksOf = (masks: string): readonly IpRange[] | undefined => {
  const parts = masks.split(/[;,\s]+/).filter((part) => part !== "");
  if (parts.length === 0) return everywhere;
  const blocks = parts.map(readIpRange);
  if (!blocks.every((block) => block !== undefined)) return undefined;
  return mergedRanges(blocks);
};

/** Whether blocks lie within others, which are merged. */
export const isWithin = (inner: readonly IpRange[], outer: readonly IpRange[]): boolean =>
  inner.every((one) =>
    outer.some((other) => other.family === one.family && other.low <= one.low && one.high <= other.high),
  );

/** Which way a logon mask moves; `unsure` for one that lets in some and shuts out others, or that nobody can read. */
export const masksDirection = (from: string, to: string): Direction => {
  const [old, next] = [blocksOf(from), blocksOf(to)];
  if (old === undefined || next === undefined) return from === to ? "neutral" : "unsure";
  const [narrower, wider] = [isWithin(next, old), isWithin(old, next)];
  if (narrower && wider) return "neutral";
  return narrower ? "stricter" : wider ? "looser" : "unsure";
};

/** Whether the later mask certainly lets in an address that the earlier did not; undefined where one cannot be read. */
export const masksAdmitMore = (from: string, to: string): boolean | undefined => {
  const [old, next] = [blocksOf(from), blocksOf(to)];
  return old === undefined || next === undefined ? undefined : !isWithin(next, old);
};
