import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** An account that nobody but its owner administers. */
export const administratorMissing = defineCheck({
  id: "RAM.AdministratorMissing",
  control: "RAM-USER-011",
  severity: "medium",
  looksAt: "account",
  controls: { cis: ["1.1 (supports)"], cloudConfig: ["root-has-specified-role (related)"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/create-a-ram-administrator"],
  text: {
    en: {
      title: "No dedicated administrator besides the account owner (root)",
      rationale:
        "where nobody else administers the account its owner has to, day by day, with rights that nothing limits",
      runbook: [
        "Make a RAM role or user for administration within the week, with MFA, and give it `AdministratorAccess`.",
        "Do the next change with it, and keep the owner's password and device locked away from then on.",
      ],
      falsePositives:
        "an account that is administered by a custom policy of the same rights, which is not counted here",
    },
    "zh-CN": {
      title: "除主账号（root）外没有专用管理员",
      rationale: "若无其他管理员，主账号就得用于日常管理，而其权限不受任何限制",
      runbook: [
        "一周内创建专用于管理的 RAM 角色或用户，启用 MFA，并授予 `AdministratorAccess`。",
        "此后的变更由其执行，并将主账号的密码与设备妥善封存。",
      ],
      falsePositives: "通过等效的自定义策略进行管理的账号，此处不计入",
    },
  },
  judge: ({ administrators }) =>
    whenRead(administrators, (all) =>
      all.length > 0
        ? fine
        : broken(
            {
              en: "nobody but the account owner (root) administers the account",
              "zh-CN": "除主账号（root）外没有身份可管理整个账号",
            },
            { count: "0" },
          ),
    ),
});
