import fc from "fast-check";
import { expect, it } from "vitest";
import type { RoleTrust } from "../../shared/domain/subject.ts";
import { acceptBaseline, type Baseline, readBaseline } from "../../shared/ledger/baselines.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";

const trust = (description: string): RoleTrust => ({
  kind: "role-trust",
  roleName: "job",
  roleId: "1",
  document: "{}",
  description,
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
});
const fresh = () => openSqliteStateStore(":memory:", manualClock());
const baseline = (since: number, source: Baseline["source"] = "event"): Baseline => ({
  state: trust(`${source} ${since}`),
  since,
  source,
});

it("is the newest that was accepted, in whatever order they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 8 }),
      async (times) => {
        const state = fresh();
        for (const since of times) await acceptBaseline(state, "1", "job", baseline(since));
        const [newest, earlier] = [...times].sort((a, b) => b - a);
        // What was before a change of that time is known as well.
        const kept = await readBaseline(state, "1", "job");
        expect([kept?.since, kept?.earlier?.since]).toEqual([newest, earlier]);
        expect(kept?.earlier ?? {}).not.toHaveProperty("earlier");
        state.close();
      },
    ),
    { numRuns: 60 },
  );
});

it("is the same when they come at once", async () => {
  const state = fresh();
  await Promise.all([3, 9, 1, 7, 5].map((since) => acceptBaseline(state, "1", "job", baseline(since))));
  expect((await readBaseline(state, "1", "job"))?.since).toBe(9);
});

it("that was only seen gives way to one that was judged, and takes nobody's place", async () => {
  const state = fresh();
  const minute = 60_000;
  const accept = (minutes: number, source?: Baseline["source"]) =>
    acceptBaseline(state, "1", "job", baseline(minutes * minute, source));
  expect(await accept(50, "first-sight")).toBe(true);
  expect(await accept(90, "first-sight")).toBe(false);
  // A change that came long before the first sight is no news.
  expect(await accept(40)).toBe(false);
  expect(await accept(60)).toBe(true);
  expect(await accept(70, "undo")).toBe(true);
  expect(await readBaseline(state, "1", "job")).toMatchObject({ since: 70 * minute, source: "undo" });
  expect(await readBaseline(state, "2", "job")).toBeUndefined();
});

it("that was only seen is no newer than what was left so shortly before that the reading may not show it", async () => {
  const state = fresh();
  await acceptBaseline(state, "1", "job", baseline(1_000_300, "first-sight"));
  expect(await acceptBaseline(state, "1", "job", baseline(1_000_000, "remediation"))).toBe(true);
  const kept = await readBaseline(state, "1", "job");
  expect(kept).toMatchObject({ since: 1_000_000, source: "remediation" });
  // It came to be at no time that is known: nothing can be said to have been before it, or after.
  expect(kept).not.toHaveProperty("earlier");
});
