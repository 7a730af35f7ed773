import type { Span } from "../domain/message.ts";

const longestName = 128;

/** Format and bidi characters, private use, half surrogates, and letters that show as nothing (Hangul fillers, joiners). */
const unseen =
  /\u034f|[\u17b4\u17b5]|[\ufe00-\ufe0f]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** A tower of combining marks reaches over the lines around it. */
const towers = /(\p{M}{3})\p{M}+/gu;

/** Text from outside as one line of visible characters, at most 128 of them. */
export const oneVisibleLine = (text: string, longest = longestName): string => {
  const visible = text
    .replace(/[\s\u0085\u2028\u2029]+/gu, " ")
    .replace(unseen, "")
    .replace(towers, "$1")
    .trim();
  const characters = [...visible];
  return characters.length <= longest ? visible : `${characters.slice(0, longest - 1).join("")}…`;
};

/** ASCII signs with a full-width twin, by which markdown loses its meaning and a reader nothing. */
const markdownSigns = /[[\]()!*~#><|@`\\&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

const fullWidth = (sign: string): string => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0);

/**
 * Text from outside for DingTalk's markdown, which has no documented escape: signs become full-width look-alikes, `://`
 * is broken so that no link and no `dtmd://` command forms, and the corner brackets around it cannot be closed from inside.
 */
export const dingtalkName = (text: string): string => {
  const inert = oneVisibleLine(text)
    .replace(/[「」]/g, '"')
    .replace(/:\/\//g, ":／／")
    .replace(markdownSigns, fullWidth);
  return `「${inert}」`;
};

/** Text from outside for a terminal: what a terminal would obey, or would not show, is written out. */
export const terminalName = (text: string): string => {
  const shown = [...text].slice(0, 4 * longestName).join("");
  const written = shown
    .replace(/\\/g, "\\\\")
    .replace(/[\s\u0085\u2028\u2029]/gu, (space) => (space === " " ? space : writtenOut(space)))
    .replace(unseen, writtenOut);
  return shown.length < text.length ? `${written}…` : written;
};

const writtenOut = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** The spans as one text: ours as it is, what came from outside through `neutralise`. */
export const textOf = (spans: readonly Span[], neutralise: (text: string) => string): string =>
  spans.map((span) => (typeof span === "string" ? span : neutralise(span.untrusted))).join("");
