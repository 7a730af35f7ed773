import type { AccountId } from "../domain/identity.ts";
import { ok, type Result } from "../domain/result.ts";
import type { DocumentError, Globs, Statement } from "./document.ts";
import { parseDocument } from "./parse.ts";
import { type ConditionChange, conditionChanges, conditionsText } from "./trust-conditions.ts";
import { entitiesLetIn, type LetIn } from "./trust-entities.ts";
import { entityCovers, entityKey, type TrustEntity } from "./trust-entity.ts";
import {
  actionAdded,
  conditionLost,
  denyRemoved,
  entityAdded,
  entityLost,
  entityWidened,
  type TrustStep,
} from "./trust-step.ts";

export type { TrustStep, TrustStepKind } from "./trust-step.ts";

export type TrustDifference = {
  readonly steps: readonly TrustStep[];
  /** Why it could not be settled whether there is more; what is told then is what the texts show. */
  readonly undecided?: string;
};

/** Which of the two documents could not be read, and why. */
export type TrustDifferenceError = {
  readonly document: "before" | "after";
  readonly errors: readonly DocumentError[];
};

/**
 * What a change of a role's trust document means, in steps that a person understands. `before` is undefined where there
 * was no role. Narrower conditions are silent; entities that go are told.
 */
export const trustDifference = (
  before: string | undefined,
  after: string,
  ownAccountId: AccountId,
): Result<TrustDifference, TrustDifferenceError> => {
  const was = before === undefined ? undefined : parseDocument(before, "trust");
  if (was !== undefined && !was.ok) return { ok: false, error: { document: "before", errors: was.error } };
  const is = parseDocument(after, "trust");
  if (!is.ok) return { ok: false, error: { document: "after", errors: is.error } };
  const earlier = was?.value.statements ?? [];
  const later = is.value.statements;
  const steps = [
    ...widenedEntities(entitiesLetIn(earlier), entitiesLetIn(later), ownAccountId),
    ...lostDenies(earlier, later),
    ...lostEntities(entitiesLetIn(earlier), entitiesLetIn(later)),
  ];
  return ok({ steps: withoutRepeats(steps) });
};

const withoutRepeats = (steps: readonly TrustStep[]): readonly TrustStep[] => [
  ...new Map(steps.map((step) => [`${step.kind} ${step.sentence.en}`, step])).values(),
];

const widenedEntities = (before: readonly LetIn[], after: readonly LetIn[], own: AccountId): readonly TrustStep[] =>
  after.flatMap((entry) => widening(before, entry, own));

/** The steps that explain one entity of the later document, none if an entity of the earlier one explains it whole. */
export const widening = (before: readonly LetIn[], entry: LetIn, own: AccountId): readonly TrustStep[] => {
  const sources = before.filter((source) => entityCovers(source.entity, entry.entity));
  if (sources.length === 0) {
    const parts = before.filter((source) => entityCovers(entry.entity, source.entity)).map((source) => source.entity);
    return [parts.length === 0 ? entityAdded(entry, own) : entityWidened(entry, uniqueEntities(parts), own)];
  }
  return nearest(sources.map((source) => fromSource(source, entry)));
};

/** The explanation with the fewest steps: the statement that this one most likely was. */
const nearest = (explanations: readonly (readonly TrustStep[])[]): readonly TrustStep[] =>
  explanations.reduce((best, next) => (next.length < best.length ? next : best));

const fromSource = (source: LetIn, entry: LetIn): readonly TrustStep[] => {
  const changes: readonly ConditionChange[] = conditionChanges(source.allowed.conditions, entry.allowed.conditions);
  const actions = newActions(source.allowed.actions, entry.allowed.actions);
  return [
    ...changes.map((change) => conditionLost(entry, change)),
    ...(actions.length > 0 ? [actionAdded(entry, actions)] : []),
  ];
};

const newActions = (before: Globs, after: Globs): readonly string[] => {
  if (before.complement !== after.complement) return [shown(after)];
  const [more, fewer] = after.complement ? [before, after] : [after, before];
  const known = new Set(fewer.patterns.map((pattern) => pattern.toLowerCase()));
  if (known.has("*") || known.has("sts:*")) return [];
  return more.patterns.filter((pattern) => !known.has(pattern.toLowerCase()));
};

const shown = (globs: Globs): string => `${globs.complement ? "everything but " : ""}${globs.patterns.join(", ")}`;

const uniqueEntities = (entities: readonly TrustEntity[]): readonly TrustEntity[] => [
  ...new Map(entities.map((entity) => [entityKey(entity), entity])).values(),
];

/** A Deny in one line: its actions, its principals, its conditions. */
export const denyText = (statement: Statement): string => {
  const principal = statement.principal;
  const who =
    principal?.patterns.map(({ type, value }) => (type === "*" ? value : `${type} ${value}`)).join(", ") ?? "*";
  const when = conditionsText(statement.conditions);
  return `${shown(statement.action)} for ${principal?.complement ? "all but " : ""}${who}${when === "" ? "" : ` when ${when}`}`;
};

const lostDenies = (before: readonly Statement[], after: readonly Statement[]): readonly TrustStep[] => {
  const kept = new Set(after.filter((statement) => statement.effect === "Deny").map(denyText));
  return before
    .filter((statement) => statement.effect === "Deny" && !kept.has(denyText(statement)))
    .map((statement) => denyRemoved(statement.index, denyText(statement)));
};

const lostEntities = (before: readonly LetIn[], after: readonly LetIn[]): readonly TrustStep[] =>
  uniqueEntities(before.map((entry) => entry.entity))
    .filter((entity) => !after.some((entry) => entityCovers(entry.entity, entity)))
    .map((entity) =>
      entityLost(
        entity,
        uniqueEntities(after.map((entry) => entry.entity)).filter((part) => entityCovers(entity, part)),
      ),
    );
