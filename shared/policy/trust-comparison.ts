import { compareDocuments } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import type { LetIn } from "./trust-entities.ts";

/** What the later trust documents allow that the earlier do not. */
export const newAccess = (before: readonly PolicyDocument[], after: readonly PolicyDocument[]): Comparison =>
  compareDocuments(before, after, { kind: "trust" });

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
