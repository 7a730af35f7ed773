import type { Change } from "../domain/change.ts";
import type { Finding, Response, RuleId, Verdict } from "../domain/finding.ts";
import type { RuleSettings } from "../domain/settings.ts";
import type { Gone, Subject, SubjectKind } from "../domain/subject.ts";
import { twoReadings } from "../policy/two-readings.ts";
import { accessKeyForAnother } from "./access-key-for-another.ts";
import { accessKeyReenabled } from "./access-key-reenabled.ts";
import { accessKeyUnapproved } from "./access-key-unapproved.ts";
import { allowWithNotAction } from "./allow-with-not-action.ts";
import { assumeAnyRole } from "./assume-any-role.ts";
import { changeOutsidePipeline } from "./change-outside-pipeline.ts";
import { controlPolicyLoosened } from "./control-policy-loosened.ts";
import { customPolicyFullAdmin } from "./custom-policy-full-admin.ts";
import { defaultPolicyVersionSwitched } from "./default-policy-version-switched.ts";
import { federatedTrustUnlimited } from "./federated-trust-unlimited.ts";
import { guardWeakened } from "./guard-weakened.ts";
import { highRiskPolicyOnGroup } from "./high-risk-policy-on-group.ts";
import { highRiskPolicyOnRole } from "./high-risk-policy-on-role.ts";
import { highRiskPolicyOnServiceRole } from "./high-risk-policy-on-service-role.ts";
import { highRiskPolicyOnUser } from "./high-risk-policy-on-user.ts";
import type { Facts, Rule } from "./kit/rule.ts";
import { titleOf, undetermined } from "./kit/rule.ts";
import { ownIdentityChanged } from "./own-identity-changed.ts";
import { passRoleUnrestricted } from "./pass-role-unrestricted.ts";
import { policyAddsEscalation } from "./policy-adds-escalation.ts";
import { policyAttachedToUser } from "./policy-attached-to-user.ts";
import { policyOrVersionDeleted } from "./policy-or-version-deleted.ts";
import { productAdminPolicy } from "./product-admin-policy.ts";
import { protectedPermissionRemoved } from "./protected-permission-removed.ts";
import { protectedRoleDeleted } from "./protected-role-deleted.ts";
import { rootAccessKey } from "./root-access-key.ts";
import { serviceLinkedRoleChanged } from "./service-linked-role-changed.ts";
import { sessionLengthRaised } from "./session-length-raised.ts";
import { trustConditionWeakened } from "./trust-condition-weakened.ts";
import { trustEntityAdded } from "./trust-entity-added.ts";
import { trustEntityRemoved } from "./trust-entity-removed.ts";
import { trustForeignAccount } from "./trust-foreign-account.ts";
import { trustTooBroad } from "./trust-too-broad.ts";
import { userAddedToPrivilegedGroup } from "./user-added-to-privileged-group.ts";
import { userRemovedFromRequiredGroup } from "./user-removed-from-required-group.ts";

/** Every rule, in the order in which findings are listed. */
export const rules: readonly Rule[] = [
  trustForeignAccount,
  trustEntityAdded,
  trustConditionWeakened,
  rootAccessKey,
  accessKeyForAnother,
  accessKeyUnapproved,
  accessKeyReenabled,
  highRiskPolicyOnUser,
  highRiskPolicyOnGroup,
  highRiskPolicyOnRole,
  userAddedToPrivilegedGroup,
  customPolicyFullAdmin,
  defaultPolicyVersionSwitched,
  policyAddsEscalation,
  passRoleUnrestricted,
  assumeAnyRole,
  guardWeakened,
  protectedPermissionRemoved,
  trustEntityRemoved,
  sessionLengthRaised,
  protectedRoleDeleted,
  ownIdentityChanged,
  userRemovedFromRequiredGroup,
  highRiskPolicyOnServiceRole,
  productAdminPolicy,
  policyAttachedToUser,
  allowWithNotAction,
  policyOrVersionDeleted,
  controlPolicyLoosened,
  trustTooBroad,
  federatedTrustUnlimited,
  serviceLinkedRoleChanged,
  changeOutsidePipeline,
];

