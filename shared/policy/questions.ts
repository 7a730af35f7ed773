import { failed, ok, type Result } from "../domain/result.ts";
import { type Read, readAttachments } from "./attachments.ts";
import { compareDocuments } from "./compare.ts";
import type { Attached, Comparison, Reading, Witness } from "./comparison.ts";
import { isAllowed } from "./evaluate.ts";
import { examplesOf, settingsIn, speaksOf } from "./examples.ts";
import { onlyThis, type Probe, probeKey } from "./probe.ts";

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
  const documents = after.documents.map(({ document }) => document);
  const settings = settingsIn(documents);
  const sure = before.flaws.length === 0 && after.flaws.length === 0;
  const denied: Answer = { yes: false, sure };
  const allowedBy = (side: Read, request: Witness): boolean => isAllowed(side, request, likely);
  const asked = (old: Read, probe: Probe): Answer => {
    if (!speaksOf(documents, probe.action)) return denied;
    const request = examplesOf(probe, settings).find(
      (example) => allowedBy(after, example) && !allowedBy(old, example) && !isExcepted(probe, example),
    );
    if (request !== undefined) return { yes: true, sure, request };
    const narrowed = [...after.documents, { document: onlyThis(probe), scope: "account" as const }];
    return answerOf(compareDocuments(old.documents, narrowed, { kind: "permission" }));
  };
  return {
    holds: remembered((probe) => asked(nothing, probe)),
    gains: remembered((probe) => asked(before, probe)),
    example: (probe) => examplesOf(probe, settings).find((request) => allowedBy(after, request)),
  };
};

const nothing: Read = { documents: [], flaws: [] };

/** Examples are called `any-name`, so that only an identity of that name could be meant by an exception. */
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
  const sure = comparison.exact && comparison.recommended !== "undecided";
  if (comparison.recommended === "no-new-access") return { yes: false, sure };
  return { yes: true, sure, ...(comparison.witness === undefined ? {} : { request: comparison.witness }) };
};
