import type { Change } from "../../domain/change.ts";
import type { KeyOwner } from "../../domain/identity.ts";

export const ownerName = (owner: KeyOwner): string => (owner.kind === "root" ? "root" : owner.name);

/** Whether the change made the key: another change of its status is judged by a rule of its own. */
export const isNewKey = (before: Change<"access-key">["before"]): boolean =>
  before.known && before.state.kind === "gone";
