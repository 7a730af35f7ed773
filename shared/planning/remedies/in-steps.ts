import type { Call, Remediation } from "../../domain/plan.ts";
import type { Subject, SubjectRef } from "../../domain/subject.ts";
import { stateDigest } from "../../operations/state-digest.ts";

/** One call of several, the state that it leaves, and the call that leads back from there. */
export type Step = { readonly call: Call; readonly leaves: Subject; readonly back: Call };

/** A remediation of several calls, each of which changes the subject visibly; its undo goes back the same way. */
export const inSteps = (
  subject: SubjectRef,
  now: Subject,
  [first, ...others]: readonly [Step, ...Step[]],
): Remediation => {
  const last = others.at(-1) ?? first;
  const between = [first, ...others].slice(0, -1).map(({ leaves }) => stateDigest(leaves));
  return {
    subject,
    expects: stateDigest(now),
    was: now,
    becomes: last.leaves,
    calls: [first.call, ...others.map(({ call }) => call)],
    undo: [first, ...others].reverse().map(({ back }) => back),
    ...(between.length === 0 ? {} : { between, undoBetween: [...between].reverse() }),
  };
};
