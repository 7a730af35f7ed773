import { assessLive } from "./assess.ts";
import { subjectKey } from "./domain/kinds.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { RecheckRow } from "./ledger/rechecks.ts";
import { dropRecheck, dueRechecks } from "./ledger/rechecks.ts";
import { isNotHandled } from "./not-handled.ts";
import { handleOccasion } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";

export type LookedAgain = { readonly due: number; readonly acted: number };

/**
 * Looks again at subjects that did not show so soon what their events say: RAM's reads lag by up to a minute, and what
 * was told as over may stand. Where it does it is dealt with; else there is nothing to add.
 */
export const lookAgain = async (world: World, settings: Settings, isTime: () => boolean): Promise<LookedAgain> => {
  const due = await dueRechecks(world.state, world.accountId, world.clock.now());
  let acted = 0;
  for (const row of due) {
    if (!isTime()) break;
    if (await lookAt(world, settings, row)) acted += 1;
  }
  return { due: due.length, acted };
};

const lookAt = async (world: World, settings: Settings, row: RecheckRow): Promise<boolean> => {
  const { event } = row.recheck;
  if (await isTold(world, event)) {
    await dropRecheck(world.state, row);
    return false;
  }
  const assessment = await assessLive(world, settings, event);
  if (assessment.kind === "defer") return false;
  if (assessment.kind === "plan") {
    const handled = await handleOccasion(world, settings, event, { evenIfDealtWith: true });
    if (handled.kind === "deferred") return false;
  }
  await dropRecheck(world.state, row);
  return assessment.kind === "plan";
};

/** What was told and left as it is stands still because of that, and not because a reading lagged: once is enough. */
const leftInPlace: readonly string[] = ["alerted", "asked", "observed", "failed"];

const isTold = async (world: World, event: RecheckRow["recheck"]["event"]): Promise<boolean> => {
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const record = await ledger.eventRecord({ ...event, about: subjectKey(event.subject) });
  if (await isNotHandled(ledger, event)) return true;
  return record !== undefined && record.incidentId !== undefined && leftInPlace.includes(record.outcome);
};
