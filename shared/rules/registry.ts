import type { Change } from "../domain/change.ts";
import type { Finding, Response, RuleId } from "../domain/finding.ts";
import type { RuleSettings } from "../domain/settings.ts";
import type { SubjectKind } from "../domain/subject.ts";
import { accessKeyForAnother } from "./access-key-for-another.ts";
import { accessKeyReenabled } from "./access-key-reenabled.ts";
import { accessKeyUnapproved } from "./access-key-unapproved.ts";
import { changeOutsidePipeline } from "./change-outside-pipeline.ts";
import { highRiskPolicyOnGroup } from "./high-risk-policy-on-group.ts";
import { highRiskPolicyOnRole } from "./high-risk-policy-on-role.ts";
import { highRiskPolicyOnUser } from "./high-risk-policy-on-user.ts";
import type { Facts, Rule } from "./kit/rule.ts";
import { titleOf } from "./kit/rule.ts";
import { rootAccessKey } from "./root-access-key.ts";
import { trustConditionWeakened } from "./trust-condition-weakened.ts";
import { trustEntityAdded } from "./trust-entity-added.ts";
import { trustForeignAccount } from "./trust-foreign-account.ts";

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
  changeOutsidePipeline,
];

export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);

const responseOf = (rule: Rule, responses: { readonly [rule: RuleId]: Response }): Response =>
  responses[rule.id] ?? rule.response;

const concerns = (rule: Rule, kind: SubjectKind): boolean => rule.subject === kind || rule.subject === "any";

/** Whether any rule in force looks at a kind of subject. */
export const isJudged = (kind: SubjectKind, { responses }: RuleSettings): boolean =>
  rules.some((rule) => concerns(rule, kind) && responseOf(rule, responses) !== "off");

/** What the rules in force find in one change; a rule that is off is not asked. */
export const judgeChange = (change: Change, facts: Facts): readonly Finding[] =>
  rules.flatMap((rule) => {
    const response = responseOf(rule, facts.settings.responses);
    if (!concerns(rule, change.kind) || response === "off") return [];
    const verdict = rule.judge(change, facts);
    if (verdict.kind === "compliant") return [];
    const { id, control, severity, maturity } = rule;
    return [{ rule: id, control, severity, maturity, response, title: titleOf(rule), verdict }];
  });
