import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { isJsonObject } from "../domain/json.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { HeadRecord } from "./journal-entry.ts";
import { digestOf, recordIn } from "./journal-entry.ts";
import type { Flaw } from "./journal-verify.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** As much of an entry as rows and other entries are held against. */
export type Said = {
  readonly kind: string | undefined;
  /** Its place in its shard; that of the first writing where it was written again. */
  readonly seq: number;
  readonly at: number;
  readonly row: string | undefined;
  /** The digest of the row that it announces, and of the one that was to be replaced. */
  readonly state: string | undefined;
  readonly was: string | undefined;
  /** The incident that it is about, and the events that it names. */
  readonly incidentId: string | undefined;
  readonly events: readonly string[];
  /** The place of an entry that did not come to be, in the same shard. */
  readonly notKept: number | undefined;
  /** How many records of a dead letter a replay left. */
  readonly left: number | undefined;
  /** Whether the switch that stops all writing was put on or off; what happened to a call. */
  readonly step: string | undefined;
  /** The request and the one event that it speaks of. */
  readonly requestId: string | undefined;
  readonly eventId: string | undefined;
  /** The outcome of the incident that it is about. */
  readonly outcome: string | undefined;
  readonly record: HeadRecord | undefined;
};

const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

export const saidBy = (value: Json): Said => {
  const entry = isJsonObject(value) ? value : {};
  const body = isJsonObject(entry.body) ? entry.body : {};
  // One that was written again says what it said before.
  if (entry.kind === "carried" && isJsonObject(body.entry)) return saidBy(body.entry);
  const events = Array.isArray(body.events) ? body.events : [];
  return {
    kind: text(entry.kind),
    seq: number(entry.seq) ?? 0,
    at: number(entry.at) ?? 0,
    row: text(entry.row),
    state: text(body.state),
    was: text(body.was),
    incidentId: text(body.incidentId),
    events: events.flatMap((event) => text(isJsonObject(event) ? event.eventId : event) ?? []),
    notKept: entry.kind === "not-kept" ? number(body.seq) : undefined,
    left: number(body.left),
    step: text(body.step),
    requestId: text(body.requestId),
    eventId: text(body.eventId),
    outcome: isJsonObject(body.outcome) ? text(body.outcome.kind) : undefined,
    record: recordIn(value),
  };
};

/** A row as it stands: its digest, and the event, its outcome and the incident that it names where it is an event's. */
type Standing = {
  readonly digest: string;
  readonly eventId?: string;
  readonly outcome?: string;
  readonly incidentId?: string;
};

const kinds = ["incident", "event", "ours", "dead", "exemption", "switch"] as const;
type Kind = (typeof kinds)[number];

/** Kinds of which each state is announced by an entry that also says which one it replaces. */
const hasStates = (kind: Kind | undefined): boolean => kind === "incident" || kind === "exemption";

/** Whether an entry says what its row is to be, where the row is written once, or seldom changes. */
const announces = (kind: Kind | undefined, { kind: said, step, left }: Said): boolean => {
  switch (kind) {
    case "event":
      return said === "event";
    case "ours":
      return said === "own-write";
    case "dead":
      return said === "dead" || (said === "replayed" && left !== 0);
    case "switch":
      return step === "stopped";
    default:
      return false;
  }
};

/** Whether a row is as one of its entries announced it; so is any of which an entry of an earlier version says no digest. */
const isAsAnnounced = (kind: Kind | undefined, digest: string, mentions: readonly Said[]): boolean => {
  const announced = mentions.filter((mention) => announces(kind, mention));
  return announced.some(({ state }) => state === undefined || state === digest) || announced.length === 0;
};

const eventIn = (value: Json): Partial<Standing> => {
  const { eventId, outcome, incidentId } = isJsonObject(value) ? value : {};
  return {
    ...(typeof eventId === "string" ? { eventId } : {}),
    ...(typeof outcome === "string" ? { outcome } : {}),
    ...(typeof incidentId === "string" ? { incidentId } : {}),
  };
};

