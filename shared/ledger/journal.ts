import type { AccountId } from "../domain/identity.ts";
import type { Row, StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { Draft, Entry, Start, Tip } from "./journal-entry.ts";
import {
  entryAfter,
  entryKey,
  genesisOf,
  headDraft,
  headKey,
  headsShard,
  recordIn,
  seqOfKey,
  shardOf,
  shardPrefix,
  tipAt,
} from "./journal-entry.ts";
import { rows } from "./rows.ts";

/** What a shard's head row holds: where the chain stands, where its kept part starts, and which head was recorded last. */
export type Head = Tip & { readonly from: Start; readonly recorded: number };

/** A shard's head goes into the record of heads at its first entry and then at each so-many-th. */
const recordEvery = 32;

/** Lost races before the shard is listed in place of being felt for, entry by entry. */
const fewMisses = 3;

/** The append-only record of every decision: entries chained by hash, by subject shard. */
export type Journal = ReturnType<typeof openJournal>;

type Standing = { readonly head: Head; readonly version: number };

/**
 * The journal on a StateStore alone. An entry is appended by putting it where none is yet, so that of two writers one is
 * second and goes on behind the first. The head row follows after; one who dies in between leaves it behind, and the
 * next writer finds the entry and takes it along.
 */
export const openJournal = (state: StateStore, clock: Clock, accountId: AccountId) => {
  const known = new Map<string, Standing>();

  const standing = (shard: string, { value, version }: Pick<Row, "value" | "version">): Standing => {
    const there = { head: value as unknown as Head, version };
    known.set(shard, there);
    return there;
  };

  /** The end of a chain behind `tip`, entry by entry. */
  const endAfter = async (shard: string, tip: Tip): Promise<Tip> => {
    let end = tip;
    const after = tip.seq === 0 ? undefined : entryKey(accountId, shard, tip.seq);
    for await (const { key, value } of rows(state, shardPrefix(accountId, shard), after))
      end = tipAt(seqOfKey(key), value, end);
    return end;
  };

  /** The last place at which the record of heads says that a shard's kept part starts. */
  const recordedStart = async (shard: string): Promise<Start | undefined> => {
    let from: Start | undefined;
    for await (const { value } of rows(state, shardPrefix(accountId, headsShard))) {
      const record = recordIn(value);
      if (record?.shard === shard && record.from.seq >= (from?.seq ?? 0)) from = record.from;
    }
    return from;
  };

  /** A shard without a head row: it is new, or its row was lost. Its head is recorded before its first entry is written. */
  const begin = async (shard: string): Promise<Standing> => {
    const genesis = genesisOf(accountId, shard);
    const from = (await recordedStart(shard)) ?? { seq: 1, previous: genesis.hash };
    const { seq, hash, at } = await endAfter(shard, genesis);
    if (shard !== headsShard) await append(headDraft({ shard, seq, hash, at, from }), headsShard);
    const head: Head = { seq, hash, at, from, recorded: seq };
    const put = await state.putIfAbsent(headKey(accountId, shard), head);
    return standing(shard, put.written ? { value: head, version: put.version } : put.row);
  };

  const whereIs = async (shard: string): Promise<Standing> => {
    const there = known.get(shard);
    if (there !== undefined) return there;
    const row = await state.get(headKey(accountId, shard));
    return row === undefined ? begin(shard) : standing(shard, row);
  };

  /** Where a shard stands, as the store has it now. */
  const headNow = async (shard: string): Promise<Head> => {
    known.delete(shard);
    return (await whereIs(shard)).head;
  };

  /** Replaces a head row by what `change` makes of it, undefined for leaving it. A lost race is read again and tried anew. */
  const changeHead = async (shard: string, change: (head: Head) => Head | undefined): Promise<void> => {
    for (;;) {
      const { head, version } = await whereIs(shard);
      const next = change(head);
      if (next === undefined) return;
      const swap = await state.compareAndSet(headKey(accountId, shard), version, next);
      if (swap.written) {
        standing(shard, { value: next, version: swap.version });
        return;
      }
      known.delete(shard);
    }
  };

  /** Takes the head along to an entry that was written, and records it where that is due. */
  const advance = async (shard: string, { seq, hash, at }: Entry, { from, recorded }: Head): Promise<void> => {
    const due = shard !== headsShard && (seq === 1 || seq - recorded >= recordEvery);
    if (due) await append(headDraft({ shard, seq, hash, at, from }), headsShard);
    await changeHead(shard, (head) => {
      if (head.seq >= seq) return undefined;
      return { ...head, seq, hash, at, recorded: due ? Math.max(head.recorded, seq) : head.recorded };
    });
  };

  /** Puts an entry at the end of its shard. It is durable when this resolves. */
  const append = async (draft: Draft, shard = shardOf(draft.about)): Promise<Entry> => {
    const { head } = await whereIs(shard);
    let tip: Tip = head;
    for (let misses = 0; ; misses += 1) {
      const entry = entryAfter(shard, tip, draft, clock.now());
      const put = await state.putIfAbsent(entryKey(accountId, shard, entry.seq), entry);
      if (put.written) {
        await advance(shard, entry, head);
        return entry;
      }
      tip = tipAt(entry.seq, put.row.value, tip);
      // What we knew may be hours old: the head row leads most of the way.
      const now = misses === 0 ? await headNow(shard) : tip;
      if (now.seq > tip.seq) tip = now;
      if (misses >= fewMisses) tip = await endAfter(shard, tip);
    }
  };

  return { append, headNow, changeHead };
};
