import { preferenceCompares } from "../policy/setting-directions.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** Sessions of the console last longer than the settings allow. */
export const consoleSessionTooLong = defineRule({
  id: "RAM.ConsoleSessionTooLong",
  control: "RAM-SET-004",
  severity: "low",
  maturity: "stable",
  subject: "security-preference",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { attack: ["T1550"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Console session longer than allowed",
      rationale:
        "a session that is left open, or whose cookie is stolen, works until it ends, whatever is revoked meanwhile",
      runbook: [
        "Ask whoever changed `LoginSessionDuration` (`userIdentity` of the event) within the day why it is longer.",
        "Sessions opened between `eventTime` and the revert keep their length: look at `ConsoleSignin` events of that time.",
        "If longer sessions are wanted, set `limits.consoleHours` in the settings.",
      ],
      falsePositives: "a longer shift than usual; set `limits.consoleHours` to its hours",
    },
    "zh-CN": {
      title: "控制台会话时长超限",
      rationale: "未关闭或 Cookie 被盗的会话在到期前一直有效，期间撤销其他权限也无济于事",
      runbook: [
        "一天内向 `LoginSessionDuration` 的修改者（事件的 `userIdentity`）确认延长原因。",
        "`eventTime` 至恢复之间建立的会话保持其时长：查看该时段的 `ConsoleSignin` 事件。",
        "若确需更长会话，请调整设置中的 `limits.consoleHours`。",
      ],
      falsePositives: "班次较长；请将 `limits.consoleHours` 设为相应小时数",
    },
  },
  judge: (change, facts) =>
    judgeWeakened(change, facts, {
      compares: { LoginSessionDuration: preferenceCompares.LoginSessionDuration },
      least: { LoginSessionDuration: practicesOf(facts.settings).limits.consoleHours },
      freeWithinLeast: true,
    }),
});
