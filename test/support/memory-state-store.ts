import type { Json } from "../../shared/domain/json.ts";
import { expiryFromMs, expiryInMs, partsOfKey, partsOfPrefix, textOfValue } from "../../shared/ports/state-limits.ts";
import type { Row, StateStore } from "../../shared/ports/state-store.ts";
import type { Clock } from "../../shared/ports/world.ts";

type Stored = { readonly text: string; readonly version: number; readonly expiresMs: number };
/** `sorted` holds the keys of `rows` in order. */
type Partition = { readonly rows: Map<string, Stored>; readonly sorted: string[] };

/** By UTF-8, as the stores sort; UTF-16 units sort otherwise beyond the basic plane. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const compare = (a: string, b: string): number =>
  a === b ? 0 : isPlain(a) && isPlain(b) ? (a < b ? -1 : 1) : byBytes(a, b);

/** Where a key stands, or would stand, among sorted ones. */
const placeOf = (sorted: readonly string[], key: string): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** What a store holds at this instant, for whoever watches: no promise, no time. */
export type MemoryStateStore = StateStore & {
  readonly peek: (key: string) => Row | undefined;
  readonly all: (prefix: string) => readonly Row[];
};

/** A StateStore that is gone with its process: quick, and exact. For simulations. */
export const memoryStateStore = (clock: Pick<Clock, "now">): MemoryStateStore => {
  const partitions = new Map<string, Partition>();
  const partitionOf = (name: string): Partition => {
    const known = partitions.get(name);
    if (known !== undefined) return known;
    const made: Partition = { rows: new Map(), sorted: [] };
    partitions.set(name, made);
    return made;
  };
  const rowOf = (key: string, { text, version, expiresMs }: Stored): Row => ({
    key,
    value: JSON.parse(text) as Json,
    version,
    ...expiryFromMs(expiresMs),
  });
  const live = (stored: Stored | undefined): Stored | undefined =>
    stored === undefined || stored.expiresMs <= clock.now() ? undefined : stored;
  const put = (partition: Partition, rest: string, stored: Stored): void => {
    if (!partition.rows.has(rest)) partition.sorted.splice(placeOf(partition.sorted, rest), 0, rest);
    partition.rows.set(rest, stored);
  };
  const peek = (key: string): Row | undefined => {
    const { partition, rest } = partsOfKey(key);
    const found = live(partitionOf(partition).rows.get(rest));
    return found === undefined ? undefined : rowOf(key, found);
  };
  /** The live rows of a prefix from a place on, at most so many. */
  const range = (prefix: string, after: string | undefined, most: number): readonly Row[] => {
    const { partition: name, rest } = partsOfPrefix(prefix);
    const { sorted, rows } = partitionOf(name);
    const found: Row[] = [];
    const isBefore = after === undefined || compare(after, prefix) < 0;
    // A place of another partition that is not before this one is after all of it.
    if (!isBefore && !after.startsWith(`${name}/`)) return found;
    const from = isBefore ? rest : after.slice(name.length + 1);
    for (let at = placeOf(sorted, from); at < sorted.length && found.length < most; at += 1) {
      const key = sorted[at] as string;
      if (!key.startsWith(rest)) break;
      const one = live(rows.get(key));
      if (one !== undefined && `${name}/${key}` !== after) found.push(rowOf(`${name}/${key}`, one));
    }
    return found;
  };
  return {
    peek,
    all: (prefix) => range(prefix, undefined, Number.POSITIVE_INFINITY),
    get: async (key) => peek(key),
    putIfAbsent: async (key, value, expiry) => {
      const { partition: name, rest } = partsOfKey(key);
      const partition = partitionOf(name);
      const text = textOfValue(value);
      const expiresMs = expiryInMs(expiry?.expiresAt);
      const found = partition.rows.get(rest);
      const there = live(found);
      if (there !== undefined) return { written: false, row: rowOf(key, there) };
      const version = (found?.version ?? 0) + 1;
      put(partition, rest, { text, version, expiresMs });
      return { written: true, version };
    },
    compareAndSet: async (key, version, value, expiry) => {
      const { partition: name, rest } = partsOfKey(key);
      const partition = partitionOf(name);
      const next = { text: textOfValue(value), version: version + 1, expiresMs: expiryInMs(expiry?.expiresAt) };
      if (live(partition.rows.get(rest))?.version !== version) return { written: false };
      put(partition, rest, next);
      return { written: true, version: version + 1 };
    },
    delete: async (key, version) => {
      const { partition: name, rest } = partsOfKey(key);
      const partition = partitionOf(name);
      if (live(partition.rows.get(rest))?.version !== version) return false;
      partition.rows.delete(rest);
      partition.sorted.splice(placeOf(partition.sorted, rest), 1);
      return true;
    },
    list: async (prefix, { after, limit }) => {
      partsOfPrefix(prefix);
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new RangeError(`a page must have at least 1 row, got \`${limit}\``);
      const found = range(prefix, after, limit + 1);
      const rows = found.slice(0, limit);
      return found.length > limit ? { rows, next: (rows.at(-1) as Row).key } : { rows };
    },
  };
};
