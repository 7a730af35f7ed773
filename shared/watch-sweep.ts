import { moveCursor, readCursor } from "./ledger/cursors.ts";
import { readHeartbeat } from "./ledger/heartbeat.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { silentSweepIncident } from "./telling-incidents.ts";

/** A tick may take ten minutes, and a few may fail; a sweep that has not ended one for so long is said to be silent. */
const silentAfterMs = 30 * 60_000;

/** Of the last silence that was to be told: when the sweep had ended its last tick before it, and whether it was told. */
type Silence = { readonly since: number; readonly told: boolean };

const cursorName = "sweep-silence";

/**
 * Says once of each silence that the sweep does not come to its end any more: what no event tells is judged by nobody then.
 * Where there never was a sweep there is none to be missed. Costs one reading, and is not worth a failed delivery.
 */
export const watchSweep = async (world: World, settings: Settings, ledger: Ledger): Promise<void> => {
  const { state, clock, accountId } = world;
  try {
    const sign = await readHeartbeat(state, accountId, "sweep");
    if (sign === undefined || clock.now() - sign.at < silentAfterMs) return;
    const cursor = await readCursor<Silence>(state, accountId, cursorName);
    if (cursor.place?.since === sign.at && cursor.place.told) return;
    // On record first: whoever dies in between leaves it to the next guard, or to the sweep that is back.
    const noted = await moveCursor<Silence>(state, accountId, cursorName, cursor, { since: sign.at, told: false });
    await tellSilence(world, settings, ledger, sign.at);
    if (noted !== undefined)
      await moveCursor<Silence>(state, accountId, cursorName, noted, { since: sign.at, told: true });
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    world.log("error", "the sweep could not be watched", {});
  }
};

/** Tells of a silence that a guard was about to tell of when it died: the sweep that is back is no silent one any more. */
export const finishTellingOfSilence = async (world: World, settings: Settings, ledger: Ledger): Promise<void> => {
  const { state, accountId } = world;
  const cursor = await readCursor<Silence>(state, accountId, cursorName);
  if (cursor.place === undefined || cursor.place.told) return;
  await tellSilence(world, settings, ledger, cursor.place.since);
  await moveCursor<Silence>(state, accountId, cursorName, cursor, { ...cursor.place, told: true });
};

const tellSilence = async (world: World, settings: Settings, ledger: Ledger, since: number): Promise<void> => {
  const { eventId, operation } = { eventId: "sweep-silent", operation: "Ram.LookupEvents" } as const;
  const seen = { eventId, operation, requestId: "", occurredAt: since, accountId: world.accountId };
  const incident = silentSweepIncident(world.newId(), seen, settings, world.clock.now());
  await tellOnce(world, settings, ledger, { eventId, operation, occurredAt: since, about: "the sweep" }, incident);
};
