import type { Assessment } from "./assess.ts";
import { formerRef } from "./domain/kinds.ts";
import type { Renaming } from "./domain/renaming.ts";
import { holdersIn } from "./domain/renaming.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { asNamedNow } from "./ledger/renamings.ts";
import type { World } from "./ports/world.ts";

type Store = Pick<World, "state" | "clock" | "accountId">;

/** The renaming that an event tells of; undefined for any other event. */
export const renamingOf = ({ subject }: Pick<Occasion, "subject">): Renaming | undefined => {
  const former = formerRef(subject);
  if (former === undefined) return undefined;
  if (subject.kind === "user" && former.kind === "user")
    return { kind: "user", from: former.userName, to: subject.userName };
  return subject.kind === "group" && former.kind === "group"
    ? { kind: "group", from: former.groupName, to: subject.groupName }
    : undefined;
};

/** An event under the name that its holder bears by now. What it claims names the former one, and is left out. */
export const eventAsNamedNow = async (store: Store, event: Occasion): Promise<Occasion> => {
  const named = await asNamedNow(store, event);
  if (named === event) return event;
  const { claim: _, ...rest } = named;
  return { ...rest, claimed: undefined };
};

/** Whether a subject was found not to be there, by a name that somebody may have changed. */
export const isVanished = (event: Occasion, assessment: Assessment): boolean => {
  if (event.effect === "removed" || holdersIn(event.subject).length === 0) return false;
  if (assessment.kind === "transient") return assessment.plan.found?.kind === "gone";
  return assessment.kind === "clear" && assessment.accepted?.kind === "gone";
};
