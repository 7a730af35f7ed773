import { beforeEach, expect, it } from "vitest";
import type { Occasion } from "../../shared/domain/trail-event.ts";
import { dropRecheck, dueRechecks, keepRecheck } from "../../shared/ledger/rechecks.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { memoryStateStore } from "../support/memory-state-store.ts";

const accountId = "1234567890123456";
let state: StateStore;
beforeEach(() => {
  state = memoryStateStore(manualClock());
});

const event = { eventId: "event-1", operation: "Ram.AttachPolicyToUser" } as unknown as Occasion;
const keep = (dueAt: number) => keepRecheck(state, accountId, "alice", event, dueAt);
const due = (now: number) => dueRechecks(state, accountId, now);

it("a look that is asked for while one is under way outlives that one", async () => {
  await keep(100);
  const [underWay] = await due(100);
  await keep(300);
  await dropRecheck(state, underWay as NonNullable<typeof underWay>);
  expect(await due(299)).toEqual([]);
  const [next] = await due(300);
  expect(next?.recheck).toEqual({ event, dueAt: 300 });
  await dropRecheck(state, next as NonNullable<typeof next>);
  expect(await due(1_000)).toEqual([]);
});

it("the later time counts, whichever was asked for first, and one row tells of it", async () => {
  await keep(300);
  await keep(100);
  expect(await due(299)).toEqual([]);
  expect(await due(300)).toHaveLength(1);
});
