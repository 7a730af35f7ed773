import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import {
  type Cell,
  decodeRow,
  decodeVariant,
  encodeRows,
  infMax,
  infMin,
  type WireRow,
} from "./tablestore-plain-buffer.ts";

/** What can go wrong with one request. `before` and `after` say whether the write was done. */
export type Fault =
  | "busy"
  | "conflict"
  | "internal-before"
  | "internal-after"
  | "silent-before"
  | "silent-after"
  | "cut-before"
  | "cut-after"
  | "cut-within"
  | "html"
  /** The caller's connection is cut, and the write is done only just before the next one is looked at. */
  | "late";

export const faults: readonly Fault[] = [
  "busy",
  "conflict",
  "internal-before",
  "internal-after",
  "silent-before",
  "silent-after",
  "cut-before",
  "cut-after",
  "cut-within",
  "html",
  "late",
];

export const standInCredentials = {
  accessKeyId: "STS.standin",
  accessKeySecret: "standin-secret",
  securityToken: "CAISstandintoken",
};
export const standInInstance = "warden-test";

type Type = {
  create(value: object): object;
  encode(value: object): { finish(): Uint8Array };
  decode(bytes: Buffer): unknown;
};

// The vendor's own message definitions: the outer layer of the wire form is theirs, the rows within are ours.
const protos = createRequire(import.meta.url)("tablestore/lib/protocol/tablestore_compiled_proto.js") as {
  main: { proto: { [name: string]: Type } };
  filter: { proto: { [name: string]: Type } };
};

type Decoded = { readonly [name: string]: unknown };
const typeOf = (name: string, from: "main" | "filter" = "main"): Type => {
  const type = protos[from].proto[name];
  if (type === undefined) throw new Error(`no message ${name}`);
  return type;
};
const decode = (name: string, bytes: Buffer, from: "main" | "filter" = "main"): Decoded =>
  typeOf(name, from).decode(bytes) as Decoded;
const encode = (name: string, value: object): Buffer => {
  const type = typeOf(name);
  return Buffer.from(type.encode(type.create(value)).finish());
};

type Failure = { readonly status: number; readonly code: string };
type Answer = Buffer | Failure;
type Table = { readonly meta: Decoded; readonly options: Decoded; readonly rows: Map<string, WireRow> };

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a === infMin || b === infMax) return -1;
  if (a === infMax || b === infMin) return 1;
  return Buffer.from(a).compare(Buffer.from(b));
};
const compareKeys = (a: WireRow["key"], b: WireRow["key"]): number => {
  for (const [index, { value }] of a.entries()) {
    const order = compare(value, b[index]?.value ?? "");
    if (order !== 0) return order;
  }
  return 0;
};
const idOf = (row: WireRow): string => JSON.stringify(row.key.map(({ value }) => value));

const consumed = { capacityUnit: { read: 1, write: 1 } };
const conditionFailed: Failure = { status: 403, code: "OTSConditionCheckFail" };
const invalid: Failure = { status: 400, code: "OTSParameterInvalid" };

export type StandInOptions = {
  readonly pageRows?: number;
  /** Whom it answers; `standInCredentials` unless given. */
  readonly credentials?: typeof standInCredentials;
};

