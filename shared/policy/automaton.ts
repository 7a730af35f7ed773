import {
  ANY_ONE,
  ANY_RUN,
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
import { addMinimal, isSubset, type Signature } from "./signature.ts";

/** What a pattern is for: its texts are wanted, unwanted, or belong to a blocker or to what a blocker leaves out. */
export type Role =
  | { readonly kind: "must" }
  | { readonly kind: "must-not" }
  | { readonly kind: "blocks"; readonly blocker: number }
  | { readonly kind: "escapes"; readonly blocker: number };

export type Part = { readonly glob: Glob; readonly role: Role };

/** A set of positions, one bit each. */
type Bits = Uint32Array;

/**
 * All patterns laid out one after the other, each with one position behind its end. A set of positions is a state: the
 * places up to which the patterns match what has been read.
 */
type Layout = {
  readonly codes: readonly (number | undefined)[];
  /** Which part a position belongs to. */
  readonly owner: readonly number[];
  readonly words: number;
  readonly start: Bits;
  readonly runs: Bits;
  readonly ends: Bits;
  /** Positions at a last, free run: whatever follows, the pattern matches. */
  readonly caught: Bits;
  /** Positions whose letters are worth trying. */
  readonly leading: Bits;
  /** The positions of each `must`. */
  readonly musts: readonly Bits[];
};

const setBit = (bits: Bits, at: number): void => {
  bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
};

const bitsWhere = (words: number, size: number, holds: (at: number) => boolean): Bits => {
  const bits = new Uint32Array(words);
  for (let at = 0; at < size; at += 1) if (holds(at)) setBit(bits, at);
  return bits;
};

/** The numbers of the bits that are in both. */
const common = (one: Bits, other: Bits): readonly number[] => {
  const found: number[] = [];
  for (let word = 0; word < one.length; word += 1) {
    let bits = (one[word] as number) & (other[word] as number);
    while (bits !== 0) {
      found.push(word * 32 + 31 - Math.clz32(bits & -bits));
      bits &= bits - 1;
    }
  }
  return found;
};

const meets = (one: Bits, other: Bits): boolean => {
  for (let word = 0; word < one.length; word += 1) {
    if (((one[word] as number) & (other[word] as number)) !== 0) return true;
  }
  return false;
};

/** Adds the successors of all positions of `from` that are in `mask`. */
const advance = (into: Bits, from: Bits, mask: Bits): void => {
  let carry = 0;
  for (let word = 0; word < from.length; word += 1) {
    const moved = (from[word] as number) & (mask[word] as number);
    into[word] = (into[word] as number) | (moved << 1) | carry;
    carry = moved >>> 31;
  }
};

const layOut = (parts: readonly Part[]): Layout => {
  const codes: (number | undefined)[] = [];
  const owner: number[] = [];
  const starts = new Set<number>();
  parts.forEach(({ glob }, index) => {
    starts.add(codes.length);
    for (const code of [...glob.codes, undefined]) {
      codes.push(code);
      owner.push(index);
    }
  });
  const words = (codes.length + 31) >>> 5;
  const where = (holds: (at: number) => boolean): Bits => bitsWhere(words, codes.length, holds);
  const kind = (at: number): Role["kind"] => (parts[owner[at] as number] as Part).role.kind;
  const start = where((at) => starts.has(at));
  const runs = where((at) => isRun(codes[at]));
  advance(start, start, runs);
  return {
    codes,
    owner,
    words,
    start,
    runs,
    ends: where((at) => codes[at] === undefined),
    caught: where((at) => codes[at] === ANY_RUN && codes[at + 1] === undefined),
    leading: where((at) => (codes[at] ?? -1) >= 0 && (kind(at) === "must" || kind(at) === "escapes")),
    musts: parts.flatMap(({ role }, index) => (role.kind === "must" ? [where((at) => owner[at] === index)] : [])),
  };
};

/** What one letter does: positions that it moves on, and runs in which it stays. */
type Effect = { readonly moves: Bits; readonly stays: Bits };

const effectOf = ({ codes, words }: Layout, letter: number): Effect => {
  const moves = (code: number | undefined): boolean => {
    if (code === undefined || isRun(code)) return false;
    if (code >= 0) return code === letter || (code >= FOLD && lowerCode(letter) === code - FOLD);
    return code === ANY_ONE || letter !== COLON;
  };
  const stays = (code: number | undefined): boolean => code === ANY_RUN || (code === BOUNDED_RUN && letter !== COLON);
  return {
    moves: bitsWhere(words, codes.length, (at) => moves(codes[at])),
    stays: bitsWhere(words, codes.length, (at) => stays(codes[at])),
  };
};

type Node = { readonly state: Bits; readonly from: Node | undefined; readonly letter: number };

const lettersTo = (node: Node): Letters => {
  const letters: number[] = [];
  for (let at = node; at.from !== undefined; at = at.from) letters.push(at.letter);
  return letters.reverse();
};

/**
 * The letters worth trying: those that a wanted pattern names next, and a fresh one for everything that only wildcards
 * cover. Any other letter can be replaced by the fresh one: wanted patterns still match and no other pattern starts to. So
 * can a `:` that no wanted pattern names next, if every later one is replaced with it: only a wildcard with a `:` behind it
 * in its pattern stops there, so that the wanted patterns have none left, and an unwanted one that would match now needs one.
 */
const candidates = ({ codes, leading }: Layout, state: Bits): ReadonlySet<number> => {
  const letters = new Set<number>([FRESH]);
  for (const position of common(state, leading)) {
    const code = codes[position] as number;
    if (code >= FOLD) for (const variant of caseVariants(code - FOLD)) letters.add(variant);
    else letters.add(code);
  }
  return letters;
};

const keyOf = (state: Bits): string => {
  let key = "";
  for (const word of state) key += String.fromCharCode(word & 0xffff, word >>> 16);
  return key;
};

/**
 * Searches the texts that every `must` and no `must-not` matches, shortest first, for the smallest sets of blockers that
 * they lie in. A blocker with `escapes` holds every text that none of these match; one with `blocks`, those that one does.
 */
export const search = (parts: readonly Part[], blockers: readonly number[], meter: Meter): readonly Signature[] => {
  const layout = layOut(parts);
  spend(meter, layout.codes.length);
  meter.searches += 1;
  const escapable = new Set(parts.flatMap(({ role }) => (role.kind === "escapes" ? [role.blocker] : [])));
  const roleAt = (position: number): Role => (parts[layout.owner[position] as number] as Part).role;
  const found: Signature[] = [];

  /** Everything that a caught position makes useless to follow: what is its own, or its blocker's, but for itself. */
  const spared = new Map<number, Bits>();
  const useless = (position: number): Bits => {
    const known = spared.get(position);
    if (known !== undefined) return known;
    const own = roleAt(position);
    const same = (at: number): boolean => {
      if (!("blocker" in own)) return layout.owner[at] === layout.owner[position];
      const role = roleAt(at);
      return role.kind === own.kind && role.blocker === own.blocker;
    };
    const made = bitsWhere(layout.words, layout.codes.length, (at) => at !== position && same(at));
    spared.set(position, made);
    return made;
  };

  /** Drops what is settled, in place, so that states that differ only there are one. `undefined`: a dead end. */
  const settle = (state: Bits): readonly number[] | undefined => {
    if (!layout.musts.every((must) => meets(state, must))) return undefined;
    const settled: number[] = [];
    for (const position of common(state, layout.caught)) {
      if (((state[position >>> 5] as number) & (1 << (position & 31))) === 0) continue;
      const role = roleAt(position);
      if (role.kind === "must-not") return undefined;
      if (role.kind === "blocks") settled.push(role.blocker);
      const drop = useless(position);
      for (let word = 0; word < layout.words; word += 1)
        state[word] = (state[word] as number) & ~(drop[word] as number);
    }
    return settled.sort((one, other) => one - other);
  };

  /** The blockers of the text read so far, or `undefined` if it is not wanted. */
  const blockedAt = (state: Bits): readonly number[] | undefined => {
    let musts = 0;
    const inside = new Set<number>();
    const escaped = new Set<number>();
    for (const position of common(state, layout.ends)) {
      const role = roleAt(position);
      if (role.kind === "must-not") return undefined;
      if (role.kind === "must") musts += 1;
      else if (role.kind === "blocks") inside.add(role.blocker);
      else escaped.add(role.blocker);
    }
    if (musts < layout.musts.length) return undefined;
    return blockers.filter((blocker) => (escapable.has(blocker) ? !escaped.has(blocker) : inside.has(blocker)));
  };

  const effects = new Map<number, Effect>();
  const step = (state: Bits, letter: number): Bits => {
    const effect = effects.get(letter) ?? effectOf(layout, letter);
    effects.set(letter, effect);
    const next = new Uint32Array(layout.words);
    advance(next, state, effect.moves);
    for (let word = 0; word < layout.words; word += 1) {
      next[word] = (next[word] as number) | ((state[word] as number) & (effect.stays[word] as number));
    }
    advance(next, next, layout.runs);
    return next;
  };

  const seen = new Set<string>();
  const queue: Node[] = [];
  const visit = (state: Bits, from: Node | undefined, letter: number): void => {
    // One visit costs about as much as comparing some dozens of letters.
    spend(meter, 32 + layout.words + found.length + blockers.length);
    const blocked = blockedAt(state);
    const settled = settle(state);
    if (settled === undefined || found.some((other) => isSubset(other.blocked, settled))) return;
    const key = keyOf(state);
    if (seen.has(key)) return;
    seen.add(key);
    const node = { state, from, letter };
    if (blocked !== undefined) addMinimal(found, { blocked, letters: lettersTo(node) });
    queue.push(node);
  };

  visit(layout.start.slice(), undefined, 0);
  for (let at = 0; at < queue.length && found[0]?.blocked.length !== 0; at += 1) {
    const node = queue[at] as Node;
    for (const letter of candidates(layout, node.state)) visit(step(node.state, letter), node, letter);
  }
  return found;
};
