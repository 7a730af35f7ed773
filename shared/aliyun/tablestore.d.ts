/** The part of the `tablestore` package (5.6, published without types) that is used here. */
declare module "tablestore" {
  import type { Agent } from "node:http";

  /** A 64-bit integer of the wire form. */
  export interface Int64 {
    toNumber(): number;
    toString(): string;
  }

  export type ColumnValue = string | number | boolean | Int64 | Uint8Array;
  export type KeyValue = string | Int64 | Uint8Array | Record<string, never>;
  export type PrimaryKey = readonly Readonly<Record<string, KeyValue>>[];

  export interface DecodedRow {
    primaryKey?: { name: string; value: ColumnValue }[];
    attributes?: { columnName: string; columnValue: ColumnValue | null }[];
  }

  export interface Response {
    httpResponse: { statusCode?: number; headers?: Record<string, string | undefined>; body?: Uint8Array };
  }

  export type Callback<Data> = (this: Response, error: unknown, data: Data | null) => void;

  export interface ColumnCondition {
    getType(): unknown;
  }

  export interface Config {
    endpoint: string;
    instancename: string;
    accessKeyId: string;
    secretAccessKey: string;
    stsToken?: string;
    maxRetries: number;
    httpOptions: { timeout: number; agent: Agent };
  }

  export interface TableDescription {
    tableMeta?: { primaryKey?: { name: string; type: number }[] };
    tableOptions?: { timeToLive?: number; maxVersions?: number; allowUpdate?: boolean };
  }

  export interface Client {
    getRow(params: object, callback: Callback<{ row: DecodedRow }>): void;
    putRow(params: object, callback: Callback<object>): void;
    deleteRow(params: object, callback: Callback<object>): void;
    getRange(
      params: object,
      callback: Callback<{ rows: DecodedRow[]; nextStartPrimaryKey: { name: string; value: KeyValue }[] | null }>,
    ): void;
    createTable(params: object, callback: Callback<object>): void;
    describeTable(params: object, callback: Callback<TableDescription>): void;
  }

  const TableStore: {
    Client: new (config: Config) => Client;
    Long: { fromString(text: string): Int64 };
    Condition: new (rowExistence: number, column: ColumnCondition | null) => object;
    SingleColumnCondition: new (
      name: string,
      value: ColumnValue,
      comparator: unknown,
      passIfMissing: boolean,
    ) => ColumnCondition;
    CompositeCondition: new (
      combinator: unknown,
    ) => ColumnCondition & { addSubCondition(condition: ColumnCondition): void };
    RowExistenceExpectation: { IGNORE: number; EXPECT_EXIST: number; EXPECT_NOT_EXIST: number };
    ComparatorType: { EQUAL: unknown; GREATER_THAN: unknown; LESS_THAN: unknown };
    LogicalOperator: { AND: unknown };
    Direction: { FORWARD: string };
    INF_MIN: Record<string, never>;
    INF_MAX: Record<string, never>;
  };
  export default TableStore;
}
