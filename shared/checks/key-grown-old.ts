import { broken, dateText, daysBetween, defineCheck, whenRead } from "./kit/check.ts";

/** After so many days a key is to be replaced by another. */
const mostDays = 90;

/** An AccessKey that has been in use for longer than keys should be. */
export const keyGrownOld = defineCheck({
  id: "RAM.KeyGrownOld",
  control: "RAM-AK-004",
  severity: "medium",
  looksAt: "user",
  controls: {
    cis: ["1.6"],
    cloudConfig: ["ram-user-ak-create-date-expired-check", "ram-user-ak-create-date-expired-check-v2"],
    attack: ["T1078.004"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/rotate-an-accesskey-pair"],
  text: {
    en: {
      title: "AccessKey older than 90 days",
      rationale: "the older a key, the more places it has been copied to; whoever found one of them is still let in",
      runbook: [
        "Ask the owner within 14 days to make a second key, move what works with the old one over to it, and disable the old one.",
        "A week after it was disabled, and with no errors, delete it; where the work runs in the cloud, use a role with STS instead.",
      ],
      falsePositives: "a key that a device holds which cannot be changed remotely; restrict it by a network policy",
    },
    "zh-CN": {
      title: "AccessKey 超过 90 天未轮换",
      rationale: "密钥越旧，被复制到的地方越多；得到其中任何一份的人至今都能使用",
      runbook: [
        "请所有者在 14 天内创建第二把密钥，将使用方迁移过去，并禁用旧密钥。",
        "禁用一周且无报错后删除旧密钥；若程序运行在云上，请改用角色与 STS。",
      ],
      falsePositives: "由无法远程修改的设备持有的密钥；请为其设置网络访问策略",
    },
  },
  judge: ({ user, keys }, { asOf }) =>
    whenRead(keys, (all) =>
      all.flatMap(({ ref, state, createdAt }) => {
        if (state.status === "Inactive" || createdAt === undefined) return [];
        const days = daysBetween(createdAt, asOf);
        return days <= mostDays
          ? []
          : broken(
              {
                en: `AccessKey \`${state.accessKeyId}\` of user \`${user.userName}\` is \`${days}\` days old`,
                "zh-CN": `用户 \`${user.userName}\` 的 AccessKey \`${state.accessKeyId}\` 已使用 \`${days}\` 天`,
              },
              { user: user.userName, accessKeyId: state.accessKeyId, days: String(days), made: dateText(createdAt) },
              ref,
            );
      }),
    ),
});
