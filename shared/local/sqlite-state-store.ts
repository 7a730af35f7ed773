import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import {
  afterAllWith,
  expiryFromMs,
  expiryInMs,
  partsOfKey,
  partsOfPrefix,
  textOfValue,
  valueOfText,
} from "../ports/state-limits.ts";
import { type Row, type StateStore, StoreUnavailable } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";

/** How long a call waits for another process's lock, by its own and by SQLite's waiting. */
const patienceMs = 10_000;
const schemaVersion = 1;

/** Expired rows keep their version alive for this long, so that a late holder of one cannot write over its successor. */
const forgetAfterMs = 30 * 86_400_000;

type Stored = { readonly key: Buffer; readonly value: string; readonly version: number; readonly expires_ms: number };

/**
 * The StateStore of a machine of one's own: one SQLite file, which several processes may use at the same time.
 * A write is on the disk (write-ahead log, fsync at each commit) when its promise resolves.
 * `path` may be `:memory:`. The file is readable by its owner only; its folder is made where it is missing.
 * A call rejects with StoreUnavailable when another process keeps its lock for longer than `busyMs`, 10 s where absent.
 * Opened `toLook` it must be there, needs no right to write, nor does its folder, and refuses every write.
 */
export const openSqliteStateStore = (
  path: string,
  clock: Clock,
  { busyMs = patienceMs, toLook = false }: { readonly busyMs?: number; readonly toLook?: boolean } = {},
): StateStore & { readonly close: () => void } => {
  const { database, close } = reporting(() => (toLook ? openToLook(path, busyMs) : open(path, clock.now(), busyMs)));
  const statement = {
    one: database.prepare("SELECT key, value, version, expires_ms FROM rows WHERE key = ?"),
    put: database.prepare("INSERT OR REPLACE INTO rows (key, value, version, expires_ms) VALUES (?, ?, ?, ?)"),
    remove: database.prepare("DELETE FROM rows WHERE key = ? AND version = ? AND expires_ms > ?"),
    swap: database.prepare(
      "UPDATE rows SET value = ?, version = version + 1, expires_ms = ? WHERE key = ? AND version = ? AND expires_ms > ?",
    ),
    range: database.prepare(
      "SELECT key, value, version, expires_ms FROM rows WHERE key >= ? AND key > ? AND key < ? AND expires_ms > ? ORDER BY key LIMIT ?",
    ),
  };
  /**
   * Each write in a transaction of its own making: a prepared statement that meets a lock leaves the connection such that
   * its next write keeps the file's lock for ever (libsql 0.5.29).
   */
  const written = <Value>(work: () => Value): Value => reporting(() => inWriteTransaction(database, busyMs, work));
  const stored = (key: Buffer): Stored | undefined => statement.one.get([key]) as Stored | undefined;

  return {
    get: async (key) => {
      partsOfKey(key);
      const found = reporting(() => stored(Buffer.from(key)));
      return found === undefined || found.expires_ms <= clock.now() ? undefined : rowOf(found);
    },

    putIfAbsent: async (key, value, expiry) => {
      partsOfKey(key);
      const bytes = Buffer.from(key);
      const text = textOfValue(value);
      const expiresMs = expiryInMs(expiry?.expiresAt);
      return written(() => {
        const found = stored(bytes);
        if (found !== undefined && found.expires_ms > clock.now())
          return { written: false as const, row: rowOf(found) };
        const version = (found?.version ?? 0) + 1;
        statement.put.run([bytes, text, version, expiresMs]);
        return { written: true as const, version };
      });
    },

    compareAndSet: async (key, version, value, expiry) => {
      partsOfKey(key);
      const values = [textOfValue(value), expiryInMs(expiry?.expiresAt), Buffer.from(key), version];
      const { changes } = written(() => statement.swap.run([...values, clock.now()]));
      return changes === 1 ? { written: true, version: version + 1 } : { written: false };
    },

    delete: async (key, version) => {
      partsOfKey(key);
      return written(() => statement.remove.run([Buffer.from(key), version, clock.now()])).changes === 1;
    },

    list: async (prefix, { after, limit }) => {
      partsOfPrefix(prefix);
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new RangeError(`a page must have at least 1 row, got \`${limit}\``);
      // Every key has UTF-8 form, so 0xff is after all of them.
      const end = Buffer.from(afterAllWith(prefix) ?? [0xff]);
      const found = reporting(
        () =>
          statement.range.all([Buffer.from(prefix), Buffer.from(after ?? ""), end, clock.now(), limit + 1]) as Stored[],
      );
      const rows = found.slice(0, limit).map(rowOf);
      const last = rows.at(-1);
      return found.length > limit && last !== undefined ? { rows, next: last.key } : { rows };
    },

    close,
  };
};

