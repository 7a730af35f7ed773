import { broken, defineCheck, fine, notRead, whenRead } from "./kit/check.ts";

/** An AccessKey of an administrator that may be used from any address. */
export const keyFromAnywhere = defineCheck({
  id: "RAM.KeyFromAnywhere",
  control: "RAM-AK-009",
  severity: "medium",
  looksAt: "user",
  controls: { attack: ["T1078.004"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getaccesskeypolicy"],
  text: {
    en: {
      title: "Privileged key without a source restriction",
      rationale:
        "a key that administers the account and works from anywhere is worth everything to whoever finds a copy of it",
      runbook: [
        "See from where the key was used within the last 90 days: LookupEvents with `EventAccessKeyId`, `sourceIpAddress`.",
        "Give it a network policy of these addresses (`SetAccessKeyPolicy`), or a role with STS in its place.",
      ],
      falsePositives:
        "a user whose policies bind it by `acs:SourceIp`, or an account whose policy for all keys does, which is not read here",
    },
    "zh-CN": {
      title: "高权限 AccessKey 未限制来源",
      rationale: "可管理整个账号且可在任何地方使用的密钥，任何人捡到一份副本就等于得到整个账号",
      runbook: [
        "查明最近 90 天该密钥的使用来源：用 LookupEvents 查询 `EventAccessKeyId`，查看 `sourceIpAddress`。",
        "为其设置仅包含这些地址的网络访问策略（`SetAccessKeyPolicy`），或改用角色与 STS。",
      ],
      falsePositives: "策略已用 `acs:SourceIp` 限制的用户，或已对所有密钥设置账号级策略（此处不读取）",
    },
  },
  judge: ({ user: { userName }, keys }, { account }) =>
    whenRead(keys, (all) => {
      const active = all.filter(({ state }) => state.status === "Active");
      if (active.length === 0) return fine;
      if (account === undefined) return notRead;
      return whenRead(account.administrators, (administrators) =>
        administrators.some(({ kind, name }) => kind === "user" && name === userName)
          ? active.flatMap(({ ref, state, limited }) =>
              whenRead(limited, (isLimited) =>
                isLimited
                  ? fine
                  : broken(
                      {
                        en: `AccessKey \`${state.accessKeyId}\` of administrator \`${userName}\` may be used from anywhere`,
                        "zh-CN": `管理员 \`${userName}\` 的 AccessKey \`${state.accessKeyId}\` 可在任何地方使用`,
                      },
                      { user: userName, accessKeyId: state.accessKeyId },
                      ref,
                    ),
              ),
            )
          : fine,
      );
    }),
});
