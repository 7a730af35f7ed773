import { readHeartbeat } from "./ledger/heartbeat.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { silentSweepIncident } from "./telling-incidents.ts";

/** A tick may take ten minutes, and a few may fail; a sweep that has not ended one for so long is said to be silent. */
const silentAfterMs = 30 * 60_000;

/**
 * Says once of each silence that the sweep does not come to its end any more: what no event tells is judged by nobody then.
 * Where there never was a sweep there is none to be missed. Costs one reading, and is not worth a failed delivery.
 */
export const watchSweep = async (world: World, settings: Settings, ledger: Ledger): Promise<void> => {
  try {
    const sign = await readHeartbeat(world.state, world.accountId, "sweep");
    if (sign === undefined || world.clock.now() - sign.at < silentAfterMs) return;
    const { eventId, operation } = { eventId: "sweep-silent", operation: "Ram.LookupEvents" } as const;
    const { accountId } = world;
    const seen = { eventId, operation, requestId: "", occurredAt: sign.at, accountId };
    const incident = silentSweepIncident(world.newId(), seen, settings, world.clock.now());
    await tellOnce(world, settings, ledger, { eventId, operation, occurredAt: sign.at, about: "the sweep" }, incident);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    world.log("error", "the sweep could not be watched", {});
  }
};
