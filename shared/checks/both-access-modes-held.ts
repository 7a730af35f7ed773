import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** One user that a person logs on with and a program calls with: neither is told apart from the other any more. */
export const bothAccessModesHeld = defineCheck({
  id: "RAM.BothAccessModesHeld",
  control: "RAM-USER-003",
  severity: "medium",
  looksAt: "user",
  controls: { cloudConfig: ["ram-user-login-check"], attack: ["T1098.001"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/product-overview/best-practices-for-identity-and-access-management",
  ],
  text: {
    en: {
      title: "User has both console logon and active AccessKey",
      rationale:
        "a user of a person and a program at once has the rights of both, and what it did cannot be told to be the one's or the other's",
      runbook: [
        "Ask the owner within the week which of the two the user is for: `LastLoginTime` and the key's last use show which is in use.",
        "Give the other a user or a role of its own, then switch the logon or the key off here; do not delete it before 30 days are over.",
      ],
      falsePositives: "an administrator who works with the command line; let them assume a role with STS instead",
    },
    "zh-CN": {
      title: "同一用户同时具有控制台登录与 AccessKey",
      rationale: "人和程序共用的用户兼有两者的权限，事后也无法分辨某个操作出自谁手",
      runbook: [
        "一周内向所有者确认该用户的用途：`LastLoginTime` 与密钥的最近使用时间可说明哪一种在使用。",
        "为另一种用途配置独立的用户或角色，再关闭此处的登录或密钥；30 天之内不要删除。",
      ],
      falsePositives: "使用命令行的管理员；请改为通过 STS 扮演角色",
    },
  },
  judge: ({ user: { userName }, login, keys }) =>
    whenRead(login, (logon) => {
      if (logon?.state.status !== "Active") return fine;
      return whenRead(keys, (all) => {
        const active = all.filter(({ state }) => state.status === "Active");
        return active.length === 0
          ? fine
          : broken(
              {
                en: `user \`${userName}\` may log on to the console and has \`${active.length}\` active AccessKeys`,
                "zh-CN": `用户 \`${userName}\` 可登录控制台，且有 \`${active.length}\` 把启用的 AccessKey`,
              },
              {
                user: userName,
                count: String(active.length),
                keys: active.map(({ state }) => state.accessKeyId).join(", "),
              },
            );
      });
    }),
});
