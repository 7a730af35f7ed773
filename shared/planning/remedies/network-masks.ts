import { type IpRange, readIpRange } from "../../policy/ip-range.ts";
import type { Direction } from "./direction.ts";

/** An empty mask lets everybody in. */
const everywhere: readonly IpRange[] = [
  { family: 4, low: 0n, high: (1n << 32n) - 1n },
  { family: 6, low: 0n, high: (1n << 128n) - 1n },
];

/** The blocks of a mask, merged where they touch; undefined where one of them cannot be read. */
const blocksOf = (masks: string): readonly IpRange[] | undefined => {
  const parts = masks.split(/[;,\s]+/).filter((part) => part !== "");
  if (parts.length === 0) return everywhere;
  const blocks = parts.map(readIpRange);
  if (!blocks.every((block) => block !== undefined)) return undefined;
  const merged: IpRange[] = [];
  for (const block of [...blocks].sort((a, b) => a.family - b.family || (a.low < b.low ? -1 : 1))) {
    const last = merged.at(-1);
    if (last === undefined || last.family !== block.family || block.low > last.high + 1n) merged.push(block);
    else if (block.high > last.high) merged[merged.length - 1] = { ...last, high: block.high };
  }
  return merged;
};

const within = (inner: readonly IpRange[], outer: readonly IpRange[]): boolean =>
  inner.every((one) =>
    outer.some((other) => other.family === one.family && other.low <= one.low && one.high <= other.high),
  );

/** Which way a logon mask moves; `unsure` for one that lets in some and shuts out others, or that nobody can read. */
export const masksDirection = (from: string, to: string): Direction => {
  const [old, next] = [blocksOf(from), blocksOf(to)];
  if (old === undefined || next === undefined) return from === to ? "neutral" : "unsure";
  const [narrower, wider] = [within(next, old), within(old, next)];
  if (narrower && wider) return "neutral";
  return narrower ? "stricter" : wider ? "looser" : "unsure";
};
