import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { expiredLeases, releaseLease, stillHolds, takeLease, yieldLease } from "../../shared/ledger/lease.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { type ManualClock, manualClock } from "../ports/manual-clock.ts";

let clock: ManualClock;
let state: StateStore;
beforeEach(() => {
  clock = manualClock();
  state = openSqliteStateStore(":memory:", clock);
});

const take = (incidentId: string, leaseMs = 1_000) => takeLease(state, clock, "1", "subject", incidentId, leaseMs);
const taken = async (incidentId: string) => {
  const result = await take(incidentId);
  if (!result.taken) throw new Error(`${incidentId} did not get the lease`);
  return result;
};

it("is one holder's until it is let go", async () => {
  const { lease, left } = await taken("a");
  expect(left).toEqual([]);
  clock.advance(400);
  expect(await take("b")).toEqual({ taken: false, retryAfterMs: 600 });
  await releaseLease(state, lease);
  expect((await taken("b")).left).toEqual([]);
});

it("goes over when its time is up, with the name of whoever left it, and only once", async () => {
  const { lease } = await taken("a");
  clock.advance(1_000);
  const both = await Promise.all([take("b"), take("c")]);
  expect(both.filter((one) => one.taken)).toHaveLength(1);
  expect(both.flatMap((one) => (one.taken ? one.left : []))).toEqual(["a"]);
  expect(await stillHolds(state, clock, lease, 0)).toBe(false);
});

it("is held with so much to go, or not at all", async () => {
  const { lease } = await taken("a");
  expect(await stillHolds(state, clock, lease, 1_000)).toBe(true);
  clock.advance(1);
  expect(await stillHolds(state, clock, lease, 1_000)).toBe(false);
  expect(await stillHolds(state, clock, lease, 999)).toBe(true);
});

it("of a late holder is never taken for that of its successors", async () => {
  const { lease: late } = await taken("a");
  clock.advance(1_000);
  const { lease: second } = await taken("b");
  await releaseLease(state, second);
  const { lease: third } = await taken("c");
  expect(third.version).toBeGreaterThan(second.version);
  expect(await stillHolds(state, clock, late, 0)).toBe(false);
  await releaseLease(state, late);
  await yieldLease(state, clock, late);
  expect(await stillHolds(state, clock, third, 0)).toBe(true);
});

it("is not let go by a holder that was frozen while letting go of its own", async () => {
  let thaw = (): void => undefined;
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  const { lease } = await taken("a");
  const releasing = releaseLease(
    {
      ...state,
      compareAndSet: (...given) => frozen.then(() => state.compareAndSet(...given)),
      delete: (...given) => frozen.then(() => state.delete(...given)),
    },
    lease,
  );
  // It has read its row, and stands before the write.
  await Promise.resolve();
  clock.advance(1_001);
  const { lease: second } = await taken("b");
  await releaseLease(state, second);
  const { lease: third } = await taken("c");
  thaw();
  await releasing;
  expect(await stillHolds(state, clock, third, 0)).toBe(true);
  expect(await take("d")).toMatchObject({ taken: false });
});

it("that was let go is no lease any more, for nobody who looks, and its row is removed within days", async () => {
  clock.advance(400 * 86_400_000);
  const file = join(mkdtempSync(join(tmpdir(), "lease-")), "state.sqlite");
  const onDisk = openSqliteStateStore(file, clock);
  const held = await takeLease(onDisk, clock, "1", "subject", "a", 1_000);
  if (!held.taken) throw new Error("it is free");
  await releaseLease(onDisk, held.lease);
  expect(await onDisk.get(held.lease.key)).toBeUndefined();
  expect((await onDisk.list("lease/1/", { limit: 9 })).rows).toEqual([]);
  expect(await expiredLeases(onDisk, clock, "1")).toEqual([]);
  onDisk.close();
  const versionAfter = async (days: number): Promise<number> => {
    clock.advance(days * 86_400_000);
    const again = openSqliteStateStore(file, clock);
    const next = await takeLease(again, clock, "1", "subject", "b", 1_000);
    if (!next.taken) throw new Error("it is free");
    await releaseLease(again, next.lease);
    again.close();
    return next.lease.version;
  };
  expect(await versionAfter(0.5)).toBe(3);
  expect(await versionAfter(1.5)).toBe(1);
});

it("that is yielded is free at once and tells what is left", async () => {
  const { lease } = await taken("a");
  await yieldLease(state, clock, lease);
  const { lease: second, left } = await taken("b");
  expect(left).toEqual(["a"]);
  // Whoever fails in the middle of that leaves both.
  await yieldLease(state, clock, second);
  const { lease: third, left: both } = await taken("c");
  expect(both).toEqual(["b", "a"]);
  await releaseLease(state, third);
  expect((await taken("d")).left).toEqual([]);
});

it("remembers no more than it can bear", async () => {
  for (let holder = 0; holder < 30; holder += 1) {
    await taken(`holder ${holder}`);
    clock.advance(1_000);
  }
  const { left } = await taken("last");
  expect(left).toHaveLength(10);
  expect(left[0]).toBe("holder 29");
});
