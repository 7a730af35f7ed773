import type { AccountId } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { Digest } from "../domain/plan.ts";
import type { Claim } from "../domain/trail-event.ts";
import type { Writer } from "../ports/cloud.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { openDeadLetters } from "./dead-letters.ts";
import type { EventInShort, Incident } from "./incident.ts";
import { asJson, claimDigest } from "./incident.ts";
import { openJournal } from "./journal.ts";
import { digestOf } from "./journal-entry.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import { changeOnRecord, openedOnRecord } from "./on-record.ts";
import { rows } from "./rows.ts";

export { rows } from "./rows.ts";

/** What became of one event. */
export type EventRecord = {
  readonly eventId: string;
  readonly outcome: string;
  readonly incidentId?: string;
  readonly at: number;
};

/**
 * What tells one event from another: an id alone may come twice, by mistake or by design. Two events that agree in all
 * but what they claim are two: `claim` is its digest, or is made of `claimed` where the whole event is at hand.
 */
export type EventKey = Pick<EventInShort, "eventId" | "operation" | "occurredAt" | "claim"> & {
  readonly requestId?: string;
  readonly about: string;
  readonly claimed?: Claim;
};

/** The last incident that wrote on a subject. */
export type LastOn = {
  readonly incidentId: string;
  readonly openedAt: number;
  /** When its last write was sent, by our clock. */
  readonly settledAt: number;
  /** When that write was seen to hold, by our clock. */
  readonly seenAt?: number;
  /** The same write by the cloud's clock, to the second, once its event has come. */
  readonly wroteAt?: number;
  readonly outcome: string;
  /** The state that it left the subject in. */
  readonly left: Digest;
};

export type OwnWrite = { readonly incidentId: string; readonly operation: string; readonly by: Writer };

/**
 * The record of every decision, on a StateStore and nothing else. What is decided goes into the journal first and into
 * its row after: a row without its entry does not exist, so that the two can be held against each other.
 */
export type Ledger = ReturnType<typeof openLedger>;

