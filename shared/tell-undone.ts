import type { Occasion } from "./domain/trail-event.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { undoneIncident } from "./telling-incidents.ts";
import { undoneWith } from "./undone-with.ts";

/** Tells of a change that broke no rule and that a write of ours undid; undefined where none did. */
export const tellUndone = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
): Promise<{ readonly note: string; readonly incidentId: string } | undefined> => {
  const undone = await undoneWith(world, settings, ledger, event);
  if (undone === undefined) return undefined;
  const incident = undoneIncident(world.newId(), event, undone, world.clock.now());
  const incidentId = await tellOnce(world, settings, ledger, { ...event, about: "undone" }, incident);
  return { note: `broke no rule, and was undone with incident ${undone.by.id}`, incidentId };
};
