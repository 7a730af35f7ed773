import type { AccountId } from "../domain/identity.ts";
import { ok, type Result } from "../domain/result.ts";
import type { DocumentError, PolicyDocument, Statement } from "./document.ts";
import { parseDocument } from "./parse.ts";
import { requestText } from "./request-text.ts";
import { withSureDenies } from "./sure-denies.ts";
import { type Ask, alone, anyoneDoing, askWithin, withinReach } from "./trust-comparison.ts";
import { conditionChanges, conditionsText } from "./trust-conditions.ts";
import { entitiesLetIn, type LetIn } from "./trust-entities.ts";
import { entityCovers, entityKey, type TrustEntity } from "./trust-entity.ts";
import {
  actionAdded,
  conditionLost,
  denyRemoved,
  entityAdded,
  entityLost,
  entityWidened,
  newlyAllowed,
  type TrustStep,
} from "./trust-step.ts";

export type { TrustStep, TrustStepKind } from "./trust-step.ts";

export type TrustDifference = {
  readonly steps: readonly TrustStep[];
  /** False where something in the documents has no certain meaning; the steps then err towards telling more. */
  readonly exact: boolean;
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
 * was no role. The comparison decides whether something is new, the words say what: a difference that only looks weaker
 * is silent, and new access that no words fit is told by a request. Entities that go are told too; narrower conditions
 * are not. Without `ownAccountId` nobody can tell the own account from another.
 */
export const trustDifference = (
  before: string | undefined,
  after: string,
  ownAccountId: AccountId | undefined,
): Result<TrustDifference, TrustDifferenceError> => {
  const was = before === undefined ? undefined : parseDocument(before, "trust");
  if (was !== undefined && !was.ok) return { ok: false, error: { document: "before", errors: was.error } };
  const is = parseDocument(after, "trust");
  if (!is.ok) return { ok: false, error: { document: "after", errors: is.error } };
  return ok(trustStepsBetween(was === undefined ? [] : [was.value], [is.value], ownAccountId));
};

/** `trustDifference` of documents that are read already; several on a side hold together. */
export const trustStepsBetween = (
  before: readonly PolicyDocument[],
  after: readonly PolicyDocument[],
  ownAccountId: AccountId | undefined,
): TrustDifference => {
  const ask = askWithin();
  const earlier = statementsOf(before);
  const sure = after.map((document) => withSureDenies(document, earlier));
  const overall = ask(before, sure);
  const later = statementsOf(sure);
  const widening = overall.result === "no-new-access" ? [] : wideningSteps(ask, before, earlier, later, ownAccountId);
  const unexplained =
    overall.result === "new-access" && widening.length === 0 && overall.witness !== undefined
      ? [newlyAllowed(requestText(overall.witness), {})]
      : [];
  const steps = withoutRepeats([...widening, ...unexplained, ...lostEntities(ask, sure, earlier, later)]);
  // An empty question is decided unless the budget for all of them is spent.
  const ranOut = ask([], []).result === "undecided";
  return {
    steps,
    exact: overall.exact && !ranOut,
    ...(overall.result === "undecided" ? { undecided: overall.because ?? "the comparison gave no reason" } : {}),
  };
};

/** The statements of all documents, each with a place of its own. */
const statementsOf = (documents: readonly PolicyDocument[]): readonly Statement[] =>
  documents.flatMap((document) => document.statements).map((statement, index) => ({ ...statement, index }));

const withoutRepeats = (steps: readonly TrustStep[]): readonly TrustStep[] => [
  ...new Map(steps.map((step) => [`${step.kind} ${step.sentence.en}`, step])).values(),
];

const wideningSteps = (
  ask: Ask,
  before: readonly PolicyDocument[],
  earlier: readonly Statement[],
  later: readonly Statement[],
  own: AccountId | undefined,
): readonly TrustStep[] => {
  const letIn = entitiesLetIn(earlier);
  const denies = later.filter((statement) => statement.effect === "Deny");
  const weaker = weakerDenies(ask, earlier, denies);
  const allowsBefore = earlier.filter((statement) => statement.effect === "Allow");
  const steps = entitiesLetIn(later).flatMap((entry) => {
    const only = alone(later, entry, denies);
    if (ask(before, only).result === "no-new-access") return [];
    const byDeny = weaker.filter((deny) => ask(before, withinReach(only, deny)).result !== "no-new-access");
    const besides = ask(anyoneDoing(allowsBefore), only).result !== "no-new-access";
    return [
      ...(besides ? explained(ask, letIn, entry, own) : []),
      ...byDeny.map((deny) => denyRemoved(deny.index, denyText(deny))),
    ];
  });
  return [...steps, ...unexplainedStatements(ask, before, later, denies, steps)];
};

/** Every Allow that brings something new must be told of, also one that lets nobody assume or that no words fit. */
const unexplainedStatements = (
  ask: Ask,
  before: readonly PolicyDocument[],
  later: readonly Statement[],
  denies: readonly Statement[],
  steps: readonly TrustStep[],
): readonly TrustStep[] =>
  later.flatMap((statement) => {
    const told = steps.some((step) => step.kind === "deny-removed" || step.facts.statement === String(statement.index));
    if (statement.effect === "Deny" || told) return [];
    const found = ask(before, anyoneDoing([statement, ...denies]));
    if (found.result !== "new-access" || found.witness === undefined) return [];
    return [newlyAllowed(requestText(found.witness), { statement: String(statement.index) })];
  });

/** The steps that explain why one entity of the later document is not covered by the earlier one. */
const explained = (
  ask: Ask,
  before: readonly LetIn[],
  entry: LetIn,
  own: AccountId | undefined,
): readonly TrustStep[] => {
  const sources = before.filter((source) => includes(source, entry));
  if (sources.length > 0) {
    const steps = nearest(sources.map((source) => fromSource(ask, source, entry)));
    if (steps.length > 0 || sources.some(isCertain)) return steps;
  }
  const parts = before.filter((source) => isPart(source, entry)).map((source) => source.entity);
  return [parts.length === 0 ? entityAdded(entry, own) : entityWidened(entry, uniqueEntities(parts), own)];
};

/** Whether all that `part` lets in is, going by the principals alone, let in by `whole`. */
const includes = (whole: LetIn, part: LetIn): boolean => {
  if (whole.entity.kind !== "everyone") return entityCovers(whole.entity, part.entity);
  const { type, value } = whole.allowed.principal;
  // Everyone of one type is not everyone: `{"RAM": "*"}` lets in no service and no identity provider.
  return value === "*" && type === "*" ? true : type === "RAM" && isOfRam(part);
};

const isOfRam = ({ entity, allowed }: LetIn): boolean =>
  entity.kind === "everyone" ? allowed.principal.type === "RAM" : ["account", "user", "role"].includes(entity.kind);

const isPart = (part: LetIn, whole: LetIn): boolean => includes(whole, part) && !includes(part, whole);

/** A name with a wildcard is read as the whole account or as everyone: it then seems to cover more than it does. */
const isCertain = ({ allowed: { principal } }: LetIn): boolean =>
  /^(\*|acs:ram:\*?:\*:(root|\*))$/.test(principal.value) || !/[*?]/.test(principal.value);

/** The explanation with the fewest steps comes from the statement that this one most likely was. */
const nearest = (explanations: readonly (readonly TrustStep[])[]): readonly TrustStep[] =>
  explanations.reduce((best, next) =>
    best.length === 0 || (next.length > 0 && next.length < best.length) ? next : best,
  );

const fromSource = (ask: Ask, source: LetIn, entry: LetIn): readonly TrustStep[] => {
  const changes = conditionChanges(source.allowed.conditions, entry.allowed.conditions);
  const weaker = changes.filter(
    (change) =>
      ask(anyoneDoing([withTests(change.before)]), anyoneDoing([withTests(change.after)])).result !== "no-new-access",
  );
  const actions = newActions(source, entry);
  const moreActions =
    actions.length > 0 &&
    ask(anyoneDoing([withActions(source)]), anyoneDoing([withActions(entry)])).result !== "no-new-access";
  return [
    ...weaker.map((change) => conditionLost(entry, change)),
    ...(moreActions ? [actionAdded(entry, actions)] : []),
  ];
};

const everyone = { complement: false, patterns: [{ type: "*", value: "*" }] };
const everything = { complement: false, patterns: ["*"] };

const withTests = (conditions: Statement["conditions"]): Statement => ({
  index: 0,
  effect: "Allow",
  action: everything,
  principal: everyone,
  conditions,
});

const withActions = ({ allowed }: LetIn): Statement => ({
  index: 0,
  effect: "Allow",
  action: allowed.actions,
  principal: everyone,
  conditions: [],
});

/** The patterns that are new, as they are written; all of them where the statement says "everything but". */
const newActions = (source: LetIn, entry: LetIn): readonly string[] => {
  const { complement, patterns } = entry.allowed.actions;
  if (complement) return [`everything but ${patterns.join(", ")}`];
  const known = new Set(source.allowed.actions.patterns.map((pattern) => pattern.toLowerCase()));
  return source.allowed.actions.complement ? patterns : patterns.filter((pattern) => !known.has(pattern.toLowerCase()));
};

const uniqueEntities = (entities: readonly TrustEntity[]): readonly TrustEntity[] => [
  ...new Map(entities.map((entity) => [entityKey(entity), entity])).values(),
];

/** A Deny in one line: its actions, its principals, its conditions. */
const denyText = ({ action, principal, conditions }: Statement): string => {
  const who =
    principal?.patterns.map(({ type, value }) => (type === "*" ? value : `${type} ${value}`)).join(", ") ?? "*";
  const when = conditionsText(conditions);
  const actions = `${action.complement ? "everything but " : ""}${action.patterns.join(", ")}`;
  return `${actions} for ${principal?.complement ? "all but " : ""}${who}${when === "" ? "" : ` when ${when}`}`;
};

/** The Denies of before that hold back something which those of after do not. */
const weakerDenies = (ask: Ask, earlier: readonly Statement[], denies: readonly Statement[]): readonly Statement[] =>
  earlier.filter(
    (statement) =>
      statement.effect === "Deny" &&
      ask(anyoneDoing([withTests([]), statement]), anyoneDoing([withTests([]), ...denies])).result !== "no-new-access",
  );

const lostEntities = (
  ask: Ask,
  after: readonly PolicyDocument[],
  earlier: readonly Statement[],
  later: readonly Statement[],
): readonly TrustStep[] => {
  const stay = entitiesLetIn(later);
  const gone = entitiesLetIn(earlier).filter(
    (entry) =>
      !stay.some((other) => includes(other, entry)) && ask(after, alone(earlier, entry, [])).result !== "no-new-access",
  );
  return gone.map((entry) =>
    entityLost(entry.entity, uniqueEntities(stay.filter((part) => includes(entry, part)).map((part) => part.entity))),
  );
};
