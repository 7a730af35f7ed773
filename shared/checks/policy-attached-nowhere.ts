import { broken, defineCheck, fine } from "./kit/check.ts";

/** A custom policy that nobody holds. */
export const policyAttachedNowhere = defineCheck({
  id: "RAM.PolicyAttachedNowhere",
  control: "RAM-POL-014",
  severity: "info",
  looksAt: "policy",
  controls: { cloudConfig: ["ram-policy-in-use-check"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-listpolicies"],
  text: {
    en: {
      title: "Custom policy attached to nothing",
      rationale:
        "a policy that nobody holds is changed unseen, and gives what it says by then to whoever it is attached to next",
      runbook: [
        "Ask whoever looks after the policy within the month whether it is still needed.",
        "If not, delete it: its document can be kept in a repository.",
      ],
      falsePositives: "a policy that is attached for a time only, or to sessions by its text",
    },
    "zh-CN": {
      title: "闲置的自定义策略",
      rationale: "无人持有的策略被修改也无人察觉，一旦授予，就按届时的内容生效",
      runbook: ["一个月内向策略负责人确认是否仍需要。", "若不需要则删除：其内容可保存在代码库中。"],
      falsePositives: "仅在一段时间内授予、或以内容用于会话的策略",
    },
  },
  judge: ({ ref: { policyName }, attachments }) =>
    attachments > 0
      ? fine
      : broken(
          {
            en: `custom policy \`${policyName}\` is attached to nobody`,
            "zh-CN": `自定义策略 \`${policyName}\` 未授予任何身份`,
          },
          { policy: policyName },
        ),
});
