import type { Occasion } from "./domain/trail-event.ts";

/** RAM takes no document that is nearly as long; a claim with one is not believed, and the subject is looked at. */
const longestDocument = 65_536;

/**
 * An event as far as it is to be believed and kept: what its answer says of a role beyond the fields that are judged may
 * be anything, a secret even.
 */
export const believed = <Seen extends Occasion>(event: Seen): Seen => {
  const { claimed, tells, ...rest } = event;
  if (tells?.document !== undefined && tells.document.length > longestDocument)
    return believed({ ...rest, claimed } as Seen);
  if (claimed?.kind === "policy" && claimed.versions.some(({ document }) => document.length > longestDocument))
    return { ...event, claimed: undefined };
  if (claimed?.kind !== "role-trust") return event;
  return { ...event, claimed: claimed.document.length > longestDocument ? undefined : { ...claimed, rest: {} } };
};
