import { digest } from "../domain/digest.ts";
import type { Digest, Remediation } from "../domain/plan.ts";
import type { Gone, Subject } from "../domain/subject.ts";
import type { Policy } from "../domain/subjects/permissions.ts";
import { documentForm } from "../policy/canonical.ts";

/**
 * The digest of a subject's state; documents compare by meaning, so white space and order do not matter. `anew` leaves
 * out the id, for a thing that was made again.
 */
export const stateDigest = (state: Subject | Gone, anew = false): Digest => digest(state, documentForm, anew);

/** The digests of the states that a remediation's calls leave, the state that it starts from first. */
export const statesOf = ({ expects, between = [], becomes, anew }: Remediation): readonly Digest[] => [
  expects,
  ...between,
  stateDigest(becomes, anew === "calls"),
];

/** How many of a remediation's calls a subject's state shows to be done; undefined when it is on none of the way. */
export const callsDone = (remediation: Remediation, live: Subject | Gone): number | undefined => {
  const states = statesOf(remediation);
  const made = stateDigest(live, remediation.anew === "calls");
  const at = states.lastIndexOf(made);
  if (at > 0) return at;
  return stateDigest(live) === remediation.expects ? 0 : undefined;
};

/** Versions as documents: one that is made again has another id. */
const withoutVersionIds = ({ versions, defaultVersion, ...policy }: Policy): string => {
  const documents = versions.map(({ versionId, document }) =>
    JSON.stringify([documentForm(document), versionId === defaultVersion]),
  );
  return JSON.stringify([policy.policyName, policy.description, documents.sort()]);
};

/** Whether a state is the one that was before, by what it says and not by ids that were given anew. */
export const standsAsBefore = (before: Subject | Gone, now: Subject | Gone, anew: boolean): boolean =>
  before.kind === "policy" && now.kind === "policy"
    ? withoutVersionIds(before) === withoutVersionIds(now)
    : stateDigest(before, anew) === stateDigest(now, anew);
