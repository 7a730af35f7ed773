import { randomUUID } from "node:crypto";
import TableStore, { type KeyValue, type PrimaryKey } from "tablestore";
import {
  afterAllWith,
  expiryInMs,
  type KeyParts,
  partsOfKey,
  partsOfPrefix,
  textOfValue,
} from "../ports/state-limits.ts";
import { type Row, type StateStore, StoreUnavailable } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { type Attempts, type Look, readAgain, writeOnce } from "./tablestore-attempts.ts";
import { openTablestore, type TablestoreOptions } from "./tablestore-client.ts";
import {
  columnsOf,
  isLive,
  primaryKey,
  rowOf,
  type StoredRow,
  storedRow,
  whereAbsent,
  whereAlien,
  whereStill,
} from "./tablestore-rows.ts";

export type TablestoreStateOptions = TablestoreOptions & {
  readonly table: string;
  readonly clock: Clock;
  /** Jitter of the pauses; `Math.random` where absent. */
  readonly random?: () => number;
};

/** Rows that change hands while we look at them are looked at again, this often. */
const mostRounds = 8;

/**
 * The StateStore of a deployed installation, on Tablestore: PutRow, GetRow, GetRange and DeleteRow, each write with a
 * condition. The table is made by a deploy step (`createTables`). Build one per invocation: credentials expire.
 */
