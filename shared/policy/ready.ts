import type { StatementRef } from "./comparison.ts";
import { type Atom, atomOf, testKey } from "./condition-atom.ts";
import type { ConditionTest, Globs, Principals, Statement } from "./document.ts";
import { canonicalPattern, compileGlob, foldRoleName, type Glob, type WildcardReading } from "./glob.ts";
import { type GlobSet, globSet } from "./glob-set.ts";
import { principalTexts, principalUniverse } from "./principal-pattern.ts";
import { sameStatement } from "./same-statement.ts";

export type Dimension = "action" | "resource" | "principal";

/** A set of patterns that occurs in a document, compiled when it is first needed. Equal sets are one value. */
export type NamedSet = {
  readonly id: number;
  readonly complement: boolean;
  readonly patterns: readonly string[];
  readonly compiled: Map<WildcardReading, GlobSet>;
};

/**
 * What a statement says, wherever it stands; the two sides of a comparison share it where they say the same word for word.
 * Its sets and tests are worked out when they are first asked for: most statements of a change never are.
 */
export type Meaning = {
  readonly store: Store;
  readonly statement: Statement;
  /** The resource group to which the document is attached; `undefined` for the account's scope. */
  readonly group: string | undefined;
  action: NamedSet | undefined;
  resource: NamedSet | undefined;
  principal: NamedSet | undefined;
  atoms: readonly Atom[] | undefined;
  key: string | undefined;
};

/** A statement made ready for comparing. */
export type Ready = { readonly ref: StatementRef; readonly meaning: Meaning };

/** What both sides of a comparison share, so that what is equal is seen to be. */
export type Store = {
  readonly sets: Map<string, NamedSet>;
  readonly atoms: Map<string, Atom>;
  /** By what statements begin with. */
  readonly meanings: Map<string, Meaning[]>;
};

export const newStore = (): Store => ({ sets: new Map(), atoms: new Map(), meanings: new Map() });

const named = (store: Store, dimension: Dimension, complement: boolean, patterns: readonly string[]): NamedSet => {
  const sorted = patterns.length < 2 ? patterns : [...new Set(patterns)].sort();
  // A pattern could hold the separator itself, and two different sets must never be taken for one.
  const plain = !sorted.some((pattern) => pattern.includes("\n"));
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
  const colon = lower.indexOf(":");
  const isService = colon > 0 && colon === lower.length - 2 && lower.indexOf("*") > colon && !lower.includes("?");
  return isService ? `${lower.slice(0, colon)}:?*` : lower;
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

const makeSet = (store: Store, statement: Statement, dimension: Dimension): NamedSet | undefined => {
  const { action, resource, principal } = statement;
  if (dimension === "action") return actionSet(store, action);
  if (dimension === "resource") return resource === undefined ? undefined : resourceSet(store, resource);
  return principal === undefined ? undefined : principalSet(store, principal);
};

/** The statement's set in one dimension; `undefined` where it says nothing of it. */
export const setOf = ({ meaning }: Ready, dimension: Dimension): NamedSet | undefined => {
  meaning[dimension] ??= makeSet(meaning.store, meaning.statement, dimension);
  return meaning[dimension];
};

export const atomsOf = ({ meaning }: Ready): readonly Atom[] => {
  const { store, statement, group } = meaning;
  const tests = group === undefined ? statement.conditions : [...statement.conditions, inGroup(group)];
  meaning.atoms ??= tests.map((test) => atomFor(store, test));
  return meaning.atoms;
};

/** Statements with equal keys mean the same, however they are written. */
export const keyOf = (ready: Ready): string => {
  const { meaning } = ready;
  if (meaning.key !== undefined) return meaning.key;
  const ids = new Set(atomsOf(ready).map(({ id }) => id));
  const tests = [...ids].sort((a, b) => a - b).join();
  const [resource, principal] = [setOf(ready, "resource"), setOf(ready, "principal")];
  meaning.key = `${meaning.statement.effect} ${setOf(ready, "action")?.id} ${resource?.id} ${principal?.id} ${tests}`;
  return meaning.key;
};

/** Statements that begin alike are few unless somebody wants them many; one that is not found is worked out anew. */
const mostAlike = 16;

const meaningOf = (store: Store, statement: Statement, group: string | undefined): Meaning => {
  const { action, resource, principal } = statement;
  const start = `${action.patterns[0]} ${resource?.patterns[0] ?? principal?.patterns[0]?.value}`;
  const alike = store.meanings.get(start);
  const known = alike?.find((one) => one.group === group && sameStatement(one.statement, statement));
  if (known !== undefined) return known;
  const made: Meaning = {
    store,
    statement,
    group,
    action: undefined,
    resource: undefined,
    principal: undefined,
    atoms: undefined,
    key: undefined,
  };
  if (alike === undefined) store.meanings.set(start, [made]);
  else if (alike.length < mostAlike) alike.push(made);
  return made;
};

export const makeReady = (store: Store, statement: Statement, document: number, group: string | undefined): Ready => {
  const { index, sid } = statement;
  const ref = sid === undefined ? { document, statement: index } : { document, statement: index, sid };
  return { ref, meaning: meaningOf(store, statement, group) };
};

export const compiledSet = (set: NamedSet, reading: WildcardReading): GlobSet => {
  const known = set.compiled.get(reading);
  if (known !== undefined) return known;
  const made = globSet(
    set.complement,
    set.patterns.map((pattern) => compileGlob(pattern, reading)),
  );
  set.compiled.set(reading, made);
  return made;
};

const universePatterns: Readonly<Record<Dimension, readonly string[]>> = {
  action: ["?*:?*"],
  resource: ["?*"],
  principal: principalUniverse,
};

const universes = new Map<string, readonly Glob[]>();

/** What every action, resource or principal of a request looks like. */
export const universeOf = (dimension: Dimension, reading: WildcardReading): readonly Glob[] => {
  const key = `${dimension} ${reading}`;
  const known = universes.get(key);
  if (known !== undefined) return known;
  const made = universePatterns[dimension].map((pattern) => compileGlob(pattern, reading));
  universes.set(key, made);
  return made;
};