type Opened = { readonly database: Database.Database; readonly close: () => void };

const open = (path: string, now: number, busyMs: number): Opened => {
  if (path !== ":memory:") {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its side files the permissions of the main one, so it is made here, closed to others.
    closeSync(openSync(path, "a", 0o600));
  }
  const database = new Database(path, { timeout: busyMs });
  try {
    // Going over to the write-ahead log does not wait for other openers, whatever the busy time-out says.
    patiently(busyMs, () => database.exec("PRAGMA journal_mode = WAL"));
    database.exec("PRAGMA synchronous = FULL");
    inWriteTransaction(database, busyMs, () => prepareSchema(database, now));
    return { database, close: () => void database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
};

/** What SQLite says of a file in write-ahead form beside which it may make no side files, where they are missing. */
const needsSideFiles = /^(SQLITE_CANTOPEN|SQLITE_READONLY|UNKNOWN_SQLITE_ERROR_1544$)/;

/** The file as it lies there; where only writing beside it would let it be read, a copy that is this process's own. */
const openToLook = (path: string, busyMs: number): Opened => {
  // What keeps from reading it is told here: libsql's own error has no code.
  closeSync(openSync(path, "r"));
  try {
    return checked(`${pathToFileURL(path).href}?mode=ro`, busyMs, () => undefined);
  } catch (error) {
    if (!needsSideFiles.test(codeOf(error))) throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), "ram-warden-state-"));
  const removed = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, "state.sqlite");
    copyFileSync(path, copy);
    // The newest rows may be in the log alone.
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return checked(`${pathToFileURL(copy).href}?mode=rw`, busyMs, removed);
  } catch (error) {
    removed();
    throw error;
  }
};

const checked = (address: string, busyMs: number, closed: () => void): Opened => {
  const database = new Database(address, { timeout: busyMs });
  try {
    if (formOf(database) === undefined) throw notOurs();
    database.exec("PRAGMA query_only = ON");
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    database,
    close: () => {
      database.close();
      closed();
    },
  };
};

const notOurs = () => new StoreUnavailable("the file holds no state of RAM Warden", "STATE_NONE");

/** The form of the state in a file, undefined where it holds none. */
const formOf = (database: Database.Database): number | undefined => {
  const { user_version: found } = database.prepare("PRAGMA user_version").get([]) as { user_version: number };
  if (found > schemaVersion)
    throw new StoreUnavailable(
      `the state file has form \`${found}\`, this version knows up to \`${schemaVersion}\``,
      "STATE_NEWER",
    );
  const table = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'rows'").get([]);
  return found === schemaVersion && table !== undefined ? found : undefined;
};

const prepareSchema = (database: Database.Database, now: number): void => {
  const found = formOf(database);
  if (found === undefined && database.prepare("SELECT name FROM sqlite_master LIMIT 1").get([]) !== undefined)
    throw notOurs();
  database.exec(
    "CREATE TABLE IF NOT EXISTS rows (key BLOB PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID",
  );
  database.prepare("DELETE FROM rows WHERE expires_ms < ?").run([now - forgetAfterMs]);
  if (found === undefined) database.exec(`PRAGMA user_version = ${schemaVersion}`);
};

/** Takes the write lock before it reads, so that what `work` saw is what it writes over. */
const inWriteTransaction = <Value>(database: Database.Database, busyMs: number, work: () => Value): Value => {
  patiently(busyMs, () => database.exec("BEGIN IMMEDIATE"));
  try {
    const value = work();
    database.exec("COMMIT");
    return value;
  } catch (error) {
    // SQLite has rolled back by itself after some errors; then there is nothing left to do.
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
};

/** SQLite's own waiting counts as well: a lock that never ends is given up after twice the time, not after hours. */
const patiently = (busyMs: number, work: () => void): void => {
  const pauseMs = 20;
  const until = performance.now() + busyMs;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!codeOf(error).startsWith("SQLITE_BUSY") || performance.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** SQLite's messages can name the file; only their code leaves here. */
const reporting = <Value>(work: () => Value): Value => {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === "" || error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`the local state store failed with \`${code}\``, code);
  }
};

const rowOf = ({ key, value, version, expires_ms }: Stored): Row => ({
  key: Buffer.from(key).toString("utf8"),
  value: valueOfText(value),
  version,
  ...expiryFromMs(expires_ms),
});
