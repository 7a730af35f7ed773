import type { Incident } from "./ledger/incident.ts";
import type { EventKey, Ledger } from "./ledger/ledger.ts";
import type { World } from "./ports/world.ts";
import { incidentMessage } from "./response/messages/incident-message.ts";
import { tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";

/** Opens and tells an incident once for each event, however often the event comes. Gives the incident's id. */
export const tellOnce = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  event: EventKey,
  incident: Incident,
): Promise<string> => {
  // The first to come gives the incident its id; whoever comes after it repeats its steps under that id.
  const before = await ledger.eventRecord(event);
  if (before === undefined) await ledger.settleEvent(event, "alerted", incident.id, "told by an incident of its own");
  const id = (before ?? (await ledger.eventRecord(event)))?.incidentId ?? incident.id;
  const known = await ledger.incident(id);
  if (known === undefined) await ledger.open({ ...incident, id });
  await tell(world, incidentMessage(known ?? { ...incident, id }, settings.telling));
  return id;
};
