import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** As long as a session of a program may last, seconds; a person's is shorter. */
const mostSeconds = 14_400;

/** A role whose sessions outlive whatever they were opened for. */
export const roleSessionLong = defineCheck({
  id: "RAM.RoleSessionLong",
  control: "RAM-ROLE-006",
  severity: "medium",
  looksAt: "role",
  controls: { attack: ["T1550.001"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/user-guide/specify-the-maximum-session-duration-for-a-ram-role",
  ],
  text: {
    en: {
      title: "Role with sessions longer than four hours",
      rationale: "a session cannot be taken back: what is stolen with it works until it ends by itself",
      runbook: [
        "Ask whoever uses the role within the week how long a run takes (`AssumeRole` events, `DurationSeconds`).",
        "Set `MaxSessionDuration` to that, an hour where people assume the role; an SDK opens a new session by itself.",
      ],
      falsePositives: "a job that runs for longer in one session and cannot open another",
    },
    "zh-CN": {
      title: "角色会话时长超过四小时",
      rationale: "会话无法收回：被窃取后在到期之前一直有效",
      runbook: [
        "一周内向使用者确认单次运行时长（`AssumeRole` 事件的 `DurationSeconds`）。",
        "将 `MaxSessionDuration` 设为该值；由人扮演的角色设为一小时；SDK 会自动续开会话。",
      ],
      falsePositives: "单个会话内运行更久且无法重新获取会话的任务",
    },
  },
  judge: ({ trust }) =>
    whenRead(trust, ({ roleName, maxSessionSeconds, serviceLinked }) => {
      if (serviceLinked || maxSessionSeconds <= mostSeconds) return fine;
      const seconds = String(maxSessionSeconds);
      return broken(
        {
          en: `sessions of role \`${roleName}\` may last \`${seconds}\` seconds`,
          "zh-CN": `角色 \`${roleName}\` 的会话最长可达 \`${seconds}\` 秒`,
        },
        { role: roleName, seconds },
      );
    }),
});
