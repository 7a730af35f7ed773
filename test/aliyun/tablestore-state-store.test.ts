import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TablestoreStateOptions, tablestoreStateStore } from "../../shared/aliyun/tablestore-state-store.ts";
import { createTables } from "../../shared/aliyun/tablestore-tables.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { Clock } from "../../shared/ports/world.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { stateStoreContract } from "../ports/state-store-contract.ts";
import type { Cell } from "./tablestore-plain-buffer.ts";
import { type Fault, faults, standInCredentials, standInInstance, startTablestore } from "./tablestore-stand-in.ts";

type Server = Awaited<ReturnType<typeof startTablestore>>;

const optionsFor = (server: Server, clock: Clock, table = "state"): TablestoreStateOptions => ({
  endpoint: server.endpoint,
  instance: standInInstance,
  credentials: standInCredentials,
  table,
  clock,
  // Long enough to tell a slow machine from a silent server in the tests without faults.
  timeoutMs: 20_000,
  random: () => 0.5,
});

let shared: Server;
let tables = 0;
beforeAll(async () => {
  shared = await startTablestore({ pageRows: 3 });
});
afterAll(() => shared.close());

const freshTable = async (server: Server, clock: Clock): Promise<string> => {
  tables += 1;
  expect(await createTables(optionsFor(server, clock, `state_${tables}`))).toEqual([]);
  return `state_${tables}`;
};

/** Changes the columns of a row behind the store's back. */
const changeCells = (table: string, key: string, change: (cells: Map<string, Cell>) => unknown): void => {
  for (const [id, row] of shared.table(table)) {
    if (row.key.map(({ value }) => value).join("/") !== key) continue;
    const cells = new Map(row.cells);
    change(cells);
    shared.table(table).set(id, { ...row, cells });
  }
};

stateStoreContract(
  "Tablestore",
  async (clock) => {
    const table = await freshTable(shared, clock);
    return {
      handle: () => tablestoreStateStore(optionsFor(shared, clock, table)),
      spoil: (key, text) => changeCells(table, key, (cells) => cells.set("value", text)),
      close: () => undefined,
    };
  },
  { modelRuns: 25 },
);

/** A small generator of chance that a seed fixes, so that a failure can be repeated. */
const chances = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

// Silence costs a time-out each, so those faults have their own tests below.
const quickFaults = faults.filter((fault) => !fault.startsWith("silent") && fault !== "cut-within");

stateStoreContract(
  "Tablestore with one request in five going wrong",
  async (clock) => {
    const server = await startTablestore({ pageRows: 3 });
    const table = await freshTable(server, clock);
    const chance = chances(20_261_122);
    server.misbehave(() => (chance() < 0.2 ? quickFaults[Math.floor(chance() * quickFaults.length)] : undefined));
    return {
      handle: () => tablestoreStateStore(optionsFor(server, clock, table)),
      settle: () => server.misbehave(() => undefined),
      close: () => server.close(),
    };
  },
  { modelRuns: 25, mayReject: true },
);

