import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { HeadRecord, Start, Tip } from "./journal-entry.ts";
import { allShards, digestOf, genesisOf, headsShard, recordIn } from "./journal-entry.ts";
import type { Flaw, ShardVerified, Witnesses } from "./journal-verify.ts";
import { verifyShard, witnessesOf } from "./journal-verify.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** Where each shard stood: to be kept elsewhere, so that a later verification can be held against it. */
export type Heads = { readonly [shard: string]: Pick<Tip, "seq" | "hash"> };

export type Verified = {
  readonly intact: boolean;
  readonly entries: number;
  /** Rows of events, incidents, own writes and dead letters that were held against their entries. */
  readonly rows: number;
  readonly flaws: readonly Flaw[];
  readonly heads: Heads;
  /** The first kept entry of each shard of which older ones were given up. */
  readonly starts: { readonly [shard: string]: number };
};

/** What the rows say now: each must have been put on record before it was written. */
type Owed = {
  /** The digest of each incident, by its row. */
  readonly states: Map<string, string>;
  /** Rows of other kinds that must be named by an entry. */
  readonly named: Set<string>;
};

/**
 * Finds any edited, dropped or reordered entry of the journal, and any row that no entry speaks of. `earlier` is where
 * the shards stood at an earlier verification, kept where nobody could change it. Reads only; others may write meanwhile.
 */
export const verifyLedger = async (state: StateStore, accountId: AccountId, earlier?: Heads): Promise<Verified> => {
  // Rows before entries: what has a row by now has its entry already.
  const owed = await owedBy(state, accountId);
  const count = owed.states.size + owed.named.size;
  const before = recordsOf(accountId, earlier ?? {});
  const results: ShardVerified[] = [];
  const look = (shard: string, records: readonly HeadRecord[]) =>
    settled(state, accountId, shard, witnessesOf([...before, ...records])(shard));
  // The record of heads tells of its own starts itself.
  const own = recordsIn((await look(headsShard, [])).said);
  for (const shard of allShards) {
    const { result, said } = await look(shard, own);
    results.push(result);
    for (const one of said) strikeOff(owed, one);
  }
  const flaws = [...results.flatMap((result) => result.flaws), ...withoutEntry(owed)];
  return {
    intact: flaws.length === 0,
    entries: results.reduce((sum, { entries }) => sum + entries, 0),
    rows: count,
    flaws,
    heads: Object.fromEntries(results.filter(({ end }) => end.seq > 0).map(({ shard, end }) => [shard, end])),
    starts: Object.fromEntries(results.filter(({ from }) => from.seq > 1).map(({ shard, from }) => [shard, from.seq])),
  };
};

/** As much of an entry as others are held against. */
type Said = {
  readonly row: string | undefined;
  readonly state: string | undefined;
  readonly record: HeadRecord | undefined;
};

const saidBy = (value: Json): Said => {
  const body = isJsonObject(value) && isJsonObject(value.body) ? value.body : {};
  // One that was written again says what it said before.
  if (isJsonObject(value) && value.kind === "carried" && isJsonObject(body.entry)) return saidBy(body.entry);
  return {
    row: isJsonObject(value) && typeof value.row === "string" ? value.row : undefined,
    state: typeof body.state === "string" ? body.state : undefined,
    record: recordIn(value),
  };
};

const recordsIn = (said: readonly Said[]): readonly HeadRecord[] =>
  said.flatMap(({ record }) => (record === undefined ? [] : [record]));

/** Looks at one shard until two looks agree: others may give up old entries, or begin the shard, while we read. */
const settled = async (
  state: StateStore,
  accountId: AccountId,
  shard: string,
  witnesses: Witnesses,
): Promise<{ readonly result: ShardVerified; readonly said: readonly Said[] }> => {
  let last: string | undefined;
  for (;;) {
    const seen: { readonly said: Said; readonly sound: () => boolean }[] = [];
    const result = await verifyShard(state, accountId, shard, witnesses, ({ value }, sound) => {
      seen.push({ said: saidBy(value), sound });
    });
    const text = JSON.stringify(result.flaws);
    if (result.flaws.length === 0 || text === last)
      return { result, said: seen.filter(({ sound }) => sound()).map(({ said }) => said) };
    last = text;
  }
};

/** Where the shards stood once, as records of their heads. */
const recordsOf = (accountId: AccountId, heads: Heads): readonly HeadRecord[] =>
  Object.entries(heads).map(([shard, { seq, hash }]) => {
    const from: Start = { seq: 1, previous: genesisOf(accountId, shard).hash };
    return { shard, seq, hash, from };
  });

const owedBy = async (state: StateStore, accountId: AccountId): Promise<Owed> => {
  const owed: Owed = { states: new Map(), named: new Set() };
  for (const kind of ["incident", "event", "ours", "dead"] as const)
    for await (const { key, value } of rows(state, rowKey(kind, accountId, ""))) {
      if (kind === "incident") owed.states.set(key, digestOf(value));
      // An event of an incident is in the incident's own entries.
      else if (kind !== "event" || !isJsonObject(value) || value.incidentId === undefined) owed.named.add(key);
    }
  return owed;
};

const strikeOff = ({ states, named }: Owed, { row, state }: Said): void => {
  if (row === undefined) return;
  named.delete(row);
  if (state !== undefined && states.get(row) === state) states.delete(row);
};

const withoutEntry = ({ states, named }: Owed): readonly Flaw[] => [
  ...[...states.keys()].map((row) => ({
    row,
    kind: "row-without-entry" as const,
    because: "no entry says that this incident became what it is now",
  })),
  ...[...named].map((row) => ({ row, kind: "row-without-entry" as const, because: "no entry speaks of this row" })),
];
