/**
 * Walks over the bytes of JSON without making values of it: several times faster than parsing where the values are not
 * wanted. Each function takes the position where something starts and gives the position after it, or -1 when there is
 * no valid JSON (or it is nested deeper than anybody nests). It accepts exactly what `JSON.parse` accepts of the same
 * bytes up to that depth, so that what is skipped here would have parsed. On bytes, because reading a string by its
 * characters has to find out at each one how the string is stored.
 */

const deepest = 100;

/** Bytes, and the same bytes to be read four at a time. */
export type Octets = { readonly bytes: Buffer; readonly words: DataView };

export const octetsOf = (bytes: Buffer): Octets => ({
  bytes,
  words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

const quote = 34;
const comma = 44;
const colon = 58;
const backslash = 92;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** The bytes of an ASCII word, to look for. */
export const wordOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Whether the word stands at the position. */
export const standsAt = (text: Octets, at: number, word: Uint8Array): boolean => {
  for (let index = 0; index < word.length; index++) if (text.bytes[at + index] !== word[index]) return false;
  return true;
};

const wordTrue = wordOf("true");
const wordFalse = wordOf("false");
const wordNull = wordOf("null");

/** The first position from `at` on that is no white space. */
export const skipSpace = (text: Octets, from: number): number => {
  let at = from;
  for (; at < text.bytes.length; at++) {
    const code = text.bytes[at] as number;
    if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) break;
  }
  return at;
};

/** Past the end there is nothing, which is no digit and no anything else. */
const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 48 && code <= 57;

const isHex = (code: number | undefined): boolean =>
  code !== undefined && (isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102));

/** After the escape whose backslash is at `at`. */
const skipEscape = (text: Octets, at: number): number => {
  switch (text.bytes[at + 1]) {
    case quote:
    case backslash:
    case 47: // /
    case 98: // b
    case 102: // f
    case 110: // n
    case 114: // r
    case 116: // t
      return at + 2;
    case 117: // u
      for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(text.bytes[digit])) return -1;
      return at + 6;
    default:
      return -1;
  }
};

/**
 * The first position from `from` on at which a string may end or need a closer look: a quote, a backslash or a control
 * character, or up to three before. Four bytes at a time, by the arithmetic that finds a zero byte in a word
 * (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord); it may stop too early, never too late.
 */
const skipPlain = ({ bytes, words }: Octets, from: number): number => {
  const last = bytes.length - 4;
  let at = from;
  while (at <= last) {
    const four = words.getInt32(at, true);
    const quotes = four ^ 0x22222222;
    const backslashes = four ^ 0x5c5c5c5c;
    const found =
      ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((four - 0x20202020) & ~four);
    if ((found & 0x80808080) !== 0) return at;
    at += 4;
  }
  return at;
};

/** The position of the quote that ends a string without escapes, from after its opening quote; -1 for any other string. */
export const endOfPlain = (text: Octets, from: number): number => {
  const { bytes } = text;
  for (let at = skipPlain(text, from); at < bytes.length; at++) {
    const code = bytes[at] as number;
    if (code > backslash) continue;
    if (code === quote) return at;
    if (code === backslash || code < 32) return -1;
  }
  return -1;
};

/** After the string whose opening quote is at `at`. */
export const skipString = (text: Octets, at: number): number => {
  const { bytes } = text;
  const { length } = bytes;
  let next = skipPlain(text, at + 1);
  while (next < length) {
    const code = bytes[next] as number;
    if (code > backslash) next++;
    else if (code === quote) return next + 1;
    else if (code === backslash) {
      next = skipEscape(text, next);
      if (next === -1) return -1;
    } else if (code < 32) return -1;
    else next++;
  }
  return -1;
};

const skipDigits = (text: Octets, at: number): number => {
  let next = at;
  while (isDigit(text.bytes[next])) next++;
  return next === at ? -1 : next;
};

const skipNumber = (text: Octets, at: number): number => {
  let next = text.bytes[at] === 45 ? at + 1 : at;
  next = text.bytes[next] === 48 ? next + 1 : skipDigits(text, next);
  if (next !== -1 && text.bytes[next] === 46) next = skipDigits(text, next + 1);
  if (next === -1 || (text.bytes[next] !== 101 && text.bytes[next] !== 69)) return next;
  const sign = text.bytes[next + 1];
  return skipDigits(text, sign === 43 || sign === 45 ? next + 2 : next + 1);
};

const skipWord = (text: Octets, at: number, word: Uint8Array): number =>
  standsAt(text, at, word) ? at + word.length : -1;

const skipArray = (text: Octets, at: number, depth: number): number => {
  let next = skipSpace(text, at + 1);
  if (text.bytes[next] === closeBracket) return next + 1;
  for (;;) {
    next = skipValue(text, next, depth + 1);
    if (next === -1) return -1;
    next = skipSpace(text, next);
    const code = text.bytes[next];
    if (code === closeBracket) return next + 1;
    if (code !== comma) return -1;
    next = skipSpace(text, next + 1);
  }
};

/** From a key's closing quote (the position after it) to where its value starts. */
export const skipColon = (text: Octets, at: number): number => {
  if (text.bytes[at] === colon && text.bytes[at + 1] === quote) return at + 1;
  const next = skipSpace(text, at);
  return text.bytes[next] === colon ? skipSpace(text, next + 1) : -1;
};

const skipObject = (text: Octets, at: number, depth: number): number => {
  let next = skipSpace(text, at + 1);
  if (text.bytes[next] === closeBrace) return next + 1;
  for (;;) {
    if (text.bytes[next] !== quote) return -1;
    next = skipString(text, next);
    if (next === -1) return -1;
    next = skipColon(text, next);
    if (next === -1) return -1;
    next = text.bytes[next] === quote ? skipString(text, next) : skipValue(text, next, depth + 1);
    if (next === -1) return -1;
    if (text.bytes[next] === comma && text.bytes[next + 1] === quote) {
      next++;
      continue;
    }
    next = skipSpace(text, next);
    const code = text.bytes[next];
    if (code === closeBrace) return next + 1;
    if (code !== comma) return -1;
    next = skipSpace(text, next + 1);
  }
};

/** After the value that starts at `at`. */
export const skipValue = (text: Octets, at: number, depth = 0): number => {
  if (depth > deepest) return -1;
  switch (text.bytes[at]) {
    case quote:
      return skipString(text, at);
    case openBrace:
      return skipObject(text, at, depth);
    case openBracket:
      return skipArray(text, at, depth);
    case 116:
      return skipWord(text, at, wordTrue);
    case 102:
      return skipWord(text, at, wordFalse);
    case 110:
      return skipWord(text, at, wordNull);
    default:
      return skipNumber(text, at);
  }
};
