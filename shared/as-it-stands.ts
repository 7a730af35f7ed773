import type { Change } from "./domain/change.ts";
import type { Finding } from "./domain/finding.ts";
import type { Subject, SubjectKind, SubjectRef } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import { isApprovingRoleAsDeployed } from "./own-roles-as-deployed.ts";
import type { Facts } from "./rules/kit/rule.ts";
import { judgeChange, ruleById } from "./rules/registry.ts";
import { trustTooBroad } from "./rules/trust-too-broad.ts";
import type { Settings } from "./settings.ts";

/**
 * Kinds whose rules judge what a document newly lets in or allows. As they stand, all that they let in or allow counts.
 * The rules of any other kind judge either how it stands, or that somebody made it, which is long past.
 */
const countsWhole: readonly SubjectKind[] = ["role-trust", "policy"];

/** The policies that RAM Warden itself works with are strong on purpose; they bear the names of its roles. */
const isOwnPolicy = (subject: SubjectRef, ownRoles: readonly string[]): boolean =>
  subject.kind === "policy" && ownRoles.includes(subject.policyName);

/** A subject as a list names it, without what a call did to it. */
export const listed = (subject: SubjectRef): SubjectRef => {
  if (subject.kind === "role-trust" && subject.leavesDocument === true) {
    const { leavesDocument: _, ...rest } = subject;
    return rest;
  }
  if (subject.kind !== "policy" || subject.did === undefined) return subject;
  const { kind, accountId, route, policyName } = subject;
  return { kind, accountId, route, policyName };
};

/** What the rules in force have against a state as it stands, whoever made it so and whenever. */
export const objectionsTo = (
  subject: SubjectRef,
  state: Subject,
  { rules }: Settings,
  facts: Omit<Facts, "settings"> = {},
): readonly Finding[] => {
  if (isOwnPolicy(subject, rules.ownRoles ?? [])) return [];
  const then = countsWhole.includes(state.kind) ? gone : state;
  const before = { known: true, state: then, provenance: "baseline" } as const;
  const change = { kind: state.kind, subject: listed(subject), before, after: state, actor: undefined } as Change;
  // A rule that looks at every kind judges who made a change, and says nothing of the state.
  return judgeChange(change, { ...facts, settings: rules }).filter(({ rule }) => ruleById(rule)?.subject !== "any");
};

/**
 * Kinds of which an account has one, and whose rules measure it by what the settings ask for where nobody knows what it
 * was before.
 */
const measured: readonly SubjectKind[] = ["password-policy", "security-preference"];

/**
 * What the rules in force find in a state as it stands, for a look at the whole account: besides what is against taking
 * it as a state to go back to, a grant for all that it gives, and a setting by what it should be at least. That our own approving
 * role lets in the account is no finding while all of it is as it is deployed.
 */
export const standingFindings = (
  subject: SubjectRef,
  state: Subject,
  settings: Settings,
  facts: Omit<Facts, "settings"> = {},
): readonly Finding[] => {
  const { rules } = settings;
  const judged = (before: Change["before"]): readonly Finding[] =>
    judgeChange({ kind: state.kind, subject, before, after: state, actor: undefined } as Change, {
      ...facts,
      settings: rules,
    }).filter(({ rule }) => ruleById(rule)?.subject !== "any");
  if (state.kind === "grant") return judged({ known: true, state: gone, provenance: "baseline" });
  // Whether it protects less than before is not asked here, so what only that would tell is not undecided.
  if (measured.includes(state.kind))
    return judged({ known: false, because: "it is judged as it stands" }).filter(
      ({ verdict }) => verdict.kind === "violation",
    );
  const found = objectionsTo(subject, state, settings, facts);
  return isApprovingRoleAsDeployed(subject, state, settings, facts.held)
    ? found.filter(({ rule }) => rule !== trustTooBroad.id)
    : found;
};
