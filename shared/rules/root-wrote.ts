import { subjectText } from "../domain/kinds.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** The account owner made a change itself: an identity that no policy binds and that nobody in particular is. */
export const rootWrote = defineRule({
  id: "RAM.RootWrote",
  control: "RAM-ROOT-002",
  severity: "high",
  maturity: "stable",
  subject: "any",
  response: "alert",
  responses: ["alert", "off"],
  advisory: true,
  ofActor: (actor) => actor.kind === "root",
  controls: { cis: ["1.1", "2.18"], attack: ["T1078.004"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  text: {
    en: {
      title: "Root account made a change",
      rationale:
        "the account owner may do everything, no policy limits it and several people may share it: what it does by day cannot be told from what a thief of it does",
      runbook: [
        "Find out within the hour who used the account owner and why: `sourceIpAddress` and `userAgent` of the event, and whoever knows the password.",
        "Look at all that it did within 24 hours of `eventTime`: LookupEvents with `User` set to `root`, writes only.",
        "Let a dedicated administrator user or role do such work from now on; keep the account owner for what nothing else can do.",
      ],
      falsePositives: "work that only the account owner can do, and an emergency; both are worth a line in a log",
    },
    "zh-CN": {
      title: "主账号执行写操作",
      rationale: "主账号可执行一切操作，不受任何策略限制，且可能多人共用：无法区分其日常使用与被盗用",
      runbook: [
        "一小时内查明谁在使用主账号及其原因：查看事件的 `sourceIpAddress` 和 `userAgent`，并询问知道密码的人。",
        "查看其在 `eventTime` 前后 24 小时内的所有操作：LookupEvents，`User` 设为 `root`，仅写操作。",
        "今后由专用管理员用户或角色执行此类工作；主账号仅用于其他身份无法完成的操作。",
      ],
      falsePositives: "只有主账号才能执行的操作以及应急；两者都值得记录",
    },
  },
  judge: ({ subject }) => {
    const what = subjectText(subject);
    return violation(
      {
        en: `the account owner itself changed the \`${what}\``,
        "zh-CN": `主账号本身更改了 \`${what}\``,
      },
      { subject: what },
    );
  },
});
