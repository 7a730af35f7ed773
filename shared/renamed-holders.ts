import type { Assessment } from "./assess.ts";
import { formerRef } from "./domain/kinds.ts";
import type { Renaming } from "./domain/renaming.ts";
import { holdersIn, underName } from "./domain/renaming.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { keepVanished, renamedSince } from "./ledger/renamings.ts";
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

/** An event under the name that its holder bears since. What it claims names the former one, and is left out. */
export const eventUnderName = (event: Occasion, renaming: Renaming): Occasion => {
  const { claim: _, ...rest } = event;
  return { ...rest, subject: underName(event.subject, renaming), claimed: undefined };
};

/** Whether a subject was found not to be there, by a name that somebody may have changed. */
export const isVanished = (event: Occasion, assessment: Assessment): boolean => {
  if (event.effect === "removed" || holdersIn(event.subject).length === 0) return false;
  if (assessment.kind === "transient") return assessment.plan.found?.kind === "gone";
  return assessment.kind === "clear" && assessment.accepted?.kind === "gone";
};

/**
 * What is gone by the name of its user or group may be there by another: the event is judged under the name that is known
 * to have come since, or kept until it is known.
 */
export const followRenaming = async (store: Store, event: Occasion): Promise<Occasion | undefined> => {
  const renaming = await renamedSince(store, event);
  if (renaming !== undefined) return eventUnderName(event, renaming);
  await keepVanished(store, event);
  return undefined;
};
