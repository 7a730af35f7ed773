import { preferenceCompares } from "../policy/setting-directions.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** RAM disables unused logons and keys later than it did, or not at all. */
export const idleDisableRelaxed = defineRule({
  id: "RAM.IdleDisableRelaxed",
  control: "RAM-SET-006",
  severity: "medium",
  maturity: "stable",
  subject: "security-preference",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { cis: ["1.5 (supports)", "1.6 (supports)"], attack: ["T1078.004"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Native idle auto-disable relaxed",
      rationale: "an identity that nobody uses is one that nobody misses when somebody else does",
      runbook: [
        "Ask whoever changed `MaxIdleDaysForUsers` or `MaxIdleDaysForAccessKeys` (`userIdentity` of the event) within the day why.",
        "List the users and keys whose last use is older than the former number of days: they stay in use until the revert.",
        "If a longer time is wanted, set the rule to `alert` for the change and `limits.idleDays` to the new number.",
      ],
      falsePositives: "identities for yearly work; give these a reminder of their own rather than relaxing it for all",
    },
    "zh-CN": {
      title: "闲置自动禁用被放宽",
      rationale: "无人使用的身份被他人冒用时，也不会有人察觉",
      runbook: [
        "一天内向 `MaxIdleDaysForUsers` 或 `MaxIdleDaysForAccessKeys` 的修改者（事件的 `userIdentity`）确认原因。",
        "列出最近使用时间早于原天数的用户与密钥：在恢复之前它们仍然有效。",
        "若确需更长时间，请在变更期间将规则设为 `alert`，并将 `limits.idleDays` 设为新天数。",
      ],
      falsePositives: "每年才使用一次的身份；请单独为其设置提醒，而不要对所有用户放宽",
    },
  },
  judge: (change, facts) => {
    const { idleDays } = practicesOf(facts.settings).limits;
    return judgeWeakened(change, facts, {
      compares: {
        MaxIdleDaysForUsers: preferenceCompares.MaxIdleDaysForUsers,
        MaxIdleDaysForAccessKeys: preferenceCompares.MaxIdleDaysForAccessKeys,
      },
      least: { MaxIdleDaysForUsers: idleDays, MaxIdleDaysForAccessKeys: idleDays },
    });
  },
});
