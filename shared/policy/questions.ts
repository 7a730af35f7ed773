import { failed, ok, type Result } from "../domain/result.ts";
import { type Read, readAttachments } from "./attachments.ts";
import { compareDocuments } from "./compare.ts";
import type { Attached, Comparison, Reading, Witness } from "./comparison.ts";
import { isAllowed } from "./evaluate.ts";
import { examplesOf, settingsIn } from "./examples.ts";
import { onlyThis, type Probe, probeKey } from "./probe.ts";
import { relevantTo } from "./relevance.ts";

/** The answer to whether some request of a kind is allowed. What could not be decided counts as a yes that is not sure. */
export type Answer = { readonly yes: boolean; readonly sure: boolean; readonly request?: Witness };

export type Questions = {
  /** Whether the documents after the change allow some request of the probe's kind. */
  readonly holds: (probe: Probe) => Answer;
  /** Whether they allow one that the documents before did not. */
  readonly gains: (probe: Probe) => Answer;
  /** A request of the probe's kind that they allow, if a plain one does; quicker than `holds`, and misses more. */
  readonly example: (probe: Probe) => Witness | undefined;
};

/** The likelier readings decide: a probe narrows by negations, which the others would read past. */
const likely: Reading = { wildcards: "segments", negationHolds: true };

/** Steps of search for all questions about one change together: about a second. Documents that RAM accepts need far less. */
const budgetForAll = 2_000_000;

/** What a statement costs before any search. */
const stepsPerStatement = 100;

const statementsIn = ({ documents }: Read): number =>
  documents.reduce((sum, { document }) => sum + document.statements.length, 0);

/**
 * Questions about one change. A plain example answers most of them; the comparer is asked where none does. The error
 * says which document cannot be read.
 */
export const questionsAbout = (before: readonly Attached[], after: readonly Attached[]): Result<Questions, string> => {
  const was = readAttachments(before, "before", "permission");
  if (!was.ok) return failed(was.error);
  const is = readAttachments(after, "after", "permission");
  if (!is.ok) return failed(is.error);
  return ok(questions(was.value, is.value));
};

const questions = (before: Read, after: Read): Questions => {
  const sure = before.flaws.length === 0 && after.flaws.length === 0;
  let left = budgetForAll;
  const compared = (old: Read, current: Read, probe: Probe): Answer => {
    if (left <= 0) return { yes: true, sure: false };
    const narrowed = [...current.documents, { document: onlyThis(probe), scope: "account" as const }];
    const comparison = compareDocuments(old.documents, narrowed, { kind: "permission", budget: left });
    left -= comparison.steps + stepsPerStatement * (statementsIn(old) + statementsIn(current));
    return answerOf(comparison);
  };
  const asked = (everythingOld: Read, probe: Probe): Answer => {
    const current = narrowedTo(probe, after);
    if (!allowsAnything(current)) return { yes: false, sure };
    const old = narrowedTo(probe, everythingOld);
    const request = examples(current, probe).find(
      (one) => isAllowed(current, one, likely) && !isAllowed(old, one, likely),
    );
    return request === undefined ? compared(old, current, probe) : { yes: true, sure, request };
  };
  return {
    holds: remembered((probe) => asked(nothing, probe)),
    gains: remembered((probe) => asked(before, probe)),
    example: (probe) => {
      const current = narrowedTo(probe, after);
      return examples(current, probe).find((request) => isAllowed(current, request, likely));
    },
  };
};

const nothing: Read = { documents: [], flaws: [] };

const narrowedTo = (probe: Probe, { documents, flaws }: Read): Read => ({
  flaws,
  documents: documents.map(({ document, scope }) => ({ document: relevantTo(probe, document), scope })),
});

const allowsAnything = ({ documents }: Read): boolean =>
  documents.some(({ document }) => document.statements.some(({ effect }) => effect === "Allow"));

const examples = ({ documents }: Read, probe: Probe): readonly Witness[] =>
  examplesOf(probe, settingsIn(documents.flatMap(({ document }) => document.statements))).filter(
    (request) => !isExcepted(probe, request),
  );

/** Examples are called `example`, so that only an identity of that name could be meant by an exception. */
const isExcepted = ({ except }: Probe, { resource }: Witness): boolean =>
  except?.some((pattern) => resource?.endsWith(pattern.slice(pattern.lastIndexOf(":")))) ?? false;

const remembered = (ask: (probe: Probe) => Answer): ((probe: Probe) => Answer) => {
  const answers = new Map<string, Answer>();
  return (probe) => {
    const key = probeKey(probe);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(probe);
    answers.set(key, answer);
    return answer;
  };
};

const answerOf = (comparison: Comparison): Answer => {
  // What is undecided is never exact.
  const { exact: sure } = comparison;
  if (comparison.recommended === "no-new-access") return { yes: false, sure };
  return { yes: true, sure, ...(comparison.witness === undefined ? {} : { request: comparison.witness }) };
};
