/**
 * A pattern as a list of codes: a code point, or one of the wildcards below. Runs of wildcards are in one order (every
 * `?` first, one `*` last), so that two spellings of one run are one list.
 */
export type Glob = {
  readonly text: string;
  readonly codes: readonly number[];
  /** No wildcard at all: the pattern stands for exactly one text. */
  readonly literal: boolean;
  /** Some wildcard stops at `:`, so that the readings of wildcards in resource names give different sets. */
  readonly bounded: boolean;
};

export const ANY_RUN = -1;
export const ANY_ONE = -2;
/** The same two, for wildcards that never stand for `:`. */
export const BOUNDED_RUN = -3;
export const BOUNDED_ONE = -4;

export const COLON = 58;
const STAR = 42;
const QUESTION = 63;

/** `flat`: a wildcard stands for any character. `segments`: in the first four parts of a resource name, not for `:`. */
export type WildcardReading = "flat" | "segments";

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
  let bounded = false;
  let literal = true;
  for (let at = 0; at < pattern.length; at += 1) {
    const code = pattern.codePointAt(at) as number;
    if (code === STAR || code === QUESTION) {
      literal = false;
      const inside = at < limit;
      bounded ||= inside;
      const run = inside ? BOUNDED_RUN : ANY_RUN;
      const last = codes.at(-1);
      if (code === STAR) {
        if (last !== run) codes.push(run);
      } else if (last === run) {
        codes[codes.length - 1] = inside ? BOUNDED_ONE : ANY_ONE;
        codes.push(run);
      } else codes.push(inside ? BOUNDED_ONE : ANY_ONE);
    } else {
      codes.push(code);
      if (code > 0xffff) at += 1;
    }
  }
  return { text: pattern, codes, literal, bounded };
};

/** The pattern with its runs of wildcards in one order: equal texts where two spellings differ in nothing else. */
export const canonicalPattern = (pattern: string): string =>
  pattern.replace(/[*?]{2,}/g, (run) => {
    const ones = run.replaceAll("*", "");
    return ones === run ? run : `${ones}*`;
  });

/** Role names are stored and shown in lower case, whatever a document says. */
export const foldRoleName = (name: string): string =>
  /^acs:ram:[^:]*:[^:]*:role\//.test(name) ? name.toLowerCase() : name;

/** One code of the covered pattern may stand where the covering pattern has `by`. */
const stands = (code: number, by: number): boolean => {
  if (by === ANY_ONE || by === ANY_RUN) return code !== ANY_RUN && code !== BOUNDED_RUN;
  if (by === BOUNDED_ONE || by === BOUNDED_RUN) return code === BOUNDED_ONE || (code >= 0 && code !== COLON);
  return code === by;
};

const absorbs = (run: number, code: number): boolean =>
  run === ANY_RUN || code === BOUNDED_RUN || code === BOUNDED_ONE || (code >= 0 && code !== COLON);

/**
 * Every text of `inner` is a text of `outer`, seen by laying the one over the other. For a literal `inner` this is
 * plain matching and exact; for a pattern, `false` only says that it was not seen so.
 */
export const covers = (outer: Glob, inner: Glob): boolean => coversCodes(outer.codes, inner.codes);

export const coversCodes = (outer: readonly number[], inner: readonly number[]): boolean => {
  let o = 0;
  let i = 0;
  let runAt = -1;
  let resume = 0;
  while (i < inner.length) {
    const code = inner[i] as number;
    const by = outer[o];
    if (by !== undefined && (by === ANY_RUN || by === BOUNDED_RUN)) {
      runAt = o;
      resume = i;
      o += 1;
    } else if (by !== undefined && stands(code, by)) {
      o += 1;
      i += 1;
    } else if (runAt >= 0 && absorbs(outer[runAt] as number, inner[resume] as number)) {
      resume += 1;
      i = resume;
      o = runAt + 1;
    } else return false;
  }
  while (outer[o] === ANY_RUN || outer[o] === BOUNDED_RUN) o += 1;
  return o === outer.length;
};