/** The rows that the journal speaks for, as they stand now. */
export const rowsNow = async (state: StateStore, accountId: AccountId): Promise<ReadonlyMap<string, Standing>> => {
  const standing = new Map<string, Standing>();
  for (const kind of kinds)
    for await (const { key, value } of rows(state, rowKey(kind, accountId, "")))
      standing.set(key, {
        digest: digestOf(value),
        ...(kind === "event" ? eventIn(value) : {}),
      });
  return standing;
};

/**
 * What is wrong with rows, by what the entries say of them. A row that seems to be gone or to have been set back is read
 * once more before that is said: others write while we read.
 */
export const flawsOfRows = async (
  state: StateStore,
  standing: ReadonlyMap<string, Standing>,
  said: readonly Said[],
  now: number,
): Promise<readonly Flaw[]> => {
  const about = mentionsByRow(said);
  const ofIncidents = new Set(said.flatMap(({ incidentId, events }) => events.map((id) => `${incidentId}/${id}`)));
  const outcomes = new Set(
    said.flatMap(({ incidentId, outcome }) => (outcome === undefined ? [] : `${incidentId}/${outcome}`)),
  );
  const latest = said.reduce((last, { at }) => Math.max(last, at), 0);
  const times: Times = { latest, now: Number.isFinite(now) ? Math.max(now, latest) : latest };
  const isProven = provenBy(said);
  const flaws: Flaw[] = [];
  for (const [row, { digest, eventId, outcome, incidentId }] of standing) {
    const mentions = about.get(row) ?? [];
    // An event of an incident is in the incident's own entries.
    const kind = kindOf(row);
    // What was granted before entries told the row has an entry, and no more.
    const isOld = kind === "exemption" && mentions.every(({ state: told }) => told === undefined);
    if (!hasStates(kind) || isOld) {
      // Of two that handled it, one may have died with its entry alone.
      const isOfIncident = ofIncidents.has(`${incidentId}/${eventId}`);
      const isAsSaid =
        (mentions.length > 0 && isAsAnnounced(kind, digest, mentions)) ||
        (isOfIncident && outcomes.has(`${incidentId}/${outcome}`));
      const because = mentions.length === 0 && !isOfIncident ? "no entry speaks of this row" : noSuchState(kind);
      if (!isAsSaid) flaws.push({ row, kind: "row-without-entry", because });
      continue;
    }
    const at = mentions.findLastIndex((mention) => mention.state === digest);
    if (at < 0) flaws.push({ row, kind: "row-without-entry", because: noSuchState(kind) });
    else if (wasAtOneOf(mentions, at + 1) && (await digestNow(state, row)) === digest)
      flaws.push({ row, kind: "set-back", because: "the row was more than this already, as its later entries say" });
  }
  for (const [row, mentions] of about)
    if (!standing.has(row) && isOwed(kindOf(row), mentions, times, isProven) && (await state.get(row)) === undefined)
      flaws.push({ row, kind: "row-gone", because: "its entries say that it is there, and it is not" });
  return flaws;
};

const names: { readonly [kind in Kind]: string } = {
  incident: "incident",
  event: "event",
  ours: "write of our own",
  dead: "dead letter",
  exemption: "exemption",
  switch: "switch",
};

const noSuchState = (kind: Kind | undefined): string =>
  `no entry says that this ${kind === undefined ? "row" : names[kind]} became what it is now`;

const kindOf = (row: string): Kind | undefined => kinds.find((kind) => row.startsWith(`${kind}/`));

const digestNow = async (state: StateStore, key: string): Promise<string | undefined> => {
  const row = await state.get(key);
  return row === undefined ? undefined : digestOf(row.value);
};

