import {
  ANY_ONE,
  ANY_RUN,
  BOUNDED_ONE,
  BOUNDED_RUN,
  COLON,
  caseVariants,
  FOLD,
  FRESH,
  type Glob,
  isRun,
  type Letters,
  lowerCode,
} from "./glob.ts";
import { type Meter, spend } from "./meter.ts";

/** What a pattern is for: its texts are wanted, unwanted, or belong to a blocker or to what a blocker leaves out. */
export type Role =
  | { readonly kind: "must" }
  | { readonly kind: "must-not" }
  | { readonly kind: "blocks"; readonly blocker: number }
  | { readonly kind: "escapes"; readonly blocker: number };

export type Part = { readonly glob: Glob; readonly role: Role };

/** A text that all `must` match, with the blockers whose sets it lies in. */
export type Signature = { readonly blocked: readonly number[]; readonly letters: Letters };

/** Both lists are sorted. */
export const isSubset = (small: readonly number[], large: readonly number[]): boolean => {
  if (small.length > large.length) return false;
  let at = 0;
  for (const item of small) {
    while (at < large.length && (large[at] as number) < item) at += 1;
    if (large[at] !== item) return false;
    at += 1;
  }
  return true;
};

/** Keeps only the smallest sets: a text that lies in more blockers is never the better one. True if `one` was news. */
export const addMinimal = (found: Signature[], one: Signature): boolean => {
  if (found.some((other) => isSubset(other.blocked, one.blocked))) return false;
  const kept = found.filter((other) => !isSubset(one.blocked, other.blocked));
  found.splice(0, found.length, ...kept, one);
  return true;
};

/** All patterns laid out one after the other: `codes[p]` is the code at position `p`, `undefined` behind a pattern's end. */
type Layout = {
  readonly codes: readonly (number | undefined)[];
  /** Which part a position belongs to. */
  readonly owner: readonly number[];
  readonly start: readonly number[];
};

const layOut = (parts: readonly Part[]): Layout => {
  const codes: (number | undefined)[] = [];
  const owner: number[] = [];
  const start: number[] = [];
  parts.forEach(({ glob }, index) => {
    start.push(codes.length);
    for (const code of glob.codes) {
      codes.push(code);
      owner.push(index);
    }
    codes.push(undefined);
    owner.push(index);
  });
  return { codes, owner, start };
};

const passes = (code: number, letter: number): boolean => {
  if (code >= 0) return code === letter || (code >= FOLD && lowerCode(letter) === code - FOLD);
  return code === ANY_ONE || (code === BOUNDED_ONE && letter !== COLON);
};

type Node = { readonly positions: readonly number[]; readonly from: Node | undefined; readonly letter: number };

const lettersTo = (node: Node): Letters => {
  const letters: number[] = [];
  for (let at = node; at.from !== undefined; at = at.from) letters.push(at.letter);
  return letters.reverse();
};

/**
 * The letters worth trying: those that a wanted pattern names next, a fresh one for everything that only wildcards
 * cover, and `:` where a wildcard would stop at it. Any other letter can be replaced by the fresh one: wanted patterns
 * still match and no other pattern starts to.
 */
const candidates = (layout: Layout, parts: readonly Part[], positions: readonly number[]): ReadonlySet<number> => {
  const letters = new Set<number>([FRESH]);
  for (const position of positions) {
    const code = layout.codes[position];
    if (code === undefined) continue;
    if (code === BOUNDED_ONE || code === BOUNDED_RUN) letters.add(COLON);
    if (code < 0) continue;
    const role = parts[layout.owner[position] as number]?.role.kind;
    if (role !== "must" && role !== "escapes") continue;
    if (code >= FOLD) for (const variant of caseVariants(code - FOLD)) letters.add(variant);
    else letters.add(code);
  }
  return letters;
};

/** A state of the search, judged: dead ends are `undefined`; `settled` are the blockers that no further letter undoes. */
type Judged = { readonly positions: readonly number[]; readonly settled: readonly number[] };

/**
 * Searches the texts that every `must` and no `must-not` matches, shortest first, for the smallest sets of blockers that
 * they lie in. A blocker with `escapes` holds every text that none of these match; one with `blocks`, those that one does.
 */
