import type { Change } from "../domain/change.ts";
import { isSameState } from "../domain/digest.ts";
import type { Reason } from "../domain/plan.ts";
import { documentForm } from "../policy/canonical.ts";

export const changedAgain =
  "it was changed again since, so that putting it back would undo the newer change as well; that one is judged by its own event";

/**
 * A reason to ask where somebody changed a subject again since: putting it back as a whole would undo that too, which may
 * be a wanted change whose event is still on its way (`ram-api.md` §9.8). Where single rules judge, the live state itself
 * is what breaks one, whoever made it. A policy needs no such reason, as only what the event's call did is put back.
 */
export const changedSince = ({ kind, whole, before, after, claimed }: Change): Reason | undefined => {
  if (whole !== true || kind === "policy" || claimed === undefined || claimed.kind === "gone") return undefined;
  if (!before.known || before.state.kind === "gone" || after.kind === "gone") return undefined;
  if (isSameState(claimed, after, documentForm)) return undefined;
  return { kind: "changed-again", detail: changedAgain };
};
