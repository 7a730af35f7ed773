import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import { flushOutbox } from "./response/tell.ts";
import type { Settings } from "./settings.ts";

/** One flush beside the work takes so long at the most, and a last send. */
const longestFlushMs = 20_000;

/**
 * Sends what waits in the outbox, for as long as there is time for it; a fault of that keeps nothing from being done. What
 * waits for channels that are gone is the sweep's. Rejects when the store does not answer.
 */
export const sendWaiting = async (world: World, settings: Settings): Promise<void> => {
  const { clock, tellingTime } = world;
  const from = clock.now();
  const ms = Math.min(longestFlushMs, tellingTime?.left() ?? longestFlushMs);
  if (ms === 0) return;
  try {
    await flushOutbox(world, settings.telling.language, { ownOnly: true, until: from + ms });
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    // What is to be told stays in the outbox; the work itself is done, and is not to come again for this.
    world.log("error", "the outbox could not be sent", { fault: error instanceof Error ? error.name : "unknown" });
  } finally {
    tellingTime?.spend(clock.now() - from);
  }
};
