import type { Change } from "./domain/change.ts";
import type { Finding } from "./domain/finding.ts";
import type { Subject, SubjectKind, SubjectRef } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import { judgeChange, ruleById } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/**
 * Kinds whose rules judge what a document newly lets in or allows. As they stand, all that they let in or allow counts.
 * The rules of any other kind judge either how it stands, or that somebody made it, which is long past.
 */
const countsWhole: readonly SubjectKind[] = ["role-trust", "policy"];

/** The policies that RAM Warden itself works with are strong on purpose; they bear the names of its roles. */
const isOwnPolicy = (subject: SubjectRef, ownRoles: readonly string[]): boolean =>
  subject.kind === "policy" && ownRoles.includes(subject.policyName);

/** What the rules in force have against a state as it stands, whoever made it so and whenever. */
export const objectionsTo = (subject: SubjectRef, state: Subject, { rules }: Settings): readonly Finding[] => {
  if (isOwnPolicy(subject, rules.ownRoles ?? [])) return [];
  const then = countsWhole.includes(state.kind) ? gone : state;
  const before = { known: true, state: then, provenance: "baseline" } as const;
  const change = { kind: state.kind, subject, before, after: state, actor: undefined } as Change;
  // A rule that looks at every kind judges who made a change, and says nothing of the state.
  return judgeChange(change, { settings: rules }).filter(({ rule }) => ruleById(rule)?.subject !== "any");
};