export const tablestoreStateStore = (options: TablestoreStateOptions): StateStore => {
  const { table: tableName, clock } = options;
  const attempts: Attempts = { clock, random: options.random ?? Math.random };
  const call = openTablestore(options);

  const read = async (parts: KeyParts): Promise<StoredRow | undefined> => {
    const params = { tableName, primaryKey: primaryKey(parts), maxVersions: 1 };
    const { row } = await readAgain(attempts, () =>
      call<{ row: Parameters<typeof storedRow>[0] }>((client, callback) => client.getRow(params, callback)),
    );
    return storedRow(row);
  };

  const put = (
    parts: KeyParts,
    row: Omit<StoredRow, "key">,
    condition: object,
    look: (found: StoredRow | undefined) => Look,
  ): Promise<"written" | "refused"> => {
    const params = { tableName, condition, primaryKey: primaryKey(parts), attributeColumns: columnsOf(row) };
    return writeOnce(
      attempts,
      () => call<object>((client, callback) => client.putRow(params, callback)),
      async () => {
        const found = await read(parts);
        return found?.writer === row.writer ? "mine" : look(found);
      },
    );
  };

  /** Replaces the row in `version` by the next version, full row, under `condition`. */
  const replace = async (
    parts: KeyParts,
    version: number,
    row: { readonly text: string; readonly expiresMs: number },
    condition: object,
    stillPossible: (found: StoredRow) => boolean,
    next = version + 1,
  ): Promise<boolean> => {
    const written = await put(parts, { ...row, version: next, writer: randomUUID() }, condition, (found) => {
      if (found?.version === version) return stillPossible(found) ? "not-yet" : "lost";
      // A later version may have been written over ours, and a missing row may have been ours.
      return found?.version === next ? "lost" : "cannot-tell";
    });
    return written === "written";
  };

  /**
   * That a row is still in `version`, and live; and which version comes next. Version 0 is that of rows that this store has
   * not written: theirs are known by what they say of their version, so that what follows must say something else.
   */
  const still = async (parts: KeyParts, version: number): Promise<{ condition: object; next: number }> => {
    const alien = version === 0 ? (await read(parts))?.alien : undefined;
    if (alien === undefined) return { condition: whereStill(version, { liveAt: clock.now() }), next: version + 1 };
    const said = Number(alien.version ?? 0);
    return { condition: whereAlien(alien), next: Number.isSafeInteger(said) && said > 0 ? said + 1 : 1 };
  };

  return {
    get: async (key) => {
      const found = await read(partsOfKey(key));
      return isLive(found, clock.now()) ? rowOf(found) : undefined;
    },

    putIfAbsent: async (key, value, expiry) => {
      const parts = partsOfKey(key);
      const row = { text: textOfValue(value), expiresMs: expiryInMs(expiry?.expiresAt) };
      for (let round = 0; round < mostRounds; round += 1) {
        const fresh = { ...row, version: 1, writer: randomUUID() };
        const written = await put(parts, fresh, whereAbsent(), (found) => {
          if (found === undefined) return "not-yet";
          return found.version === 1 ? "lost" : "cannot-tell";
        });
        if (written === "written") return { written: true, version: 1 };
        const found = await read(parts);
        if (isLive(found, clock.now())) return { written: false, row: rowOf(found) };
        // Over an expired row versions go on, so that who held it cannot take the new row for the old one.
        if (found !== undefined) {
          const { version, writer } = found;
          const same = (seen: StoredRow): boolean => seen.writer === writer;
          if (await replace(parts, version, row, whereStill(version, { writer }), same))
            return { written: true, version: version + 1 };
        }
      }
      throw new StoreUnavailable(`a row of the state table kept changing in ${mostRounds} rounds`);
    },

    compareAndSet: async (key, version, value, expiry) => {
      const parts = partsOfKey(key);
      const row = { text: textOfValue(value), expiresMs: expiryInMs(expiry?.expiresAt) };
      const { condition, next } = await still(parts, version);
      const written = await replace(parts, version, row, condition, (found) => isLive(found, clock.now()), next);
      return written ? { written: true, version: next } : { written: false };
    },

    delete: async (key, version) => {
      const parts = partsOfKey(key);
      const params = {
        tableName,
        primaryKey: primaryKey(parts),
        condition: (await still(parts, version)).condition,
      };
      const written = await writeOnce(
        attempts,
        () => call<object>((client, callback) => client.deleteRow(params, callback)),
        async () => {
          const found = await read(parts);
          if (found?.version !== version) return "cannot-tell";
          return isLive(found, clock.now()) ? "not-yet" : "lost";
        },
      );
      return written === "written";
    },

    list: async (prefix, { after, limit }) => {
      const { partition, rest } = partsOfPrefix(prefix);
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new RangeError(`a page must have at least 1 row, got \`${limit}\``);
      const start = startOf(prefix, after);
      if (start === undefined) return { rows: [] };
      const rows: Row[] = [];
      let from: PrimaryKey = [{ pk: partition }, { sk: start.slice(partition.length + 1) }];
      const to: PrimaryKey = [{ pk: partition }, { sk: afterAllWith(rest) ?? TableStore.INF_MAX }];
      for (;;) {
        const params = {
          tableName,
          direction: TableStore.Direction.FORWARD,
          inclusiveStartPrimaryKey: from,
          exclusiveEndPrimaryKey: to,
          maxVersions: 1,
          limit: limit + 1,
        };
        const page = await readAgain(attempts, () =>
          call<RangePage>((client, callback) => client.getRange(params, callback)),
        );
        for (const found of page.rows.map(storedRow)) {
          if (!isLive(found, clock.now())) continue;
          const last = rows.at(-1);
          if (rows.length === limit && last !== undefined) return { rows, next: last.key };
          rows.push(rowOf(found));
        }
        if (page.nextStartPrimaryKey === null) return { rows };
        from = page.nextStartPrimaryKey.map(({ name, value }) => ({ [name]: value }));
      }
    },
  };
};

type RangePage = {
  readonly rows: readonly Parameters<typeof storedRow>[0][];
  readonly nextStartPrimaryKey: readonly { readonly name: string; readonly value: KeyValue }[] | null;
};

/** The first key that a page may hold; undefined where `after` is behind all keys with the prefix. */
const startOf = (prefix: string, after: string | undefined): string | undefined => {
  if (after === undefined || Buffer.from(after).compare(Buffer.from(prefix)) < 0) return prefix;
  // No text sorts between a text and the same text with NUL.
  return after.startsWith(prefix) ? `${after}\u0000` : undefined;
};