export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);

const responseOf = (rule: Rule, responses: { readonly [rule: RuleId]: Response }): Response =>
  responses[rule.id] ?? rule.response;

const concerns = ({ subject }: Rule, kind: SubjectKind): boolean =>
  subject === kind || subject === "any" || (Array.isArray(subject) && subject.includes(kind));

/** Whether any rule in force looks at a kind of subject. */
export const isJudged = (kind: SubjectKind, { responses }: RuleSettings): boolean =>
  rules.some((rule) => concerns(rule, kind) && responseOf(rule, responses) !== "off");

/** A rule that ends in a fault of ours decides nothing, and what the others find stands: the fault is told as its own. */
const safely = (rule: Rule, change: Change, facts: Facts): Verdict => {
  try {
    return rule.judge(change, facts);
  } catch (error) {
    const fault = error instanceof Error ? error.name : "an unknown fault";
    return undetermined({
      en: `judging it ended in a fault of RAM Warden (\`${fault}\`): look at the change yourself`,
      "zh-CN": `RAM Warden 在判定时出错（\`${fault}\`）：请人工检查该变更`,
    });
  }
};

type Question = { readonly change: Change; readonly facts: Facts };

type Which = 0 | 1;

/** A state with each of its documents as one of the readings has it. */
const stateAs = (state: Subject | Gone, as: (text: string) => string): Subject | Gone => {
  if ("document" in state && typeof state.document === "string")
    return { ...state, document: as(state.document) } as Subject;
  if (state.kind !== "policy") return state;
  return { ...state, versions: state.versions.map((version) => ({ ...version, document: as(version.document) })) };
};

const heldAs = (held: Facts["carried"], as: (text: string) => string): Facts["carried"] =>
  held?.map((one) => (one.text === undefined ? one : { ...one, text: as(one.text) }));

/** What is to be judged, once for each reading of a document that has two; undefined where there is one to judge. */
const readingsOf = ({ change, facts }: Question): readonly Question[] | undefined => {
  let several = false;
  const asRead =
    (which: Which) =>
    (text: string): string => {
      const readings = twoReadings(text);
      several ||= readings !== undefined;
      return readings?.[which] ?? text;
    };
  const questions = ([0, 1] as const).map((which): Question => {
    const as = asRead(which);
    const { policyDocument } = facts;
    return {
      change: { ...change, after: stateAs(change.after, as) } as Change,
      facts: {
        ...facts,
        policyDocument: policyDocument === undefined ? undefined : as(policyDocument),
        carried: heldAs(facts.carried, as),
      },
    };
  });
  return several ? questions : undefined;
};

/**
 * A document with a member that is there twice has two readings, and nobody knows which of them RAM takes: what breaks a
 * rule by both breaks it; by anything less nothing is decided. Else whoever makes the change could choose by such a member
 * that it is told and not put back.
 */
const verdictOf = (rule: Rule, question: Question, readings: readonly Question[] | undefined): Verdict => {
  const verdicts = (readings ?? []).map(({ change, facts }) => safely(rule, change, facts));
  const [first] = verdicts;
  return first !== undefined && verdicts.every(({ kind }) => kind === "violation")
    ? first
    : safely(rule, question.change, question.facts);
};

/** What the rules in force find in one change; a rule that is off is not asked. */
export const judgeChange = (change: Change, facts: Facts): readonly Finding[] => {
  const readings = readingsOf({ change, facts });
  return rules.flatMap((rule) => {
    const response = responseOf(rule, facts.settings.responses);
    if (!concerns(rule, change.kind) || response === "off") return [];
    const verdict = verdictOf(rule, { change, facts }, readings);
    if (verdict.kind === "compliant") return [];
    const { id, control, severity, maturity } = rule;
    return [{ rule: id, control, severity, maturity, response, title: titleOf(rule), verdict }];
  });
};

/** Whether what is found keeps a state from being one to go back to. */
export const forbidsState = (findings: readonly Finding[]): boolean =>
  findings.some(({ rule }) => ruleById(rule)?.advisory !== true);