/** The Tablestore server of one instance on loopback: signatures, tables, rows, conditions, and faults on demand. */
export const startTablestore = async (options: StandInOptions = {}) => {
  const tables = new Map<string, Table>();
  const calls: string[] = [];
  let nextFault: (operation: string) => Fault | undefined = () => undefined;

  let late: (() => void) | undefined;

  const tableOf = (request: Decoded): Table | undefined => tables.get(String(request.tableName));
  const missing: Failure = { status: 404, code: "OTSObjectNotExist" };

  const operations: { readonly [name: string]: (body: Buffer) => Answer } = {
    CreateTable: (body) => {
      const request = decode("CreateTableRequest", body);
      const meta = request.tableMeta as Decoded;
      if (tables.has(String(meta.tableName))) return { status: 409, code: "OTSObjectAlreadyExist" };
      tables.set(String(meta.tableName), { meta, options: request.tableOptions as Decoded, rows: new Map() });
      return encode("CreateTableResponse", {});
    },
    DescribeTable: (body) => {
      const table = tableOf(decode("DescribeTableRequest", body));
      if (table === undefined) return missing;
      return encode("DescribeTableResponse", {
        tableMeta: table.meta,
        tableOptions: table.options,
        reservedThroughputDetails: { capacityUnit: { read: 0, write: 0 }, lastIncreaseTime: 0 },
        tableStatus: 1,
      });
    },
    PutRow: (body) => {
      const request = decode("PutRowRequest", body);
      const row = decodeRow(Buffer.from(request.row as Uint8Array));
      const table = tableOf(request);
      if (table === undefined) return missing;
      if (row.key.some(({ value }) => Buffer.byteLength(value) > 1024)) return invalid;
      if ([...row.cells.values()].some((cell) => typeof cell === "string" && Buffer.byteLength(cell) > 2 * 1024 * 1024))
        return invalid;
      if (!holds(request.condition as Decoded, table.rows.get(idOf(row)))) return conditionFailed;
      table.rows.set(idOf(row), row);
      return encode("PutRowResponse", { consumed });
    },
    DeleteRow: (body) => {
      const request = decode("DeleteRowRequest", body);
      const row = decodeRow(Buffer.from(request.primaryKey as Uint8Array));
      const table = tableOf(request);
      if (table === undefined) return missing;
      if (!holds(request.condition as Decoded, table.rows.get(idOf(row)))) return conditionFailed;
      table.rows.delete(idOf(row));
      return encode("DeleteRowResponse", { consumed });
    },
    GetRow: (body) => {
      const request = decode("GetRowRequest", body);
      const table = tableOf(request);
      if (table === undefined) return missing;
      const found = table.rows.get(idOf(decodeRow(Buffer.from(request.primaryKey as Uint8Array))));
      return encode("GetRowResponse", { consumed, row: encodeRows(found === undefined ? [] : [found]) });
    },
    GetRange: (body) => {
      const request = decode("GetRangeRequest", body);
      const table = tableOf(request);
      if (table === undefined) return missing;
      const from = decodeRow(Buffer.from(request.inclusiveStartPrimaryKey as Uint8Array)).key;
      const to = decodeRow(Buffer.from(request.exclusiveEndPrimaryKey as Uint8Array)).key;
      if (compareKeys(from, to) > 0) return invalid;
      const matching = [...table.rows.values()]
        .filter(({ key }) => compareKeys(key, from) >= 0 && compareKeys(key, to) < 0)
        .sort((a, b) => compareKeys(a.key, b.key));
      // A page ends at the limit, or earlier where the server likes.
      const size = Math.min(Number(request.limit) || 5000, options.pageRows ?? 5000);
      const next = matching[size];
      return encode("GetRangeResponse", {
        consumed,
        rows: encodeRows(matching.slice(0, size)),
        ...(next === undefined ? {} : { nextStartPrimaryKey: encodeRows([{ key: next.key, cells: new Map() }]) }),
      });
    },
  };

  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const operation = (req.url ?? "").slice(1);
      const body = Buffer.concat(chunks);
      calls.push(operation);
      const refused = authFailure(req, body, options.credentials ?? standInCredentials);
      if (refused !== undefined) return answer(res, refused);
      const fault = nextFault(operation);
      const before = fault === undefined || fault.endsWith("after") || fault === "cut-within";
      if (operation === "PutRow" || operation === "DeleteRow") {
        late?.();
        late = fault === "late" ? () => void operations[operation]?.(body) : undefined;
      }
      const done = before ? (operations[operation]?.(body) ?? invalid) : undefined;
      if (fault === undefined) return answer(res, done ?? invalid);
      misbehave(res, fault);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The operations that were asked for, in order. */
    calls,
    /** Decides the fault of each later request. */
    misbehave: (next: (operation: string) => Fault | undefined) => {
      nextFault = next;
    },
    rowsOf: (table: string): readonly WireRow[] => [...(tables.get(table)?.rows.values() ?? [])],
    /** Changes rows behind the client's back. */
    table: (name: string): Map<string, WireRow> => {
      const found = tables.get(name);
      if (found === undefined) throw new Error(`no table ${name}`);
      return found.rows;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

const answer = (res: ServerResponse, given: Answer): void => {
  const failed = !Buffer.isBuffer(given);
  const body = failed ? encode("Error", { code: given.code, message: "as the server words it" }) : given;
  res.writeHead(failed ? given.status : 200, {
    "content-type": "application/x.pb2",
    "x-ots-requestid": "0005-standin",
    "content-length": body.length,
  });
  res.end(body);
};

const misbehave = (res: ServerResponse, fault: Fault): void => {
  if (fault === "busy") answer(res, { status: 503, code: "OTSServerBusy" });
  else if (fault === "conflict") answer(res, { status: 409, code: "OTSRowOperationConflict" });
  else if (fault === "html") res.writeHead(502, { "content-type": "text/html" }).end("<html>bad gateway</html>");
  else if (fault.startsWith("internal")) answer(res, { status: 500, code: "OTSInternalServerError" });
  else if (fault === "cut-within") {
    res.writeHead(200, { "content-length": "100" });
    res.write("\u0000", () => res.destroy());
  } else if (fault.startsWith("cut") || fault === "late") res.destroy();
  // What is left is silence.
};

/** The signature as the vendor describes it: path, method, sorted `x-ots-` headers, HMAC-SHA1. */
const authFailure = (
  req: IncomingMessage,
  body: Buffer,
  credentials: typeof standInCredentials,
): Failure | undefined => {
  const failed: Failure = { status: 403, code: "OTSAuthFailed" };
  const headers = Object.entries(req.headers)
    .filter(([name]) => name.startsWith("x-ots-") && name !== "x-ots-signature")
    .map(([name, value]) => `${name}:${value}`)
    .sort();
  const text = `${req.url}\n${req.method}\n\n${headers.join("\n")}\n`;
  const due = createHmac("sha1", credentials.accessKeySecret).update(text).digest("base64");
  const md5 = createHash("md5").update(body).digest("base64");
  const sound =
    req.headers["x-ots-signature"] === due &&
    req.headers["x-ots-contentmd5"] === md5 &&
    req.headers["x-ots-accesskeyid"] === credentials.accessKeyId &&
    req.headers["x-ots-ststoken"] === credentials.securityToken &&
    req.headers["x-ots-instancename"] === standInInstance;
  return sound ? undefined : failed;
};

const holds = (condition: Decoded, row: WireRow | undefined): boolean => {
  const [ignore, exist, notExist] = [0, 1, 2];
  if (condition.rowExistence !== ignore && condition.rowExistence !== (row === undefined ? notExist : exist))
    return false;
  const column = Buffer.from((condition.columnCondition as Uint8Array | undefined) ?? []);
  return column.length === 0 || (row !== undefined && filterHolds(decode("Filter", column, "filter"), row));
};

const filterHolds = (filter: Decoded, row: WireRow): boolean => {
  const inner = Buffer.from(filter.filter as Uint8Array);
  if (filter.type === 2) {
    const { combinator, subFilters } = decode("CompositeColumnValueFilter", inner, "filter");
    const results = (subFilters as readonly Decoded[]).map((sub) => filterHolds(sub, row));
    return combinator === 2 ? results.every(Boolean) : combinator === 3 ? results.some(Boolean) : !results[0];
  }
  const { comparator, columnName, columnValue, filterIfMissing } = decode("SingleColumnValueFilter", inner, "filter");
  const found = row.cells.get(String(columnName));
  if (found === undefined) return filterIfMissing !== true;
  const wanted = decodeVariant(Buffer.from(columnValue as Uint8Array));
  return typeof found === typeof wanted && comparisonHolds(Number(comparator), order(found, wanted));
};

const order = (a: Cell, b: Cell): number => {
  if (typeof a === "string" && typeof b === "string") return Buffer.from(a).compare(Buffer.from(b));
  return a === b ? 0 : a < b ? -1 : 1;
};

/** Equal, not equal, greater, greater or equal, less, less or equal: 1 to 6. */
const comparisonHolds = (comparator: number, sign: number): boolean =>
  [sign === 0, sign !== 0, sign > 0, sign >= 0, sign < 0, sign <= 0][comparator - 1] ?? false;
