import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { type StateStore, StoreUnavailable } from "../../shared/ports/state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { stateStoreContract } from "../ports/state-store-contract.ts";
import { anyCommands } from "../ports/state-store-model.ts";

const folder = mkdtempSync(join(tmpdir(), "ram-warden-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const freshPath = (): string => {
  files += 1;
  return join(folder, `${files}.sqlite`);
};

stateStoreContract("a SQLite file", async (clock) => {
  const path = freshPath();
  const opened: ReturnType<typeof openSqliteStateStore>[] = [];
  return {
    handle: () => {
      const store = openSqliteStateStore(path, clock);
      opened.push(store);
      return store;
    },
    spoil: (key, text) => {
      const raw = new Database(path);
      raw.prepare("UPDATE rows SET value = ? WHERE key = ?").run([text, Buffer.from(key)]);
      raw.close();
    },
    close: () => {
      for (const store of opened) store.close();
    },
  };
});

stateStoreContract("SQLite in memory", async (clock) => {
  const store = openSqliteStateStore(":memory:", clock);
  return { handle: () => store, close: () => store.close() };
});

/** Chance that a seed fixes, so that a failure can be repeated. */
const chances = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/**
 * A handle of which some calls go wrong. `locked`: another connection holds the file's lock for longer than we wait.
 * `lost`: the call is done, and its caller never learns.
 */
const withFaults = (
  store: StateStore,
  rival: Database.Database,
  next: () => "locked" | "lost" | undefined,
): StateStore => {
  const through =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Promise<Answer>, writes: boolean) =>
    async (...given: Given): Promise<Answer> => {
      const fault = next();
      if (fault === "locked") rival.exec("BEGIN IMMEDIATE");
      try {
        const answer = await call(...given);
        if (fault === "locked" && writes) throw new Error("a write got past the lock");
        if (fault === "lost") throw new StoreUnavailable("the answer was lost");
        return answer;
      } finally {
        if (fault === "locked") rival.exec("ROLLBACK");
      }
    };
  return {
    get: through(store.get, false),
    list: through(store.list, false),
    putIfAbsent: through(store.putIfAbsent, true),
    compareAndSet: through(store.compareAndSet, true),
    delete: through(store.delete, true),
  };
};

/** Takes the file's lock again and again, for some milliseconds each, as a busy process would. */
const lockHolder = `
const { parentPort, workerData } = require("node:worker_threads");
const Database = require(workerData.libsql);
const flag = new Int32Array(workerData.stop);
const database = new Database(workerData.path, { timeout: 10_000 });
let state = 20_261_125;
const chance = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
parentPort.postMessage("ready");
while (Atomics.load(flag, 0) === 0) {
  database.exec("BEGIN IMMEDIATE");
  Atomics.wait(flag, 0, 0, 1 + chance() * 4);
  database.exec(chance() < 0.5 ? "COMMIT" : "ROLLBACK");
  Atomics.wait(flag, 0, 0, 1 + chance() * 8);
}
database.close();
`;

stateStoreContract(
  "a SQLite file whose lock somebody else keeps taking",
  async (clock) => {
    const path = freshPath();
    const opened: ReturnType<typeof openSqliteStateStore>[] = [];
    const handle = (): StateStore => {
      const store = openSqliteStateStore(path, clock);
      opened.push(store);
      return store;
    };
    handle();
    const stop = new SharedArrayBuffer(4);
    const libsql = createRequire(import.meta.url).resolve("libsql");
    const holder = new Worker(lockHolder, { eval: true, workerData: { path, stop, libsql } });
    await once(holder, "message");
    return {
      handle,
      close: async () => {
        Atomics.store(new Int32Array(stop), 0, 1);
        await once(holder, "exit");
        for (const store of opened) store.close();
      },
    };
  },
  { modelRuns: 10 },
);

test("a SQLite file with one call in five failing is what was there before or what the call makes, whatever the calls", async () => {
  await fc.assert(
    fc.asyncProperty(anyCommands(30), fc.integer({ min: 1, max: 2 ** 31 }), async (commands, seed) => {
      const clock = manualClock();
      const path = freshPath();
      const store = openSqliteStateStore(path, clock, { busyMs: 1 });
      const rival = new Database(path);
      const chance = chances(seed);
      let healthy = false;
      const faulty = withFaults(store, rival, () => {
        if (healthy || chance() >= 0.2) return undefined;
        return chance() < 0.5 ? "locked" : "lost";
      });
      // The truth is looked up without a fault; the faults go on with the next command.
      const asked: StateStore = {
        ...faulty,
        // Whether a row that is expired from the start was written, nobody can see: there a lost answer stays open.
        putIfAbsent: (key, value, expiry) =>
          (expiry?.expiresAt ?? Number.POSITIVE_INFINITY) * 1000 <= clock.now()
            ? store.putIfAbsent(key, value, expiry)
            : faulty.putIfAbsent(key, value, expiry),
        get: (key) => {
          const call = healthy ? store.get(key) : faulty.get(key);
          healthy = false;
          return call;
        },
      };
      const settle = (): void => {
        healthy = true;
      };
      try {
        await fc.asyncModelRun(
          () => ({ model: { rows: new Map(), now: clock.now() }, real: { store: asked, clock, settle } }),
          commands,
        );
      } finally {
        rival.close();
        store.close();
      }
    }),
    { numRuns: 60 },
  );
});

