import { afterEach, beforeEach, expect, test } from "vitest";
import { removeExpired } from "../../shared/aliyun/tablestore-expired.ts";
import { tablestoreStateStore } from "../../shared/aliyun/tablestore-state-store.ts";
import { createTables } from "../../shared/aliyun/tablestore-tables.ts";
import { type ManualClock, manualClock } from "../ports/manual-clock.ts";
import { type Fault, faults, standInCredentials, standInInstance, startTablestore } from "./tablestore-stand-in.ts";

let server: Awaited<ReturnType<typeof startTablestore>>;
let clock: ManualClock;
const options = (timeoutMs = 20_000) => ({
  endpoint: server.endpoint,
  instance: standInInstance,
  credentials: standInCredentials,
  table: "state",
  clock,
  timeoutMs,
  random: () => 0.5,
});
beforeEach(async () => {
  clock = manualClock();
  server = await startTablestore({ pageRows: 3 });
  expect(await createTables(options())).toEqual([]);
});
afterEach(() => server.close());

const day = 86_400_000;
const filled = async (): Promise<void> => {
  const state = tablestoreStateStore(options());
  const expiresAt = clock.now() / 1000 + 60;
  for (let n = 0; n < 7; n += 1) await state.putIfAbsent(`event/${n % 2}/${n}`, n, { expiresAt });
  await state.putIfAbsent("baseline/1/kept", "kept");
  await state.putIfAbsent("event/1/later", "later", { expiresAt: expiresAt + 10 * 86_400 });
};
const left = () => server.rowsOf("state").map(({ key }) => key.map(({ value }) => value).join("/"));

test("removes what expired a month ago, and nothing else", async () => {
  await filled();
  clock.advance(29 * day);
  expect(await removeExpired(options())).toEqual({ removed: 0 });
  clock.advance(2 * day);
  expect(await removeExpired(options())).toEqual({ removed: 7 });
  expect(left().sort()).toEqual(["baseline/1/kept", "event/1/later"]);
});

test("goes on where an earlier call ended", async () => {
  await filled();
  clock.advance(31 * day);
  let removed = 0;
  let next: Awaited<ReturnType<typeof removeExpired>>["next"];
  let calls = 0;
  do {
    const done = await removeExpired(options(), 2, next);
    removed += done.removed;
    // The sweep keeps the place in a row until its next tick.
    next = done.next === undefined ? undefined : JSON.parse(JSON.stringify(done.next));
    calls += 1;
  } while (next !== undefined);
  expect({ removed, left: left().length }).toEqual({ removed: 7, left: 2 });
  expect(calls).toBeGreaterThan(3);
});

test("leaves a row that was written anew between the look and the removal", async () => {
  await filled();
  clock.advance(31 * day);
  const state = tablestoreStateStore(options());
  let armed = true;
  server.misbehave((operation) => {
    if (operation === "DeleteRow" && armed) {
      armed = false;
      for (const [id, row] of server.table("state"))
        server.table("state").set(id, { ...row, cells: new Map([...row.cells, ["version", 9n]]) });
    }
    return undefined;
  });
  // The two of the first page were read before; the others have their new version by then, and are expired still.
  expect(await removeExpired(options())).toEqual({ removed: 5 });
  expect(left().sort()).toEqual(["baseline/1/kept", "event/0/0", "event/0/2", "event/1/later"]);
  expect(await state.get("baseline/1/kept")).toMatchObject({ value: "kept" });
});

test.each(faults)("`%s` does not keep it from its work", async (fault: Fault) => {
  await filled();
  clock.advance(31 * day);
  let armed = true;
  server.misbehave((operation) => {
    if (!armed || operation !== "DeleteRow") return undefined;
    armed = false;
    return fault;
  });
  await removeExpired(options(fault.startsWith("silent") || fault === "cut-within" ? 300 : 20_000));
  expect(left().sort()).toEqual(["baseline/1/kept", "event/1/later"]);
});