describe("one write and one fault", () => {
  const opened = async (timeoutMs = 20_000) => {
    const clock = manualClock();
    const server = await startTablestore();
    const table = await freshTable(server, clock);
    const store = tablestoreStateStore({ ...optionsFor(server, clock, table), timeoutMs });
    return { clock, server, table, store };
  };

  /** Lets the next request for `operation` go wrong, and only that one. */
  const once = (server: Server, operation: string, fault: Fault): void => {
    let armed = true;
    server.misbehave((asked) => {
      if (!armed || asked !== operation) return undefined;
      armed = false;
      return fault;
    });
  };

  const slow = (fault: Fault): boolean => fault.startsWith("silent") || fault === "cut-within";

  test.each(faults)("putIfAbsent after `%s` writes once and says so", async (fault) => {
    const { server, store } = await opened(slow(fault) ? 300 : 20_000);
    once(server, "PutRow", fault);
    expect(await store.putIfAbsent("lease/1/a", "x")).toEqual({ written: true, version: 1 });
    expect(await store.get("lease/1/a")).toMatchObject({ value: "x", version: 1 });
    await server.close();
  });

  test.each(faults)("compareAndSet after `%s` writes once and says so", async (fault) => {
    const { server, store } = await opened(slow(fault) ? 300 : 20_000);
    await store.putIfAbsent("lease/1/a", "x");
    once(server, "PutRow", fault);
    expect(await store.compareAndSet("lease/1/a", 1, "y")).toEqual({ written: true, version: 2 });
    expect(await store.get("lease/1/a")).toMatchObject({ value: "y", version: 2 });
    await server.close();
  });

  test.each(faults)("reading after `%s` reads", async (fault) => {
    const { server, store } = await opened(slow(fault) ? 300 : 20_000);
    await store.putIfAbsent("lease/1/a", "x");
    once(server, "GetRow", fault);
    expect(await store.get("lease/1/a")).toMatchObject({ value: "x" });
    once(server, "GetRange", fault);
    expect((await store.list("lease/1/", { limit: 5 })).rows).toHaveLength(1);
    await server.close();
  });

  test.each(faults)("delete after `%s` deletes, or says that it cannot tell", async (fault) => {
    const { server, store } = await opened(slow(fault) ? 300 : 20_000);
    await store.putIfAbsent("outbox/1/a", "x");
    once(server, "DeleteRow", fault);
    const done = fault.endsWith("after") || fault === "cut-within" || fault === "late";
    // A row that is gone may have been taken away by someone else: then nobody may claim it.
    if (done) await expect(store.delete("outbox/1/a", 1)).rejects.toThrow(StoreUnavailable);
    else expect(await store.delete("outbox/1/a", 1)).toBe(true);
    expect(await store.get("outbox/1/a")).toBeUndefined();
    await server.close();
  });

  test("a write that was lost to another's is not claimed", async () => {
    const { server, store, table, clock } = await opened();
    const other = tablestoreStateStore(optionsFor(server, clock, table));
    await store.putIfAbsent("lease/1/a", "start");
    // The request vanishes; before the row is looked at again, another holder writes.
    let armed = true;
    server.misbehave((operation) => {
      if (!armed || operation !== "PutRow") return undefined;
      armed = false;
      const [id, row] = [...server.table(table)][0] ?? [];
      if (id === undefined || row === undefined) throw new Error("no row");
      server.table(table).set(id, { ...row, cells: new Map([...row.cells, ["version", 2n], ["writer", "other"]]) });
      return "cut-before";
    });
    expect(await store.compareAndSet("lease/1/a", 1, "mine")).toEqual({ written: false });
    expect(await other.get("lease/1/a")).toMatchObject({ value: "start", version: 2 });
    await server.close();
  });

  test("a write that may have been written over is not claimed and not denied", async () => {
    const { server, store, table } = await opened();
    await store.putIfAbsent("lease/1/a", "start");
    let armed = true;
    server.misbehave((operation) => {
      if (operation === "GetRow" && armed) {
        armed = false;
        const [id, row] = [...server.table(table)][0] ?? [];
        if (id === undefined || row === undefined) throw new Error("no row");
        server.table(table).set(id, { ...row, cells: new Map([...row.cells, ["version", 3n], ["writer", "other"]]) });
      }
      return operation === "PutRow" && armed ? "cut-after" : undefined;
    });
    await expect(store.compareAndSet("lease/1/a", 1, "mine")).rejects.toThrow("may have been done");
    await server.close();
  });

  test("a server that stays busy is given up after a few growing pauses", async () => {
    const { server, store, clock } = await opened();
    server.misbehave(() => "busy");
    await expect(store.get("lease/1/a")).rejects.toThrow(
      "Tablestore refused with `OTSServerBusy`, request 0005-standin",
    );
    expect(clock.slept).toEqual([75, 150, 300, 600]);
    await server.close();
  });

  test("nobody there is StoreUnavailable, without the address", async () => {
    const { server, store } = await opened();
    await server.close();
    const port = server.endpoint.split(":").at(-1) ?? "";
    await expect(store.putIfAbsent("lease/1/a", 1)).rejects.toThrow(/^no connection: `ECONNREFUSED`$/);
    await expect(store.get("lease/1/a")).rejects.not.toThrow(port);
  });
});

