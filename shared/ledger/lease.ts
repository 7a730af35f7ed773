import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./ledger.ts";

/** The right to write on one subject, held by one incident for a time. */
export type Lease = {
  readonly key: string;
  readonly version: number;
  readonly incidentId: string;
  /** Epoch milliseconds. */
  readonly takenAt: number;
};

/** `left` names the incidents of earlier holders that nobody is known to have finished. */
type LeaseRow = { readonly incidentId: string; readonly until: number; readonly left?: readonly string[] };

export type Taken =
  | { readonly taken: true; readonly lease: Lease; readonly left: readonly string[] }
  | { readonly taken: false; readonly retryAfterMs: number };

/** A subject whose holders die one after the other needs no longer memory than this. */
const mostLeft = 10;

/**
 * Takes the lease on a subject, or says how long somebody else still holds it. `left` names the incidents whose holders
 * let the lease expire, the newest first: they may be half done, and whoever takes the lease finishes them first. It
 * stays with the lease until that is released, so that it outlives a holder who dies while finishing.
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
  const takenAt = clock.now();
  const value = { incidentId, until: takenAt + leaseMs };
  const put = await state.putIfAbsent(key, value);
  if (put.written) return { taken: true, lease: { key, version: put.version, incidentId, takenAt }, left: [] };
  const held = put.row.value as LeaseRow;
  const remaining = held.until - clock.now();
  if (remaining > 0) return { taken: false, retryAfterMs: remaining };
  const left = [held.incidentId, ...(held.left ?? [])].slice(0, mostLeft);
  const swap = await state.compareAndSet(key, put.row.version, { ...value, left });
  if (!swap.written) return { taken: false, retryAfterMs: 1_000 };
  return { taken: true, lease: { key, version: swap.version, incidentId, takenAt }, left };
};

/**
 * The lease's row while it is still ours. A version alone does not tell: it starts anew once an expired row is removed, so
 * the incident's id is compared as well.
 */
const rowOf = async (state: StateStore, lease: Lease): Promise<LeaseRow | undefined> => {
  const row = await state.get(lease.key);
  const value = row?.value as LeaseRow | undefined;
  return row?.version === lease.version && value?.incidentId === lease.incidentId ? value : undefined;
};

/** Whether a lease is still ours with at least `marginMs` to go; asked just before each write. */
export const stillHolds = async (state: StateStore, clock: Clock, lease: Lease, marginMs: number): Promise<boolean> => {
  const row = await rowOf(state, lease);
  return row !== undefined && row.until - clock.now() >= marginMs;
};

/**
 * How long before now a lease that was let go is said to have expired, seconds: as its row is remembered for thirty days by
 * both stores, for its version, this one is removed a day later.
 */
const expiredForSeconds = 29 * 86_400;

/**
 * Lets a lease go; nothing happens when somebody else has it by now. Its row is not deleted but left as one that has
 * expired: versions go on over such a row, so that whoever is frozen in here for minutes lets go of nothing of a later
 * holder's, whose version would be the same again.
 */
export const releaseLease = async (state: StateStore, lease: Lease): Promise<void> => {
  if ((await rowOf(state, lease)) === undefined) return;
  const expiresAt = Math.max(1, Math.floor(lease.takenAt / 1000) - expiredForSeconds);
  await state.compareAndSet(lease.key, lease.version, { incidentId: lease.incidentId, until: 0 }, { expiresAt });
};

/**
 * Lets a lease go with something left half done: whoever takes it next finishes that first, and need not wait until it
 * would have expired.
 */
export const yieldLease = async (state: StateStore, clock: Clock, lease: Lease): Promise<void> => {
  const row = await rowOf(state, lease);
  if (row !== undefined) await state.compareAndSet(lease.key, lease.version, { ...row, until: clock.now() });
};

/** A lease that ran out: the incidents of its holders may be half done, the newest first. */
export type ExpiredLease = { readonly subjectKey: string; readonly incidentIds: readonly string[] };

/** Every lease that its holder let expire, as they stand now. */
export const expiredLeases = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
): Promise<readonly ExpiredLease[]> => {
  const prefix = rowKey("lease", accountId, "");
  const expired: ExpiredLease[] = [];
  for await (const { key, value } of rows(state, prefix)) {
    const { incidentId, until, left = [] } = value as LeaseRow;
    if (until <= clock.now())
      expired.push({ subjectKey: key.slice(prefix.length), incidentIds: [incidentId, ...left] });
  }
  return expired;
};
