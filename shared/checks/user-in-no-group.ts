import { broken, daysBetween, defineCheck, fine, isProgram, notRead, whenRead } from "./kit/check.ts";

/** A new user may be put into its group a little later, days. */
const graceDays = 7;

/** A person's user that is in no group. */
export const userInNoGroup = defineCheck({
  id: "RAM.UserInNoGroup",
  control: "RAM-USER-006",
  severity: "info",
  looksAt: "user",
  controls: {
    cis: ["1.16 (supports)"],
    cloudConfig: ["ram-user-group-membership-check", "ram-user-no-policy-check"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/add-a-ram-user-to-a-ram-user-group"],
  text: {
    en: {
      title: "User belongs to no group",
      rationale: "who is in no group has no rights, or has them by themselves, where they stay when the duties change",
      runbook: [
        "Put the user into the group of their duty within the month, and detach what they hold by themselves.",
        "Delete a user whom nobody knows a duty of, after 30 days with its logon and keys switched off.",
      ],
      falsePositives: "an emergency user; a program's user that no pattern of `classes.service` matches",
    },
    "zh-CN": {
      title: "用户未加入任何用户组",
      rationale: "不在任何组中的用户要么没有权限，要么自身持有权限，职责变化时不会被收回",
      runbook: [
        "一个月内将其加入对应职责的用户组，并解除其自身持有的策略。",
        "无人知晓其职责的用户，先停用其登录与密钥，30 天后删除。",
      ],
      falsePositives: "应急用户；未被 `classes.service` 匹配到的程序用户",
    },
  },
  needsTags: true,
  judge: (standing, facts) => {
    const { user, createdAt, groups } = standing;
    const { userName } = user;
    const { asOf } = facts;
    const isService = isProgram(standing, facts);
    if (isService === true) return fine;
    if (createdAt !== undefined && daysBetween(createdAt, asOf) <= graceDays) return fine;
    return whenRead(groups, (names) => {
      if (names.length > 0) return fine;
      if (isService === undefined) return notRead;
      return broken(
        { en: `user \`${userName}\` is in no group`, "zh-CN": `用户 \`${userName}\` 未加入任何用户组` },
        { user: userName },
      );
    });
  },
});
