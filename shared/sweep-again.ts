import { assessLive } from "./assess.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import { subjectKey } from "./domain/kinds.ts";
import { asJson } from "./ledger/incident.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { PutOff } from "./ledger/put-off.ts";
import { putOff } from "./ledger/put-off.ts";
import type { RecheckRow } from "./ledger/rechecks.ts";
import { dropRecheck, dueRechecks } from "./ledger/rechecks.ts";
import { isNotHandled } from "./not-handled.ts";
import { handleOccasion } from "./pipeline.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";
import { notePutOff } from "./tell-put-off.ts";

export type LookedAgain = { readonly due: number; readonly acted: number };

/**
 * Looks again at subjects that did not show so soon what their events say: RAM's reads lag by up to a minute, and what
 * was told as over may stand. Where it does it is dealt with; else there is nothing to add.
 */
export const lookAgain = async (world: World, settings: Settings, tick: Tick): Promise<LookedAgain> => {
  const due = [...(await dueRechecks(world.state, world.accountId, world.clock.now()))].sort(
    (a, b) => (a.recheck.tries ?? 0) - (b.recheck.tries ?? 0) || a.recheck.dueAt - b.recheck.dueAt,
  );
  let acted = 0;
  for (const row of due) {
    if (!tick.isTime()) break;
    const { operation } = row.recheck.event;
    if (tick.isOut(operation)) continue;
    const look = () => tick.contained("looking again at a subject", () => lookAt(world, settings, row), "waits");
    const seen = await tick.asking(operation, look, (end) => end === "waits");
    if (seen === "acted") acted += 1;
    else if (seen === "waits") await putOffRecheck(world, row);
  }
  return { due: due.length, acted };
};

/** Leaves what was looked at in vain alone for a while. */
const putOffRecheck = async ({ state, clock }: World, { key, version, recheck }: RecheckRow): Promise<void> => {
  await state.compareAndSet(key, version, asJson({ ...recheck, ...putOff(recheck as PutOff, clock.now()) }));
};

const lookAt = async (world: World, settings: Settings, row: RecheckRow): Promise<"acted" | "over" | "waits"> => {
  const { event } = row.recheck;
  if (await isTold(world, event)) {
    await dropRecheck(world.state, row);
    return "over";
  }
  const assessment = await assessLive(world, settings, event);
  if (assessment.kind === "defer") {
    const ledger = openLedger(world.state, world.clock, world.accountId);
    await notePutOff(world, settings, ledger, event, cloudErrorText(assessment.error));
    return "waits";
  }
  if (assessment.kind === "plan") {
    const handled = await handleOccasion(world, settings, event, { evenIfDealtWith: true });
    if (handled.kind === "deferred") return "waits";
  }
  await dropRecheck(world.state, row);
  return assessment.kind === "plan" ? "acted" : "over";
};

/** What was told and left as it is stands still because of that, and not because a reading lagged: once is enough. */
const leftInPlace: readonly string[] = ["alerted", "asked", "observed", "failed"];

const isTold = async (world: World, event: RecheckRow["recheck"]["event"]): Promise<boolean> => {
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const record = await ledger.eventRecord({ ...event, about: subjectKey(event.subject) });
  if (await isNotHandled(ledger, event)) return true;
  return record !== undefined && record.incidentId !== undefined && leftInPlace.includes(record.outcome);
};
