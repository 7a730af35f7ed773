import type { Assessment } from "./assess.ts";
import { formerRef, subjectKey } from "./domain/kinds.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { dropBaseline, keepState } from "./ledger/baselines.ts";
import type { World } from "./ports/world.ts";

/** A state that breaks no rule may be gone back to later; one that was not looked at may not. */
export const acceptClear = async (
  world: Pick<World, "state" | "clock">,
  { accountId, subject, occurredAt }: Occasion,
  { accepted, unread }: Extract<Assessment, { kind: "clear" }>,
): Promise<void> => {
  // A time to come would keep every later state from being accepted.
  const since = Math.min(occurredAt, world.clock.now());
  const former = formerRef(subject);
  if (former !== undefined) await dropBaseline(world.state, accountId, subjectKey(former), since);
  if (unread === true) await dropBaseline(world.state, accountId, subjectKey(subject), since);
  else if (accepted !== undefined) await keepState(world.state, subject, { state: accepted, since, source: "event" });
};
