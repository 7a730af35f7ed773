import type { Language } from "../../domain/finding.ts";
import type { Span } from "../../domain/message.ts";
import type { Gone, Subject } from "../../domain/subject.ts";
import type { Incident } from "../../ledger/incident.ts";
import type { Worded } from "../../operations/document-change.ts";
import { documentChange, documentOf } from "../../operations/document-change.ts";
import { spansOf } from "./spans.ts";

/** Of the parts that a change put in or took out, so many are told in an alert. */
const mostParts = 6;

const partSpans =
  (sign: string, language: Language) =>
  ({ text, values }: Worded): readonly Span[] => [sign, ...spansOf(text[language], values)];

/** The states before and after: of the change, or of a person's act on an incident, which is a change of its own. */
const endsOf = ({
  before,
  after,
  remediation,
}: Incident): { readonly from: Subject | Gone; readonly to: Subject | Gone } | undefined => {
  if (after !== undefined) return before?.known === true ? { from: before.state, to: after } : undefined;
  return remediation === undefined ? undefined : { from: remediation.was, to: remediation.becomes };
};

/** What the change put into a document (`+`) and took out of it (`-`); one part a line where `whole`. */
export const differenceSpans = (incident: Incident, language: Language, whole: boolean): readonly Span[] => {
  const ends = endsOf(incident);
  const change = ends === undefined ? undefined : documentChange(ends.from, ends.to);
  if (change === undefined) return [];
  const parts = [...change.added.map(partSpans("+ ", language)), ...change.removed.map(partSpans("- ", language))];
  const shown = whole ? parts : parts.slice(0, mostParts);
  const left = parts.length - shown.length;
  const between = whole ? "\n" : language === "en" ? "; " : "；";
  return [
    ...shown.flatMap((part, index) => (index === 0 ? part : [between, ...part])),
    ...(left === 0 ? [] : [language === "en" ? `${between}and ${left} more` : `${between}另有 ${left} 项`]),
  ];
};

/** The most of a document that is shown, in characters; the incident as JSON has all of it. */
const longestDocument = 2_000;
/** What a channel shows of one value at most may be less than a document. */
const pieceLength = 100;

/** A document as one text without its white space, in pieces that a channel shows whole. */
export const documentSpans = (document: string, language: Language): readonly Span[] => {
  const characters = [...compact(document)];
  const shown = characters.slice(0, longestDocument);
  const pieces = Array.from({ length: Math.ceil(shown.length / pieceLength) }, (_, at) => ({
    untrusted: shown.slice(at * pieceLength, (at + 1) * pieceLength).join(""),
  }));
  if (shown.length === characters.length) return pieces;
  return [...pieces, language === "en" ? " (cut; `--json` has all of it)" : "（已截断，完整内容见 `--json`）"];
};

const compact = (document: string): string => {
  try {
    return JSON.stringify(JSON.parse(document));
  } catch {
    return document;
  }
};

/** The documents that the change was found with, and that were sent or would be. */
export const documentsOf = ({
  after,
  remediation,
}: Incident): { readonly rejected: string | undefined; readonly sent: string | undefined } => {
  const sent = remediation?.calls
    .flatMap(({ parameters }) => Object.entries(parameters))
    .find(([name]) => name.endsWith("Document"))?.[1];
  return { rejected: documentOf(after), sent: sent === undefined ? undefined : String(sent) };
};
