import { subjectKey } from "./domain/kinds.ts";
import type { Occasion } from "./domain/trail-event.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { unjoinedIncident } from "./telling-incidents.ts";

/** What is told of it for one subject is told again after so long, milliseconds. */
const toldEveryMs = 3_600_000;

/**
 * Runs what judges changes together. A fault of that must not keep an event from being dealt with for itself: it is
 * logged and told, and `otherwise` stands for it. What the state store cannot do now is another matter.
 */
export const withoutChainFault = async <Value>(
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  run: () => Promise<Value>,
  otherwise: Value,
): Promise<Value> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const fault = error instanceof Error ? error.name : "an unknown fault";
    const { eventId, operation } = event;
    world.log("error", "changes could not be judged together", { eventId, operation, fault });
    const now = world.clock.now();
    const incident = unjoinedIncident(world.newId(), event, fault, now);
    const about = {
      eventId: "not-joined",
      operation,
      occurredAt: now - (now % toldEveryMs),
      about: subjectKey(event.subject),
    };
    await tellOnce(world, settings, ledger, about, incident);
    return otherwise;
  }
};
