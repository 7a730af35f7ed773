import type { Change } from "../../domain/change.ts";
import type { KeyOwner } from "../../domain/identity.ts";

export const ownerName = (owner: KeyOwner): string => {
  if (owner.kind === "root") return "root";
  return owner.kind === "user" ? owner.name : `id ${owner.id}`;
};

/** Whether the change made the key: another change of its status is judged by a rule of its own. */
export const isNewKey = (before: Change<"access-key">["before"]): boolean =>
  before.known && before.state.kind === "gone";
