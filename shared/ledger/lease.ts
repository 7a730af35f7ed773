import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { rowKey } from "./keys.ts";

/** The right to write on one subject, held by one incident for a time. */
export type Lease = { readonly key: string; readonly version: number; readonly incidentId: string };

type LeaseRow = { readonly incidentId: string; readonly until: number };

export type Taken =
  | { readonly taken: true; readonly lease: Lease; readonly left: string | undefined }
  | { readonly taken: false; readonly retryAfterMs: number };

/**
 * Takes the lease on a subject, or says how long somebody else still holds it. `left` names the incident whose holder
 * let the lease expire: it may be half done, and whoever takes the lease finishes it first.
 */
export const takeLease = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  subjectKey: string,
  incidentId: string,
  leaseMs: number,
): Promise<Taken> => {
  const key = rowKey("lease", accountId, subjectKey);
  const value = { incidentId, until: clock.now() + leaseMs };
  const put = await state.putIfAbsent(key, value);
  if (put.written) return { taken: true, lease: { key, version: put.version, incidentId }, left: undefined };
  const held = put.row.value as LeaseRow;
  const remaining = held.until - clock.now();
  if (remaining > 0) return { taken: false, retryAfterMs: remaining };
  const swap = await state.compareAndSet(key, put.row.version, value);
  if (!swap.written) return { taken: false, retryAfterMs: 1_000 };
  return { taken: true, lease: { key, version: swap.version, incidentId }, left: held.incidentId };
};

/** Whether a lease is still ours with at least `marginMs` to go; asked just before each write. */
export const stillHolds = async (state: StateStore, clock: Clock, lease: Lease, marginMs: number): Promise<boolean> => {
  const row = await state.get(lease.key);
  return row?.version === lease.version && (row.value as LeaseRow).until - clock.now() >= marginMs;
};

/** Lets a lease go; nothing happens when somebody else has it by now. */
export const releaseLease = async (state: StateStore, lease: Lease): Promise<void> => {
  await state.delete(lease.key, lease.version);
};
