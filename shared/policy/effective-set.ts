import type { Effective } from "./evaluate.ts";
import { keyOf, type Meaning, makeReady, type NamedSet, type Ready, type Store, setOf } from "./ready.ts";

/** A list of statements, and what is needed to see at once whether another says the same as one of them. */
export type Known = {
  readonly list: readonly Ready[];
  readonly meanings: ReadonlySet<Meaning>;
  byAction: ReadonlyMap<NamedSet | undefined, Alike> | undefined;
};

/** Statements about the same actions; `keys` once they are asked for. */
type Alike = { readonly list: Ready[]; keys: ReadonlySet<string> | undefined };

/** All statements that hold for one principal, sorted by what they do. */
export type EffectiveSet = {
  readonly own: Known;
  readonly allows: readonly Ready[];
  readonly denies: readonly Ready[];
  readonly session: { readonly allows: readonly Ready[]; readonly denies: readonly Ready[] } | undefined;
};

const knownOf = (list: readonly Ready[]): Known => ({
  list,
  meanings: new Set(list.map(({ meaning }) => meaning)),
  byAction: undefined,
});

const byAction = (list: readonly Ready[]): ReadonlyMap<NamedSet | undefined, Alike> => {
  const sorted = new Map<NamedSet | undefined, Alike>();
  for (const ready of list) {
    const action = setOf(ready, "action");
    const same = sorted.get(action);
    if (same === undefined) sorted.set(action, { list: [ready], keys: undefined });
    else same.list.push(ready);
  }
  return sorted;
};

/** The list holds a statement that means the same: mostly word for word, and else with the same sets and tests. */
export const says = (known: Known, ready: Ready): boolean => {
  if (known.meanings.has(ready.meaning)) return true;
  known.byAction ??= byAction(known.list);
  const alike = known.byAction.get(setOf(ready, "action"));
  if (alike === undefined) return false;
  alike.keys ??= new Set(alike.list.map(keyOf));
  return alike.keys.has(keyOf(ready));
};

const once = (statements: readonly Ready[]): readonly Ready[] => {
  const seen = new Set<Meaning>();
  return statements.filter(({ meaning }) => seen.size < seen.add(meaning).size);
};

const isAllow = ({ meaning }: Ready): boolean => meaning.statement.effect === "Allow";
const isDeny = ({ meaning }: Ready): boolean => meaning.statement.effect === "Deny";

export const effectiveSet = (effective: Effective, store: Store): EffectiveSet => {
  const own = once(
    effective.documents.flatMap(({ document, scope }, at) =>
      document.statements.map((statement) =>
        makeReady(store, statement, at, scope === "account" ? undefined : scope.resourceGroupId),
      ),
    ),
  );
  // Where a statement stands is told for what grants or forbids, and a session policy does neither by itself.
  const session = effective.session?.flatMap(({ statements }, at) =>
    statements.map((statement) => makeReady(store, statement, at, undefined)),
  );
  return {
    own: knownOf(own),
    allows: own.filter(isAllow),
    denies: own.filter(isDeny),
    session: session === undefined ? undefined : { allows: session.filter(isAllow), denies: session.filter(isDeny) },
  };
};

/**
 * A region of requests that the new set allows and the old one does not: inside all statements of `inside`, outside all
 * of `outside`.
 */
export type NewRegion = {
  readonly allowedBy: Ready;
  readonly inside: readonly Ready[];
  readonly outside: readonly Ready[];
  readonly noLongerDeniedBy?: Ready;
};

type Lists = {
  readonly outside: readonly Ready[];
  readonly unreached: readonly Ready[];
  readonly overruled: readonly Ready[];
  readonly leftOut: readonly Ready[];
  /** What is denied now is known, so that a Deny of before is seen to be gone. */
  readonly blocked: Known;
  readonly gone: readonly Ready[];
};

/** Attached to the account as a whole, not to a resource group. */
export const ofAccount = ({ meaning }: Ready): boolean => meaning.group === undefined;

/** The lists of one kind of Allow, made once: of the account's scope, or of a resource group. */
const listsFor = (denies: readonly Ready[], before: EffectiveSet, after: EffectiveSet): Lists => {
  const outside = after.session === undefined ? denies : [...denies, ...after.session.denies];
  const blocked = knownOf(outside);
  const gone = before.denies.filter((deny) => !says(blocked, deny));
  return {
    outside,
    unreached: [...outside, ...before.allows],
    overruled: gone.every(ofAccount) ? [] : [...outside, ...before.allows.filter(ofAccount)],
    leftOut: before.session === undefined ? [] : [...outside, ...before.session.allows],
    blocked,
    gone,
  };
};

const regionsFor = function* (
  allow: Ready,
  lists: Lists,
  before: EffectiveSet,
  after: EffectiveSet,
): Generator<NewRegion> {
  for (const by of after.session?.allows ?? [undefined]) {
    const inside = by === undefined ? [allow] : [allow, by];
    if (!says(before.own, allow)) yield { allowedBy: allow, inside, outside: lists.unreached };
    for (const deny of lists.gone) {
      // A Deny of a resource group took nothing from what the account's scope allowed.
      const outside = ofAccount(deny) ? lists.outside : lists.overruled;
      yield { allowedBy: allow, inside: [...inside, deny], outside, noLongerDeniedBy: deny };
    }
    if (before.session === undefined) continue;
    if (by === undefined || !before.session.allows.some((other) => keyOf(other) === keyOf(by))) {
      yield { allowedBy: allow, inside, outside: lists.leftOut };
    }
    for (const deny of before.session.denies) {
      if (!says(lists.blocked, deny)) yield { allowedBy: allow, inside: [...inside, deny], outside: lists.outside };
    }
  }
};

/**
 * For an Allow of the new set, all regions of requests that it lets through and the old set does not: no Allow of the
 * old set reaches them, or one of its Denies does, or its session policy left them out.
 */
export const regionsBetween = (before: EffectiveSet, after: EffectiveSet): ((allow: Ready) => Iterable<NewRegion>) => {
  // The account's scope decides first, so that a Deny of a resource group only blocks an Allow of a resource group.
  const account = listsFor(after.denies.filter(ofAccount), before, after);
  const anyGroup = after.denies.every(ofAccount) ? account : listsFor(after.denies, before, after);
  const plain = before.session === undefined && after.session === undefined;
  return (allow) => {
    const lists = ofAccount(allow) ? account : anyGroup;
    if (!plain || lists.gone.length > 0) return regionsFor(allow, lists, before, after);
    return says(before.own, allow) ? [] : [{ allowedBy: allow, inside: [allow], outside: lists.unreached }];
  };
};
