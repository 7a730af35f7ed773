import type { Assessment } from "./assess.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { isPassing } from "./domain/cloud-error.ts";
import type { Renaming } from "./domain/renaming.ts";
import { holdersIn } from "./domain/renaming.ts";
import type { Result } from "./domain/result.ts";
import { ok } from "./domain/result.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { asNamedNow } from "./ledger/renamings.ts";
import type { World } from "./ports/world.ts";

type Store = Pick<World, "state" | "clock" | "accountId">;

/** An event under the name that its holder bears by now. What it claims names the former one, and is left out. */
export const eventAsNamedNow = async (store: Store, event: Occasion): Promise<Occasion> => {
  const named = await asNamedNow(store, event);
  if (named === event) return event;
  const { claim: _, ...rest } = named;
  return { ...rest, claimed: undefined };
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