export const openLedger = (state: StateStore, clock: Clock, accountId: AccountId) => {
  const expiry = (kind: keyof typeof retentionSeconds) => ({
    expiresAt: Math.floor(clock.now() / 1000) + retentionSeconds[kind],
  });
  const key = (id: string): string => rowKey("incident", accountId, id);
  const journal = openJournal(state, clock, accountId);

  const eventKey = ({
    eventId,
    operation,
    occurredAt,
    about,
    claimed,
    claim = claimDigest(claimed),
  }: EventKey): string =>
    rowKey(
      "event",
      accountId,
      `${eventId}/${operation}/${occurredAt}/${about}${claim === undefined ? "" : `/${claim}`}`,
    );

  const eventRecord = async (event: EventKey): Promise<EventRecord | undefined> => {
    const row = await state.get(eventKey(event));
    return row === undefined ? undefined : (row.value as unknown as EventRecord);
  };

  /**
   * Marks an event as dealt with; the first record stands. `said` puts the decision itself on record. It is left out for
   * an event that has an incident: there the incident's own entries say it.
   */
  const settleEvent = async (event: EventKey, outcome: string, incidentId?: string, said?: string): Promise<void> => {
    const { eventId, requestId, operation, occurredAt, about } = event;
    const more = incidentId === undefined ? {} : { incidentId };
    const row = eventKey(event);
    const record: EventRecord = { eventId, outcome, ...more, at: clock.now() };
    const kept = asJson(record);
    if (said !== undefined)
      await journal.append({
        kind: "event",
        about,
        row,
        body: asJson({
          eventId,
          requestId,
          operation,
          occurredAt,
          outcome,
          ...more,
          because: said,
          state: digestOf(kept),
        }) as JsonObject,
      });
    await state.putIfAbsent(row, kept, expiry("event"));
  };

  const incident = async (id: string): Promise<Incident | undefined> => {
    const row = await state.get(key(id));
    return row === undefined ? undefined : (row.value as unknown as Incident);
  };

  /** Makes an intent durable before the cloud is touched. Opening the same incident twice changes nothing. */
  const open = async (opened: Incident): Promise<void> => {
    await journal.append(openedOnRecord(key(opened.id), opened));
    await state.putIfAbsent(key(opened.id), asJson(opened));
  };

  /**
   * Replaces an incident by what `change` makes of it. The holder of the subject's lease is its only writer; a lost race
   * is read again and tried anew, and the journal says so.
   */
  const update = async (id: string, change: (incident: Incident) => Incident): Promise<Incident> => {
    for (;;) {
      const row = await state.get(key(id));
      if (row === undefined) throw new Error(`incident \`${id}\` is not in the ledger`);
      const before = row.value as unknown as Incident;
      const next = change(before);
      const draft = changeOnRecord(key(id), before, next);
      if (draft === undefined) return next;
      const entry = await journal.append(draft);
      const swap = await state.compareAndSet(
        key(id),
        row.version,
        asJson(next),
        next.status === "settled" && (next.outcome?.kind !== "asked" || next.decided !== undefined)
          ? expiry("incident")
          : {},
      );
      if (swap.written) return next;
      await journal.append({
        kind: "not-kept",
        about: draft.about,
        row: key(id),
        body: { incidentId: id, seq: entry.seq },
      });
    }
  };

  /** Gives an intent up without an outcome, for a later one to take its place. Nothing was written in its name. */
  const abandon = async (id: string, because: string): Promise<void> => {
    await update(id, (incident) =>
      incident.status === "settled"
        ? incident
        : {
            ...incident,
            status: "settled",
            settledAt: clock.now(),
            outcome: { kind: "superseded" },
            abandoned: because,
          },
    );
  };

  /** Incidents, newest first: their ids are ordered by time. */
  const incidents = async (): Promise<readonly Incident[]> => {
    const all: Incident[] = [];
    for await (const row of rows(state, rowKey("incident", accountId, ""))) all.push(row.value as unknown as Incident);
    return all.reverse();
  };

  /** The newest settled incident that wrote on a subject, or took a write back: what explains a later state. */
  const lastOn = async (subjectKey: string): Promise<LastOn | undefined> => {
    const row = await state.get(rowKey("last", accountId, subjectKey));
    return row === undefined ? undefined : (row.value as unknown as LastOn);
  };

  const noteLastOn = async (subjectKey: string, last: LastOn): Promise<void> => {
    const rowId = rowKey("last", accountId, subjectKey);
    for (;;) {
      const put = await state.putIfAbsent(rowId, asJson(last), expiry("event"));
      if (put.written || (put.row.value as unknown as LastOn).settledAt > last.settledAt) return;
      if ((await state.compareAndSet(rowId, put.row.version, asJson(last), expiry("event"))).written) return;
    }
  };

  /** Adds the cloud's time of its write to an incident that is still the last on its subject. */
  const noteWroteAt = async (subjectKey: string, incidentId: string, wroteAt: number): Promise<void> => {
    const rowId = rowKey("last", accountId, subjectKey);
    for (;;) {
      const row = await state.get(rowId);
      const last = row?.value as unknown as LastOn | undefined;
      if (row === undefined || last?.incidentId !== incidentId || last.wroteAt === wroteAt) return;
      if ((await state.compareAndSet(rowId, row.version, asJson({ ...last, wroteAt }), expiry("event"))).written)
        return;
    }
  };

  const noteOwnWrite = async (requestId: string, write: OwnWrite): Promise<void> => {
    const { incidentId, operation, by } = write;
    const row = rowKey("ours", accountId, requestId);
    const subject = (await incident(incidentId))?.subject;
    const about = subject === undefined ? `incident/${incidentId}` : subjectKey(subject);
    await journal.append({
      kind: "own-write",
      about,
      row,
      body: asJson({ requestId, incidentId, operation, by, state: digestOf(asJson(write)) }) as JsonObject,
    });
    await state.putIfAbsent(row, asJson(write), expiry("ours"));
  };

  const ownWrite = async (requestId: string): Promise<OwnWrite | undefined> => {
    const row = await state.get(rowKey("ours", accountId, requestId));
    return row === undefined ? undefined : (row.value as unknown as OwnWrite);
  };

  return {
    accountId,
    eventRecord,
    settleEvent,
    incident,
    open,
    update,
    abandon,
    incidents,
    lastOn,
    noteLastOn,
    noteWroteAt,
    noteOwnWrite,
    ownWrite,
    /** Puts on record what none of the above says: an exemption, the switch that stops all writing. */
    record: journal.append,
    ...openDeadLetters(state, clock, accountId, journal),
  };
};
