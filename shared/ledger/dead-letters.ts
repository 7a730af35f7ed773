import { createHash } from "node:crypto";
import type { AccountId } from "../domain/identity.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { redactForeign, withoutNamedSecrets } from "../domain/redact.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import type { Journal } from "./journal.ts";
import type { EntryKind } from "./journal-entry.ts";
import { digestOf } from "./journal-entry.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** One record that could not be handled. */
export type DeadRecord = {
  readonly where: string;
  readonly reason: string;
  /** `record` as it was received, or an `event` as it was taken in. */
  readonly form: "record" | "event";
  /** Absent where it is too large to be kept. Secrets are taken out. */
  readonly value?: Json;
  /** Whether something was taken out: then what it claims is not to be relied on. */
  readonly altered: boolean;
};

/** What could not be handled of one payload, kept until it is replayed or discarded. */
export type DeadLetter = {
  readonly id: string;
  readonly at: number;
  readonly cause: "not-understood" | "not-handled";
  /** How many records there were; those beyond what a row takes are counted alone. */
  readonly count: number;
  readonly records: readonly DeadRecord[];
  /** The incident that told of it, where there is one. */
  readonly incidentId?: string;
};

export type DeadLetterRow = { readonly letter: DeadLetter; readonly version: number };

/** A record's and a letter's JSON text: a letter stays well below what a row takes. */
const longestRecord = 131_072;
const longestLetter = 524_288;
const mostRecords = 1_000;

/** What is kept of a value: nothing where it is too large, too deep, or cannot be read at all. */
const keptOf = (received: unknown, clean: (value: Json) => Json): Pick<DeadRecord, "value" | "altered"> => {
  try {
    const text = JSON.stringify(received);
    if (text === undefined || text.length > longestRecord) return { altered: false };
    const whole = JSON.parse(text) as Json;
    const value = clean(whole);
    return { value, altered: digestOf(value) !== digestOf(whole) };
  } catch {
    return { altered: false };
  }
};

/** A record as received, whatever it is. */
export const deadRecord = (where: string, reason: string, received: unknown): DeadRecord => ({
  where,
  reason,
  form: "record",
  ...keptOf(received, redactForeign),
});

/** An event that was taken in and ended in a fault. */
export const deadEvent = (reason: string, event: Occasion): DeadRecord => ({
  where: `event ${event.eventId.slice(0, 200)}`,
  reason,
  form: "event",
  ...keptOf(event, withoutNamedSecrets),
});

const isWithin = (budget: number) => {
  let used = 0;
  return (record: DeadRecord): boolean => {
    used += JSON.stringify(record).length;
    return used <= budget;
  };
};

/** The letter of some records. Its id is the same for the same records, however often they come. */
export const deadLetter = (
  cause: DeadLetter["cause"],
  records: readonly DeadRecord[],
  at: number,
  incidentId?: string,
): DeadLetter => ({
  id: createHash("sha256")
    .update(JSON.stringify([cause, records.map(({ where, reason, value }) => value ?? [where, reason])]))
    .digest("hex")
    .slice(0, 32),
  at,
  cause,
  count: records.length,
  records: records.slice(0, mostRecords).filter(isWithin(longestLetter)),
  ...(incidentId === undefined ? {} : { incidentId }),
});

/** The list of what could not be handled, on a StateStore and the journal. */
export const openDeadLetters = (state: StateStore, clock: Clock, accountId: AccountId, journal: Journal) => {
  const keyOf = (id: string): string => rowKey("dead", accountId, id);

  const record = (kind: EntryKind, { id, cause, count, records, incidentId }: DeadLetter, more: JsonObject = {}) =>
    journal.append({
      kind,
      about: `dead/${id}`,
      row: keyOf(id),
      body: asJson({
        id,
        cause,
        count,
        incidentId,
        first: records.slice(0, 5).map(({ where, reason }) => ({ where, reason })),
        ...more,
      }) as JsonObject,
    });

  /** Puts a letter on the list, unless it is there; `tellFirst` runs before, so that it is told even when we die in between. */
  const keepDead = async (letter: DeadLetter, tellFirst: () => Promise<void>): Promise<boolean> => {
    if ((await state.get(keyOf(letter.id))) !== undefined) return false;
    await record("dead", letter, { state: digestOf(asJson(letter)) });
    await tellFirst();
    return (await state.putIfAbsent(keyOf(letter.id), asJson(letter))).written;
  };

  const deadLetterOf = async (id: string): Promise<DeadLetterRow | undefined> => {
    const row = await state.get(keyOf(id));
    return row === undefined ? undefined : { letter: row.value as unknown as DeadLetter, version: row.version };
  };

  /** All letters, oldest first. */
  const deadLetters = async (): Promise<readonly DeadLetterRow[]> => {
    const all: DeadLetterRow[] = [];
    for await (const { value, version } of rows(state, rowKey("dead", accountId, "")))
      all.push({ letter: value as unknown as DeadLetter, version });
    return all.sort((a, b) => a.letter.at - b.letter.at);
  };

  /** What a replay left of a letter: nothing, and it leaves the list, or the records that still cannot be handled. */
  const noteReplay = async ({ letter, version }: DeadLetterRow, left: readonly DeadRecord[], handled: number) => {
    const kept = letter.records.filter(({ value }) => value !== undefined).length;
    const missing = letter.count - kept;
    const next = asJson(handled > 0 ? { ...letter, records: left, count: left.length + missing } : letter);
    const isOver = left.length + missing === 0;
    await record("replayed", letter, {
      handled,
      left: left.length + missing,
      replayedAt: clock.now(),
      ...(isOver ? {} : { state: digestOf(next) }),
    });
    if (isOver) await state.delete(keyOf(letter.id), version);
    else if (handled > 0) await state.compareAndSet(keyOf(letter.id), version, next);
  };

  /** Takes a letter off the list without handling it: a person's decision, with who that was and why on record. */
  const discardDead = async (
    { letter, version }: DeadLetterRow,
    decided: { readonly by: string; readonly because: string },
  ): Promise<boolean> => {
    await record("discarded", letter, decided);
    return state.delete(keyOf(letter.id), version);
  };

  return { keepDead, deadLetterOf, deadLetters, noteReplay, discardDead };
};
