import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { Row, StateStore } from "../ports/state-store.ts";
import type { Head } from "./journal.ts";
import type { HeadRecord, Start, Tip } from "./journal-entry.ts";
import {
  genesisOf,
  hashOfEntry,
  headKey,
  headsShard,
  seqOfKey,
  shardPrefix,
  shortestKeepSeconds,
} from "./journal-entry.ts";
import { rows } from "./rows.ts";

export type FlawKind =
  | "edited"
  | "dropped"
  | "reordered"
  | "cut-off"
  | "start-moved"
  | "given-up-early"
  | "head-edited"
  | "row-without-entry"
  | "row-gone"
  | "set-back";

/** What is wrong, and where: a place of the journal, or a row that the journal does not know so. */
export type Flaw = {
  readonly shard?: string;
  readonly seq?: number;
  readonly row?: string;
  readonly kind: FlawKind;
  readonly because: string;
};

/**
 * What others say of a shard: the hash at a place and the time of the entry there, the first to say it, and where its kept
 * part may start, with the time at which that was recorded.
 */
export type Witnesses = {
  readonly hashAt: ReadonlyMap<number, string>;
  readonly timeAt: ReadonlyMap<number, number>;
  readonly starts: readonly (Start & { readonly recordedAt?: number })[];
};

export type ShardVerified = {
  readonly shard: string;
  readonly flaws: readonly Flaw[];
  readonly entries: number;
  /** Where the chain ends. */
  readonly end: End;
  readonly from: Start;
};

/** `at` is absent where the last entry is not there any more, or says no time. */
type End = Pick<Tip, "seq" | "hash"> & Partial<Pick<Tip, "at">>;

/** As much of an entry as the chain needs. */
type Link = {
  readonly seq: number;
  readonly hash: string;
  readonly at?: number;
  readonly previous: Json | undefined;
  /** Whether it is what its own hash was made of. */
  readonly whole: boolean;
  /** Where it says that it belongs, if that is elsewhere. */
  readonly elsewhere: string | undefined;
  readonly writtenOnce: boolean;
};

const linkOf = (shard: string, { key, value, version }: Row): Link => {
  const member = (name: string): Json | undefined => (isJsonObject(value) ? value[name] : undefined);
  const seq = seqOfKey(key);
  const hash = hashOfEntry(value);
  const at = member("at");
  const isHere = member("seq") === seq && member("shard") === shard;
  return {
    seq,
    hash,
    ...(typeof at === "number" ? { at } : {}),
    previous: member("previous"),
    whole: member("hash") === hash,
    elsewhere: isHere ? undefined : `entry ${String(member("seq"))} of shard ${String(member("shard"))}`,
    writtenOnce: version === 1,
  };
};

/** What an entry shows by itself, or by whoever recorded a head at its place. */
const flawIn = ({ seq, hash, whole, elsewhere, writtenOnce }: Link, { hashAt }: Witnesses): FlawFound | undefined => {
  if (!whole) return { kind: "edited", because: "it is not what its own hash was made of" };
  if (elsewhere !== undefined) return { kind: "reordered", because: `${elsewhere} lies here` };
  if (!writtenOnce) return { kind: "edited", because: "its row was written more than once" };
  const recorded = hashAt.get(seq);
  if (recorded !== undefined && recorded !== hash)
    return { kind: "edited", because: "it is not the entry of which the head was recorded here" };
  return undefined;
};

type FlawFound = Pick<Flaw, "kind" | "because">;

/**
 * Walks along one chain. Where two neighbours do not fit, the one that others vouch for stands, and the other is named:
 * the entry behind it, the head row, or whoever recorded a head at its place.
 */
const walk = (
  links: ReadonlyMap<number, Link>,
  from: Start,
  last: number,
  head: Pick<Tip, "seq" | "hash"> | undefined,
  witnesses: Witnesses,
): ReadonlyMap<number, FlawFound> => {
  const flaws = new Map<number, FlawFound>();
  const here = [...links.keys()].filter((seq) => seq <= last).sort((a, b) => a - b);
  let due = from.seq;
  for (const seq of here) {
    for (const [at, flaw] of missingBetween(due, seq)) flaws.set(at, flaw);
    const link = links.get(seq);
    const flaw = link === undefined ? undefined : flawIn(link, witnesses);
    if (flaw !== undefined) flaws.set(seq, flaw);
    due = seq + 1;
  }
  const soundAt = (seq: number): Link | undefined => (flaws.has(seq) ? undefined : links.get(seq));
  const isVouchedFor = ({ seq, hash }: Link): boolean =>
    witnesses.hashAt.get(seq) === hash ||
    soundAt(seq + 1)?.previous === hash ||
    (head?.seq === seq && head.hash === hash);
  for (const seq of here) {
    const [before, link] = [soundAt(seq - 1), soundAt(seq)];
    if (link === undefined) continue;
    const expected = seq === from.seq ? from.previous : before?.hash;
    if (expected === undefined || link.previous === expected) continue;
    const isOld = before !== undefined && witnesses.hashAt.get(before.seq) === before.hash;
    if (before !== undefined && !isOld && isVouchedFor(link))
      flaws.set(before.seq, { kind: "edited", because: `entry ${seq} follows another entry than this one` });
    else flaws.set(seq, { kind: "edited", because: "it does not follow the entry before it" });
  }
  return flaws;
};

