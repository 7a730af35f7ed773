import * as fc from "fast-check";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Attachments, Comparison } from "../../shared/policy/comparison.ts";
import { findsNewAccess, isNewRequest } from "./brute-force.ts";
import { pairs } from "./generate.ts";
import { oracleReadings, type RawPair, type RawSide } from "./model.ts";
import { shown, type Tally, tallyOutcome, tallyPair } from "./tally.ts";

export const attachments = ({ documents, session }: RawSide): Attachments => {
  const attached = documents.map(({ document, group }) => {
    const text = JSON.stringify(document);
    return group === undefined ? text : { document: text, scope: { resourceGroupId: group } };
  });
  return session === undefined ? attached : { documents: attached, session: [JSON.stringify(session)] };
};

const compared = (pair: RawPair): Comparison =>
  compareDocuments(attachments(pair.before), attachments(pair.after), { kind: pair.kind });

/** What is wrong with the answer, or nothing. */
export const disagreement = (pair: RawPair, answer: Comparison): string | undefined => {
  const found = findsNewAccess(pair, oracleReadings);
  if (answer.result === "undecided") return `undecided: ${answer.because}`;
  if (found.includes(true) && answer.result !== "new-access") return "new access was missed";
  if (found[0] && answer.recommended !== "new-access") return "new access under the likelier readings was missed";
  const { witness } = answer;
  if (answer.result === "no-new-access") return witness === undefined ? undefined : "a witness of nothing";
  if (witness === undefined) return "new access without a witness";
  // What lies outside the small world is checked as one request.
  const proven = oracleReadings.map((reading) => isNewRequest(pair, witness, reading));
  if (!proven.includes(true)) return "the witness is none";
  if (answer.recommended === "new-access" && !proven[0]) return "the witness is none under the likelier readings";
  const all = oracleReadings.every((_, at) => proven[at] || found[at]);
  return all && answer.ambiguous.length > 0 ? "a reading is called open that is not" : undefined;
};

/** Compares `runs` random pairs with the oracle; returns the tally, throws at the first disagreement. */
export const differential = (runs: number, seed: number | undefined): string => {
  const tally: Tally = new Map();
  let count = 0;
  fc.assert(
    fc.property(pairs, (pair) => {
      const answer = compared(pair);
      count += 1;
      tallyPair(tally, pair);
      tallyOutcome(tally, answer.result);
      tallyOutcome(tally, answer.exact ? "exact" : "inexact");
      for (const reading of answer.ambiguous) tallyOutcome(tally, `hangs on ${reading}`);
      if (answer.noLongerDeniedBy !== undefined) tallyOutcome(tally, "no longer denied");
      const wrong = disagreement(pair, answer);
      if (wrong !== undefined) throw new Error(`${wrong}: ${JSON.stringify(answer)}`);
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
  return shown(tally, count);
};
