import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { TrustStepKind } from "../policy/trust-difference.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { differenceOf, isUntouched, unreadable } from "./kit/trust.ts";
import { violationOf } from "./kit/verdicts.ts";

/** Whoever was trusted before is now trusted on easier terms: a condition went away or became wider, or a Deny did. */
export const trustConditionWeakened = defineRule({
  id: "RAM.TrustConditionWeakened",
  control: "RAM-ROLE-004",
  severity: "high",
  maturity: "stable",
  subject: "role-trust",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["2.10 (supports)"], attack: ["T1556.009", "T1484.002"] },
  references: ["https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role"],
  text: {
    en: {
      title: "Trust condition removed or weakened",
      rationale:
        "an ExternalId, an audience, a source address or a second factor is what keeps a trusted account or provider from being used by somebody else",
      runbook: [
        "Look for AssumeRole calls on the role between `eventTime` and the revert that lack what the condition asked for.",
        "Ask whoever changed the role (`userIdentity`) within the hour why the condition went away.",
        "If the new terms are wanted, set the rule to `alert` for the time of the change, or put them back with `warden undo <incident>`.",
      ],
      falsePositives: "a provider that changes its audience or subject; change both sides in one planned window",
    },
    "zh-CN": {
      title: "信任策略条件被移除或放宽",
      rationale: "ExternalId、受众、来源地址或第二因素，正是防止受信账号或身份提供商被他人冒用的条件",
      runbook: [
        "查询 `eventTime` 至恢复之间不满足原条件的 AssumeRole 调用。",
        "一小时内向修改者（`userIdentity`）确认放宽条件的原因。",
        "若确需放宽，请在变更期间将规则设为 `alert`，或用 `warden undo <incident>` 恢复。",
      ],
      falsePositives: "身份提供商变更受众或主体；请在同一计划窗口内修改双方",
    },
  },
  judge: ({ subject, before, after }, { settings }) => {
    if (after.kind === "gone" || isUntouched(subject, before)) return compliant;
    if (!before.known)
      return undetermined({
        en: `what the role asked for before is not known (${before.because}), so whether it asks for less is not either`,
        "zh-CN": "不知道该角色之前的条件，因此也不知道条件是否被放宽",
      });
    if (before.state.kind === "gone") return compliant;
    const difference = differenceOf(before.state.document, after.document, settings.accountId);
    if (!difference.ok) return unreadable(difference.error.errors);
    const evidence: Evidence[] = difference.value.steps
      .filter((step) => step.widens && !namesSomebodyNew(step.kind))
      .map((step) => ({ sentence: step.sentence, facts: step.facts }));
    return violationOf(evidence, difference.value.undecided);
  },
});

/** What the rule on added entities judges. */
const namesSomebodyNew = (kind: TrustStepKind): boolean => kind === "entity-added" || kind === "entity-widened";
