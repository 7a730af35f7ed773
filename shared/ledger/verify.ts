import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { HeadRecord, Start, Tip } from "./journal-entry.ts";
import { allShards, genesisOf, headsShard } from "./journal-entry.ts";
import type { Flaw, ShardVerified, Witnesses } from "./journal-verify.ts";
import { verifyShard, witnessesOf } from "./journal-verify.ts";
import type { Said } from "./verify-rows.ts";
import { flawsOfRows, rowsNow, saidBy } from "./verify-rows.ts";

/** Where each shard stood: to be kept elsewhere, so that a later verification can be held against it. */
export type Heads = { readonly [shard: string]: Pick<Tip, "seq" | "hash"> & Partial<Pick<Tip, "at">> };

export type Verified = {
  readonly intact: boolean;
  readonly entries: number;
  /** Rows of events, incidents, own writes and dead letters that were held against their entries. */
  readonly rows: number;
  readonly flaws: readonly Flaw[];
  readonly heads: Heads;
  /** The first kept entry of each shard of which older ones were given up. */
  readonly starts: { readonly [shard: string]: number };
  /** The places of `earlier` that are not kept any more, so that nothing of them can be held against it. */
  readonly givenUp: { readonly [shard: string]: number };
};

/**
 * Finds any edited, dropped or reordered entry of the journal, and any row of incidents, events, own writes, dead
 * letters and granted exemptions that no entry speaks of, that is not what its entries made of it, or that is gone. `earlier` is where
 * the shards stood at an earlier verification, kept where nobody could change it. `now` bounds what an entry may say of its
 * own time. Reads only; others may write meanwhile.
 */
export const verifyLedger = async (
  state: StateStore,
  accountId: AccountId,
  earlier: Heads = {},
  now = Number.POSITIVE_INFINITY,
): Promise<Verified> => {
  // Rows before entries: what has a row by now has its entry already.
  const standing = await rowsNow(state, accountId);
  const before = recordsOf(accountId, earlier);
  const results: ShardVerified[] = [];
  const look = (shard: string, records: readonly HeadRecord[]) =>
    settled(state, accountId, shard, witnessesOf([...before, ...records])(shard), now);
  // The record of heads tells of its own starts itself.
  const own = recordsIn((await look(headsShard, [])).said);
  const all: Said[] = [];
  for (const shard of allShards) {
    const { result, said } = await look(shard, own);
    results.push(result);
    for (const one of said) all.push(one);
  }
  const flaws = [...results.flatMap((result) => result.flaws), ...(await flawsOfRows(state, standing, all, now))];
  return {
    intact: flaws.length === 0,
    entries: results.reduce((sum, { entries }) => sum + entries, 0),
    rows: standing.size,
    flaws,
    heads: Object.fromEntries(results.filter(({ end }) => end.seq > 0).map(({ shard, end }) => [shard, end])),
    starts: Object.fromEntries(results.filter(({ from }) => from.seq > 1).map(({ shard, from }) => [shard, from.seq])),
    givenUp: Object.fromEntries(
      results.flatMap(({ shard, from }) => {
        const seen = earlier[shard];
        return seen !== undefined && seen.seq < from.seq ? [[shard, seen.seq]] : [];
      }),
    ),
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
  now: number,
): Promise<{ readonly result: ShardVerified; readonly said: readonly Said[] }> => {
  let last: string | undefined;
  for (;;) {
    const seen: { readonly said: Said; readonly sound: () => boolean }[] = [];
    const result = await verifyShard(state, accountId, shard, witnesses, now, ({ value }, sound) => {
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
  Object.entries(heads).map(([shard, { seq, hash, at }]) => {
    const from: Start = { seq: 1, previous: genesisOf(accountId, shard).hash };
    return { shard, seq, hash, from, ...(at === undefined ? {} : { at }) };
  });
