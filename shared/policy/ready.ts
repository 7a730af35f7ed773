import type { StatementRef } from "./comparison.ts";
import { type Atom, atomOf, testKey } from "./condition-atom.ts";
import type { ConditionTest, Globs, Principals, Statement } from "./document.ts";
import { canonicalPattern, compileGlob, foldRoleName, type Glob, type WildcardReading } from "./glob.ts";
import { type GlobSet, globSet } from "./glob-set.ts";
import { principalTexts, principalUniverse } from "./principal-pattern.ts";

export type Dimension = "action" | "resource" | "principal";

/** A set of patterns that occurs in a document, compiled when it is first needed. Equal sets are one value. */
export type NamedSet = {
  readonly id: number;
  readonly complement: boolean;
  readonly patterns: readonly string[];
  readonly compiled: Map<WildcardReading, GlobSet>;
};

/** What a statement says, wherever it stands. Statements with equal `key` mean the same. */
type Meaning = {
  readonly key: string;
  /** The resource group to which the document is attached; `undefined` for the account's scope. */
  readonly group: string | undefined;
  readonly sets: Readonly<Record<Dimension, NamedSet | undefined>>;
  readonly atoms: readonly Atom[];
};

/** A statement made ready for comparing. */
export type Ready = Meaning & { readonly ref: StatementRef; readonly statement: Statement };

/** What both sides of a comparison share, so that what is equal is seen to be. */
export type Store = {
  readonly sets: Map<string, NamedSet>;
  readonly atoms: Map<string, Atom>;
  /** By the statement word for word. */
  readonly meanings: Map<string, Meaning>;
};

export const newStore = (): Store => ({ sets: new Map(), atoms: new Map(), meanings: new Map() });

const named = (store: Store, dimension: Dimension, complement: boolean, patterns: readonly string[]): NamedSet => {
  const sorted = patterns.length < 2 ? patterns : [...new Set(patterns)].sort();
  // A pattern could hold the separator itself, and two different sets must never be taken for one.
  const plain = sorted.length < 2 || !sorted.some((pattern) => pattern.includes("\n"));
  const key = `${dimension}${complement ? "!" : "="}${plain ? `=${sorted.join("\n")}` : JSON.stringify(sorted)}`;
  const known = store.sets.get(key);
  if (known !== undefined) return known;
  const set = { id: store.sets.size, complement, patterns: sorted, compiled: new Map() };
  store.sets.set(key, set);
  return set;
};

/** No action has an empty name, and what lies inside the universe is quicker to search. */
const actionPattern = (pattern: string): string => {
  const lower = canonicalPattern(pattern.toLowerCase());
  return lower.endsWith(":*") ? lower.replace(/^([^*?:]+):\*$/, "$1:?*") : lower;
};

const actionSet = (store: Store, { complement, patterns }: Globs): NamedSet =>
  named(store, "action", complement, patterns.map(actionPattern));

const resourceSet = (store: Store, { complement, patterns }: Globs): NamedSet =>
  named(
    store,
    "resource",
    complement,
    patterns.map((pattern) => foldRoleName(canonicalPattern(pattern))),
  );

const principalSet = (store: Store, { complement, patterns }: Principals): NamedSet =>
  named(store, "principal", complement, patterns.flatMap(principalTexts));

/** The key under which a request's resource group stands in a witness: no condition key has a blank in it. */
export const resourceGroupKey = "resource group";

const inGroup = (group: string): ConditionTest => ({
  operator: "StringEquals",
  family: "string",
  negated: false,
  ifExists: false,
  key: resourceGroupKey,
  values: [group],
});

const atomFor = (store: Store, test: ConditionTest): Atom => {
  const key = testKey(test);
  const known = store.atoms.get(key);
  if (known !== undefined) return known;
  const atom = atomOf(store.atoms.size, test, key);
  store.atoms.set(key, atom);
  return atom;
};

const makeMeaning = (store: Store, statement: Statement, group: string | undefined): Meaning => {
  const { action, resource, principal, conditions } = statement;
  const sets = {
    action: actionSet(store, action),
    resource: resource === undefined ? undefined : resourceSet(store, resource),
    principal: principal === undefined ? undefined : principalSet(store, principal),
  };
  const tests = group === undefined ? conditions : [...conditions, inGroup(group)];
  const atoms = tests.map((test) => atomFor(store, test));
  const ids =
    atoms.length < 2 ? atoms.map(({ id }) => id) : [...new Set(atoms.map(({ id }) => id))].sort((a, b) => a - b);
  const key = `${statement.effect} ${sets.action.id} ${sets.resource?.id} ${sets.principal?.id} ${ids.join()}`;
  return { key, group, sets, atoms };
};

export const makeReady = (store: Store, statement: Statement, document: number, group: string | undefined): Ready => {
  const { effect, action, resource, principal, conditions, index, sid } = statement;
  // Most statements of a change are on both sides word for word, and need to be worked out only once.
  const spelled = JSON.stringify([effect, action, resource, principal, conditions, group]);
  const known = store.meanings.get(spelled) ?? makeMeaning(store, statement, group);
  store.meanings.set(spelled, known);
  const ref = sid === undefined ? { document, statement: index } : { document, statement: index, sid };
  return { ref, statement, key: known.key, group, sets: known.sets, atoms: known.atoms };
};

/** Actions have no parts in which a wildcard would be held; only the names of resources and principals do. */
const compileFor = (dimension: Dimension, pattern: string, reading: WildcardReading): Glob =>
  compileGlob(pattern, dimension === "action" ? "flat" : reading);

export const compiledSet = (dimension: Dimension, set: NamedSet, reading: WildcardReading): GlobSet => {
  const known = set.compiled.get(reading);
  if (known !== undefined) return known;
  const made = globSet(
    set.complement,
    set.patterns.map((pattern) => compileFor(dimension, pattern, reading)),
  );
  set.compiled.set(reading, made);
  return made;
};

const universePatterns: Readonly<Record<Dimension, readonly string[]>> = {
  action: ["?*:?*"],
  resource: ["?*"],
  principal: principalUniverse,
};

const compileUniverse = (reading: WildcardReading): Readonly<Record<Dimension, readonly Glob[]>> => ({
  action: universePatterns.action.map((pattern) => compileFor("action", pattern, reading)),
  resource: universePatterns.resource.map((pattern) => compileFor("resource", pattern, reading)),
  principal: universePatterns.principal.map((pattern) => compileFor("principal", pattern, reading)),
});

/** What every action, resource or principal of a request looks like. */
export const universes: Readonly<Record<WildcardReading, Readonly<Record<Dimension, readonly Glob[]>>>> = {
  flat: compileUniverse("flat"),
  segments: compileUniverse("segments"),
};
