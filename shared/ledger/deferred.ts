import { createHash } from "node:crypto";
import type { AccountId } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import { canonicalText } from "../domain/json.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./ledger.ts";
import type { PutOff } from "./put-off.ts";
import { putOff } from "./put-off.ts";

/** A record of the audit trail that could not be judged when it was found. It is tried again until it can be. */
export type Deferred = {
  readonly record: Json;
  /** Epoch milliseconds of the first try. */
  readonly since: number;
  /** Why it could not, the last time. */
  readonly because: string;
  /** Whether it was told that it waits. */
  readonly told?: true;
} & PutOff;

export type DeferredRow = { readonly key: string; readonly version: number; readonly deferred: Deferred };

export const deferredKey = (accountId: AccountId, record: Json): string =>
  rowKey("deferred", accountId, createHash("sha256").update(canonicalText(record)).digest("hex"));

/** Keeps a record for later, once however often it is found. It has no expiry: it is still open. */
export const keepDeferred = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  record: Json,
  because: string,
): Promise<void> => {
  const deferred: Deferred = { record, since: clock.now(), because };
  await state.putIfAbsent(deferredKey(accountId, record), asJson(deferred));
};

export const listDeferred = async (state: StateStore, accountId: AccountId): Promise<readonly DeferredRow[]> => {
  const all: DeferredRow[] = [];
  for await (const { key, version, value } of rows(state, rowKey("deferred", accountId, "")))
    all.push({ key, version, deferred: value as unknown as Deferred });
  return all;
};

const replaced = async (state: StateStore, row: DeferredRow, next: Deferred): Promise<DeferredRow> => {
  const swap = await state.compareAndSet(row.key, row.version, asJson(next));
  return swap.written ? { key: row.key, version: swap.version, deferred: next } : row;
};

/** Leaves a record that was tried in vain alone for a while. */
export const putOffDeferred = (
  state: StateStore,
  clock: Clock,
  row: DeferredRow,
  because: string,
): Promise<DeferredRow> => replaced(state, row, { ...row.deferred, because, ...putOff(row.deferred, clock.now()) });

/** Notes that it was told that a record waits. */
export const noteToldDeferred = (state: StateStore, row: DeferredRow): Promise<DeferredRow> =>
  replaced(state, row, { ...row.deferred, told: true });

/** Takes a record off once it was judged: not before, so that it is not lost with whoever judges it. */
export const dropDeferred = async (state: StateStore, { key, version }: DeferredRow): Promise<void> => {
  await state.delete(key, version);
};
