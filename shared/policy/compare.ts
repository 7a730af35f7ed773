import { type Answer, answer, isNew, type Sides, type Task } from "./answer.ts";
import { readAttachments } from "./attachments.ts";
import type { Ambiguity, Attachments, CompareOptions, Comparison, Reading } from "./comparison.ts";
import type { Atom } from "./condition-atom.ts";
import type { DocumentKind, Statement } from "./document.ts";
import { type EffectiveSet, effectiveSet, ofAccount, says } from "./effective-set.ts";
import type { Effective } from "./evaluate.ts";
import { hasBounded } from "./glob.ts";
import { newMeter } from "./meter.ts";
import { type Dimension, newStore, type Ready } from "./ready.ts";
import { newMemory } from "./region.ts";

/** About a second at worst; the documents that RAM accepts need a hundredth of it. */
export const defaultBudget = 30_000_000;

type Answered = { readonly reading: Reading; readonly answer: Answer };

/** The likelier readings first: the answer under the very first is the recommended one. */
const readings: readonly Reading[] = [
  { wildcards: "segments", negationHolds: true },
  { wildcards: "segments", negationHolds: false },
  { wildcards: "flat", negationHolds: true },
  { wildcards: "flat", negationHolds: false },
];

const readingsFor = (wildcardsMatter: boolean, negationMatters: boolean): readonly Reading[] =>
  readings.filter(
    ({ wildcards, negationHolds }) =>
      (wildcardsMatter || wildcards === "segments") && (negationMatters || negationHolds),
  );

const differsOnlyIn = (axis: Ambiguity, one: Reading, other: Reading): boolean =>
  axis === "A3"
    ? one.wildcards !== other.wildcards && one.negationHolds === other.negationHolds
    : one.wildcards === other.wildcards && one.negationHolds !== other.negationHolds;

const ambiguities = (answers: readonly Answered[]): readonly Ambiguity[] => {
  const without = answers.filter(({ answer: { result } }) => result === "no-new-access");
  const granting = answers.filter(({ answer: { result } }) => result === "new-access");
  return (["A3", "A4"] as const).filter((axis) =>
    granting.some((one) => without.some((other) => differsOnlyIn(axis, one.reading, other.reading))),
  );
};

const statementsOf = ({ documents, session }: Effective): readonly Statement[] =>
  [...documents.map(({ document }) => document), ...(session ?? [])].flatMap(({ statements }) => statements);

const wildcardsMatter = (statements: readonly Statement[]): boolean =>
  statements.some(
    ({ resource, principal }) =>
      resource?.patterns.some(hasBounded) || principal?.patterns.some(({ value }) => hasBounded(value)),
  );

const negationMatters = (statements: readonly Statement[]): boolean =>
  statements.some(({ conditions }) => conditions.some(({ negated, ifExists }) => negated && !ifExists));

const kindsOf = ({ documents, session }: Effective): readonly DocumentKind[] =>
  [...documents.map(({ document }) => document), ...(session ?? [])]
    .filter(({ statements }) => statements.length > 0)
    .map(({ kind }) => kind);

const dimensionsOf = (statements: readonly Statement[]): readonly Dimension[] => [
  "action",
  ...(["resource", "principal"] as const).filter((dimension) =>
    statements.some((statement) => statement[dimension] !== undefined),
  ),
];

/** Why the tests on which the answer hangs are not understood to the last. */
const doubtsAbout = (atoms: Iterable<Atom>, trust: boolean): readonly string[] => {
  const doubts: string[] = [];
  const dimensions = new Map<string, string>();
  for (const { test, asks, dimension } of atoms) {
    const key = test.key.toLowerCase();
    if (asks.family === "opaque") doubts.push(`\`${test.operator}\` on \`${test.key}\` is not understood`);
    else {
      const known = dimensions.get(key);
      if (known !== undefined && known !== dimension) doubts.push(`\`${test.key}\` is compared in two ways`);
      dimensions.set(key, dimension);
    }
    if (trust && key === "acs:principalarn") doubts.push(`\`${test.key}\` is taken to be independent of the principal`);
  }
  return doubts;
};

/** Two official pages differ on whether a Deny of a resource group could overrule an Allow of the account's scope. */
const groupDoubts = (before: EffectiveSet, after: EffectiveSet): readonly string[] => {
  const lacks = (denies: readonly Ready[], other: EffectiveSet): boolean =>
    denies.some((deny) => !ofAccount(deny) && !says(other.own, deny));
  return lacks(before.denies, after) || lacks(after.denies, before)
    ? ["a Deny that is attached to a resource group is read as not overruling the account's scope"]
    : [];
};

