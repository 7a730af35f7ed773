import type { Occasion } from "./domain/trail-event.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { marked } from "./not-handled.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import { tellOnce } from "./tell-once.ts";
import { putOffIncident } from "./telling-incidents.ts";

/** What cannot be dealt with for so long is told, milliseconds: until then it is a hitch, and nobody need do anything. */
export const putOffForMs = 30 * 60_000;

/** Says once of an event that it cannot be dealt with for now, and why. It is tried on. */
export const tellPutOff = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  because: string,
): Promise<void> => {
  const incident = putOffIncident(world.newId(), event, because, world.clock.now());
  await tellOnce(world, settings, ledger, marked(event, "put off"), incident);
};

/** The same for what is tried by no record of the trail: since when that is so is remembered here. */
export const notePutOff = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: Occasion,
  because: string,
): Promise<void> => {
  const key = marked(event, "put off since");
  const first = await ledger.eventRecord(key);
  if (first === undefined) await ledger.settleEvent(key, "deferred", undefined, because);
  else if (world.clock.now() - first.at >= putOffForMs) await tellPutOff(world, settings, ledger, event, because);
};
