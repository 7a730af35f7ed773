import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";

/** One use of a budget: by which event, so that an event that comes again is not counted twice. */
type Use = { readonly id: string; readonly at: number };

/** Budgets are of any hour, not of the hours of the clock. */
export const budgetMs = 3_600_000;

/** Writes that did not end well: too many of them, and no more are made. */
export const failuresName = "failures";

const within = (uses: readonly Use[], now: number): readonly Use[] => uses.filter(({ at }) => at > now - budgetMs);

/** Takes one of the uses that `name` has within an hour, shared by all instances; false when none is left. */
export const takeUse = async (
  state: StateStore,
  clock: Clock,
  accountId: AccountId,
  name: string,
  id: string,
  limit: number,
): Promise<boolean> => {
  const key = rowKey("budget", accountId, name);
  for (;;) {
    const now = clock.now();
    const row = await state.get(key);
    const uses = within((row?.value as readonly Use[] | undefined) ?? [], now);
    if (uses.some((use) => use.id === id)) return true;
    if (uses.length >= limit) return false;
    const next = asJson([...uses, { id, at: now }]);
    const expiry = { expiresAt: Math.ceil((now + budgetMs) / 1000) };
    const written =
      row === undefined
        ? (await state.putIfAbsent(key, next, expiry)).written
        : (await state.compareAndSet(key, row.version, next, expiry)).written;
    if (written) return true;
  }
};

/** How many uses `name` has had within an hour. */
export const usesOf = async (state: StateStore, clock: Clock, accountId: AccountId, name: string): Promise<number> => {
  const row = await state.get(rowKey("budget", accountId, name));
  return within((row?.value as readonly Use[] | undefined) ?? [], clock.now()).length;
};
