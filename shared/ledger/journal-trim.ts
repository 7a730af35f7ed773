import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { Row, StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { Journal } from "./journal.ts";
import { openJournal } from "./journal.ts";
import type { Draft, EntryKind, Start } from "./journal-entry.ts";
import {
  allShards,
  entryKey,
  hashOfEntry,
  headDraft,
  headKey,
  headsShard,
  keepSeconds,
  recordIn,
  seqOfKey,
  shardPrefix,
} from "./journal-entry.ts";
import { rows } from "./rows.ts";

export type Trimmed = {
  readonly removed: number;
  /** Entries about something that is still open, written again at the end of their shard. */
  readonly carried: number;
  /** Whether the budget or the time ended it: call again. */
  readonly more: boolean;
};

/**
 * Gives up the oldest entries of each shard, as far as their time is over. A chain is cut at its start only, so that a
 * kind that is kept shorter stays as long as an older entry that is kept longer. Nothing that is still open is lost:
 * it is written again at the end. Where the kept part starts is recorded before anything is removed, so that one who
 * dies in between leaves a whole chain. `budget` is how many entries are removed at most, and no shard is begun when it is
 * no longer time.
 */
export const trimJournal = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  budget = 1_000,
  isTime: () => boolean = () => true,
): Promise<Trimmed> => {
  const journal = openJournal(state, clock, accountId);
  let removed = 0;
  let carried = 0;
  for (const shard of allShards) {
    if (removed >= budget || !isTime()) return { removed, carried, more: true };
    if ((await state.get(headKey(accountId, shard))) === undefined) continue;
    const old = await oldEntries(state, clock, accountId, shard, journal, budget - removed);
    for (const one of old.open) await journal.append(one, shard);
    carried += old.open.length;
    if (shard === headsShard) await recordAgain(state, accountId, journal, old.values);
    if (old.start !== undefined) await moveStart(journal, shard, old.start);
    removed += await removeBefore(state, accountId, shard, (await journal.headNow(shard)).from.seq);
  }
  return { removed, carried, more: removed >= budget };
};

type Old = {
  /** Where the kept part is to start; undefined where nothing is to be given up. */
  readonly start: Start | undefined;
  readonly open: readonly Draft[];
  readonly values: readonly Json[];
};

/** The entries at the start of a shard whose time is over. What was tampered with is evidence, and ends them. */
const oldEntries = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  shard: string,
  journal: Journal,
  most: number,
): Promise<Old> => {
  const head = await journal.headNow(shard);
  const open: Draft[] = [];
  const values: Json[] = [];
  let start: Start = head.from;
  const after = start.seq === 1 ? undefined : entryKey(accountId, shard, start.seq - 1);
  for await (const row of rows(state, shardPrefix(accountId, shard), after)) {
    const seq = seqOfKey(row.key);
    if (values.length >= most || seq !== start.seq || seq > head.seq) break;
    if (!isOldAndWhole(row, start, clock.now())) break;
    const { row: of } = row.value as { readonly row?: string };
    const about = of === undefined ? undefined : await state.get(of);
    // What has an expiry is closed, and goes first: then its entry may go as well.
    if (about?.expiresAt !== undefined) break;
    if (about !== undefined) open.push(carriedDraft(row.value as JsonObject));
    values.push(row.value);
    start = { seq: seq + 1, previous: hashOfEntry(row.value) };
  }
  return { start: start.seq === head.from.seq ? undefined : start, open, values };
};

const isOldAndWhole = ({ value }: Row, start: Start, now: number): boolean =>
  isJsonObject(value) &&
  value.hash === hashOfEntry(value) &&
  value.previous === start.previous &&
  typeof value.at === "number" &&
  typeof value.kind === "string" &&
  value.at + (keepSeconds[value.kind as EntryKind] ?? Number.POSITIVE_INFINITY) * 1000 <= now;

/** One that was carried before is carried as it was first written. */
const carriedDraft = (entry: JsonObject): Draft => {
  const body = entry.kind === "carried" ? (entry.body as JsonObject) : { entry };
  return { kind: "carried", about: String(entry.about), row: String(entry.row), body };
};

/** A shard whose newest record is given up is recorded anew, as it stands. */
const recordAgain = async (
  state: StateStore,
  accountId: AccountId,
  journal: Journal,
  given: readonly Json[],
): Promise<void> => {
  const old = new Set(given.flatMap((value) => recordIn(value)?.shard ?? []));
  old.delete(headsShard);
  for (const shard of old) {
    if ((await state.get(headKey(accountId, shard))) === undefined) continue;
    const { seq, hash, at, from } = await journal.headNow(shard);
    await journal.append(headDraft({ shard, seq, hash, at, from }), headsShard);
    await journal.changeHead(shard, (head) => (head.recorded >= seq ? undefined : { ...head, recorded: seq }));
  }
};

const moveStart = async (journal: Journal, shard: string, from: Start): Promise<void> => {
  const { seq, hash, at } = await journal.headNow(shard);
  await journal.append(headDraft({ shard, seq, hash, at, from }), headsShard);
  await journal.changeHead(shard, (head) => (head.from.seq >= from.seq ? undefined : { ...head, from }));
};

/** Removes what lies before the kept part, also what one who died before us left there. */
const removeBefore = async (state: StateStore, accountId: AccountId, shard: string, first: number): Promise<number> => {
  let removed = 0;
  for await (const { key, version } of rows(state, shardPrefix(accountId, shard))) {
    if (!(seqOfKey(key) < first)) break;
    if (await state.delete(key, version)) removed += 1;
  }
  return removed;
};
