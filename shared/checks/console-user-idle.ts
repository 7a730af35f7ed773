import { practicesOf } from "../rules/kit/practices.ts";
import { broken, daysBetween, defineCheck, fine, whenRead } from "./kit/check.ts";

/** A console logon in use that nobody has used for long. */
export const consoleUserIdle = defineCheck({
  id: "RAM.ConsoleUserIdle",
  control: "RAM-USER-005",
  severity: "medium",
  looksAt: "user",
  controls: { cis: ["1.5"], cloudConfig: ["ram-user-last-login-expired-check"], attack: ["T1078.004"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getloginprofile"],
  text: {
    en: {
      title: "Console user idle for long",
      rationale: "a logon that nobody uses is one whose password nobody changes and whose misuse nobody notices",
      runbook: [
        "Ask the user, or whoever they worked for, within the week whether the logon is still needed.",
        "If not, set it Inactive (`UpdateLoginProfile`), and delete the user after 30 days; set `MaxIdleDaysForUsers` so that RAM does the same by itself.",
      ],
      falsePositives: "a user who logs on through single sign-on, which is not counted here; an emergency user",
    },
    "zh-CN": {
      title: "控制台用户长期未登录",
      rationale: "无人使用的登录，其密码无人更换，被冒用也无人察觉",
      runbook: [
        "一周内向该用户或其主管确认是否仍需要登录。",
        "若不需要，将其设为 Inactive（`UpdateLoginProfile`），30 天后删除用户；并设置 `MaxIdleDaysForUsers`，由 RAM 自动处理。",
      ],
      falsePositives: "通过单点登录的用户（此处不计）；应急用户",
    },
  },
  judge: ({ user: { userName }, createdAt, login }, { asOf, settings }) =>
    whenRead(login, (logon) => {
      if (logon?.state.status !== "Active") return fine;
      const since = logon.usedAt ?? createdAt;
      const { idleDays } = practicesOf(settings).limits;
      if (since === undefined || daysBetween(since, asOf) <= idleDays) return fine;
      const days = String(daysBetween(since, asOf));
      return logon.usedAt === undefined
        ? broken(
            {
              en: `user \`${userName}\` may log on to the console, and never has in \`${days}\` days`,
              "zh-CN": `用户 \`${userName}\` 可登录控制台，但 \`${days}\` 天以来从未登录`,
            },
            { user: userName, days },
            logon.ref,
          )
        : broken(
            {
              en: `user \`${userName}\` logged on to the console \`${days}\` days ago for the last time`,
              "zh-CN": `用户 \`${userName}\` 最近一次登录控制台在 \`${days}\` 天前`,
            },
            { user: userName, days },
            logon.ref,
          );
    }),
});
