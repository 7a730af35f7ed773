import type { Evidence, Language } from "../../domain/finding.ts";
import type { Span } from "../../domain/message.ts";

/**
 * Splits a sentence of ours at the values that came from outside, so that each channel can neutralise exactly those.
 * Sentences quote such values in backticks; the values are known from the facts, so that a value which itself holds a
 * backtick cannot end its quotation. Whatever is quoted without being a fact counts as from outside too, from the first
 * backtick that is left to the last.
 */
export const spansOf = (sentence: string, values: readonly string[]): readonly Span[] => {
  const sought = [...new Set(values)].sort((a, b) => b.length - a.length);
  let spans: readonly Span[] = [sentence];
  for (const value of sought)
    spans = spans.flatMap((span) => (typeof span === "string" ? splitAt(span, value) : [span]));
  return spans.flatMap((span) => (typeof span === "string" ? outermost(span) : [span])).filter((span) => span !== "");
};

const splitAt = (text: string, value: string): readonly Span[] =>
  text
    .split(`\`${value}\``)
    .flatMap((part, index): readonly Span[] => (index === 0 ? [part] : [{ untrusted: value }, part]));

const outermost = (text: string): readonly Span[] => {
  const first = text.indexOf("`");
  const last = text.lastIndexOf("`");
  if (first === -1) return [text];
  return [text.slice(0, first), { untrusted: text.slice(first + 1, Math.max(first + 1, last)) }, text.slice(last + 1)];
};

export const evidenceSpans = (evidence: Evidence, language: Language): readonly Span[] =>
  spansOf(evidence.sentence[language], Object.values(evidence.facts));
