import { compareDocuments } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import type { LetIn } from "./trust-entities.ts";

/** Asks what the later trust documents allow that the earlier do not; undecided once too much was asked. */
export type Ask = (before: readonly PolicyDocument[], after: readonly PolicyDocument[]) => Comparison;

/** Steps of search for all questions about one change together: about a second. Documents that RAM accepts need far less. */
const budgetForAll = 2_000_000;

/** What a principal or a value costs before any search. */
const stepsPerPart = 20;

const spent: Comparison = {
  result: "undecided",
  recommended: "undecided",
  exact: false,
  ambiguous: [],
  because: "the documents are too intricate to be told apart part by part",
  steps: 0,
};

/** Questions with one budget over all of them. */
export const askWithin = (budget: number = budgetForAll): Ask => {
  let left = budget;
  return (before, after) => {
    if (left <= 0) return spent;
    const answer = compareDocuments(before, after, { kind: "trust", budget: left });
    left -= answer.steps + stepsPerPart * (partsOf(before) + partsOf(after));
    return answer;
  };
};

const partsOf = (documents: readonly PolicyDocument[]): number =>
  documents
    .flatMap(({ statements }) => statements)
    .reduce((sum, { principal, conditions }) => sum + 1 + (principal?.patterns.length ?? 0) + conditions.length, 0);

/** Statements as a document of their own. */
export const anyoneDoing = (statements: readonly Statement[]): readonly PolicyDocument[] => [
  { kind: "trust", flaws: [], statements: statements.map((statement, index) => ({ ...statement, index })) },
];

/** Only the one principal of one statement, under the Denies that hold for it. */
export const alone = (
  statements: readonly Statement[],
  entry: LetIn,
  denies: readonly Statement[],
): readonly PolicyDocument[] => {
  const whole = statements.find((statement) => statement.index === entry.allowed.statement);
  if (whole === undefined) return [];
  const principal = whole.principal?.complement
    ? whole.principal
    : { complement: false, patterns: [entry.allowed.principal] };
  return anyoneDoing([{ ...whole, principal }, ...denies]);
};

/** The documents, less all that a Deny of before never spoke of: what is new within has to do with that Deny. */
export const withinReach = (documents: readonly PolicyDocument[], deny: Statement): readonly PolicyDocument[] => {
  const { action, principal } = deny;
  const others: readonly Statement[] = [
    { ...deny, action: { ...action, complement: !action.complement }, principal: all, conditions: [] },
    ...(principal === undefined
      ? []
      : [{ ...deny, action: any, principal: { ...principal, complement: !principal.complement }, conditions: [] }]),
  ];
  return anyoneDoing([...documents.flatMap((document) => document.statements), ...others]);
};

const any = { complement: false, patterns: ["*"] };
const all = { complement: false, patterns: [{ type: "*", value: "*" }] };