/** So many that are missing in a row are named one by one. */
const mostNamed = 100;

/** What is missing from one place on and before another: each by itself, or many as one. */
const missingBetween = (from: number, to: number): readonly (readonly [number, FlawFound])[] => {
  const count = to - from;
  if (count > mostNamed)
    return [[from, { kind: "dropped", because: `it and the ${count - 1} after it are not there, and later ones are` }]];
  const missing: FlawFound = { kind: "dropped", because: "it is not there, and later ones are" };
  return Array.from({ length: Math.max(0, count) }, (_, at) => [from + at, missing]);
};

/**
 * The last entry of the chain: where the head row stands, and what follows it without a gap, as a writer may have died before
 * the head moved. Undefined where the head row tells nothing: then all that is there counts.
 */
const endOf = (links: ReadonlyMap<number, Link>, head: Pick<Tip, "seq"> | undefined): number | undefined => {
  if (head === undefined || !links.has(head.seq)) return undefined;
  let end = head.seq;
  while (links.has(end + 1)) end += 1;
  return end;
};

/** Whatever lies behind the end of a chain was put there by nobody who wrote to it. */
const strays = (links: ReadonlyMap<number, Link>, end: number): ReadonlyMap<number, FlawFound> =>
  new Map(
    [...links.keys()]
      .filter((seq) => seq > end)
      .map((seq) => [seq, { kind: "reordered", because: `it lies behind the end of its shard, entry ${end}` }]),
  );

/** One shard against its head row and against what its witnesses say. `seen` gets each entry's row. */
export const verifyShard = async (
  state: StateStore,
  accountId: AccountId,
  shard: string,
  witnesses: Witnesses,
  now: number,
  seen: (row: Row, sound: () => boolean) => void,
): Promise<ShardVerified> => {
  const genesis = genesisOf(accountId, shard);
  const beginning: Start = { seq: 1, previous: genesis.hash };
  const row = await state.get(headKey(accountId, shard));
  const head = row === undefined ? undefined : headIn(row.value);
  const from = head?.from ?? lastOf(witnesses.starts) ?? beginning;

  const links = new Map<number, Link>();
  let flaws: ReadonlyMap<number, FlawFound> = new Map();
  let last: End = { seq: from.seq - 1, hash: from.previous };
  for await (const entry of rows(state, shardPrefix(accountId, shard))) {
    const link = linkOf(shard, entry);
    // What lies before the start was given up, though its row may not be gone yet.
    if (!(link.seq >= from.seq)) continue;
    links.set(link.seq, link);
    last = link;
    seen(entry, () => !flaws.has(link.seq));
  }
  const end = endOf(links, head) ?? last.seq;
  last = links.get(end) ?? last;
  flaws = new Map([...walk(links, from, last.seq, head, witnesses), ...strays(links, end)]);
  const ofHead =
    row === undefined
      ? flawsWithoutHead(links.size, last.seq, witnesses)
      : head === undefined
        ? [{ kind: "head-edited" as const, because: "its head row is of no form that was ever written" }]
        : flawsOfHead(shard, head, links, flaws, last.seq, beginning, witnesses);
  return {
    shard,
    flaws: [
      ...[...flaws].map(([seq, flaw]) => ({ shard, seq, ...flaw })),
      ...[...ofHead, ...givenUpEarly(from, witnesses, now)].map((flaw) => ({ shard, ...flaw })),
    ],
    entries: links.size,
    end: { seq: last.seq, hash: last.hash, ...(last.at === undefined ? {} : { at: last.at }) },
    from,
  };
};

type HeadFlaw = FlawFound & { readonly seq?: number };

