import TableStore, {
  type ColumnCondition,
  type ColumnValue,
  type DecodedRow,
  type Int64,
  type PrimaryKey,
} from "tablestore";
import { expiryFromMs, type KeyParts, never, valueOfText } from "../ports/state-limits.ts";
import type { Row } from "../ports/state-store.ts";

/** A row as the table holds it: JSON text, whole numbers, and who wrote it. */
export type StoredRow = {
  readonly key: string;
  readonly text: string;
  readonly version: number;
  readonly expiresMs: number;
  /** Random for each write, so that a write whose answer was lost can be recognised. */
  readonly writer: string;
  /** Of a row that this store has not written: what it says of its version, to know it by. Its own version is 0. */
  readonly alien?: { readonly version: ColumnValue | undefined };
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

/**
 * The decoded row, undefined where there is none. One that this store has not written is there all the same, and never
 * expires: it must not keep anybody from the rows beside it.
 */
export const storedRow = ({ primaryKey: key = [], attributes = [] }: DecodedRow): StoredRow | undefined => {
  if (key.length === 0) return undefined;
  const column = (name: string) => attributes.find(({ columnName }) => columnName === name)?.columnValue ?? undefined;
  const [text, writer] = [column("value"), column("writer")];
  const [version, expiresMs] = [Number(column("version")), Number(column("expires"))];
  const name = `${String(key[0]?.value)}/${String(key[1]?.value)}`;
  const isSound = typeof text === "string" && typeof writer === "string" && version >= 1;
  if (isSound && Number.isSafeInteger(version) && Number.isSafeInteger(expiresMs))
    return { key: name, text, version, expiresMs, writer };
  return { key: name, text: "", version: 0, expiresMs: never, writer: "", alien: { version: column("version") } };
};

export const isLive = (row: StoredRow | undefined, now: number): row is StoredRow =>
  row !== undefined && row.expiresMs > now;

export const rowOf = ({ key, text, version, expiresMs, alien }: StoredRow): Row => ({
  key,
  value: alien === undefined ? valueOfText(text) : "a row that this store has not written",
  version,
  ...expiryFromMs(expiresMs),
});

/** The row must not be there, not even expired. */
export const whereAbsent = () => new TableStore.Condition(TableStore.RowExistenceExpectation.EXPECT_NOT_EXIST, null);

/** The package lets a missing column pass unless told not to. */
const single = (name: string, value: ColumnValue, comparator: unknown): ColumnCondition =>
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

/** The row must be there and say of its version what it said, if that was anything: then nobody has written it since. */
export const whereAlien = ({ version }: NonNullable<StoredRow["alien"]>) => {
  const { EQUAL } = TableStore.ComparatorType;
  const says = new TableStore.SingleColumnCondition("version", version ?? whole(0), EQUAL, version === undefined);
  return new TableStore.Condition(TableStore.RowExistenceExpectation.EXPECT_EXIST, says);
};

/** The row must be there in `version`, and have expired before an instant. */
export const whereExpired = (version: number, before: number) => {
  const { EQUAL, LESS_THAN } = TableStore.ComparatorType;
  return whereAll(single("version", whole(version), EQUAL), single("expires", whole(before), LESS_THAN));
};
