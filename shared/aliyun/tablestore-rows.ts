import TableStore, { type ColumnCondition, type DecodedRow, type Int64, type PrimaryKey } from "tablestore";
import type { Json } from "../domain/json.ts";
import { expiryFromMs, type KeyParts } from "../ports/state-limits.ts";
import type { Row } from "../ports/state-store.ts";

/** A row as the table holds it: JSON text, whole numbers, and who wrote it. */
export type StoredRow = {
  readonly key: string;
  readonly text: string;
  readonly version: number;
  readonly expiresMs: number;
  /** Random for each write, so that a write whose answer was lost can be recognised. */
  readonly writer: string;
};

/** The first two parts of a key name the partition, the rest sorts within it. */
export const primaryKey = ({ partition, rest }: KeyParts): PrimaryKey => [{ pk: partition }, { sk: rest }];

/** A JavaScript number would become a DOUBLE column, and only a text keeps all 64 bits. */
const whole = (value: number): Int64 => TableStore.Long.fromString(String(value));

export const columnsOf = (row: Omit<StoredRow, "key">) => [
  { value: row.text },
  { version: whole(row.version) },
  { expires: whole(row.expiresMs) },
  { writer: row.writer },
];

/** The decoded row, undefined where there is none. Throws on a row that this store has not written. */
export const storedRow = ({ primaryKey: key = [], attributes = [] }: DecodedRow): StoredRow | undefined => {
  if (key.length === 0) return undefined;
  const column = (name: string): unknown => attributes.find(({ columnName }) => columnName === name)?.columnValue;
  const [text, writer] = [column("value"), column("writer")];
  const [version, expiresMs] = [Number(column("version")), Number(column("expires"))];
  const [partition, rest] = [key[0]?.value, key[1]?.value];
  const sound = typeof text === "string" && typeof writer === "string" && typeof rest === "string";
  if (!sound || !Number.isSafeInteger(version) || !Number.isSafeInteger(expiresMs))
    throw new Error(`the row \`${partition}/${rest}\` of the state table is not of this store's form`);
  return { key: `${partition}/${rest}`, text, version, expiresMs, writer };
};

export const isLive = (row: StoredRow | undefined, now: number): row is StoredRow =>
  row !== undefined && row.expiresMs > now;

export const rowOf = ({ key, text, version, expiresMs }: StoredRow): Row => ({
  key,
  value: JSON.parse(text) as Json,
  version,
  ...expiryFromMs(expiresMs),
});

/** The row must not be there, not even expired. */
export const whereAbsent = () => new TableStore.Condition(TableStore.RowExistenceExpectation.EXPECT_NOT_EXIST, null);

/** The package lets a missing column pass unless told not to. */
const single = (name: string, value: Int64 | string, comparator: unknown): ColumnCondition =>
  new TableStore.SingleColumnCondition(name, value, comparator, false);

const whereAll = (...conditions: readonly ColumnCondition[]) => {
  const all = new TableStore.CompositeCondition(TableStore.LogicalOperator.AND);
  for (const one of conditions) all.addSubCondition(one);
  return new TableStore.Condition(TableStore.RowExistenceExpectation.EXPECT_EXIST, all);
};

/** The row must be there in `version`, and live at `now` or written by `writer`. */
export const whereStill = (version: number, and: { readonly liveAt: number } | { readonly writer: string }) => {
  const { EQUAL, GREATER_THAN } = TableStore.ComparatorType;
  return whereAll(
    single("version", whole(version), EQUAL),
    "writer" in and ? single("writer", and.writer, EQUAL) : single("expires", whole(and.liveAt), GREATER_THAN),
  );
};

/** The row must be there in `version`, and have expired before an instant. */
export const whereExpired = (version: number, before: number) => {
  const { EQUAL, LESS_THAN } = TableStore.ComparatorType;
  return whereAll(single("version", whole(version), EQUAL), single("expires", whole(before), LESS_THAN));
};
