import type { Json } from "../../shared/domain/json.ts";
import { openJournal } from "../../shared/ledger/journal.ts";
import type { Draft, Entry } from "../../shared/ledger/journal-entry.ts";
import { entryKey, hashOfEntry, headKey, shardOf, shardPrefix } from "../../shared/ledger/journal-entry.ts";
import { rows } from "../../shared/ledger/rows.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";

export const accountId = "1234567890123456";

export const draft = (about: string, n: number, kind: Draft["kind"] = "event"): Draft => ({
  kind,
  about,
  body: { n, because: `number ${n}` },
});

/** Texts that are each in a shard of its own. */
export const subjects: readonly string[] = (() => {
  const byShard = new Map<string, string>();
  for (let n = 0; byShard.size < 4; n += 1) if (!byShard.has(shardOf(`s${n}`))) byShard.set(shardOf(`s${n}`), `s${n}`);
  return [...byShard.values()];
})();

export const newStore = () => {
  const clock = manualClock();
  const state = openSqliteStateStore(":memory:", clock);
  return { clock, state };
};

export type Store = ReturnType<typeof newStore>;

/** Appends so many entries to each of the subjects, in turns. */
export const filled = async ({ state, clock }: Store, counts: readonly number[]): Promise<void> => {
  const journal = openJournal(state, clock, accountId);
  const most = Math.max(...counts);
  for (let n = 1; n <= most; n += 1)
    for (const [at, count] of counts.entries())
      if (n <= count) {
        clock.advance(1_000);
        await journal.append(draft(subjects[at] ?? "", n));
      }
};

export const verify = ({ state }: { readonly state: StateStore }) => verifyLedger(state, accountId);

export const entriesOf = async (state: StateStore, shard: string): Promise<readonly Entry[]> => {
  const all: Entry[] = [];
  for await (const { value } of rows(state, shardPrefix(accountId, shard))) all.push(value as unknown as Entry);
  return all;
};

/** Puts a value in a row as if it had never been another, undefined for taking the row away. */
export const forge = async (state: StateStore, key: string, value: Json | undefined): Promise<void> => {
  const row = await state.get(key);
  if (row !== undefined) await state.delete(key, row.version);
  if (value !== undefined) await state.putIfAbsent(key, value);
};

export const forgeEntry = (state: StateStore, shard: string, seq: number, value: Json | undefined): Promise<void> =>
  forge(state, entryKey(accountId, shard, seq), value);

/** An entry with another body, and with the hash that fits it. */
export const rewritten = (entry: Entry, body: Entry["body"]): Entry => {
  const changed = { ...entry, body };
  return { ...changed, hash: hashOfEntry(changed) };
};

export const forgeHead = async (
  state: StateStore,
  shard: string,
  change: ((head: { readonly [name: string]: Json }) => Json) | undefined,
): Promise<void> => {
  const key = headKey(accountId, shard);
  const row = await state.get(key);
  await forge(state, key, change === undefined ? undefined : change(row?.value as { readonly [name: string]: Json }));
};

/** A store whose calls wait their turn, and of which one does not come back. */
export const mortal = (
  state: StateStore,
  turn: () => Promise<void>,
  deathAt: number,
  when: "before" | "after",
): StateStore => {
  let calls = 0;
  const through =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      calls += 1;
      const now = calls;
      await turn();
      if (now > deathAt || (now === deathAt && when === "before")) throw new StoreUnavailable("died");
      const answer = await call(...given);
      if (now === deathAt) throw new StoreUnavailable("died");
      return answer;
    };
  return {
    get: through(state.get),
    putIfAbsent: through(state.putIfAbsent),
    compareAndSet: through(state.compareAndSet),
    delete: through(state.delete),
    list: through(state.list),
  };
};
