import { broken, daysBetween, defineCheck, fine, whenRead } from "./kit/check.ts";

/** For so long a key and its successor may be in use together, days. */
const rotationDays = 7;

/** Two keys of one user that have both been in use for longer than a rotation takes. */
export const twoKeysKept = defineCheck({
  id: "RAM.TwoKeysKept",
  control: "RAM-AK-003",
  severity: "low",
  looksAt: "user",
  controls: {
    cis: ["1.6 (supports)"],
    cloudConfig: ["ram-user-activated-ak-quantity-check"],
    attack: ["T1098.001"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/rotate-an-accesskey-pair"],
  text: {
    en: {
      title: "User has two active keys",
      rationale:
        "the second key is for a rotation; kept for longer it is one more that can be lost, and none is left for the next rotation",
      runbook: [
        "See which of the two is in use (`GetAccessKeyLastUsed`), and ask the owner within the week to move all to that one.",
        "Disable the other, and delete it after 7 days without errors.",
      ],
      falsePositives: "a rotation that takes longer than a week",
    },
    "zh-CN": {
      title: "用户存在两把启用的 AccessKey",
      rationale: "第二把密钥用于轮换；长期保留则多一份泄露风险，且下次轮换时没有余量",
      runbook: [
        "查看哪一把在使用（`GetAccessKeyLastUsed`），一周内请所有者统一到其中一把。",
        "禁用另一把，7 天无报错后删除。",
      ],
      falsePositives: "轮换时间超过一周",
    },
  },
  judge: ({ user: { userName }, keys }, { asOf }) =>
    whenRead(keys, (all) => {
      const kept = all.filter(
        ({ state, createdAt }) =>
          state.status === "Active" && createdAt !== undefined && daysBetween(createdAt, asOf) > rotationDays,
      );
      return kept.length < 2
        ? fine
        : broken(
            {
              en: `user \`${userName}\` has had \`${kept.length}\` active AccessKeys for more than \`${rotationDays}\` days`,
              "zh-CN": `用户 \`${userName}\` 同时启用 \`${kept.length}\` 把 AccessKey 已超过 \`${rotationDays}\` 天`,
            },
            {
              user: userName,
              count: String(kept.length),
              days: String(rotationDays),
              keys: kept.map(({ state }) => state.accessKeyId).join(", "),
            },
          );
    }),
});
