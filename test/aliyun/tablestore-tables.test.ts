import { afterEach, beforeEach, expect, test } from "vitest";
import { openTablestore } from "../../shared/aliyun/tablestore-client.ts";
import { checkTables, createTables, type TableOptions } from "../../shared/aliyun/tablestore-tables.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { standInCredentials, standInInstance, startTablestore } from "./tablestore-stand-in.ts";

let server: Awaited<ReturnType<typeof startTablestore>>;
let options: TableOptions;
beforeEach(async () => {
  server = await startTablestore();
  options = {
    endpoint: server.endpoint,
    instance: standInInstance,
    credentials: standInCredentials,
    table: "ram_warden",
    clock: manualClock(),
  };
});
afterEach(() => server.close());

test("a missing table is said, made, and then right", async () => {
  expect(await checkTables(options)).toEqual(["the state table `ram_warden` does not exist"]);
  expect(await createTables(options)).toEqual([]);
  expect(await checkTables(options)).toEqual([]);
});

test("making it again changes nothing", async () => {
  await createTables(options);
  expect(await createTables(options)).toEqual([]);
  expect(server.calls.filter((call) => call === "CreateTable")).toHaveLength(2);
});

test("a busy server is asked again", async () => {
  let busy = 2;
  server.misbehave(() => (busy-- > 0 ? "busy" : undefined));
  expect(await createTables(options)).toEqual([]);
});

test("a table of another form is told, not changed", async () => {
  const call = openTablestore(options);
  const params = {
    tableMeta: { tableName: options.table, primaryKey: [{ name: "pk", type: "STRING" }] },
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    tableOptions: { timeToLive: 86_400, maxVersions: 2 },
  };
  await call<object>((client, callback) => client.createTable(params, callback));
  const wrong = await createTables(options);
  expect(wrong).toHaveLength(3);
  for (const part of ["primary key", "time to live", "version"])
    expect(wrong.filter((sentence) => sentence.includes(part))).toHaveLength(1);
});
