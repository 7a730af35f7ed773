import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { deadLetter, deadRecord } from "../../shared/ledger/dead-letters.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { asJson } from "../../shared/ledger/incident.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { resumeWriting, stopWriting } from "../../shared/ledger/kill-switch.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
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
