import { type Meter, spend } from "./meter.ts";

/** The letters of a text: code points, and `FRESH` for any letter that no pattern in question names. */
export type Letters = readonly number[];

export const FRESH = 0x110000;

/**
 * A pattern as a list of codes: a code point, a code point in either case (`FOLD` added), or one of the wildcards below.
 * Runs of wildcards are in one order (every `?` first, one `*` last), so that two spellings of one run are one list.
 */
export type Glob = {
  /** Equal keys are equal sets. */
  readonly key: string;
  readonly codes: readonly number[];
  /** No wildcard and no folding: the pattern stands for exactly one text. */
  readonly literal: boolean;
};

export const ANY_RUN = -1;
export const ANY_ONE = -2;
/** The same two, for wildcards that never stand for `:`. */
export const BOUNDED_RUN = -3;
export const BOUNDED_ONE = -4;

/** Added to the lower-case code point of a letter that is to match in either case. */
export const FOLD = 0x200000;

export const COLON = 58;
const STAR = 42;
const QUESTION = 63;

/** `flat`: a wildcard stands for any character. `segments`: in the first four parts of a resource name, not for `:`. */
export type WildcardReading = "flat" | "segments";

export const isWildcard = (code: number): boolean => code < 0;

export const isRun = (code: number | undefined): boolean => code === ANY_RUN || code === BOUNDED_RUN;

/** The wildcards before this place are bounded: those before the fourth `:`, or before the last where there are fewer. */
const boundedUntil = (pattern: string): number => {
  let at = -1;
  for (let colons = 0; colons < 4; colons += 1) {
    const next = pattern.indexOf(":", at + 1);
    if (next === -1) break;
    at = next;
  }
  return at;
};

export const compileGlob = (pattern: string, reading: WildcardReading): Glob => {
  const limit = reading === "segments" ? boundedUntil(pattern) : -1;
  const codes: number[] = [];
  let literal = true;
  for (let at = 0; at < pattern.length; at += 1) {
    const code = pattern.codePointAt(at) as number;
    if (code === STAR || code === QUESTION) {
      literal = false;
      const inside = at < limit;
      const run = inside ? BOUNDED_RUN : ANY_RUN;
      const one = inside ? BOUNDED_ONE : ANY_ONE;
      if (codes.at(-1) !== run) codes.push(code === STAR ? run : one);
      else if (code === QUESTION) codes.splice(-1, 1, one, run);
    } else {
      codes.push(code);
      if (code > 0xffff) at += 1;
    }
  }
  return { key: literal ? `=${pattern}` : `~${canonicalPattern(pattern)}`, codes, literal };
};

/** The code points of a text. */
export const lettersOf = (text: string): Letters => {
  const letters: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) as number;
    letters.push(code);
    if (code > 0xffff) at += 1;
  }
  return letters;
};

/** The text itself: `*` and `?` in it are letters. */
export const literalGlob = (text: string): Glob => ({ key: `=${text}`, codes: lettersOf(text), literal: true });

/** The letter of a text that is one letter. */
const onlyLetter = (text: string): number | undefined => {
  const [letter, ...more] = text;
  return more.length === 0 ? (letter as string).codePointAt(0) : undefined;
};

const lowered = new Map<number, number>();

/** The lower case of one letter, where that is one letter; otherwise the letter. */
export const lowerCode = (code: number): number => {
  const known = lowered.get(code);
  if (known !== undefined) return known;
  const result = code < FRESH ? (onlyLetter(String.fromCodePoint(code).toLowerCase()) ?? code) : code;
  if (lowered.size < 4096) lowered.set(code, result);
  return result;
};

/** The letters that fold to a lower-case letter, as far as they matter: itself and its upper case. */
export const caseVariants = (lower: number): Letters => {
  const upper = onlyLetter(String.fromCodePoint(lower).toUpperCase()) ?? lower;
  return upper === lower || lowerCode(upper) !== lower ? [lower] : [lower, upper];
};

/** The text in any mixture of upper and lower case. */
export const foldedGlob = (text: string): Glob => {
  const plain = lettersOf(text).map(lowerCode);
  const codes = plain.map((code) => (caseVariants(code).length > 1 ? code + FOLD : code));
  const key = plain.map((code) => String.fromCodePoint(code)).join("");
  return codes.some((code) => code >= FOLD)
    ? { key: `^${key}`, codes, literal: false }
    : { key: `=${key}`, codes, literal: true };
};

/** The pattern with its runs of wildcards in one order: equal texts where two spellings differ in nothing else. */
export const canonicalPattern = (pattern: string): string => {
  if (!pattern.includes("**") && !pattern.includes("*?")) return pattern;
  return pattern.replace(/[*?]{2,}/g, (run) => {
    const ones = run.replaceAll("*", "");
    return ones === run ? run : `${ones}*`;
  });
};

/** Role names are stored and shown in lower case, whatever a document says. */
export const foldRoleName = (name: string): string => {
  if (!name.startsWith("acs:ram:")) return name;
  const account = name.indexOf(":", "acs:ram:".length) + 1;
  const relative = name.indexOf(":", account) + 1;
  // Where one of the two is missing, the search began anew and stands before `acs` or `ram`.
  return name.startsWith("role/", relative) ? name.toLowerCase() : name;
};

/** Some wildcard of the pattern stops at `:` where names are read in parts. */
export const hasBounded = (pattern: string): boolean => {
  const limit = boundedUntil(pattern);
  const run = pattern.indexOf("*");
  const one = pattern.indexOf("?");
  return (run >= 0 && run < limit) || (one >= 0 && one < limit);
};

/** Two codes, neither a wildcard, have a letter in common. */
export const meet = (one: number, other: number): boolean =>
  one === other ||
  (one >= FOLD && lowerCode(other) === one - FOLD) ||
  (other >= FOLD && lowerCode(one) === other - FOLD);

/** Every letter that `code` may be is one that `by` may be; a run is no letter. */
const stands = (code: number, by: number): boolean => {
  if (code === by) return !isRun(code);
  if (by >= FOLD) return code >= 0 && lowerCode(code) === by - FOLD;
  if (by === ANY_ONE) return !isRun(code);
  return by === BOUNDED_ONE && code >= 0 && code !== COLON;
};

const absorbs = (run: number, code: number): boolean =>
  run === ANY_RUN || code === BOUNDED_RUN || code === BOUNDED_ONE || (code >= 0 && code !== COLON);

/**
 * Every text of `inner` is a text of `outer`, seen by laying the one over the other. For letters this is plain matching
 * and exact; for a pattern, `false` only says that it was not seen so.
 */
export const coversCodes = (outer: readonly number[], inner: readonly number[], meter: Meter): boolean => {
  let o = 0;
  let i = 0;
  let runAt = -1;
  let resume = 0;
  let steps = 0;
  while (i < inner.length) {
    // Laying two long patterns over each other can take as many steps as the product of their lengths.
    steps += 1;
    if (steps === 1024) {
      spend(meter, steps);
      steps = 0;
    }
    const by = outer[o];
    if (isRun(by)) {
      runAt = o;
      resume = i;
      o += 1;
    } else if (by !== undefined && stands(inner[i] as number, by)) {
      o += 1;
      i += 1;
    } else if (runAt >= 0 && absorbs(outer[runAt] as number, inner[resume] as number)) {
      resume += 1;
      i = resume;
      o = runAt + 1;
    } else return false;
  }
  while (isRun(outer[o])) o += 1;
  return o === outer.length;
};

export const covers = (outer: Glob, inner: Glob, meter: Meter): boolean => coversCodes(outer.codes, inner.codes, meter);