export const search = (parts: readonly Part[], blockers: readonly number[], meter: Meter): readonly Signature[] => {
  const layout = layOut(parts);
  const mustCount = parts.filter(({ role }) => role.kind === "must").length;
  const escapable = new Set(parts.flatMap(({ role }) => (role.kind === "escapes" ? [role.blocker] : [])));
  const found: Signature[] = [];

  /** A pattern whose last code is a free run, reached: it matches whatever follows. */
  const caught = (position: number): boolean =>
    layout.codes[position] === ANY_RUN && layout.codes[position + 1] === undefined;

  /** What a caught position makes all others of the same part, or of the same blocker, useless for. */
  const group = (part: number): string => {
    const { role } = parts[part] as Part;
    return "blocker" in role ? `${role.kind} ${role.blocker}` : `part ${part}`;
  };
  const groups = parts.map((_, part) => group(part));

  const judge = (positions: readonly number[]): Judged | undefined => {
    const alive = new Set<number>();
    const settled: number[] = [];
    const catching = new Map<string, number>();
    for (const position of positions) {
      const part = layout.owner[position] as number;
      const { role } = parts[part] as Part;
      if (role.kind === "must") alive.add(part);
      if (!caught(position) || catching.has(groups[part] as string)) continue;
      if (role.kind === "must-not") return undefined;
      if (role.kind === "blocks") settled.push(role.blocker);
      catching.set(groups[part] as string, position);
    }
    if (alive.size < mustCount) return undefined;
    if (catching.size === 0) return { positions, settled };
    // What is caught needs no following any more, and states that differ only there are one.
    const kept = positions.filter((position) => {
      const by = catching.get(groups[layout.owner[position] as number] as string);
      return by === undefined || by === position;
    });
    return { positions: kept, settled: settled.sort((x, y) => x - y) };
  };

  /** The blockers of the text read so far, or `undefined` if it is not wanted. */
  const blockedAt = (positions: readonly number[]): readonly number[] | undefined => {
    let musts = 0;
    const inside = new Set<number>();
    const escaped = new Set<number>();
    for (const position of positions) {
      if (layout.codes[position] !== undefined) continue;
      const role = (parts[layout.owner[position] as number] as Part).role;
      if (role.kind === "must") musts += 1;
      else if (role.kind === "must-not") return undefined;
      else if (role.kind === "blocks") inside.add(role.blocker);
      else escaped.add(role.blocker);
    }
    if (musts < mustCount) return undefined;
    return blockers.filter((blocker) => (escapable.has(blocker) ? !escaped.has(blocker) : inside.has(blocker)));
  };

  const close = (positions: Set<number>): readonly number[] => {
    for (const position of positions) if (isRun(layout.codes[position])) positions.add(position + 1);
    return Array.from(positions).sort((a, b) => a - b);
  };

  const step = (positions: readonly number[], letter: number): readonly number[] => {
    const next = new Set<number>();
    for (const position of positions) {
      const code = layout.codes[position];
      if (code === undefined) continue;
      if (code === ANY_RUN || (code === BOUNDED_RUN && letter !== COLON)) next.add(position);
      else if (passes(code, letter)) next.add(position + 1);
    }
    return close(next);
  };

  const seen = new Set<string>();
  const queue: Node[] = [];
  const visit = (positions: readonly number[], from: Node | undefined, letter: number): void => {
    spend(meter, positions.length + 1);
    const judged = judge(positions);
    if (judged === undefined || found.some(({ blocked }) => isSubset(blocked, judged.settled))) return;
    const key = judged.positions.join();
    if (seen.has(key)) return;
    seen.add(key);
    const node = { positions: judged.positions, from, letter };
    const blocked = blockedAt(positions);
    if (blocked !== undefined) addMinimal(found, { blocked, letters: lettersTo(node) });
    queue.push(node);
  };

  visit(close(new Set(layout.start)), undefined, 0);
  for (let at = 0; at < queue.length && found[0]?.blocked.length !== 0; at += 1) {
    const node = queue[at] as Node;
    for (const letter of candidates(layout, parts, node.positions)) visit(step(node.positions, letter), node, letter);
  }
  return found;
};
