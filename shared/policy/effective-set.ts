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

/**
 * All regions for one Allow of the new set. Together they are exactly the requests that it lets through and the old set
 * does not: no Allow of the old set reaches them, or one of its Denies does, or its session policy left them out.
 */
export const newRegions = function* (allow: Ready, before: EffectiveSet, after: EffectiveSet): Generator<NewRegion> {
  // The account's scope decides first, so that a Deny of a resource group only blocks an Allow of a resource group.
  const denies = allow.group === undefined ? after.denies.filter(({ group }) => group === undefined) : after.denies;
  const outside = [...denies, ...(after.session?.denies ?? [])];
  const blocked = new Set(outside.map(({ key }) => key));
  const forbids = { allowedBy: allow };
  for (const by of after.session?.allows ?? [undefined]) {
    const inside = by === undefined ? [allow] : [allow, by];
    if (!before.keys.has(allow.key)) yield { ...forbids, inside, outside: [...outside, ...before.allows] };
    for (const deny of before.denies) {
      if (blocked.has(deny.key)) continue;
      const hidden = deny.group === undefined ? [] : before.allows.filter(({ group }) => group === undefined);
      yield { ...forbids, inside: [...inside, deny], outside: [...outside, ...hidden], noLongerDeniedBy: deny };
    }
    if (before.session === undefined) continue;
    if (by === undefined || !before.session.allows.some(({ key }) => key === by.key)) {
      yield { ...forbids, inside, outside: [...outside, ...before.session.allows] };
    }
    for (const deny of before.session.denies) {
      if (!blocked.has(deny.key)) yield { ...forbids, inside: [...inside, deny], outside };
    }
  }
};
