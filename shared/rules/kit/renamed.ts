import type { Change } from "../../domain/change.ts";

/** The name that a user or a group bore before the change, and the one it bears now; undefined where it is not there. */
export const namesOver = ({
  subject,
  before,
  after,
}: Change<"user"> | Change<"group">): { readonly from: string | undefined; readonly to: string } | undefined => {
  if (after.kind === "gone" || (after.kind === "user" && after.recycled === true)) return undefined;
  const to = after.kind === "user" ? after.userName : after.groupName;
  if (!before.known) return { from: subject.formerName, to };
  const { state } = before;
  if (state.kind === "gone") return { from: undefined, to };
  return { from: state.kind === "user" ? state.userName : state.groupName, to };
};
