import type { Reading } from "./comparison.ts";
import type { Atom } from "./condition-atom.ts";
import { type Assignment, solveConditions } from "./condition-solve.ts";
import type { Letters } from "./glob.ts";
import type { GlobSet } from "./glob-set.ts";
import { type Meter, spend } from "./meter.ts";
import { atomsOf, compiledSet, type Dimension, type NamedSet, type Ready, setOf, universeOf } from "./ready.ts";
import type { Signature } from "./signature.ts";
import { signatures } from "./signatures.ts";

/** A request in raw form, found inside some statements and outside others. */
export type Found = {
  readonly letters: Readonly<Partial<Record<Dimension, Letters>>>;
  readonly assignment: Assignment;
};

/** The statements of a list by their set in one dimension. */
type Grouped = {
  readonly sets: readonly NamedSet[];
  readonly bySet: ReadonlyMap<NamedSet, readonly Ready[]>;
  /** Those that say nothing of this dimension, and so hold everything in it. */
  readonly whole: readonly Ready[];
  /** Equal for lists of equal sets. */
  readonly key: number;
};

/** What was worked out already, kept while one comparison runs. */
export type Memory = {
  readonly signatures: Map<string, readonly Signature[]>;
  readonly keys: Map<string, number>;
  readonly grouped: Map<readonly Ready[], Map<Dimension, Grouped>>;
  /** Some answer about names came from more than seeing that one pattern holds another. */
  hangsOnWildcards: boolean;
};

export const newMemory = (): Memory => ({
  signatures: new Map(),
  keys: new Map(),
  grouped: new Map(),
  hangsOnWildcards: false,
});

export type Search = {
  readonly dimensions: readonly Dimension[];
  readonly reading: Reading;
  readonly meter: Meter;
  readonly memory: Memory;
  /** Told of every test on which an answer hangs. */
  readonly met: (tests: readonly Atom[]) => void;
};

/** A number that is equal for equal sets: the next that is free, when they are met first. */
const keyOf = (sets: readonly NamedSet[], memory: Memory): number => {
  const text = sets.map(({ id }) => id).join();
  const key = memory.keys.get(text) ?? memory.keys.size;
  memory.keys.set(text, key);
  return key;
};

const group = (statements: readonly Ready[], dimension: Dimension, { memory, meter }: Search): Grouped => {
  spend(meter, statements.length);
  const bySet = new Map<NamedSet, Ready[]>();
  const whole: Ready[] = [];
  for (const statement of statements) {
    const set = setOf(statement, dimension);
    if (set === undefined) {
      whole.push(statement);
      continue;
    }
    const same = bySet.get(set);
    if (same === undefined) bySet.set(set, [statement]);
    else same.push(statement);
  }
  const sets = [...bySet.keys()].sort((one, other) => one.id - other.id);
  return { sets, bySet, whole, key: keyOf(sets, memory) };
};

/** The lists that many regions share are grouped once. */
const groupOnce = (statements: readonly Ready[], dimension: Dimension, search: Search): Grouped => {
  const known = search.memory.grouped.get(statements) ?? new Map<Dimension, Grouped>();
  search.memory.grouped.set(statements, known);
  const grouped = known.get(dimension) ?? group(statements, dimension, search);
  known.set(dimension, grouped);
  return grouped;
};

const remembered = (
  dimension: Dimension,
  inside: Grouped,
  blockers: Grouped,
  { reading, meter, memory }: Search,
): readonly Signature[] => {
  // Actions have no parts in which a wildcard would be held; only the names of resources and principals do.
  const wildcards = dimension === "action" ? "flat" : reading.wildcards;
  const key = `${dimension} ${wildcards} ${inside.key} ${blockers.key}`;
  const known = memory.signatures.get(key);
  if (known !== undefined) return known;
  const compile = (set: NamedSet): GlobSet => compiledSet(set, wildcards);
  const universe = universeOf(dimension, wildcards);
  const question = { inside: inside.sets.map(compile), blockers: blockers.sets.map(compile), universe };
  const before = meter.searches;
  const found = signatures(question, meter);
  const complements = [...question.inside, ...question.blockers].some(({ complement }) => complement);
  if (dimension !== "action" && (complements || meter.searches > before)) memory.hangsOnWildcards = true;
  memory.signatures.set(key, found);
  return found;
};

const conditionsOf = (inside: readonly Ready[], blockers: readonly Ready[], search: Search): Assignment | undefined => {
  const wanted = inside.flatMap(atomsOf);
  const against = blockers.map(atomsOf);
  // Nothing that a condition says could help, so that no answer hangs on one.
  if (against.some((atoms) => atoms.length === 0)) return undefined;
  search.met([...wanted, ...against.flat()]);
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
  const letters: Partial<Record<Dimension, Letters>> = {};
  const descend = (at: number, left: readonly Ready[]): Found | undefined => {
    const dimension = search.dimensions[at];
    if (dimension === undefined) {
      const assignment = conditionsOf(inside, left, search);
      return assignment === undefined ? undefined : { letters, assignment };
    }
    const within = group(inside, dimension, search);
    const against = left === blockers ? groupOnce(left, dimension, search) : group(left, dimension, search);
    for (const signature of remembered(dimension, within, against, search)) {
      const hit = signature.blocked.flatMap(
        (index) => against.bySet.get(against.sets[index] as NamedSet) as readonly Ready[],
      );
      letters[dimension] = signature.letters;
      const found = descend(at + 1, [...against.whole, ...hit]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return descend(0, blockers);
};
