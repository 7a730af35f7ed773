import { expect, test } from "vitest";
import { overlayOn } from "../../shared/local/overlay-state-store.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { stateStoreContract } from "../ports/state-store-contract.ts";

stateStoreContract("an overlay", async (clock) => {
  const base = openSqliteStateStore(":memory:", clock);
  const overlay = overlayOn(base, clock);
  return { handle: () => overlay, close: () => base.close() };
});

const filled = async () => {
  const clock = manualClock();
  const base = openSqliteStateStore(":memory:", clock);
  for (const name of ["a", "b", "c", "d"]) await base.putIfAbsent(`k/1/${name}`, name);
  return { base, overlay: overlayOn(base, clock) };
};
const namesIn = async (store: StateStore, limit = 100): Promise<readonly unknown[]> => {
  const names: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await store.list("k/1/", after === undefined ? { limit } : { after, limit });
    names.push(...page.rows.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined);
  return names;
};

test("what is beneath shows through until it is written over, and stays as it was", async () => {
  const { base, overlay } = await filled();
  expect(await overlay.get("k/1/a")).toEqual({ key: "k/1/a", value: "a", version: 1 });
  expect(await overlay.putIfAbsent("k/1/a", "other")).toMatchObject({ written: false });
  expect(await overlay.compareAndSet("k/1/a", 1, "A")).toEqual({ written: true, version: 2 });
  expect(await overlay.delete("k/1/b", 1)).toBe(true);
  expect(await overlay.putIfAbsent("k/1/bb", "new")).toEqual({ written: true, version: 1 });
  expect(await overlay.get("k/1/b")).toBeUndefined();

  expect(await namesIn(overlay)).toEqual(["A", "new", "c", "d"]);
  expect(await namesIn(base)).toEqual(["a", "b", "c", "d"]);
});

test("pages hold both what is beneath and what was written, in the order of keys", async () => {
  const { overlay } = await filled();
  await overlay.putIfAbsent("k/1/bb", "bb");
  await overlay.putIfAbsent("k/1/z", "z");
  await overlay.delete("k/1/c", 1);
  for (const limit of [1, 2, 3, 4, 5, 6]) expect(await namesIn(overlay, limit)).toEqual(["a", "b", "bb", "d", "z"]);
});

test("what changes beneath later shows through where nothing was written", async () => {
  const { base, overlay } = await filled();
  await overlay.compareAndSet("k/1/a", 1, "A");
  await base.compareAndSet("k/1/a", 1, "changed");
  await base.compareAndSet("k/1/b", 1, "changed");
  expect(await namesIn(overlay)).toEqual(["A", "changed", "c", "d"]);
});
