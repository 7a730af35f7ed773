/**
 * The PlainBuffer form of rows, written from its published description, not with the package's own classes: header, then
 * tagged cells, each with a CRC-8 of its name and value, and a CRC-8 of the row.
 * https://www.alibabacloud.com/help/en/tablestore/developer-reference/plainbuffer
 */
export type Cell = string | bigint;
export type WireRow = {
  readonly key: readonly { readonly name: string; readonly value: string }[];
  readonly cells: ReadonlyMap<string, Cell>;
};

const tag = { rowKey: 1, rowData: 2, cell: 3, name: 4, value: 5, deleteMarker: 8, rowSum: 9, cellSum: 10 };
const kind = { integer: 0, string: 3, infMin: 9, infMax: 10 };
const header = 0x75;

/** A bound of a range has no text of its own; these cannot be texts, for NUL comes first in no key of the tests. */
export const infMin = "\u0000INF_MIN";
export const infMax = "\u0000INF_MAX";

const table = Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  return crc;
});
const crc8 = (start: number, bytes: Iterable<number>): number => {
  let crc = start;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ?? 0;
  return crc;
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
};

/** A value without its length: type, then payload. This is also the form of values in conditions. */
const variant = (value: Cell): Buffer => {
  if (typeof value === "bigint") return Buffer.concat([Buffer.from([kind.integer]), int64(value)]);
  const text = Buffer.from(value);
  return Buffer.concat([Buffer.from([kind.string]), int32(text.length), text]);
};

const encodedCell = (name: string, value: Cell): { readonly bytes: Buffer; readonly sum: number } => {
  const nameBytes = Buffer.from(name);
  const valueBytes = variant(value);
  const sum = crc8(crc8(0, nameBytes), valueBytes);
  const parts = [Buffer.from([tag.cell, tag.name]), int32(nameBytes.length), nameBytes, Buffer.from([tag.value])];
  return {
    bytes: Buffer.concat([...parts, int32(valueBytes.length), valueBytes, Buffer.from([tag.cellSum, sum])]),
    sum,
  };
};

/** Rows after one header; the same bytes that Tablestore answers GetRow and GetRange with. */
export const encodeRows = (rows: readonly WireRow[]): Buffer => {
  if (rows.length === 0) return Buffer.alloc(0);
  const parts: Buffer[] = [int32(header)];
  for (const row of rows) {
    const key = row.key.map(({ name, value }) => encodedCell(name, value));
    const cells = [...row.cells].map(([name, value]) => encodedCell(name, value));
    parts.push(Buffer.from([tag.rowKey]), ...key.map(({ bytes }) => bytes));
    if (cells.length > 0) parts.push(Buffer.from([tag.rowData]), ...cells.map(({ bytes }) => bytes));
    const sum = crc8(
      crc8(
        0,
        [...key, ...cells].map((cell) => cell.sum),
      ),
      [0],
    );
    parts.push(Buffer.from([tag.rowSum, sum]));
  }
  return Buffer.concat(parts);
};

/** The value of a condition. */
export const decodeVariant = (bytes: Buffer): Cell => {
  if (bytes[0] === kind.integer) return bytes.readBigInt64LE(1);
  if (bytes[0] === kind.string) return bytes.subarray(5, 5 + bytes.readInt32LE(1)).toString("utf8");
  throw new Error(`no such type of value: ${bytes[0]}`);
};

/** Reads the row of a request and checks every checksum. */
export const decodeRow = (bytes: Buffer): WireRow => {
  let at = 0;
  const byte = (): number => bytes[at++] ?? -1;
  const expect = (wanted: number, what: string): void => {
    const found = byte();
    if (found !== wanted) throw new Error(`${what}: expected tag ${wanted}, found ${found} at ${at - 1}`);
  };
  const length = (): number => {
    at += 4;
    return bytes.readInt32LE(at - 4);
  };
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new Error(`${size} bytes announced at ${at}, ${bytes.length - at} are there`);
    at += size;
    return bytes.subarray(at - size, at);
  };
  let rowSum = 0;
  const cell = (): { name: string; value: Cell } => {
    expect(tag.cell, "a cell");
    expect(tag.name, "its name");
    const name = take(length());
    expect(tag.value, "its value");
    const raw = take(length());
    expect(tag.cellSum, "its checksum");
    const sum = crc8(crc8(0, name), raw);
    if (byte() !== sum) throw new Error(`wrong checksum of cell ${name}`);
    rowSum = crc8(rowSum, [sum]);
    const value = raw[0] === kind.infMin ? infMin : raw[0] === kind.infMax ? infMax : decodeVariant(raw);
    return { name: name.toString("utf8"), value };
  };

  if (length() !== header) throw new Error("no PlainBuffer header");
  expect(tag.rowKey, "the primary key");
  const key: { name: string; value: string }[] = [];
  while (bytes[at] === tag.cell) {
    const { name, value } = cell();
    if (typeof value !== "string") throw new Error(`the key column ${name} is not a string`);
    key.push({ name, value });
  }
  const cells = new Map<string, Cell>();
  if (bytes[at] === tag.rowData) {
    at += 1;
    while (bytes[at] === tag.cell) {
      const { name, value } = cell();
      cells.set(name, value);
    }
  }
  const deleted = bytes[at] === tag.deleteMarker;
  if (deleted) at += 1;
  rowSum = crc8(rowSum, [deleted ? 1 : 0]);
  expect(tag.rowSum, "the row's checksum");
  if (byte() !== rowSum) throw new Error("wrong checksum of the row");
  return { key, cells };
};