const undecided = (because: string, steps: number): Comparison => ({
  result: "undecided",
  recommended: "undecided",
  exact: false,
  inexactBecause: [because],
  ambiguous: [],
  because,
  steps,
});

/**
 * Where nothing had to be searched, every blocker was seen to hold whole patterns, and it does so with wider wildcards
 * too: that nothing is new in parts then means that nothing is new flat.
 */
const inherited = (task: Task, reading: Reading, answered: readonly Answered[]): Answer | undefined => {
  if (reading.wildcards === "segments" || task.memory.hangsOnWildcards) return undefined;
  const inParts = answered.find(
    (other) => other.reading.wildcards === "segments" && other.reading.negationHolds === reading.negationHolds,
  );
  return inParts?.answer.result === "no-new-access" ? inParts.answer : undefined;
};

/** One answer for each reading. A witness found under one is tried under the others before these are searched. */
const answerAll = (task: Task, readings: readonly Reading[]): readonly Answered[] => {
  const answered: Answered[] = [];
  for (const reading of readings) {
    const known = answered.find(
      ({ answer: { result, grants } }) =>
        result === "new-access" && grants.some(({ grant, held }) => isNew(task.sides, grant.witness, reading, held)),
    );
    answered.push({ reading, answer: known?.answer ?? inherited(task, reading, answered) ?? answer(task, reading) });
  }
  return answered;
};

const concluded = (
  answered: readonly Answered[],
  doubts: readonly string[],
  options: CompareOptions,
  steps: number,
): Comparison => {
  const { answer: recommended } = answered[0] as Answered;
  const found = answered.find(({ answer: { result } }) => result === "new-access")?.answer;
  const open = answered.find(({ answer: { result } }) => result === "undecided")?.answer;
  const inexactBecause = [...new Set(open?.result === "undecided" ? [...doubts, open.because] : doubts)];
  const shared = {
    recommended: recommended.result,
    exact: inexactBecause.length === 0,
    ...(inexactBecause.length === 0 ? {} : { inexactBecause }),
    ambiguous: ambiguities(answered),
    steps,
  };
  if (found?.result === "new-access") {
    const grants = found.grants.map(({ grant }) => grant);
    return { result: "new-access", ...shared, ...found.grants[0].grant, ...(options.allWitnesses ? { grants } : {}) };
  }
  if (open?.result === "undecided") return { result: "undecided", ...shared, because: open.because };
  return { result: "no-new-access", ...shared };
};

/**
 * What the documents of `after` allow, taken together, that those of `before` do not. The answer is exact over all
 * actions, resources or principals, and conditions; where something keeps it from being so, that is said. Pure and
 * bounded: what would take too long is `undecided`, which is to be treated like new access.
 */
export const compareDocuments = (before: Attachments, after: Attachments, options: CompareOptions = {}): Comparison => {
  const old = readAttachments(before, "before", options.kind);
  if (!old.ok) return undecided(old.error, 0);
  const current = readAttachments(after, "after", options.kind);
  if (!current.ok) return undecided(current.error, 0);
  const sides: Sides = { before: old.value, after: current.value };
  const kinds = new Set([...kindsOf(sides.before), ...kindsOf(sides.after)]);
  if (kinds.size > 1) return undecided("a permission document and a trust document have nothing to compare", 0);
  const store = newStore();
  const sets = { before: effectiveSet(sides.before, store), after: effectiveSet(sides.after, store) };
  const flaws = [...old.value.flaws, ...current.value.flaws];
  const statements = [...statementsOf(sides.before), ...statementsOf(sides.after)];
  const met = new Map<number, Atom>();
  const task: Task = {
    sides,
    ...sets,
    dimensions: dimensionsOf(statements),
    meter: newMeter(options.budget ?? defaultBudget),
    memory: newMemory(),
    met: (atoms) => {
      for (const atom of atoms) met.set(atom.id, atom);
    },
    all: options.allWitnesses ?? false,
  };
  const answered = answerAll(task, readingsFor(wildcardsMatter(statements), negationMatters(statements)));
  const doubts = [...flaws, ...doubtsAbout(met.values(), kinds.has("trust")), ...groupDoubts(sets.before, sets.after)];
  return concluded(answered, doubts, options, task.meter.spent);
};