/** The last place at which a head was recorded, where the chain does not reach it. */
const cutOff = (last: number, { hashAt }: Witnesses): readonly HeadFlaw[] => {
  const furthest = Math.max(0, ...hashAt.keys());
  if (furthest <= last) return [];
  return [
    {
      kind: "cut-off",
      seq: last + 1,
      because: `entries from here on are not there: a head was recorded at entry ${furthest}`,
    },
  ];
};

const flawsWithoutHead = (entries: number, last: number, witnesses: Witnesses): readonly HeadFlaw[] => [
  ...cutOff(last, witnesses),
  ...(entries === 0 ? [] : [{ kind: "head-edited" as const, because: "its head row is not there" }]),
];

const flawsOfHead = (
  shard: string,
  { seq, hash, from, recorded }: Head,
  links: ReadonlyMap<number, Link>,
  flaws: ReadonlyMap<number, FlawFound>,
  last: number,
  beginning: Start,
  witnesses: Witnesses,
): readonly HeadFlaw[] => {
  const found: HeadFlaw[] = [];
  const startIsKnown = [beginning, ...witnesses.starts].some(
    (start) => start.seq === from.seq && start.previous === from.previous,
  );
  if (!startIsKnown)
    found.push({ kind: "start-moved", seq: from.seq, because: "the kept part starts here, and nobody recorded that" });
  if (seq > last)
    found.push({
      kind: "cut-off",
      seq: last + 1,
      because: `entries from here on are not there: the head stands at entry ${seq}`,
    });
  else found.push(...cutOff(last, witnesses));
  const link = links.get(seq);
  const due = link?.hash ?? (seq === from.seq - 1 ? from.previous : undefined);
  if (due !== undefined && due !== hash && !flaws.has(seq))
    found.push({ kind: "edited", seq, because: "its head row names another entry here: one of the two was changed" });
  if (shard !== headsShard && recorded > 0 && !witnesses.hashAt.has(recorded))
    found.push({ kind: "head-edited", because: `its head is said to be recorded at entry ${recorded}, and is not` });
  return found;
};

/** Clocks of instances may differ by so much, milliseconds. */
const clocksDifferMs = 86_400_000;
const shortestKeepMs = shortestKeepSeconds * 1_000;

/**
 * The last place before the kept part of which somebody says that its entry was too young to be given up when the start
 * behind it was recorded. That a start was recorded is not enough: whoever may write to the store can record any.
 */
const givenUpEarly = (from: Start, { starts, timeAt }: Witnesses, now: number): readonly HeadFlaw[] => {
  let last = 0;
  for (const { seq: start, recordedAt } of starts) {
    if (start > from.seq || recordedAt === undefined) continue;
    const given = Math.min(recordedAt, now) + clocksDifferMs;
    for (const [seq, at] of timeAt) if (seq < start && at + shortestKeepMs > given) last = Math.max(last, seq);
  }
  if (last === 0) return [];
  const because = `entries up to this one were given up before their time: it was younger than ${shortestKeepSeconds / 86_400} days`;
  return [{ kind: "given-up-early", seq: last, because }];
};

const lastOf = (starts: readonly Start[]): Start | undefined =>
  starts.reduce<Start | undefined>((last, start) => (start.seq >= (last?.seq ?? 0) ? start : last), undefined);

const headIn = (value: Json): Head | undefined => {
  if (!isJsonObject(value) || !isJsonObject(value.from)) return undefined;
  const { seq, hash, at, recorded, from } = value;
  const numbers = [seq, at, recorded, from.seq].every((number) => Number.isSafeInteger(number));
  return numbers && typeof hash === "string" && typeof from.previous === "string"
    ? (value as unknown as Head)
    : undefined;
};

/** What records of heads say, by shard. The first record of a place stands: what came later cannot take it back. */
export const witnessesOf = (records: readonly HeadRecord[]): ((shard: string) => Witnesses) => {
  type Said = {
    readonly hashAt: Map<number, string>;
    readonly timeAt: Map<number, number>;
    readonly starts: Witnesses["starts"][number][];
  };
  const byShard = new Map<string, Said>();
  for (const { shard, seq, hash, at, from, recordedAt } of records) {
    const of: Said = byShard.get(shard) ?? { hashAt: new Map(), timeAt: new Map(), starts: [] };
    byShard.set(shard, of);
    if (!of.hashAt.has(seq)) of.hashAt.set(seq, hash);
    if (seq > 0 && at !== undefined && !of.timeAt.has(seq)) of.timeAt.set(seq, at);
    of.starts.push({ ...from, ...(recordedAt === undefined ? {} : { recordedAt }) });
  }
  return (shard) => byShard.get(shard) ?? { hashAt: new Map(), timeAt: new Map(), starts: [] };
};
