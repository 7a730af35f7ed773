import type { Json } from "./domain/json.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import { trimJournal } from "./ledger/journal-trim.ts";
import type { World } from "./ports/world.ts";

/** What was given up because its time is over. */
export type Tidied = {
  /** Entries of the journal that were removed, and those that were written again as they are about something open. */
  readonly entries: number;
  readonly carried: number;
  /** Expired rows that the store does not remove by itself. */
  readonly rows: number;
};

/** Where tidying stands: `from` in the middle of the rows, `again` once all is done for now, epoch milliseconds. */
type Place = { readonly from?: Json; readonly again?: number };

const mostEntries = 500;
const mostRows = 2_000;
/** Looking costs calls of the store, and nothing becomes due by the minute. */
const everyMs = 3_600_000;

const nothing: Tidied = { entries: 0, carried: 0, rows: 0 };

/**
 * Gives up entries of the journal whose time is over, and expired rows, some in each tick until all are; then an hour
 * later again. The last step of a tick: everything else is more urgent.
 */
export const tidy = async (world: World, isTime: () => boolean): Promise<Tidied> => {
  const { state, clock, accountId, forgetExpired } = world;
  const cursor = await readCursor<Place>(state, accountId, "tidy");
  const { from, again = 0 } = cursor.place ?? {};
  // A clock that was ahead once does not keep it from beginning.
  if (!isTime() || (clock.now() < again && again - clock.now() <= everyMs)) return nothing;
  const trimmed = await trimJournal(state, clock, accountId, mostEntries, isTime);
  const { removed, next }: Awaited<ReturnType<NonNullable<typeof forgetExpired>>> =
    forgetExpired === undefined || !isTime()
      ? { removed: 0, ...(from === undefined ? {} : { next: from }) }
      : await forgetExpired(mostRows, from);
  const place: Place = {
    ...(next === undefined ? {} : { from: next }),
    ...(trimmed.more || next !== undefined ? {} : { again: clock.now() + everyMs }),
  };
  await moveCursor<Place>(state, accountId, "tidy", cursor, place);
  return { entries: trimmed.removed, carried: trimmed.carried, rows: removed };
};
