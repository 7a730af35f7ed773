import type { Assessment } from "./assess.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import { linkOf, subjectKey } from "./domain/kinds.ts";
import type { Renaming } from "./domain/renaming.ts";
import { holdersIn } from "./domain/renaming.ts";
import type { Result } from "./domain/result.ts";
import { ok } from "./domain/result.ts";
import type { SubjectRef } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { asNamedNow, namesSince } from "./ledger/renamings.ts";
import type { World } from "./ports/world.ts";
import { isKnownByItsTime, isOfAnotherTime } from "./response/made-at.ts";

type Looking = Pick<World, "state" | "clock" | "accountId" | "read">;

/**
 * An event under the name that its holder bears by now. What it claims names the former one, and is left out, but for a link,
 * which is all names. Of what an event made, the cloud may tell when: then the name counts under which it is found. Fails
 * where that cannot be read now: to take it for gone would be to leave it.
 */
export const eventAsNamedNow = async (world: Looking, event: Occasion): Promise<Result<Occasion, CloudError>> => {
  const named = await asNamedNow(world, event);
  if (named === event) return ok(event);
  const found = event.effect === "made" ? await foundByItsTime(world, event, named.subject) : ok(undefined);
  if (!found.ok) return found;
  const subject = found.value ?? named.subject;
  // A key goes by its id, whoever owns it: its owner counts as well.
  if (isUnderSameNames(subject, event.subject)) return ok(event);
  if (subjectKey(subject) === subjectKey(event.subject)) return ok(ofOwnerNow(event, subject));
  const { claim: _, ...rest } = named;
  return ok({ ...rest, subject, claimed: event.claimed === undefined ? undefined : linkOf(subject) });
};

/** What goes by an id is the same thing, of which the event claims the same. */
const ofOwnerNow = (event: Occasion, subject: SubjectRef): Occasion => {
  const { claimed } = event;
  const isKey = claimed?.kind === "access-key" && subject.kind === "access-key";
  return { ...event, subject, claimed: isKey ? { ...claimed, owner: subject.owner } : claimed };
};

const isUnderSameNames = (one: SubjectRef, other: SubjectRef): boolean =>
  JSON.stringify(holdersIn(one)) === JSON.stringify(holdersIn(other));

/** Under which of all names that may be meant the very thing is that an event made; undefined where it is under none. */
const foundByItsTime = async (
  world: Looking,
  event: Occasion,
  likely: SubjectRef,
): Promise<Result<SubjectRef | undefined, CloudError>> => {
  for (const subject of [likely, ...(await namesSince(world, event))]) {
    const live = await world.read(subject);
    if (!live.ok && isPassing(live.error)) return live;
    if (!live.ok || live.value.kind === "gone" || !isKnownByItsTime(live.value)) continue;
    if (!isOfAnotherTime(live.value, event.occurredAt)) return ok(subject);
  }
  return ok(undefined);
};

/** The user whom an event brought back from the recycle bin, with all keys that were there with it; undefined for none. */
export const returnedUser = async (
  world: Pick<World, "read">,
  { subject }: Pick<Occasion, "subject">,
): Promise<Result<Pick<Renaming, "kind" | "from"> | undefined, CloudError>> => {
  if (subject.kind !== "recycled-user") return ok(undefined);
  const now = await world.read(subject);
  if (!now.ok) return isPassing(now.error) ? now : ok(undefined);
  const { value } = now;
  return ok(
    value.kind === "recycled-user" && value.place === "account" ? { kind: "user", from: value.userName } : undefined,
  );
};

/** Whether a subject was found not to be there, by a name that somebody may have changed. */
export const isVanished = (event: Occasion, assessment: Assessment): boolean => {
  if (event.effect === "removed" || holdersIn(event.subject).length === 0) return false;
  if (assessment.kind === "transient") return assessment.plan.found?.kind === "gone";
  return assessment.kind === "clear" && assessment.accepted?.kind === "gone";
};