describe("what the package does not do", () => {
  test("a refused signature is told at once, with code and request, without the secret", async () => {
    const clock = manualClock();
    const table = await freshTable(shared, clock);
    const credentials = { ...standInCredentials, accessKeySecret: "wrong-secret-value" };
    const store = tablestoreStateStore({ ...optionsFor(shared, clock, table), credentials });
    const calls = shared.calls.length;
    await expect(store.get("k/1/a")).rejects.toThrow(/^Tablestore refused with `OTSAuthFailed`, request 0005-standin$/);
    expect(shared.calls.length - calls).toBe(1);
  });

  test("only four operations are used", async () => {
    const clock = manualClock();
    const server = await startTablestore();
    const store = tablestoreStateStore(optionsFor(server, clock, await freshTable(server, clock)));
    await store.putIfAbsent("k/1/a", 1, { expiresAt: clock.now() / 1000 + 1 });
    clock.advance(5000);
    await store.putIfAbsent("k/1/a", 2);
    await store.compareAndSet("k/1/a", 2, 3);
    await store.list("k/1/", { limit: 1 });
    await store.delete("k/1/a", 3);
    const used = new Set(server.calls.filter((call) => !call.endsWith("Table")));
    expect([...used].sort()).toEqual(["DeleteRow", "GetRange", "GetRow", "PutRow"]);
    await server.close();
  });

  test("whole numbers are whole numbers in the table, up to the last safe one", async () => {
    const clock = manualClock();
    const table = await freshTable(shared, clock);
    await tablestoreStateStore(optionsFor(shared, clock, table)).putIfAbsent("k/1/a", 1);
    const [row] = shared.rowsOf(table);
    expect(row?.key).toEqual([
      { name: "pk", value: "k/1" },
      { name: "sk", value: "a" },
    ]);
    expect(row?.cells.get("version")).toBe(1n);
    expect(row?.cells.get("expires")).toBe(9_007_199_254_740_991n);
  });

  test("a row that lacks a column passes no condition", async () => {
    const clock = manualClock();
    const table = await freshTable(shared, clock);
    const store = tablestoreStateStore(optionsFor(shared, clock, table));
    await store.putIfAbsent("k/1/a", 1);
    changeCells(table, "k/1/a", (cells) => ["version", "expires", "writer"].forEach((name) => void cells.delete(name)));
    expect(await store.compareAndSet("k/1/a", 1, 2)).toEqual({ written: false });
    expect(await store.delete("k/1/a", 1)).toBe(false);
  });

  test.each<[string, (cells: Map<string, Cell>) => unknown]>([
    ["no version", (cells) => cells.delete("version")],
    ["a version that is a text", (cells) => cells.set("version", "one")],
    ["a version that no number holds", (cells) => cells.set("version", 2n ** 62n)],
    ["no expiry", (cells) => cells.delete("expires")],
    ["no writer", (cells) => cells.delete("writer")],
    ["a value that is a number", (cells) => cells.set("value", 7n)],
  ])("a row of %s is there as one of another form, and can be written over once", async (_, change) => {
    const clock = manualClock();
    const table = await freshTable(shared, clock);
    const store = tablestoreStateStore(optionsFor(shared, clock, table));
    for (const rest of ["a", "b", "c"]) await store.putIfAbsent(`lease/1/${rest}`, { n: 1 });
    changeCells(table, "lease/1/b", change);
    const odd = { key: "lease/1/b", value: "a row that this store has not written", version: 0 };
    expect(await store.get("lease/1/b")).toEqual(odd);
    expect(await store.putIfAbsent("lease/1/b", 2)).toEqual({ written: false, row: odd });
    expect((await store.list("lease/1/", { limit: 9 })).rows).toHaveLength(3);
    const both = await Promise.all([1, 2].map((n) => store.compareAndSet("lease/1/b", 0, n)));
    expect(both.filter(({ written }) => written)).toHaveLength(1);
    const version = (await store.get("lease/1/b"))?.version;
    expect(both).toContainEqual({ written: true, version });
    changeCells(table, "lease/1/b", change);
    expect([await store.delete("lease/1/b", 0), await store.delete("lease/1/b", 0)]).toEqual([true, false]);
  });

  test("an endpoint without TLS is refused, except on this machine", () => {
    const options = optionsFor(shared, manualClock());
    for (const endpoint of ["http://warden.cn-hangzhou.ots.aliyuncs.com", "nonsense", "http://127.0.0.1.evil.example"])
      expect(() => tablestoreStateStore({ ...options, endpoint })).toThrow("https");
    expect(() =>
      tablestoreStateStore({ ...options, endpoint: "https://warden.cn-hangzhou.ots.aliyuncs.com" }),
    ).not.toThrow();
  });

  test("the package's way of debugging is refused: it prints the session token", () => {
    const before = process.env.DEBUG;
    process.env.DEBUG = "aliyun";
    try {
      expect(() => tablestoreStateStore(optionsFor(shared, manualClock()))).toThrow("DEBUG=aliyun");
    } finally {
      if (before === undefined) delete process.env.DEBUG;
      else process.env.DEBUG = before;
    }
  });
});
