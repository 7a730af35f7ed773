import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import { flushOutbox } from "./response/tell.ts";
import type { Settings } from "./settings.ts";

/**
 * Sends what waits in the outbox; a fault of that keeps nothing from being done. What waits for channels that are gone is
 * the sweep's. Rejects when the store does not answer.
 */
export const sendWaiting = (world: World, settings: Settings): Promise<void> =>
  flushOutbox(world, settings.telling.language, { ownOnly: true }).catch((error: unknown) => {
    if (error instanceof StoreUnavailable) throw error;
    // What is to be told stays in the outbox; the work itself is done, and is not to come again for this.
    world.log("error", "the outbox could not be sent", { fault: error instanceof Error ? error.name : "unknown" });
  });
