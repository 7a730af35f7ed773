import type { AccountId } from "../domain/identity.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./ledger.ts";

/** RAM's reads lag behind its writes by up to about a minute (`ram-api.md` §3): after this they tell what is, milliseconds. */
export const settledAfterMs = 120_000;

/** An event whose subject did not show it so soon after, and when to look at that again, epoch milliseconds. */
export type Recheck = { readonly event: Occasion; readonly dueAt: number; readonly tries?: number };

export type RecheckRow = { readonly key: string; readonly version: number; readonly recheck: Recheck };

/**
 * Notes that an event's subject is to be looked at again. It has no expiry: it is still open. Where that is noted already
 * the later time counts, and the row is written anew all the same: whoever is just looking, and asks for another look,
 * must not take that off with the one that it has done.
 */
export const keepRecheck = async (
  state: StateStore,
  accountId: AccountId,
  subjectKey: string,
  event: Occasion,
  dueAt: number,
): Promise<void> => {
  const key = rowKey("recheck", accountId, `${event.eventId}/${subjectKey}`);
  for (;;) {
    const put = await state.putIfAbsent(key, asJson({ event, dueAt }));
    if (put.written) return;
    const known = put.row.value as unknown as Recheck;
    const later = { ...known, event, dueAt: Math.max(dueAt, known.dueAt) };
    if ((await state.compareAndSet(key, put.row.version, asJson(later))).written) return;
  }
};

/** What is due to be looked at again. */
export const dueRechecks = async (
  state: StateStore,
  accountId: AccountId,
  now: number,
): Promise<readonly RecheckRow[]> => {
  const due: RecheckRow[] = [];
  for await (const { key, version, value } of rows(state, rowKey("recheck", accountId, ""))) {
    const recheck = value as unknown as Recheck;
    if (recheck.dueAt <= now) due.push({ key, version, recheck });
  }
  return due;
};

/** Takes a look off that was done; one that was asked for since stays. */
export const dropRecheck = async (state: StateStore, { key, version }: RecheckRow): Promise<void> => {
  await state.delete(key, version);
};
