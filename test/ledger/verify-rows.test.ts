import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../shared/domain/json.ts";
import { deadLetter, deadRecord } from "../../shared/ledger/dead-letters.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { asJson } from "../../shared/ledger/incident.ts";
import { openJournal } from "../../shared/ledger/journal.ts";
import type { Draft } from "../../shared/ledger/journal-entry.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { resumeWriting, stopWriting } from "../../shared/ledger/kill-switch.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { accountId, forge, mortal, newStore, type Store, verify } from "./journal-tools.ts";

const hourMs = 3_600_000;
const id = "01a00000-0000-7000-8000-000000000001";
const key = rowKey("incident", accountId, id);
const event = {
  eventId: "E-1",
  requestId: "R-1",
  operation: "Ram.CreateUser",
  occurredAt: 1,
  about: "user/alice",
} as const;

const opened = (): Incident => ({
  id,
  accountId,
  openedAt: 1,
  status: "intended",
  events: [{ eventId: event.eventId, requestId: event.requestId, operation: event.operation, occurredAt: 1 }],
  subject: { kind: "user", accountId, route: "Ram", userName: "alice" },
  findings: [],
  response: "alert",
  callsMade: [],
});

let store: Store;
beforeEach(() => {
  store = newStore();
});
const ledger = (state: StateStore = store.state) => openLedger(state, store.clock, accountId);
const flaws = async () => (await verify(store)).flaws;

/** An incident in three states, each an hour after the one before; answers its row in each. */
const threeStates = async () => {
  const states = [];
  const on = ledger();
  await on.open(opened());
  states.push((await store.state.get(key))?.value);
  store.clock.advance(hourMs);
  await on.update(id, (incident) => ({ ...incident, status: "writing" }));
  states.push((await store.state.get(key))?.value);
  store.clock.advance(hourMs);
  await on.update(id, (incident) => ({ ...incident, status: "settled", settledAt: 3, outcome: { kind: "alerted" } }));
  await on.settleEvent(event, "alerted", id);
  return states;
};

