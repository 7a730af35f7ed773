import { type Part, search } from "./automaton.ts";
import { covers, coversCodes, FOLD, FRESH, type Glob, isRun, isWildcard, type Letters } from "./glob.ts";
import { clearlyApart, type GlobSet, someCovers } from "./glob-set.ts";
import { type Meter, spend } from "./meter.ts";
import { addMinimal, type Signature } from "./signature.ts";

export type Question = {
  /** The texts asked about lie in all of these. */
  readonly inside: readonly GlobSet[];
  /** The sets whose hits are counted, named by their place in this list. */
  readonly blockers: readonly GlobSet[];
  /** What any text of this kind matches one of; a glob that fits none of them stands alone. */
  readonly universe: readonly Glob[];
};

/** Globs that must all match at once, redundant ones left out. */
type Together = readonly Glob[];

const add = (globs: Together, glob: Glob, meter: Meter): Together | undefined => {
  if (globs.some((other) => covers(glob, other, meter))) return globs;
  if (globs.some((other) => clearlyApart(glob, other))) return undefined;
  return [...globs.filter((other) => !covers(other, glob, meter)), glob];
};

const withUniverse = (glob: Glob, universe: readonly Glob[], meter: Meter): readonly Together[] => {
  const found = universe.map((whole) => add([whole], glob, meter)).filter((globs) => globs !== undefined);
  return found.length === 0 ? [[glob]] : found;
};

/** Every way to lie in all the sets: one glob of each, as far as they can meet. */
const ways = ({ inside, universe }: Question, meter: Meter): readonly Together[] => {
  const unions = inside.filter((set) => !set.complement);
  const [first, ...others] = unions;
  if (first === undefined) return universe.map((whole) => [whole]);
  let found: readonly Together[] = first.globs.flatMap((glob) => withUniverse(glob, universe, meter));
  for (const set of others) {
    const next: Together[] = [];
    for (const globs of found) {
      spend(meter, set.globs.length);
      for (const glob of set.globs) {
        const both = add(globs, glob, meter);
        if (both !== undefined) next.push(both);
      }
    }
    found = next;
  }
  return found;
};

const someLetter = (code: number): number => {
  if (isWildcard(code)) return FRESH;
  return code >= FOLD ? code - FOLD : code;
};

/** A text of the glob with as little as possible in common with other patterns. */
const sampleOf = (glob: Glob): Letters => glob.codes.map(someLetter);

/** The shortest text of the glob. */
const shortestOf = (glob: Glob): Letters => glob.codes.filter((code) => !isRun(code)).map(someLetter);

/** How the blockers meet one way of lying in all sets: always, or depending on the text by these patterns. */
type Meeting = {
  readonly always: readonly number[];
  readonly open: readonly number[];
  readonly parts: readonly Part[];
};

const meetings = (globs: Together, outside: readonly Glob[], blockers: readonly GlobSet[], meter: Meter): Meeting => {
  const always: number[] = [];
  const open: number[] = [];
  const parts: Part[] = [];
  blockers.forEach((set, blocker) => {
    spend(meter, set.globs.length);
    const whole = globs.some((glob) => someCovers(set, glob, meter));
    if (whole) {
      if (!set.complement) always.push(blocker);
      return;
    }
    const touching = set.globs.filter(
      (glob) =>
        !globs.some((other) => clearlyApart(glob, other)) &&
        // A text that only an unwanted pattern could lead to is no way out of a complement.
        !(set.complement && outside.some((other) => covers(other, glob, meter))),
    );
    if (touching.length === 0) {
      if (set.complement) always.push(blocker);
      return;
    }
    open.push(blocker);
    const kind = set.complement ? "escapes" : "blocks";
    for (const glob of touching) parts.push({ glob, role: { kind, blocker } });
  });
  return { always, open, parts };
};

const matchesAny = (globs: readonly Glob[], letters: Letters, meter: Meter): boolean =>
  globs.some((glob) => coversCodes(glob.codes, letters, meter));

const union = (one: readonly number[], other: readonly number[]): readonly number[] =>
  one.length === 0 ? other : [...one, ...other].sort((a, b) => a - b);

/** A pattern without wildcards has one text, and that text decides everything. */
const signatureOfLiteral = (
  only: Glob,
  outside: readonly Glob[],
  blockers: readonly GlobSet[],
  meter: Meter,
): readonly Signature[] => {
  if (matchesAny(outside, only.codes, meter)) return [];
  const blocked: number[] = [];
  blockers.forEach((set, blocker) => {
    spend(meter, set.wild.length + 1);
    if (someCovers(set, only, meter) !== set.complement) blocked.push(blocker);
  });
  return [{ blocked, letters: only.codes }];
};

/**
 * Most questions end here: an arbitrary text of the pattern meets only blockers that hold the whole pattern. `undefined`
 * where that is not so.
 */
const signatureOfSample = (
  only: Glob,
  letters: Letters,
  outside: readonly Glob[],
  blockers: readonly GlobSet[],
  meter: Meter,
): Signature | undefined => {
  if (matchesAny(outside, letters, meter)) return undefined;
  const blocked: number[] = [];
  const named = !letters.includes(FRESH);
  for (let blocker = 0; blocker < blockers.length; blocker += 1) {
    const set = blockers[blocker] as GlobSet;
    spend(meter, set.globs.length);
    const inside = set.keys.has(only.key) || matchesAny(named ? set.globs : set.wild, letters, meter);
    if (inside === set.complement) continue;
    const always = set.complement
      ? set.globs.every((glob) => clearlyApart(only, glob) || outside.some((other) => covers(other, glob, meter)))
      : someCovers(set, only, meter);
    if (!always) return undefined;
    blocked.push(blocker);
  }
  return { blocked, letters };
};

const signaturesOfWay = (globs: Together, question: Question, meter: Meter): readonly Signature[] => {
  const { blockers } = question;
  const outside = question.inside.filter((set) => set.complement).flatMap((set) => set.globs);
  const only = globs.length === 1 ? globs[0] : undefined;
  if (only?.literal) return signatureOfLiteral(only, outside, blockers, meter);
  if (outside.some((glob) => globs.some((other) => covers(glob, other, meter)))) return [];
  if (only !== undefined) {
    for (const letters of [sampleOf(only), shortestOf(only)]) {
      const signature = coversCodes(only.codes, letters, meter)
        ? signatureOfSample(only, letters, outside, blockers, meter)
        : undefined;
      if (signature !== undefined) return [signature];
    }
  }
  const meeting = meetings(globs, outside, blockers, meter);
  const parts: Part[] = [
    ...globs.map((glob): Part => ({ glob, role: { kind: "must" } })),
    ...outside
      .filter((glob) => !globs.some((other) => clearlyApart(glob, other)))
      .map((glob): Part => ({ glob, role: { kind: "must-not" } })),
    ...meeting.parts,
  ];
  return search(parts, meeting.open, meter).map(({ blocked, letters }) => ({
    blocked: union(meeting.always, blocked),
    letters,
  }));
};

/**
 * The smallest sets of blockers that a text inside all the given sets lies in, each with such a text; none if no text
 * lies inside. A larger set never helps a request through, so the smallest ones are all that matters.
 */
export const signatures = (question: Question, meter: Meter): readonly Signature[] => {
  const found: Signature[] = [];
  for (const globs of ways(question, meter)) {
    for (const signature of signaturesOfWay(globs, question, meter)) {
      spend(meter, 1 + found.length);
      addMinimal(found, signature);
    }
    if (found[0]?.blocked.length === 0) break;
  }
  return found.sort((one, other) => one.blocked.length - other.blocked.length);
};
