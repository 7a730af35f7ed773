import type { Change } from "../domain/change.ts";
import type { Finding, Response, RuleId } from "../domain/finding.ts";
import { accessKeyForAnother } from "./access-key-for-another.ts";
import { accessKeyReenabled } from "./access-key-reenabled.ts";
import { accessKeyUnapproved } from "./access-key-unapproved.ts";
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
];

export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);

const responseOf = (rule: Rule, responses: { readonly [rule: RuleId]: Response }): Response =>
  responses[rule.id] ?? rule.response;

/** What the rules in force find in one change; a rule that is off is not asked. */
export const judgeChange = (change: Change, facts: Facts): readonly Finding[] =>
  rules.flatMap((rule) => {
    const response = responseOf(rule, facts.settings.responses);
    if (rule.subject !== change.kind || response === "off") return [];
    const verdict = rule.judge(change, facts);
    if (verdict.kind === "compliant") return [];
    const { id, control, severity, maturity } = rule;
    return [{ rule: id, control, severity, maturity, response, title: titleOf(rule), verdict }];
  });
