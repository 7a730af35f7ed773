import TableStore, { type DecodedRow, type KeyValue, type PrimaryKey } from "tablestore";
import { readAgain } from "./tablestore-attempts.ts";
import { openTablestore, type TablestoreAnswer } from "./tablestore-client.ts";
import { whereExpired } from "./tablestore-rows.ts";
import type { TablestoreStateOptions } from "./tablestore-state-store.ts";

/** Expired rows keep their version alive for this long, so that a late holder of one cannot write over its successor. */
const forgetAfterMs = 30 * 86_400_000;

const pageRows = 500;

/** How many rows were surely removed by us, and where to go on: the table's end where it is absent. */
export type Removed = { readonly removed: number; readonly next?: PrimaryKey };

/**
 * Removes rows that expired long ago: the table's own time to live would take those that never expire as well. `most` is
 * how many rows are looked at; `from` is where an earlier call ended. Rejects with StoreUnavailable.
 */
export const removeExpired = async (
  options: TablestoreStateOptions,
  most = Number.POSITIVE_INFINITY,
  from: PrimaryKey = [{ pk: TableStore.INF_MIN }, { sk: TableStore.INF_MIN }],
): Promise<Removed> => {
  const { table: tableName, clock } = options;
  const attempts = { clock, random: options.random ?? Math.random };
  const call = openTablestore(options);
  const before = clock.now() - forgetAfterMs;
  let removed = 0;
  let looked = 0;
  let next: PrimaryKey | undefined = from;
  while (next !== undefined && looked < most) {
    const params = {
      tableName,
      direction: TableStore.Direction.FORWARD,
      inclusiveStartPrimaryKey: next,
      exclusiveEndPrimaryKey: [{ pk: TableStore.INF_MAX }, { sk: TableStore.INF_MAX }],
      columnsToGet: ["version", "expires"],
      maxVersions: 1,
      limit: Math.min(pageRows, most - looked),
    };
    const page: Page = await readAgain(attempts, () =>
      call<Page>((client, callback) => client.getRange(params, callback)),
    );
    for (const row of page.rows) {
      looked += 1;
      const expired = expiredRow(row, before);
      if (expired === undefined) continue;
      const gone = { tableName, primaryKey: expired.primaryKey, condition: whereExpired(expired.version, before) };
      // Whoever wrote the row anew keeps it; after a lost answer it may be our own doing. Either way there is nothing to do.
      const done = await readAgain(attempts, async (): Promise<TablestoreAnswer<object | undefined>> => {
        const answer = await call<object>((client, callback) => client.deleteRow(gone, callback));
        const refused = answer.kind === "refused" && answer.code === "OTSConditionCheckFail";
        return refused ? { kind: "done", data: undefined } : answer;
      });
      if (done !== undefined) removed += 1;
    }
    next = page.nextStartPrimaryKey?.map(({ name, value }) => ({ [name]: value }));
  }
  return next === undefined ? { removed } : { removed, next };
};

type Page = {
  readonly rows: DecodedRow[];
  readonly nextStartPrimaryKey: { readonly name: string; readonly value: KeyValue }[] | null;
};

const expiredRow = (
  { primaryKey = [], attributes = [] }: DecodedRow,
  before: number,
): { readonly primaryKey: PrimaryKey; readonly version: number } | undefined => {
  const column = (name: string): number =>
    Number(attributes.find(({ columnName }) => columnName === name)?.columnValue ?? Number.NaN);
  const version = column("version");
  if (!(column("expires") < before) || !Number.isSafeInteger(version)) return undefined;
  return { primaryKey: primaryKey.map(({ name, value }) => ({ [name]: value as KeyValue })), version };
};
