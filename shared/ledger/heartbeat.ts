import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";

/** Who gives a sign of life: the guard when it is handed events, the sweep at the end of each tick. */
export type Beater = "guard" | "sweep";

/** A sign of life: when, epoch milliseconds, and what was done. */
export type Heartbeat<Did> = { readonly at: number; readonly did: Did };

/** The last sign of life; undefined where there never was one. */
export const readHeartbeat = async <Did>(
  state: StateStore,
  accountId: AccountId,
  of: Beater,
): Promise<Heartbeat<Did> | undefined> =>
  (await state.get(rowKey("heartbeat", accountId, of)))?.value as Heartbeat<Did> | undefined;

/**
 * Gives a sign of life, unless the last one is younger than `everyMs`: then false. A later one by somebody else will do as
 * well.
 */
export const beat = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  of: Beater,
  did: unknown,
  everyMs = 0,
): Promise<boolean> => {
  const key = rowKey("heartbeat", accountId, of);
  const row = await state.get(key);
  const at = clock.now();
  if (row !== undefined && at - (row.value as { readonly at: number }).at < everyMs) return false;
  const sign = asJson({ at, did });
  if (row === undefined) await state.putIfAbsent(key, sign);
  else await state.compareAndSet(key, row.version, sign);
  return true;
};
