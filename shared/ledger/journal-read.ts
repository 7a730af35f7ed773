import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { StateStore } from "../ports/state-store.ts";
import { allShards, shardPrefix } from "./journal-entry.ts";
import { rows } from "./rows.ts";

/** Both ends are included, epoch milliseconds. */
export type Range = { readonly from: number; readonly to: number };

const timeOf = (value: Json): number => (isJsonObject(value) && typeof value.at === "number" ? value.at : 0);

async function* within(state: StateStore, accountId: AccountId, shard: string, range: Range): AsyncGenerator<Json> {
  // Times within a shard only grow.
  for await (const { value } of rows(state, shardPrefix(accountId, shard))) {
    if (timeOf(value) > range.to) return;
    if (timeOf(value) >= range.from) yield value;
  }
}

/** The entries of all shards as they are stored, oldest first; of one moment in the order of the shards. */
export async function* readJournal(state: StateStore, accountId: AccountId, range: Range): AsyncGenerator<Json> {
  const shards = allShards.map((shard) => within(state, accountId, shard, range));
  const next = await Promise.all(shards.map(async (entries) => (await entries.next()).value as Json | undefined));
  for (;;) {
    const oldest = next.reduce<number | undefined>((best, value, at) => {
      if (value === undefined) return best;
      const known = best === undefined ? undefined : next[best];
      return known === undefined || timeOf(value) < timeOf(known) ? at : best;
    }, undefined);
    if (oldest === undefined) return;
    yield next[oldest] as Json;
    next[oldest] = (await shards[oldest]?.next())?.value as Json | undefined;
  }
}
