import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** AccessKeys of the account owner, by the number that the account's own report tells: nobody else may list them. */
export const rootKeyHeld = defineCheck({
  id: "RAM.RootKeyHeld",
  control: "RAM-ROOT-003",
  severity: "critical",
  looksAt: "account",
  controls: { cis: ["1.2"], cloudConfig: ["root-ak-check"], attack: ["T1098.001"] },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getaccountsecuritypracticereport",
  ],
  text: {
    en: {
      title: "The account owner (root) has an AccessKey",
      rationale: "a root key may do everything, is bound by no policy, and no RAM role can disable it",
      runbook: [
        "Sign in as the account owner within the day, and look under AccessKey management for each key and its last use.",
        "Give what works with it a RAM role or a RAM user of its own, then disable the key, and delete it after a week without errors.",
      ],
      falsePositives: "none known: use a RAM user or role instead of a root key",
    },
    "zh-CN": {
      title: "主账号（root）存在 AccessKey",
      rationale: "主账号密钥拥有全部权限，不受任何策略约束，任何 RAM 角色都无法禁用它",
      runbook: [
        "当天以主账号登录，在 AccessKey 管理中查看每把密钥及其最近使用时间。",
        "为使用者改配 RAM 角色或独立的 RAM 用户，然后禁用该密钥；一周无报错后删除。",
      ],
      falsePositives: "暂无：请使用 RAM 用户或角色代替主账号密钥",
    },
  },
  judge: ({ rootKeys }, { settings: { accountId } }) =>
    whenRead(rootKeys, (count) =>
      count === 0
        ? fine
        : broken(
            {
              en: `the account owner (root) has \`${count}\` AccessKeys`,
              "zh-CN": `主账号（root）有 \`${count}\` 把 AccessKey`,
            },
            { keys: String(count) },
            { kind: "access-key", accountId, owner: { kind: "root" }, createdAt: 0 },
          ),
    ),
});
