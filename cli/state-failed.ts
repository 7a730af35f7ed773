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

/** The state with its failures said so that a person can put them right. */
export const failingAt = <Store extends StateStore>(where: WhereStateFails, open: () => Store): Store => {
  const told =
    <Given extends readonly unknown[], Value>(call: (...given: Given) => Promise<Value>) =>
    async (...given: Given): Promise<Value> => {
      try {
        return await call(...given);
      } catch (error) {
        throw placed(error, where);
      }
    };
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

/** An error of the store with its place; any other as it is. */
export const placed = (error: unknown, where: WhereStateFails): unknown =>
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
