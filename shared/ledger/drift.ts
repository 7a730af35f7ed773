import type { AccountId } from "../domain/identity.ts";
import type { InventoriedRef } from "../domain/inventoried.ts";
import type { Digest } from "../domain/plan.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { retentionSeconds, rowKey } from "./keys.ts";
import { rows } from "./ledger.ts";
import type { PutOff } from "./put-off.ts";
import { putOff } from "./put-off.ts";

/** A subject that is not as it was accepted last. */
export type Drift = {
  readonly subject: InventoriedRef;
  /** The state that it was found in. */
  readonly live: Digest;
  /** When it was first found so, epoch milliseconds. */
  readonly since: number;
  /** Whether it is known what to think of it: an event explains it, or it was judged and told. */
  readonly done: boolean;
} & PutOff;

export type DriftRow = { readonly key: string; readonly version: number; readonly drift: Drift };

/** What is known to be done with expires in the end; what is open does not. */
const expiry = (clock: Clock, { done }: Drift) =>
  done ? { expiresAt: Math.floor(clock.now() / 1000) + retentionSeconds.drift } : {};

/** Notes how a subject was found, unless it is known to stand so. */
export const noteDrift = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  subjectKey: string,
  drift: Drift,
): Promise<void> => {
  const key = rowKey("drift", accountId, subjectKey);
  const put = await state.putIfAbsent(key, asJson(drift), expiry(clock, drift));
  if (put.written || (put.row.value as unknown as Drift).live === drift.live) return;
  await state.compareAndSet(key, put.row.version, asJson(drift), expiry(clock, drift));
};

/** Subjects of which nobody knows yet why they are not as they were accepted. */
export const openDrifts = async (state: StateStore, accountId: AccountId): Promise<readonly DriftRow[]> => {
  const open: DriftRow[] = [];
  for await (const { key, version, value } of rows(state, rowKey("drift", accountId, ""))) {
    const drift = value as unknown as Drift;
    if (!drift.done) open.push({ key, version, drift });
  }
  return open;
};

/** Leaves a subject whose history could not be read to its end alone for a while. */
export const putOffDrift = async (
  state: StateStore,
  clock: Clock,
  { key, version, drift }: DriftRow,
): Promise<void> => {
  await state.compareAndSet(key, version, asJson({ ...drift, ...putOff(drift, clock.now()) }));
};

export const closeDrift = async (state: StateStore, clock: Clock, { key, version, drift }: DriftRow): Promise<void> => {
  const done = { ...drift, done: true };
  await state.compareAndSet(key, version, asJson(done), expiry(clock, done));
};

/** A subject that is as it was accepted again: should it ever be found as it was, that is another matter. */
export const forgetDrift = async (state: StateStore, accountId: AccountId, subjectKey: string): Promise<void> => {
  const row = await state.get(rowKey("drift", accountId, subjectKey));
  if (row !== undefined) await state.delete(row.key, row.version);
};