describe("processes on one file", () => {
  const writer = fileURLToPath(new URL("write-rows.ts", import.meta.url));

  /** Runs a writer until it has acknowledged `rows` rows, kills it, and gives the last one that it acknowledged. */
  const writeUntilKilled = (path: string, name: string, rows: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ["--import", "tsx", writer, path, name], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let out = "";
      let errors = "";
      child.stderr.on("data", (chunk) => {
        errors += String(chunk);
      });
      child.stdout.on("data", (chunk) => {
        out += String(chunk);
        if (out.split("\n").length > rows) child.kill("SIGKILL");
      });
      child.on("close", (_code, signal) => {
        // The last piece is a line that was cut by the kill, or empty.
        const acknowledged = out.split("\n").slice(0, -1);
        if (signal === "SIGKILL") resolve(Number(acknowledged.at(-1)));
        else reject(new Error(`the writer ended by itself: ${errors}`));
      });
    });

  test("every acknowledged write of killed writers is there, and the file still works", async () => {
    const path = freshPath();
    const last = await Promise.all([
      writeUntilKilled(path, "1", 40),
      writeUntilKilled(path, "2", 90),
      writeUntilKilled(path, "3", 65),
    ]);
    const store = openSqliteStateStore(path, systemClock);
    try {
      for (const [index, acknowledged] of last.entries()) {
        const name = String(index + 1);
        const { rows } = await store.list(`row/${name}/`, { limit: 100_000 });
        expect(rows.length).toBeGreaterThan(acknowledged);
        expect(rows.map((row) => row.value)).toEqual(rows.map((_, at) => ({ index: at, filler: "x".repeat(300) })));
        const count = await store.get(`count/1/${name}`);
        expect(count?.value).toBeGreaterThanOrEqual(acknowledged + 1);
        expect(count?.version).toBe(Number(count?.value) + 1);
      }
      expect(await store.putIfAbsent("row/1/after", 1)).toEqual({ written: true, version: 1 });
    } finally {
      store.close();
    }
  });

  test("a writer waits for another's lock, and says so when it never ends", async () => {
    const path = freshPath();
    const store = openSqliteStateStore(path, systemClock);
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    const child = spawn(process.execPath, ["--import", "tsx", writer, path, "w"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const acknowledged: string[] = [];
    child.stdout.on("data", (chunk) => acknowledged.push(String(chunk)));
    // Readers are not held up by a writer.
    expect(await store.get("count/1/w")).toBeUndefined();
    expect(acknowledged).toEqual([]);
    other.exec("ROLLBACK");
    other.close();
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGKILL");
    expect(await store.get("count/1/w")).toBeDefined();
    store.close();
  });
});

test("a lock that never ends is given up, and nothing is written", async () => {
  const path = freshPath();
  const store = openSqliteStateStore(path, manualClock(), { busyMs: 40 });
  await store.putIfAbsent("k/1/a", 1);
  const other = new Database(path);
  other.exec("BEGIN IMMEDIATE");
  const from = performance.now();
  await expect(store.putIfAbsent("k/1/b", 1)).rejects.toThrow(/^the local state store failed with `SQLITE_BUSY/);
  await expect(store.compareAndSet("k/1/a", 1, 2)).rejects.toThrow(StoreUnavailable);
  await expect(store.delete("k/1/a", 1)).rejects.toThrow(StoreUnavailable);
  // Not many times over: each waits once by its own and once by SQLite's waiting.
  expect(performance.now() - from).toBeLessThan(5_000);
  other.exec("ROLLBACK");
  expect(await store.get("k/1/a")).toMatchObject({ value: 1, version: 1 });
  expect(await store.get("k/1/b")).toBeUndefined();
  // And once it is over, each write is done when it says so, and holds no lock.
  expect(await store.compareAndSet("k/1/a", 1, 2)).toEqual({ written: true, version: 2 });
  for (const work of ["BEGIN IMMEDIATE", "ROLLBACK"]) other.exec(work);
  expect(await store.delete("k/1/a", 2)).toBe(true);
  for (const work of ["BEGIN IMMEDIATE", "ROLLBACK"]) other.exec(work);
  other.close();
  store.close();
});

test("the file and its side files are closed to others", async () => {
  const path = join(folder, "made", "for", "it", "state.sqlite");
  const store = openSqliteStateStore(path, manualClock());
  await store.putIfAbsent("k/1/a", 1);
  for (const suffix of ["", "-wal", "-shm"]) expect(statSync(path + suffix).mode & 0o077).toBe(0);
  store.close();
});

test("a file that is no database, or of a later form, is refused without its path", () => {
  const garbage = freshPath();
  writeFileSync(garbage, "not a database, but long enough to be read as one".repeat(50));
  expect(() => openSqliteStateStore(garbage, manualClock())).toThrow(StoreUnavailable);
  expect(() => openSqliteStateStore(garbage, manualClock())).not.toThrow(folder);
  expect(() => openSqliteStateStore(join(garbage, "below"), manualClock())).toThrow(StoreUnavailable);

  const later = freshPath();
  const database = new Database(later);
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(() => openSqliteStateStore(later, manualClock())).toThrow("form `99`");
});

test("rows that expired long ago are dropped when the file is opened, others stay", async () => {
  const path = freshPath();
  const clock = manualClock();
  const first = openSqliteStateStore(path, clock);
  await first.putIfAbsent("k/1/short", 1, { expiresAt: clock.now() / 1000 + 60 });
  await first.putIfAbsent("k/1/kept", 1);
  first.close();
  clock.advance(40 * 86_400_000);
  openSqliteStateStore(path, clock).close();
  const raw = new Database(path);
  expect(raw.prepare("SELECT count(*) AS n FROM rows").get([])).toMatchObject({ n: 1 });
  raw.close();
});

/** Runs as somebody whom permissions bind: root may write anywhere. */
const asAnybody = async (work: () => Promise<void>): Promise<void> => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

describe("opened to look", () => {
  const suffixes = ["", "-wal", "-shm"];

  test("rows are read beside somebody who writes, and nothing is written", async () => {
    const path = freshPath();
    const clock = manualClock();
    const writer = openSqliteStateStore(path, clock);
    await writer.putIfAbsent("k/1/a", 1);
    const reader = openSqliteStateStore(path, clock, { toLook: true });
    await writer.putIfAbsent("k/1/b", 2);
    expect((await reader.list("k/1/", { limit: 9 })).rows.map(({ value }) => value)).toEqual([1, 2]);
    await expect(reader.putIfAbsent("k/1/c", 3)).rejects.toThrow("SQLITE_READONLY");
    await expect(reader.delete("k/1/a", 1)).rejects.toThrow(StoreUnavailable);
    expect((await writer.list("k/1/", { limit: 9 })).rows).toHaveLength(2);
    reader.close();
    writer.close();
  });

  test.each([
    ["with all of its side files", suffixes],
    ["with its log alone", ["", "-wal"]],
    ["without side files", [""]],
  ])("a copy that may only be read, in a folder of which the same is true, %s, is read", async (_, copied) => {
    const path = freshPath();
    const clock = manualClock();
    const writer = openSqliteStateStore(path, clock);
    await writer.putIfAbsent("k/1/a", 1);
    // Without its log a copy has what was brought over before.
    const raw = new Database(path);
    raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    if (copied.length > 1) await writer.putIfAbsent("k/1/b", 2);
    const copy = join(folder, `copy-${copied.length}`);
    mkdirSync(copy);
    for (const suffix of copied) {
      copyFileSync(path + suffix, join(copy, `s.sqlite${suffix}`));
      chmodSync(join(copy, `s.sqlite${suffix}`), 0o444);
    }
    chmodSync(copy, 0o555);
    chmodSync(folder, 0o755);
    raw.close();
    writer.close();
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith("ram-warden-state-")).length;
    const [before, bytes] = [temporary(), readFileSync(join(copy, "s.sqlite"))];
    await asAnybody(async () => {
      expect(() => openSqliteStateStore(join(copy, "s.sqlite"), clock)).toThrow(StoreUnavailable);
      const reader = openSqliteStateStore(join(copy, "s.sqlite"), clock, { toLook: true });
      expect((await reader.list("k/1/", { limit: 9 })).rows.map(({ value }) => value)).toEqual(
        copied.length > 1 ? [1, 2] : [1],
      );
      await expect(reader.putIfAbsent("k/1/c", 3)).rejects.toThrow(StoreUnavailable);
      reader.close();
    });
    expect(temporary()).toBe(before);
    expect(readdirSync(copy)).toHaveLength(copied.length);
    expect(readFileSync(join(copy, "s.sqlite")).equals(bytes)).toBe(true);
    chmodSync(copy, 0o755);
  });

  test("a file that is not there is not made, and one that holds no state of ours is refused as it is", () => {
    const absent = join(folder, "nowhere", "state.sqlite");
    expect(() => openSqliteStateStore(absent, manualClock(), { toLook: true })).toThrow("ENOENT");
    expect(existsSync(join(folder, "nowhere"))).toBe(false);

    const empty = freshPath();
    writeFileSync(empty, "");
    expect(() => openSqliteStateStore(empty, manualClock(), { toLook: true })).toThrow("no state of RAM Warden");
    expect(statSync(empty).size).toBe(0);

    const another = freshPath();
    const database = new Database(another);
    database.exec("CREATE TABLE other (a)");
    database.close();
    for (const toLook of [true, false])
      expect(() => openSqliteStateStore(another, manualClock(), { toLook })).toThrow("no state of RAM Warden");
  });
});
