import type { KeyStanding } from "../domain/standing.ts";
import { practicesOf } from "../rules/kit/practices.ts";
import type { Found } from "./kit/check.ts";
import { broken, daysBetween, defineCheck, fine, whenRead } from "./kit/check.ts";

/** An AccessKey that is active although nobody has used it for long, or ever. */
export const keyLeftUnused = defineCheck({
  id: "RAM.KeyLeftUnused",
  control: "RAM-AK-005",
  severity: "medium",
  looksAt: "user",
  controls: {
    cis: ["1.6 (supports)"],
    cloudConfig: ["ram-user-ak-used-expired-check", "ram-user-invalid-ak-check"],
    attack: ["T1078.004"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-getaccesskeylastused"],
  text: {
    en: {
      title: "AccessKey unused for long, or never used",
      rationale: "a key that nobody misses is one that nobody watches: whoever finds it can use it for months unseen",
      runbook: [
        "Disable the key within the week (`UpdateAccessKey`, `Status` `Inactive`): that can be taken back at once if something did need it.",
        "After 30 days without a complaint delete it, and set `MaxIdleDaysForAccessKeys` so that RAM does the same by itself.",
      ],
      falsePositives: "a key for emergencies, or of a yearly job; its last use is told to the hour at best",
    },
    "zh-CN": {
      title: "AccessKey 长期未使用或从未使用",
      rationale: "无人在意的密钥也无人监视：捡到它的人可以使用数月而不被发现",
      runbook: [
        "一周内禁用该密钥（`UpdateAccessKey`，`Status` 设为 `Inactive`）：若确有使用方，可立即恢复。",
        "30 天无人反馈后删除，并设置 `MaxIdleDaysForAccessKeys`，由 RAM 自动处理。",
      ],
      falsePositives: "应急密钥，或每年运行一次的任务所用的密钥；最近使用时间最多精确到小时",
    },
  },
  judge: ({ user, keys }, { asOf, settings }) => {
    const { idleDays } = practicesOf(settings).limits;
    return whenRead(keys, (all) => all.flatMap((key) => judgeKey(user.userName, key, asOf, idleDays)));
  },
});

const judgeKey = (
  userName: string,
  { ref, state, createdAt, usedAt }: KeyStanding,
  asOf: number,
  idleDays: number,
): readonly Found[] => {
  if (state.status === "Inactive" || createdAt === undefined || daysBetween(createdAt, asOf) <= idleDays) return fine;
  return whenRead(usedAt, (at) => {
    const days = daysBetween(at ?? createdAt, asOf);
    if (days <= idleDays) return fine;
    const facts = {
      user: userName,
      accessKeyId: state.accessKeyId,
      days: String(days),
      used: String(at !== undefined),
    };
    return at === undefined
      ? broken(
          {
            en: `AccessKey \`${state.accessKeyId}\` of user \`${userName}\` was made \`${days}\` days ago and never used`,
            "zh-CN": `用户 \`${userName}\` 的 AccessKey \`${state.accessKeyId}\` 创建 \`${days}\` 天以来从未使用`,
          },
          facts,
          ref,
        )
      : broken(
          {
            en: `AccessKey \`${state.accessKeyId}\` of user \`${userName}\` was last used \`${days}\` days ago`,
            "zh-CN": `用户 \`${userName}\` 的 AccessKey \`${state.accessKeyId}\` 最近一次使用在 \`${days}\` 天前`,
          },
          facts,
          ref,
        );
  });
};
