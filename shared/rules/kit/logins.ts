import type { Change } from "../../domain/change.ts";

/** How a logon that is in use now came to be so: it is new, was switched on, was in use before, or nobody knows. */
export const cameIntoUse = ({
  before,
  after,
}: Change<"login">): "not in use" | "new" | "switched on" | "as before" | "not known" => {
  if (after.kind === "gone" || after.status === "Inactive") return "not in use";
  if (!before.known) return "not known";
  if (before.state.kind === "gone") return "new";
  return before.state.status === "Active" ? "as before" : "switched on";
};

/** The call of Ram cannot switch a logon on or off, so that one whose state before is not known was in use already. */
export const mayHaveSwitchedOn = ({ subject }: Change<"login">): boolean => subject.route !== "Ram";
