import { moveCursor, readCursor } from "./ledger/cursors.ts";
import { readHeartbeat } from "./ledger/heartbeat.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import type { CaughtUp } from "./sweep-catch-up.ts";
import { tellOnce } from "./tell-once.ts";
import { silentGuardIncident } from "./telling-incidents.ts";

/** Since when the guard is not handed what happens, and how much of it; or that it is handed it again. */
type Silence =
  | {
      readonly over: false;
      readonly since: number;
      readonly events: number;
      readonly told: boolean;
      /** Somebody was about to tell it. */
      readonly telling?: true;
    }
  | { readonly over: true };

/** The guard's events may be late; only a guard that is silent for so long is said to be. */
const silentAfterMs = 30 * 60_000;

/** Says once that the guard is handed nothing although the audit trail shows changes. */
export const watchGuard = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  missed: CaughtUp["missed"],
): Promise<void> => {
  const { state, clock, accountId } = world;
  const cursor = await readCursor<Silence>(state, accountId, "silence");
  const known = cursor.place?.over === false ? cursor.place : undefined;
  if (known === undefined && missed === undefined) return;
  const guard = await readHeartbeat(state, accountId, "guard");
  const since = known?.since ?? missed?.first ?? 0;
  const isSilent = guard === undefined || guard.at < since;
  const tellIt = async (events: number): Promise<void> => {
    const { eventId, operation } = { eventId: "guard-silent", operation: "Ram.LookupEvents" } as const;
    const seen = { eventId, operation, requestId: "", occurredAt: since, accountId, events };
    const incident = silentGuardIncident(world.newId(), seen, settings, clock.now());
    await tellOnce(world, settings, ledger, { eventId, operation, occurredAt: since, about: "the guard" }, incident);
  };
  if (!isSilent) {
    if (known?.telling === true && !known.told) await tellIt(known.events);
    if (known !== undefined) await moveCursor(state, accountId, "silence", cursor, { over: true });
    return;
  }
  const events = (known?.events ?? 0) + (missed?.events ?? 0);
  const tells = known?.told !== true && clock.now() - since >= silentAfterMs;
  const place = { over: false, since, events, told: known?.told === true } as const;
  if (tells) {
    // On record first: whoever dies in between leaves it to the next tick, whether the guard is back by then or not.
    const noted = await moveCursor<Silence>(state, accountId, "silence", cursor, { ...place, telling: true });
    await tellIt(events);
    if (noted !== undefined) await moveCursor<Silence>(state, accountId, "silence", noted, { ...place, told: true });
  } else if (missed !== undefined) await moveCursor<Silence>(state, accountId, "silence", cursor, place);
};
