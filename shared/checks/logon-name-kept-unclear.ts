import { nameFlaw } from "../rules/kit/name-flaw.ts";
import { broken, defineCheck, fine, notRead, tagsRead } from "./kit/check.ts";

/** A user's name that says nothing of who it is, or passes for another. */
export const logonNameKeptUnclear = defineCheck({
  id: "RAM.LogonNameKeptUnclear",
  control: "RAM-USER-002",
  severity: "low",
  looksAt: "user",
  controls: { attack: ["T1136.003", "T1036"] },
  references: ["https://www.alibabacloud.com/help/en/ram/product-overview/limits"],
  text: {
    en: {
      title: "User bears an unclear name",
      rationale:
        "a name that could be anybody's, or that passes for another, hides who acts from whoever reads the audit trail",
      runbook: [
        "Ask who uses the user (`ConsoleSignin` and `userIdentity` of the last 30 days), and give each person a user of their own.",
        "Rename it within the month; look first for policies and roles that name it, which do not follow.",
      ],
      falsePositives: "a way of naming that the settings' `naming` does not tell of yet",
    },
    "zh-CN": {
      title: "用户名称不清晰",
      rationale: "笼统或与他人相似的名称，使审计日志的阅读者无法判断操作者",
      runbook: [
        "查明谁在使用（最近 30 天的 `ConsoleSignin` 与 `userIdentity`），为每个人配置独立的用户。",
        "一个月内改名；改名前先查找引用该名称的策略与角色，它们不会随之更新。",
      ],
      falsePositives: "设置的 `naming` 尚未写明的命名规则",
    },
  },
  needsTags: true,
  judge: ({ user: { userName }, tags }, { settings }) => {
    const why = nameFlaw(userName, settings, tagsRead(tags));
    if (why === "class not known") return notRead;
    return why === undefined
      ? fine
      : broken(
          { en: `user \`${userName}\` has a name that ${why.en}`, "zh-CN": `用户 \`${userName}\`：${why["zh-CN"]}` },
          {
            user: userName,
            ...Object.fromEntries([...why.en.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => ["like", value])),
          },
        );
  },
});
