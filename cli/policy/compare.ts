import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Comparison, ComparisonResult, StatementRef } from "../../shared/policy/comparison.ts";
import { requestText } from "../../shared/policy/request-text.ts";
import { trustStepsBetween } from "../../shared/policy/trust-difference.ts";
import { kindOf, type PolicyInput, readPolicyInput } from "./input.ts";
import { asJson, badInput, type Outcome, table } from "./output.ts";

export type CompareFlags = {
  readonly trust?: boolean;
  readonly json?: boolean;
  /** The own account's id, which tells it from others in a trust document. */
  readonly account?: string;
};

/** `warden policy compare`: what the second argument's documents allow that the first one's do not. */
export const comparePolicies = (before: string, after: string, flags: CompareFlags): Outcome => {
  if (before === "-" && after === "-") return badInput("only one of the two documents can come from standard input");
  const forced = flags.trust ? "trust" : undefined;
  const was = readPolicyInput(before, forced);
  if (!was.ok) return badInput(was.error);
  const is = readPolicyInput(after, forced);
  if (!is.ok) return badInput(is.error);
  const kind = kindOf([was.value, is.value], forced);
  if (!kind.ok) return badInput(kind.error);
  const unclear = [...was.value.unclear, ...is.value.unclear];
  const comparison =
    unclear.length > 0
      ? undecided(unclear)
      : compareDocuments(was.value.documents, is.value.documents, { kind: kind.value });
  const words = kind.value === "trust" && unclear.length === 0 ? inWords(was.value, is.value, flags.account) : [];
  const shown = flags.json
    ? asJson(jsonOf(comparison))
    : [textOf(comparison, was.value, is.value), ...words].join("\n");
  return { exit: comparison.result === "no-new-access" ? 0 : 1, out: shown };
};

const undecided = (because: readonly string[]): Comparison => ({
  result: "undecided",
  recommended: "undecided",
  exact: false,
  ambiguous: [],
  because: because.join("; "),
  steps: 0,
});

const newAccess: { readonly [result in ComparisonResult]: boolean | null } = {
  "new-access": true,
  "no-new-access": false,
  undecided: null,
};

/** The machine's form; what is not there is null. The reasons are there where an answer is not certain. */
const jsonOf = (comparison: Comparison): object => ({
  result: comparison.result,
  newAccess: newAccess[comparison.result],
  exact: comparison.exact,
  ambiguous: comparison.ambiguous,
  witness: comparison.witness ?? null,
  allowedBy: comparison.allowedBy ?? null,
  noLongerDeniedBy: comparison.noLongerDeniedBy ?? null,
  ...(comparison.result === "undecided" ? { because: comparison.because ?? "unknown reason" } : {}),
  ...(comparison.result === "undecided" || comparison.exact ? {} : { inexactBecause: comparison.inexactBecause ?? [] }),
});

const heads: { readonly [result in ComparisonResult]: string } = {
  "new-access": "new access: something is allowed now that was not",
  "no-new-access": "no new access: everything that is allowed now was allowed before",
  undecided: "undecided: treat it as new access",
};

const readings = {
  A3: "how far a wildcard reaches in a resource name",
  A4: "whether a negated condition holds when its key is missing",
};

const textOf = (comparison: Comparison, before: PolicyInput, after: PolicyInput): string => {
  const { witness, allowedBy, noLongerDeniedBy, because, inexactBecause, ambiguous } = comparison;
  const rows: (readonly [string, string])[] = [];
  if (witness !== undefined) rows.push(["for one", requestText(witness)]);
  if (allowedBy !== undefined) rows.push(["allowed by", `${place(allowedBy, after)} of ${after.name}`]);
  if (noLongerDeniedBy !== undefined) {
    rows.push(["denied until now by", `${place(noLongerDeniedBy, before)} of ${before.name}`]);
  }
  if (because !== undefined) rows.push(["because", because]);
  for (const reading of ambiguous) rows.push(["hangs on", readings[reading]]);
  if (comparison.result !== "undecided") {
    rows.push([
      "exact",
      comparison.exact ? "yes" : `no${inexactBecause === undefined ? "" : `: ${inexactBecause.join("; ")}`}`,
    ]);
  }
  return [heads[comparison.result], ...table(rows)].join("\n");
};

const inWords = (before: PolicyInput, after: PolicyInput, account: string | undefined): readonly string[] => {
  const { steps } = trustStepsBetween(before.documents, after.documents, account);
  return steps.length === 0 ? [] : ["", "in words", ...table(steps.map((step) => [step.severity, step.sentence.en]))];
};

/** Counted from 1, as people do; the machine's form counts from 0. */
const place = ({ document, statement, sid }: StatementRef, input: PolicyInput): string => {
  const which = input.documents.length > 1 ? ` of document ${document + 1}` : "";
  return `statement ${statement + 1}${sid === undefined ? "" : ` (${sid})`}${which}`;
};