describe("the rows that work runs on", () => {
  it("are as their entries made them", async () => {
    await threeStates();
    expect(await flaws()).toEqual([]);
  });

  it("an incident that is set back to what it was is found", async () => {
    const [first] = await threeStates();
    await forge(store.state, key, first);
    expect(await flaws()).toMatchObject([{ row: key, kind: "set-back" }]);
  });

  it("an incident that is taken away is found, until its time is over", async () => {
    await threeStates();
    await forge(store.state, key, undefined);
    expect(await flaws()).toMatchObject([{ row: key, kind: "row-gone" }]);
    store.clock.advance(401 * 24 * hourMs);
    // Also where nothing happened since.
    expect((await verifyLedger(store.state, accountId, {}, store.clock.now())).flaws).toEqual([]);
    await ledger().settleEvent({ ...event, eventId: "E-2" }, "clear", undefined, "complies");
    expect(await flaws()).toEqual([]);
  });

  it("an event that is said to belong to an incident that knows nothing of it is found", async () => {
    await threeStates();
    const forged = rowKey("event", accountId, "E-9/Ram.CreateUser/9/user/mallory");
    await forge(store.state, forged, asJson({ eventId: "E-9", outcome: "clear", incidentId: id, at: 9 }));
    expect(await flaws()).toMatchObject([{ row: forged, kind: "row-without-entry" }]);
  });

  it("a dead letter that is taken away is found; one that was discarded is not missed", async () => {
    const on = ledger();
    const letter = (reason: string) => deadLetter("not-understood", [deadRecord("record 0", reason, { reason })], 1);
    const [taken, discarded] = [letter("no event"), letter("no name")];
    for (const one of [taken, discarded]) await on.keepDead(one, async () => undefined);
    const row = await on.deadLetterOf(discarded.id);
    if (row === undefined) throw new Error("not kept");
    await on.discardDead(row, { by: "user alice", because: "junk" });
    const gone = rowKey("dead", accountId, taken.id);
    await forge(store.state, gone, undefined);
    // Whoever died between an entry and its row leaves the same: the next delivery puts the row there.
    expect(await flaws()).toEqual([]);
    store.clock.advance(2 * hourMs);
    await on.settleEvent({ ...event, eventId: "E-2" }, "clear", undefined, "complies");
    expect(await flaws()).toMatchObject([{ row: gone, kind: "row-gone" }]);
  });

  it("writers that race, each of whom may die at any store call, leave nothing that looks forged", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ deathAt: fc.integer({ min: 1, max: 40 }), before: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.scheduler(),
        async (writers, scheduler) => {
          store = newStore();
          await ledger().open(opened());
          const work = writers.map(async ({ deathAt, before }, writer) => {
            const turn = scheduler.scheduleFunction(async () => undefined);
            const own = ledger(mortal(store.state, turn, deathAt, before ? "before" : "after"));
            try {
              for (let step = 0; step < 3; step += 1)
                await own.update(id, (now) => ({ ...now, note: `${now.note ?? ""}${writer}` }));
              await own.settleEvent({ ...event, eventId: `E-${writer}` }, "clear", undefined, "complies");
            } catch (error) {
              if (!(error instanceof StoreUnavailable)) throw error;
            }
          });
          await scheduler.waitFor(Promise.all(work));
          store.clock.advance(2 * hourMs);
          await ledger().settleEvent({ ...event, eventId: "E-last" }, "clear", undefined, "complies");
          expect(await flaws()).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the switch that stops all writing", () => {
  const row = rowKey("switch", accountId, "writing");
  const stop = () => stopWriting(store.state, ledger(), { by: "alice", because: "maintenance", at: store.clock.now() });
  /** Something else is put on record, an hour and a half later. */
  const later = async () => {
    store.clock.advance(1.5 * hourMs);
    await threeStates();
  };
  const takeAway = async () => {
    const { version = 0 } = (await store.state.get(row)) ?? {};
    await store.state.delete(row, version);
  };

  it("is as its entries say, on and off", async () => {
    await stop();
    await later();
    expect(await flaws()).toEqual([]);
    await resumeWriting(store.state, ledger(), "alice");
    store.clock.advance(1.5 * hourMs);
    await stop();
    expect(await flaws()).toEqual([]);
    await resumeWriting(store.state, ledger(), "alice");
    expect(await flaws()).toEqual([]);
  });

  it("is missed where somebody took it away by hand", async () => {
    await stop();
    await takeAway();
    expect(await flaws()).toEqual([]);
    await later();
    expect(await flaws()).toMatchObject([{ row, kind: "row-gone" }]);
  });

  it("is found where somebody put it there by hand", async () => {
    await threeStates();
    await store.state.putIfAbsent(row, { by: "alice", because: "x", at: 1 });
    expect(await flaws()).toMatchObject([{ row, kind: "row-without-entry" }]);
  });
});

describe("rows that are written once", () => {
  const dayMs = 24 * hourMs;
  const clear = { ...event, eventId: "E-clear" };
  const stop = () => stopWriting(store.state, ledger(), { by: "alice", because: "audit", at: store.clock.now() });
  const letterOf = (reasons: readonly string[]) =>
    deadLetter(
      "not-understood",
      reasons.map((reason, at) => deadRecord(`record ${at}`, reason, { reason })),
      1,
    );
  const made = { call: { service: "Ram", operation: "UpdateRole", parameters: {} }, at: 2 } as const;
  const write = { incidentId: id, operation: "Ram.UpdateRole", by: { role: "acting", session: "s" } } as const;

  /** A write of ours as it is put on record: announced, its RequestId kept, and answered. */
  const ownWrite = async (requestId: string) => {
    const on = ledger();
    await on.open(opened());
    await on.update(id, (incident) => ({ ...incident, callsMade: [{ ...made, effect: "unknown" }] as never }));
    await on.noteOwnWrite(requestId, write as never);
    await on.update(id, (incident) => ({ ...incident, callsMade: [{ ...made, requestId, effect: "done" }] as never }));
  };
  /** One of each kind, and the one row of a kind. */
  const oneOfEach = async () => {
    await ledger().settleEvent(clear, "clear", undefined, "complies");
    await ownWrite("R-9");
    await ledger().keepDead(letterOf(["no event"]), async () => undefined);
    await stop();
  };
  const rowOf = async (kind: string) => {
    const [row] = (await store.state.list(rowKey(kind as "event", accountId, ""), { limit: 1 })).rows;
    if (row === undefined) throw new Error(`no row of ${kind}`);
    return row;
  };

  it.each([
    ["event", { outcome: "reverted" }],
    ["ours", { incidentId: "another" }],
    ["dead", { count: 0, records: [] }],
    ["switch", { by: "mallory" }],
  ] as const)("is found where it was edited: %s", async (kind, edit) => {
    await oneOfEach();
    expect(await flaws()).toEqual([]);
    const { key: row, value } = await rowOf(kind);
    await forge(store.state, row, { ...(value as object), ...edit } as Json);
    expect(await flaws()).toMatchObject([{ row, kind: "row-without-entry" }]);
    await forge(store.state, row, value);
    expect(await flaws()).toEqual([]);
  });

  it("of an event of an incident tells no other outcome than the incident's entries do", async () => {
    await threeStates();
    const { key: row, value } = await rowOf("event");
    await forge(store.state, row, { ...(value as object), outcome: "transient" } as Json);
    expect(await flaws()).toMatchObject([{ row, kind: "row-without-entry" }]);
  });

  it("a write of ours that is taken away is found, once its answer is on record, until its time is over", async () => {
    await ownWrite("R-9");
    const { key: row } = await rowOf("ours");
    await forge(store.state, row, undefined);
    expect(await flaws()).toMatchObject([{ row, kind: "row-gone" }]);
    store.clock.advance(100 * dayMs);
    await ledger().settleEvent(clear, "clear", undefined, "complies");
    expect(await flaws()).toEqual([]);
  });

  it("a write of ours whose holder died before its row was there is not missed", async () => {
    const on = ledger();
    await on.open(opened());
    await on.update(id, (incident) => ({ ...incident, callsMade: [{ ...made, effect: "unknown" }] as never }));
    await on.noteOwnWrite("R-9", write as never);
    await forge(store.state, (await rowOf("ours")).key, undefined);
    // Another finds it in the audit trail, and later when that was.
    const note = "seen in the audit trail";
    for (const more of [{}, { recordedAt: 3 }])
      await on.update(id, (incident) => ({
        ...incident,
        callsMade: [{ ...made, requestId: "R-9", note, ...more }] as never,
      }));
    store.clock.advance(30 * dayMs);
    await ledger().settleEvent(clear, "clear", undefined, "complies");
    expect(await flaws()).toEqual([]);
  });

  it("an event that is taken away is found a week later, until its time is over", async () => {
    await ledger().settleEvent(clear, "clear", undefined, "complies");
    const { key: row } = await rowOf("event");
    await forge(store.state, row, undefined);
    expect(await flaws()).toEqual([]);
    store.clock.advance(8 * dayMs);
    // Nobody has done anything since: so nobody may have come back to it.
    expect((await verifyLedger(store.state, accountId, {}, store.clock.now())).flaws).toEqual([]);
    await ledger().settleEvent(event, "clear", undefined, "complies");
    expect((await verifyLedger(store.state, accountId, {}, store.clock.now())).flaws).toMatchObject([
      { row, kind: "row-gone" },
    ]);
    store.clock.advance(92 * dayMs);
    expect((await verifyLedger(store.state, accountId, {}, store.clock.now())).flaws).toEqual([]);
  });

  it("an event whose first holder died with its entry alone is not missed where it became an incident's, or another row's", async () => {
    const on = ledger();
    await on.settleEvent(event, "clear", undefined, "complies");
    const { key: row } = await rowOf("event");
    await forge(store.state, row, undefined);
    // It comes again, and breaks a rule by now.
    await threeStates();
    await on.settleEvent(clear, "clear", undefined, "complies");
    await forge(store.state, rowKey("event", accountId, "E-clear/Ram.CreateUser/1/user/alice"), undefined);
    // It comes again under another name.
    await on.settleEvent({ ...clear, about: "user/alicia" }, "clear", undefined, "complies");
    store.clock.advance(30 * dayMs);
    expect((await verifyLedger(store.state, accountId, {}, store.clock.now())).flaws).toEqual([]);
  });

  it("a letter that was replayed in part is as the replay left it", async () => {
    const on = ledger();
    const letter = letterOf(["one", "two"]);
    await on.keepDead(letter, async () => undefined);
    const kept = await on.deadLetterOf(letter.id);
    if (kept === undefined) throw new Error("not kept");
    await on.noteReplay(kept, [], 0);
    const again = await on.deadLetterOf(letter.id);
    expect(again).toBeUndefined();
    const other = letterOf(["three", "four"]);
    await on.keepDead(other, async () => undefined);
    const [row] = await on.deadLetters();
    if (row === undefined) throw new Error("not kept");
    await on.noteReplay(row, other.records.slice(1), 1);
    expect(await flaws()).toEqual([]);
    const { key: of, value } = await rowOf("dead");
    expect(value).toMatchObject({ count: 1 });
    await forge(store.state, of, { ...(value as object), count: 7 } as Json);
    expect(await flaws()).toMatchObject([{ row: of, kind: "row-without-entry" }]);
  });

  it("is held to nothing where its entry is of a version that said no digest", async () => {
    const journal = openJournal(store.state, store.clock, accountId);
    const append = (kind: Draft["kind"], row: string, body: JsonObject) =>
      journal.append({ kind, about: "user/alice", row, body });
    await append("event", `event/${accountId}/E`, { eventId: "E", outcome: "clear" });
    await append("own-write", `ours/${accountId}/R`, { requestId: "R", incidentId: id });
    await append("dead", `dead/${accountId}/L`, { id: "L", count: 1 });
    await append("switch", `switch/${accountId}/writing`, { step: "stopped", by: "alice" });
    await store.state.putIfAbsent(`event/${accountId}/E`, { eventId: "E", outcome: "reverted" });
    await store.state.putIfAbsent(`dead/${accountId}/L`, { count: 3 });
    await store.state.putIfAbsent(`switch/${accountId}/writing`, { by: "bob" });
    store.clock.advance(30 * dayMs);
    await ledger().settleEvent(clear, "clear", undefined, "complies");
    expect(await flaws()).toEqual([]);
  });
});
