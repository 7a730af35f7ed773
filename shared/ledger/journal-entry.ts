import { createHash } from "node:crypto";
import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalText, isJsonObject } from "../domain/json.ts";
import { withoutNamedSecrets } from "../domain/redact.ts";
import { rowKey } from "./keys.ts";

const daySeconds = 86_400;

/**
 * What an entry says, and for how many seconds at least it is kept. `event` an event that led to no incident · `intent`
 * an incident opened, or judged anew · `call` one announced, answered, or seen in the trail · `outcome` and `abandoned`
 * its end · `undone` that it was taken back · `own-write` the RequestId by which a write of ours is known · `approval`,
 * `exemption` what a person allowed · `switch` that a person switched writing off or on · `dead`, `replayed`, `discarded` what could not be handled · `not-kept` that an
 * entry before it did not come to be, as its writer lost a race · `head` where a shard stood · `carried` an older entry
 * about something still open, written again before its place was given up.
 */
export const keepSeconds = {
  event: 100 * daySeconds,
  intent: 400 * daySeconds,
  call: 400 * daySeconds,
  outcome: 400 * daySeconds,
  abandoned: 400 * daySeconds,
  undone: 400 * daySeconds,
  "own-write": 100 * daySeconds,
  approval: 400 * daySeconds,
  exemption: 400 * daySeconds,
  switch: 400 * daySeconds,
  dead: 100 * daySeconds,
  replayed: 100 * daySeconds,
  discarded: 100 * daySeconds,
  "not-kept": 100 * daySeconds,
  head: 400 * daySeconds,
  carried: 100 * daySeconds,
} as const;

export type EntryKind = keyof typeof keepSeconds;

/** No entry is given up before this, whatever it says. */
export const shortestKeepSeconds = Math.min(...Object.values(keepSeconds));

/** What is to be put on record. */
export type Draft = {
  readonly kind: EntryKind;
  /** The key of the subject that it is about, or another text that tells what belongs together. */
  readonly about: string;
  /** The row of the state store that it speaks of: while that is there, the entry is kept. */
  readonly row?: string;
  readonly body: JsonObject;
};

/** One entry of the journal. `hash` covers all the rest, and `previous` is the hash of the entry before it in its shard. */
export type Entry = Draft & {
  readonly shard: string;
  /** Starts at 1 and grows by 1. */
  readonly seq: number;
  /** Epoch milliseconds; never before the entry before it, however the clocks of two instances differ. */
  readonly at: number;
  readonly previous: string;
  readonly hash: string;
};

/** Where a chain stands: its newest entry, or what comes before its first. */
export type Tip = Pick<Entry, "seq" | "hash" | "at">;

/** Where the kept part of a chain starts: the place of its first entry, and the hash that this one must follow. */
export type Start = { readonly seq: number; readonly previous: string };

/** The shard that records where the others stand. */
export const headsShard = "heads";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A fixed number, so that a subject's entries are in one shard whoever writes them: `0` to `f`. */
export const shardOf = (about: string): string => sha256(about).slice(0, 1);

/** All shards, that of the heads first. */
export const allShards: readonly string[] = [headsShard, ...Array.from({ length: 16 }, (_, at) => at.toString(16))];

/** The digest of any value; equal for two spellings of one JSON value. */
export const digestOf = (value: Json): string => sha256(canonicalText(value));

/** What the first entry of a shard follows: of each account and shard its own, so that no chain passes for another. */
export const genesisOf = (accountId: AccountId, shard: string): Tip => ({
  seq: 0,
  hash: sha256(`ram-warden journal ${accountId} ${shard}`),
  at: 0,
});

/** The hash that an entry has to have. A value of another form has one too, so that the chain goes on behind it. */
export const hashOfEntry = (value: Json): string => {
  if (!isJsonObject(value)) return digestOf(value);
  const { hash: _, ...hashed } = value;
  return digestOf(hashed);
};

/** The entry that follows a tip. Texts under a secret name are left out before it is hashed. */
export const entryAfter = (shard: string, tip: Tip, draft: Draft, now: number): Entry => {
  const { kind, about, row } = draft;
  const entry = {
    shard,
    seq: tip.seq + 1,
    at: Math.max(now, tip.at),
    kind,
    about,
    ...(row === undefined ? {} : { row }),
    body: withoutNamedSecrets(draft.body) as JsonObject,
    previous: tip.hash,
  };
  return { ...entry, hash: hashOfEntry(entry) };
};

/** The tip that a stored entry makes, whatever its form: an odd one is for the verification to find, not for us to stop at. */
export const tipAt = (seq: number, value: Json, before: Tip): Tip => ({
  seq,
  hash: hashOfEntry(value),
  at: isJsonObject(value) && typeof value.at === "number" ? value.at : before.at,
});

const digits = 12;

/** The key of an entry's row: entries of a shard sort by their place. */
export const entryKey = (accountId: AccountId, shard: string, seq: number): string =>
  rowKey("journal", accountId, `${shard}/${String(seq).padStart(digits, "0")}`);

/** The prefix of all entries of a shard. */
export const shardPrefix = (accountId: AccountId, shard: string): string => rowKey("journal", accountId, `${shard}/`);

/** The place that a row's key names; NaN where it names none. */
export const seqOfKey = (key: string): number => Number(/\/(\d{12})$/.exec(key)?.[1] ?? Number.NaN);

/** The key of the row that says where a shard stands. */
export const headKey = (accountId: AccountId, shard: string): string => rowKey("journal-head", accountId, shard);

/**
 * What a `head` entry says: where a shard stood, when the entry there was written, and where its kept part started. Those
 * of an earlier version do not say when. `recordedAt` is the time of the `head` entry itself.
 */
export type HeadRecord = Pick<Tip, "seq" | "hash"> & {
  readonly shard: string;
  readonly from: Start;
  readonly at?: number;
  readonly recordedAt?: number;
};

export const headDraft = ({ shard, seq, hash, at, from }: Tip & Pick<HeadRecord, "shard" | "from">): Draft => ({
  kind: "head",
  about: shard,
  body: { shard, seq, hash, at, from },
});

/** The record that a stored entry holds; undefined for any other entry. */
export const recordIn = (value: Json): HeadRecord | undefined => {
  if (!isJsonObject(value) || value.kind !== "head" || !isJsonObject(value.body)) return undefined;
  const { shard, seq, hash, at, from } = value.body;
  if (typeof shard !== "string" || typeof seq !== "number" || typeof hash !== "string" || !isJsonObject(from))
    return undefined;
  const { seq: first, previous } = from;
  if (typeof first !== "number" || typeof previous !== "string") return undefined;
  return {
    shard,
    seq,
    hash,
    from: { seq: first, previous },
    ...(typeof at === "number" ? { at } : {}),
    ...(typeof value.at === "number" ? { recordedAt: value.at } : {}),
  };
};
