import type { TableDescription } from "tablestore";
import type { Clock } from "../ports/world.ts";
import { readAgain } from "./tablestore-attempts.ts";
import { openTablestore, type TablestoreAnswer, type TablestoreOptions } from "./tablestore-client.ts";

export type TableOptions = TablestoreOptions & { readonly table: string; readonly clock: Clock };

const stringType = 2;
const expectedOptions = { timeToLive: -1, maxVersions: 1 };

/**
 * Makes the state table; an existing one is left as it is. For the deploy step only: a running installation needs no
 * right to make tables. Gives what is wrong with the table, nothing where all is well. Rejects with StoreUnavailable.
 */
export const createTables = async (options: TableOptions): Promise<readonly string[]> => {
  const call = openTablestore(options);
  const params = {
    tableMeta: {
      tableName: options.table,
      primaryKey: [
        { name: "pk", type: "STRING" },
        { name: "sk", type: "STRING" },
      ],
    },
    // Pay for what is used.
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    // Baselines never expire, and a table's time to live takes every row; every write is of a whole row.
    tableOptions: { ...expectedOptions, allowUpdate: false },
  };
  await readAgain({ clock: options.clock, random: Math.random }, async (): Promise<TablestoreAnswer<object>> => {
    const answer = await call<object>((client, callback) => client.createTable(params, callback));
    const exists = answer.kind === "refused" && answer.code === "OTSObjectAlreadyExist";
    return exists ? { kind: "done", data: {} } : answer;
  });
  return checkTables(options);
};

/** What is wrong with the state table, as sentences; nothing where all is well. Rejects with StoreUnavailable. */
export const checkTables = async (options: TableOptions): Promise<readonly string[]> => {
  const call = openTablestore(options);
  const params = { tableName: options.table };
  const described = await readAgain(
    { clock: options.clock, random: Math.random },
    async (): Promise<TablestoreAnswer<TableDescription | undefined>> => {
      const answer = await call<TableDescription>((client, callback) => client.describeTable(params, callback));
      const missing = answer.kind === "refused" && answer.code === "OTSObjectNotExist";
      return missing ? { kind: "done", data: undefined } : answer;
    },
  );
  if (described === undefined) return [`the state table \`${options.table}\` does not exist`];
  const keys = (described.tableMeta?.primaryKey ?? []).map(({ name, type }) => `${name}:${type}`).join(",");
  const { timeToLive, maxVersions } = described.tableOptions ?? {};
  return [
    keys === `pk:${stringType},sk:${stringType}` ? [] : ["its primary key must be the strings `pk` and `sk`"],
    timeToLive === expectedOptions.timeToLive
      ? []
      : ["its time to live must be `-1`: rows say themselves when they expire"],
    maxVersions === expectedOptions.maxVersions ? [] : ["it must keep `1` version of a column"],
  ]
    .flat()
    .map((wrong) => `the state table \`${options.table}\`: ${wrong}`);
};
