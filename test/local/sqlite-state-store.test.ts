import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { stateStoreContract } from "../ports/state-store-contract.ts";

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
    close: () => {
      for (const store of opened) store.close();
    },
  };
});

stateStoreContract("SQLite in memory", async (clock) => {
  const store = openSqliteStateStore(":memory:", clock);
  return { handle: () => store, close: () => store.close() };
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
