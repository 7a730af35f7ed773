import type { Effective } from "./evaluate.ts";
import { makeReady, type Ready, type Store } from "./ready.ts";

/** All statements that hold for one principal, sorted by what they do. */
export type EffectiveSet = {
  readonly allows: readonly Ready[];
  readonly denies: readonly Ready[];
  readonly session: { readonly allows: readonly Ready[]; readonly denies: readonly Ready[] } | undefined;
  readonly keys: ReadonlySet<string>;
};

const once = (statements: readonly Ready[]): readonly Ready[] => {
  const byKey = new Map<string, Ready>();
  for (const statement of statements) if (!byKey.has(statement.key)) byKey.set(statement.key, statement);
  return [...byKey.values()];
};

const isAllow = ({ statement }: Ready): boolean => statement.effect === "Allow";
const isDeny = ({ statement }: Ready): boolean => statement.effect === "Deny";

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
    allows: own.filter(isAllow),
    denies: own.filter(isDeny),
    session: session === undefined ? undefined : { allows: session.filter(isAllow), denies: session.filter(isDeny) },
    keys: new Set(own.map(({ key }) => key)),
  };
};

/** Equal statements on both sides: nothing can be new, whatever they mean. */
export const sameStatements = (one: EffectiveSet, other: EffectiveSet): boolean => {
  const sessionKeys = ({ session }: EffectiveSet): string =>
    session === undefined
      ? "none"
      : [...session.allows, ...session.denies]
          .map(({ key }) => key)
          .sort()
          .join("\n");
  return (
    one.keys.size === other.keys.size &&
    [...one.keys].every((key) => other.keys.has(key)) &&
    sessionKeys(one) === sessionKeys(other)
  );
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
  readonly gone: readonly Ready[];
};

/** The lists of one kind of Allow, made once: of the account's scope, or of a resource group. */
const listsFor = (denies: readonly Ready[], before: EffectiveSet, after: EffectiveSet): Lists => {
  const outside = [...denies, ...(after.session?.denies ?? [])];
  const blocked = new Set(outside.map(({ key }) => key));
  return {
    outside,
    unreached: [...outside, ...before.allows],
    overruled: [...outside, ...before.allows.filter(({ group }) => group === undefined)],
    leftOut: [...outside, ...(before.session?.allows ?? [])],
    gone: before.denies.filter(({ key }) => !blocked.has(key)),
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
    if (!before.keys.has(allow.key)) yield { allowedBy: allow, inside, outside: lists.unreached };
    for (const deny of lists.gone) {
      // A Deny of a resource group took nothing from what the account's scope allowed.
      const outside = deny.group === undefined ? lists.outside : lists.overruled;
      yield { allowedBy: allow, inside: [...inside, deny], outside, noLongerDeniedBy: deny };
    }
    if (before.session === undefined) continue;
    if (by === undefined || !before.session.allows.some(({ key }) => key === by.key)) {
      yield { allowedBy: allow, inside, outside: lists.leftOut };
    }
    const blocked = new Set(lists.outside.map(({ key }) => key));
    for (const deny of before.session.denies) {
      if (!blocked.has(deny.key)) yield { allowedBy: allow, inside: [...inside, deny], outside: lists.outside };
    }
  }
};

/**
 * For an Allow of the new set, all regions of requests that it lets through and the old set does not: no Allow of the
 * old set reaches them, or one of its Denies does, or its session policy left them out.
 */
export const regionsBetween = (before: EffectiveSet, after: EffectiveSet): ((allow: Ready) => Iterable<NewRegion>) => {
  // The account's scope decides first, so that a Deny of a resource group only blocks an Allow of a resource group.
  const account = listsFor(
    after.denies.filter(({ group }) => group === undefined),
    before,
    after,
  );
  const anyGroup = after.denies.some(({ group }) => group !== undefined)
    ? listsFor(after.denies, before, after)
    : account;
  const plain = before.session === undefined && after.session === undefined;
  return (allow) => {
    const lists = allow.group === undefined ? account : anyGroup;
    if (!plain || lists.gone.length > 0) return regionsFor(allow, lists, before, after);
    return before.keys.has(allow.key) ? [] : [{ allowedBy: allow, inside: [allow], outside: lists.unreached }];
  };
};
