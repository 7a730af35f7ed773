import type { StateStore } from "../shared/ports/state-store.ts";
import { StoreUnavailable } from "../shared/ports/state-store.ts";

/**
 * A failure of the store as a person at a terminal is told it: what failed, where that is, and what helps. The message
 * itself names no place, as it can get into what is kept or told elsewhere.
 */
export class StateFailed extends StoreUnavailable {
  readonly atTerminal: string;
  constructor({ message, code }: StoreUnavailable, where: (error: StoreUnavailable) => string) {
    super(message, code);
    this.atTerminal = where({ name: "StoreUnavailable", message, code });
  }
}

export type WhereStateFails = (error: StoreUnavailable) => string;

/** What a call gives, or its failure said so that a person can put it right. */
export const toldWhere = async <Value>(where: WhereStateFails, call: () => Promise<Value>): Promise<Value> => {
  try {
    return await call();
  } catch (error) {
    throw placed(error, where);
  }
};

/** A state all of whose failures are said so. */
export const failingAt = <Store extends StateStore>(where: WhereStateFails, open: () => Store): Store => {
  const told =
    <Given extends readonly unknown[], Value>(call: (...given: Given) => Promise<Value>) =>
    (...given: Given): Promise<Value> =>
      toldWhere(where, () => call(...given));
  try {
    const store = open();
    const { get, putIfAbsent, compareAndSet, list } = store;
    return {
      ...store,
      get: told(get),
      putIfAbsent: told(putIfAbsent),
      compareAndSet: told(compareAndSet),
      delete: told(store.delete),
      list: told(list),
    };
  } catch (error) {
    throw placed(error, where);
  }
};

/** What to say of any error at a terminal. */
export const terminalMessage = (error: Error): string =>
  error instanceof StateFailed ? error.atTerminal : error.message;

/** An error of the store with its place; any other as it is. */
const placed = (error: unknown, where: WhereStateFails): unknown =>
  error instanceof StoreUnavailable && !(error instanceof StateFailed) ? new StateFailed(error, where) : error;

const mayNot = "whoever runs this may not use it or its folder so: do it as their owner, or give the right to";
const noRoom = "its disk is full: make room there, and do it again";
const noFile = "that is the path of no file: put `state.path` right";

/** What helps against what SQLite and the file system say. */
const adviceOfFile: readonly (readonly [code: RegExp, advice: string])[] = [
  [
    /^SQLITE_NOTADB/,
    "it is not in the form of SQLite: put `state.path` right, or put a copy that is whole in its place",
  ],
  [
    /^SQLITE_CORRUPT/,
    "it is damaged: put a copy that is whole in its place, and hold that to be true by `warden ledger verify --since`",
  ],
  [/^(SQLITE_FULL|SQLITE_IOERR_(SHMSIZE|WRITE|FSYNC|TRUNCATE)|ENOSPC|EDQUOT)/, noRoom],
  [/^(SQLITE_READONLY|UNKNOWN_SQLITE_ERROR_1544|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/, mayNot],
  [/^SQLITE_(BUSY|LOCKED)/, "another process keeps it locked: wait until that is done, or end it"],
  [/^(ENOTDIR|EISDIR|EEXIST|ELOOP|ENAMETOOLONG|ENOENT)$/, noFile],
  [/^STATE_NONE$/, "it holds no state of RAM Warden: put `state.path` right"],
  [/^STATE_NEWER$/, "a newer version of RAM Warden wrote it: use that version"],
  [/^SQLITE_IOERR/, "its disk cannot be read or written: see what the system's log says of it"],
];

export const whereFile =
  (path: string): WhereStateFails =>
  ({ message, code }) => {
    const advice = adviceOfFile.find(([form]) => form.test(code ?? ""))?.[1];
    return advice === undefined
      ? `the state in \`${path}\` cannot be used: ${message}`
      : `the state in \`${path}\` cannot be used, \`${code}\`: ${advice}`;
  };

/** What helps against what Tablestore says, and against its silence. */
const adviceOfTable: readonly (readonly [code: RegExp, advice: string])[] = [
  [
    /^OTSObjectNotExist$/,
    "the table is not there: make it with `npm run create-table`, or put `WARDEN_TABLESTORE_TABLE` right",
  ],
  [
    /^OTSAuthFailed$/,
    "the key is refused: see that it is right, and that the instance takes requests from where this runs",
  ],
  [/^OTSNoPermissionAccess$/, "whoever's key this is may not do that there: give them the right to"],
  [/^OTS(ParameterInvalid|InvalidPK)$/, "that is not how its table is laid out: `warden doctor` says what is wrong"],
  [
    /^not-sent$/,
    "nothing can be reached there: put `WARDEN_TABLESTORE_ENDPOINT` right, and see that this machine gets there",
  ],
  [/^unknown$/, "it gave no answer: see that this machine gets there, and do it again"],
];

export const whereTable =
  ({ endpoint, instance, table }: { readonly endpoint: string; readonly instance: string; readonly table: string }) =>
  ({ message, code }: StoreUnavailable): string => {
    const advice = adviceOfTable.find(([form]) => form.test(code ?? ""))?.[1] ?? "do it again in a while";
    // A user name or password that somebody wrote into the address is nobody's to read.
    const { host } = new URL(endpoint);
    return `the state in table \`${table}\` of instance \`${instance}\` at \`${host}\` cannot be used: ${advice}: ${message}`;
  };
