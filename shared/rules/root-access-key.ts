import { compliant } from "../domain/finding.ts";
import { madeBy, makerOf } from "./kit/actors.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** An AccessKey of the account itself: it may do everything, and no role can take it away. */
export const rootAccessKey = defineRule({
  id: "RAM.RootAccessKey",
  control: "RAM-ROOT-003",
  severity: "critical",
  maturity: "stable",
  subject: "access-key",
  response: "alert",
  responses: ["alert", "off"],
  controls: { cis: ["1.2"], cloudConfig: ["root-ak-check"], attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair"],
  text: {
    en: {
      title: "AccessKey created for the account owner (root)",
      rationale: "a root key may do everything, is bound by no policy, and cannot be disabled by any RAM role",
      runbook: [
        "Sign in as the account owner at once and disable the key under AccessKey management; RAM Warden cannot.",
        "Change the owner's password and check its MFA, phone and e-mail: `AasCustomer` events of the last 24 hours.",
        "Look at what the key did since `eventTime`: LookupEvents with `EventAccessKeyId` set to the key.",
      ],
      falsePositives: "none known: use a RAM user or role instead of a root key",
    },
    "zh-CN": {
      title: "为主账号（root）创建 AccessKey",
      rationale: "主账号密钥拥有全部权限，不受任何策略约束，任何 RAM 角色都无法禁用它",
      runbook: [
        "立即以主账号登录并在 AccessKey 管理中禁用该密钥；RAM Warden 无法代为操作。",
        "修改主账号密码并检查其 MFA、手机和邮箱：查看过去 24 小时的 `AasCustomer` 事件。",
        "用 LookupEvents 以 `EventAccessKeyId` 查询该密钥自 `eventTime` 以来的调用。",
      ],
      falsePositives: "暂无：请使用 RAM 用户或角色代替主账号密钥",
    },
  },
  judge: ({ after, actor, subject }) => {
    if (after.kind === "gone" || subject.owner.kind !== "root") return compliant;
    return violation(
      actor === undefined
        ? { en: "the account owner itself has an AccessKey", "zh-CN": "主账号本身拥有 AccessKey" }
        : {
            en: `\`${makerOf(actor)}\` made an AccessKey for the account owner itself`,
            "zh-CN": `\`${makerOf(actor)}\` 为主账号本身创建了 AccessKey`,
          },
      { accessKeyId: after.accessKeyId, ...madeBy(actor) },
    );
  },
});
