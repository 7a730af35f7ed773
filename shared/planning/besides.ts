import type { Change } from "../domain/change.ts";
import type { Evidence, Finding } from "../domain/finding.ts";
import { trustDifference } from "../policy/trust-difference.ts";
import { entityFacts } from "../policy/trust-entities.ts";
import type { TrustStep } from "../policy/trust-step.ts";

/**
 * What a change of a role's trust did that no rule objects to. Putting back what was before undoes it all the same: it may
 * be a change of somebody else's, of which the one that breaks a rule was made.
 */
export const changedBesides = (change: Change, findings: readonly Finding[]): readonly Evidence[] => {
  if (change.kind !== "role-trust" || !change.before.known) return [];
  const { before, after, subject } = change;
  if (before.state.kind === "gone" || after.kind === "gone") return [];
  const difference = trustDifference(before.state.document, after.document, subject.accountId);
  if (!difference.ok) return [];
  const objected = findings.flatMap(({ verdict }) => (verdict.kind === "violation" ? verdict.evidence : []));
  return difference.value.steps
    .filter((step) => !objected.some((evidence) => tells(evidence, step)))
    .map(({ sentence, facts }) => ({ sentence, facts }));
};

/** Whether the evidence of a finding is of a step: in its words, or about whom it lets in. */
const tells = ({ sentence, facts }: Evidence, step: TrustStep): boolean => {
  if (sentence.en === step.sentence.en) return true;
  if (!step.widens || step.entity === undefined) return false;
  return Object.entries(entityFacts(step.entity)).every(([name, value]) => facts[name] === value);
};
