import type { Letters } from "./glob.ts";

/** A text, and the blockers whose sets it lies in, sorted. */
export type Signature = { readonly blocked: readonly number[]; readonly letters: Letters };

/** Both lists are sorted. */
export const isSubset = (small: readonly number[], large: readonly number[]): boolean => {
  if (small.length > large.length) return false;
  let at = 0;
  for (const item of small) {
    while (at < large.length && (large[at] as number) < item) at += 1;
    if (large[at] !== item) return false;
    at += 1;
  }
  return true;
};

/** Keeps only the smallest sets: a text that lies in more blockers is never the better one. */
export const addMinimal = (found: Signature[], one: Signature): void => {
  if (found.some((other) => isSubset(other.blocked, one.blocked))) return;
  const kept = found.filter((other) => !isSubset(one.blocked, other.blocked));
  found.splice(0, found.length, ...kept, one);
};
