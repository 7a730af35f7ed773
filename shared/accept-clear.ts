import type { Assessment } from "./assess.ts";
import { areTwo, formerRef, refTo, subjectKey } from "./domain/kinds.ts";
import type { Gone, Subject } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { dropBaseline, keepState, readBaseline } from "./ledger/baselines.ts";
import { noteComing } from "./ledger/comings.ts";
import type { World } from "./ports/world.ts";

/** A state that breaks no rule may be gone back to later; one that was not looked at may not. */
export const acceptClear = async (
  world: Pick<World, "state" | "clock">,
  event: Occasion,
  { accepted, unread, firstSight }: Extract<Assessment, { kind: "clear" }>,
): Promise<void> => {
  const { accountId, subject, occurredAt } = event;
  if (event.effect === "made")
    await noteComing(world, accountId, subjectKey(subject), { at: occurredAt, effect: "made", eventId: event.eventId });
  // A time to come would keep every later state from being accepted.
  const since = Math.min(occurredAt, world.clock.now());
  const former = formerRef(subject);
  if (former !== undefined) await dropBaseline(world.state, accountId, subjectKey(former), since);
  if (unread === true) await dropBaseline(world.state, accountId, subjectKey(subject), since);
  else if (accepted !== undefined) {
    if (firstSight === true) await dropOfAnother(world, accountId, subject, accepted);
    const source = firstSight === true ? "first-sight" : "event";
    await keepState(world.state, subject, { state: accepted, since, source });
  }
};

/** A first sight replaces no baseline, but that of an earlier thing of the same name is none. */
const dropOfAnother = async (
  { state }: Pick<World, "state">,
  accountId: Occasion["accountId"],
  subject: Occasion["subject"],
  seen: Subject | Gone,
): Promise<void> => {
  const key = subjectKey(refTo(subject, seen));
  const baseline = await readBaseline(state, accountId, key);
  if (baseline !== undefined && areTwo(baseline.state, seen)) await dropBaseline(state, accountId, key, baseline.since);
};
