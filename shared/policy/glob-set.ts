import { covers, coversCodes, type Glob, isWildcard, type Letters, meet } from "./glob.ts";
import type { Meter } from "./meter.ts";

/** A set of texts: those of the union of its globs or, with `complement`, all others. */
export type GlobSet = {
  readonly complement: boolean;
  readonly globs: readonly Glob[];
  /** The keys of its globs: a glob that is here word for word needs no comparing. */
  readonly keys: ReadonlySet<string>;
  readonly wild: readonly Glob[];
};

export const globSet = (complement: boolean, globs: readonly Glob[]): GlobSet => ({
  complement,
  globs,
  keys: new Set(globs.map(({ key }) => key)),
  wild: globs.filter(({ literal }) => !literal),
});

/** Some glob of the list stands for all of `inner`, as far as laying one over the other shows it. */
export const someCovers = (set: GlobSet, inner: Glob, meter: Meter): boolean =>
  set.keys.has(inner.key) || set.wild.some((outer) => covers(outer, inner, meter));

/** Some glob matches these letters. */
export const someMatches = (set: GlobSet, letters: Letters, meter: Meter): boolean =>
  set.globs.some((glob) => coversCodes(glob.codes, letters, meter));

/** No text can match both: they differ before the first wildcard, or after the last. `false` says nothing. */
export const clearlyApart = (one: Glob, other: Glob): boolean => {
  const a = one.codes;
  const b = other.codes;
  for (let at = 0; ; at += 1) {
    const x = a[at];
    const y = b[at];
    if (x === undefined || y === undefined) {
      if (x === undefined && y === undefined) return false;
      const rest = x === undefined ? y : x;
      if (rest === undefined || !isWildcard(rest)) return true;
      break;
    }
    if (isWildcard(x) || isWildcard(y)) break;
    if (!meet(x, y)) return true;
  }
  for (let back = 1; ; back += 1) {
    const x = a[a.length - back];
    const y = b[b.length - back];
    if (x === undefined || y === undefined || isWildcard(x) || isWildcard(y)) return false;
    if (!meet(x, y)) return true;
  }
};