/** Entries by the row that they speak of, in the order of their first writing, without those that did not come to be. */
const mentionsByRow = (said: readonly Said[]): ReadonlyMap<string, readonly Said[]> => {
  const about = new Map<string, Said[]>();
  for (const one of said) {
    if (one.row === undefined) continue;
    const mentions = about.get(one.row);
    if (mentions === undefined) about.set(one.row, [one]);
    else mentions.push(one);
  }
  for (const [row, mentions] of about) {
    const lost = new Set(mentions.flatMap(({ notKept }) => notKept ?? []));
    about.set(
      row,
      mentions.filter(({ seq, notKept }) => notKept === undefined && !lost.has(seq)).sort((a, b) => a.seq - b.seq),
    );
  }
  return about;
};

/**
 * Whether a row surely was in one of the states that entries from a place on announce: a still later one set out from
 * there. That an entry alone is ahead of its row proves nothing, as its writer may have died in between.
 */
const wasAtOneOf = (mentions: readonly Said[], from: number): boolean => {
  const announced = new Set<string>();
  for (const { state, was } of mentions.slice(from)) {
    if (was !== undefined && announced.has(was)) return true;
    if (state !== undefined) announced.add(state);
  }
  return false;
};

/** A writer that died between an entry and its row is followed by another within this, milliseconds. */
const followedMs = 3_600_000;

/** The same for an event, which may be kept and tried again for days. */
const eventFollowedMs = 7 * 86_400_000;
/** What is about to expire may be gone by another's clock. */
const clocksDifferMs = 86_400_000;

/** Whether a later entry could only be written by one who had put the row of an entry there. */
type IsProven = (entry: Said) => boolean;

/**
 * An answer is put on record by its RequestId once its row is there, unless it was seen in the audit trail first. Of an
 * event nothing proves that its row was, but one whose writer died comes again; it is another row's where its subject bears
 * another name by then.
 */
const provenBy = (said: readonly Said[]): IsProven => {
  const idsOf = (wanted: string): ReadonlySet<string> =>
    new Set(said.flatMap(({ step, requestId }) => (step === wanted ? (requestId ?? []) : [])));
  const [answered, seen] = [idsOf("answered"), idsOf("seen")];
  const rowsOf = new Map<string, Set<string>>();
  for (const { eventId, row, events } of said)
    for (const id of eventId === undefined ? events : [eventId]) {
      const known = rowsOf.get(id) ?? new Set();
      rowsOf.set(id, known.add(row ?? ""));
    }
  return ({ kind, requestId, eventId }) =>
    kind === "own-write"
      ? answered.has(requestId ?? "") && !seen.has(requestId ?? "")
      : rowsOf.get(eventId ?? "")?.size === 1;
};

/** When the newest entry was written, by which others have gone on since; and the time itself, by which rows expire. */
type Times = { readonly latest: number; readonly now: number };

/** Whoever dies before a mark's row is there need not write it again: what it marks may have got through since. */
const isMark = ({ eventId = "" }: Said): boolean => /^(?:put off since|put off|not handled|replayed)\//.test(eventId);

/** Whether a row that is not there has to be. */
const isOwed = (
  kind: Kind | undefined,
  mentions: readonly Said[],
  { latest, now }: Times,
  isProven: IsProven,
): boolean => {
  const last = mentions.at(-1);
  if (last === undefined) return false;
  if (kind === "event" || kind === "ours") {
    // Entries of an earlier version say no digest, and are held to nothing.
    if (last.state === undefined || !isProven(last) || isMark(last)) return false;
    const isKept = now - last.at < retentionSeconds[kind] * 1_000 - clocksDifferMs;
    return isKept && (kind === "ours" || latest - last.at > eventFollowedMs);
  }
  if (kind === "dead") {
    const isOpen = last.kind === "dead" || (last.kind === "replayed" && (last.left ?? 0) > 0);
    return isOpen && latest - last.at > followedMs;
  }
  // Whoever died before it was off has told nobody that it is, and tries again.
  if (kind === "switch") return last.step === "stopped" && latest - last.at > followedMs;
  // What is closed goes when its time is over; by then its entries may be there still.
  return kind === "incident" && wasAtOneOf(mentions, 0) && now < last.at + retentionSeconds.incident * 1_000;
};
