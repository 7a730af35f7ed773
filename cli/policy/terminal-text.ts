/**
 * Text from a document, made safe for a terminal: characters that move the cursor, change the direction of writing or do
 * not show at all are written out, since whoever wrote the document may want the reader to see something else.
 */
export const terminalText = (text: string): string => text.replace(unsafe, writtenOut);

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu;

const writtenOut = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** One JSON document with the same characters as escapes: the same value, but safe to show. */
export const terminalJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(unsafe, (character) =>
    character === "\n" ? character : jsonEscapes(character),
  );

/** One value as one line of JSON Lines, the same way. */
export const terminalJsonLine = (value: unknown): string => JSON.stringify(value).replace(unsafe, jsonEscapes);

const jsonEscapes = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
