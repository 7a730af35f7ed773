import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import type { Digest } from "../domain/plan.ts";
import type { Claim, Refusal } from "../domain/trail-event.ts";
import type { Writer } from "../ports/cloud.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { EventInShort, Incident } from "./incident.ts";
import { asJson, claimDigest } from "./incident.ts";
import { retentionSeconds, rowKey } from "./keys.ts";

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
  readonly about: string;
  readonly claimed?: Claim;
};

/** The last incident that wrote on a subject. */
export type LastOn = {
  readonly incidentId: string;
  readonly openedAt: number;
  readonly settledAt: number;
  readonly outcome: string;
  /** The state that it left the subject in. */
  readonly left: Digest;
};

export type OwnWrite = { readonly incidentId: string; readonly operation: string; readonly by: Writer };

/** Of one payload's records that could not be understood, so many are kept whole. */
const refusalsKept = 20;

/** The record of every decision, on a StateStore and nothing else. */
export type Ledger = ReturnType<typeof openLedger>;

export const openLedger = (state: StateStore, clock: Clock, accountId: AccountId) => {
  const expiry = (kind: keyof typeof retentionSeconds) => ({
    expiresAt: Math.floor(clock.now() / 1000) + retentionSeconds[kind],
  });
  const key = (id: string): string => rowKey("incident", accountId, id);

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

  /** Marks an event as dealt with; the first record stands. */
  const settleEvent = async (event: EventKey, outcome: string, incidentId?: string): Promise<void> => {
    const record: EventRecord = {
      eventId: event.eventId,
      outcome,
      ...(incidentId === undefined ? {} : { incidentId }),
      at: clock.now(),
    };
    await state.putIfAbsent(eventKey(event), asJson(record), expiry("event"));
  };

  const incident = async (id: string): Promise<Incident | undefined> => {
    const row = await state.get(key(id));
    return row === undefined ? undefined : (row.value as unknown as Incident);
  };

  /** Makes an intent durable before the cloud is touched. Opening the same incident twice changes nothing. */
  const open = async (opened: Incident): Promise<void> => {
    await state.putIfAbsent(key(opened.id), asJson(opened));
  };

  /**
   * Replaces an incident by what `change` makes of it. The holder of the subject's lease is its only writer; a lost race
   * is read again and tried anew.
   */
  const update = async (id: string, change: (incident: Incident) => Incident): Promise<Incident> => {
    for (;;) {
      const row = await state.get(key(id));
      if (row === undefined) throw new Error(`incident \`${id}\` is not in the ledger`);
      const next = change(row.value as unknown as Incident);
      const swap = await state.compareAndSet(
        key(id),
        row.version,
        asJson(next),
        next.status === "settled" && (next.outcome?.kind !== "asked" || next.decided !== undefined)
          ? expiry("incident")
          : {},
      );
      if (swap.written) return next;
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

  const noteOwnWrite = async (requestId: string, write: OwnWrite): Promise<void> => {
    await state.putIfAbsent(rowKey("ours", accountId, requestId), asJson(write), expiry("ours"));
  };

  const ownWrite = async (requestId: string): Promise<OwnWrite | undefined> => {
    const row = await state.get(rowKey("ours", accountId, requestId));
    return row === undefined ? undefined : (row.value as unknown as OwnWrite);
  };

  /**
   * Keeps what could not be understood of one payload: how many records, and the first of them. Once per id, so that a
   * payload that comes again adds nothing, and in one row, so that junk does not keep the guard from its work.
   */
  const keepRefusals = async (id: string, refusals: readonly Refusal[]): Promise<void> => {
    await state.putIfAbsent(
      rowKey("refusal", accountId, id),
      asJson({ count: refusals.length, first: refusals.slice(0, refusalsKept), at: clock.now() }),
      expiry("refusal"),
    );
  };

  const refusals = async (): Promise<readonly Json[]> => {
    const all: Json[] = [];
    for await (const row of rows(state, rowKey("refusal", accountId, ""))) all.push(row.value);
    return all;
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
    noteOwnWrite,
    ownWrite,
    keepRefusals,
    refusals,
  };
};

/** Every row under a prefix, page by page. */
export async function* rows(state: StateStore, prefix: string) {
  let after: string | undefined;
  do {
    const page = await state.list(prefix, after === undefined ? { limit: 100 } : { after, limit: 100 });
    yield* page.rows;
    after = page.next;
  } while (after !== undefined);
}
