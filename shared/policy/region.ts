import type { Signature } from "./automaton.ts";
import type { Reading } from "./comparison.ts";
import type { Atom } from "./condition-atom.ts";
import { type Assignment, solveConditions } from "./condition-solve.ts";
import type { Letters } from "./glob.ts";
import type { Meter } from "./meter.ts";
import { compiledSet, type Dimension, type NamedSet, type Ready, universes } from "./ready.ts";
import { signatures } from "./signatures.ts";

/** A request in raw form, found inside some statements and outside others. */
export type Found = {
  readonly letters: Readonly<Partial<Record<Dimension, Letters>>>;
  readonly assignment: Assignment;
};

/** Answers that hold for one reading of wildcards, kept while one comparison runs. */
export type Memory = Map<string, readonly Signature[]>;

export type Search = {
  readonly dimensions: readonly Dimension[];
  readonly reading: Reading;
  readonly meter: Meter;
  readonly memory: Memory;
  /** Told of every test on which an answer hangs. */
  readonly met: (tests: readonly Atom[]) => void;
};

const remembered = (
  dimension: Dimension,
  inside: readonly NamedSet[],
  blockers: readonly NamedSet[],
  { reading, meter, memory }: Search,
): readonly Signature[] => {
  const ids = (sets: readonly NamedSet[]): string => sets.map(({ id }) => id).join();
  const key = `${dimension} ${reading.wildcards} ${ids(inside)} ${ids(blockers)}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const compile = (set: NamedSet) => compiledSet(dimension, set, reading.wildcards);
  const universe = universes[reading.wildcards][dimension];
  const found = signatures({ inside: inside.map(compile), blockers: blockers.map(compile), universe }, meter);
  memory.set(key, found);
  return found;
};

const distinct = (sets: readonly (NamedSet | undefined)[]): readonly NamedSet[] => {
  const byId = new Map<number, NamedSet>();
  for (const set of sets) if (set !== undefined) byId.set(set.id, set);
  return [...byId.values()].sort((a, b) => a.id - b.id);
};

const conditionsOf = (inside: readonly Ready[], blockers: readonly Ready[], search: Search): Assignment | undefined => {
  if (blockers.some(({ atoms }) => atoms.length === 0)) return undefined;
  const wanted = inside.flatMap(({ atoms }) => atoms);
  const against = blockers.map(({ atoms }) => atoms);
  if (wanted.length > 0 || against.length > 0) search.met([...wanted, ...against.flat()]);
  return solveConditions(wanted, against, search.reading.negationHolds, search.meter);
};

/**
 * A request that lies inside all statements of `inside` and in none of `blockers`; `undefined` if there is none. One
 * dimension after the other: each way to hit few blockers in the first leaves only these to be escaped in the next.
 */
export const findRequest = (
  inside: readonly Ready[],
  blockers: readonly Ready[],
  search: Search,
): Found | undefined => {
  const descend = (
    at: number,
    left: readonly Ready[],
    letters: Readonly<Partial<Record<Dimension, Letters>>>,
  ): Found | undefined => {
    const dimension = search.dimensions[at];
    if (dimension === undefined) {
      const assignment = conditionsOf(inside, left, search);
      return assignment === undefined ? undefined : { letters, assignment };
    }
    const within = distinct(inside.map(({ sets }) => sets[dimension]));
    const against = distinct(left.map(({ sets }) => sets[dimension]));
    for (const signature of remembered(dimension, within, against, search)) {
      const hit = new Set(signature.blocked.map((index) => against[index]));
      const next = left.filter(({ sets }) => sets[dimension] === undefined || hit.has(sets[dimension]));
      const found = descend(at + 1, next, { ...letters, [dimension]: signature.letters });
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return descend(0, blockers, {});
};
