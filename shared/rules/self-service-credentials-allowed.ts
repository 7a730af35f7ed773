import { preferenceCompares } from "../policy/setting-directions.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** Users may make keys and service credentials for themselves, which nobody approves then. */
export const selfServiceCredentialsAllowed = defineRule({
  id: "RAM.SelfServiceCredentialsAllowed",
  control: "RAM-SET-005",
  severity: "medium",
  maturity: "stable",
  subject: "security-preference",
  response: "revert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { attack: ["T1098.001"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Users allowed to manage their own keys or credentials",
      rationale:
        "whoever holds a user's console session for a minute makes a key to come back later, and no permission is needed for it",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the day; look which of `AllowUserToManage…` the evidence names.",
        "Look for `CreateAccessKey`, `CreateServiceCredential` and `UploadPublicKey` between `eventTime` and the revert.",
        "If users are to manage their own, set the rule to `off`; each new key is judged by `RAM.AccessKeyUnapproved` all the same.",
      ],
      falsePositives: "an account in which people rotate their own keys; set the rule to `off`",
    },
    "zh-CN": {
      title: "允许用户自助管理凭证",
      rationale: "只要占用用户的控制台会话一分钟，就能创建密钥以便日后再来，且不需要任何权限",
      runbook: [
        "一天内向修改者（事件的 `userIdentity`）确认；查看证据指出的是哪一项 `AllowUserToManage…`。",
        "查找 `eventTime` 至恢复之间的 `CreateAccessKey`、`CreateServiceCredential` 与 `UploadPublicKey`。",
        "若允许用户自助管理，请将规则设为 `off`；每把新密钥仍由 `RAM.AccessKeyUnapproved` 判定。",
      ],
      falsePositives: "由用户自行轮转密钥的账号；请将规则设为 `off`",
    },
  },
  judge: (change, facts) =>
    judgeWeakened(change, facts, {
      compares: {
        AllowUserToManageAccessKeys: preferenceCompares.AllowUserToManageAccessKeys,
        AllowUserToManageServiceCredentials: preferenceCompares.AllowUserToManageServiceCredentials,
        AllowUserToManagePublicKeys: preferenceCompares.AllowUserToManagePublicKeys,
      },
      least: {
        AllowUserToManageAccessKeys: false,
        AllowUserToManageServiceCredentials: false,
        AllowUserToManagePublicKeys: false,
      },
    }),
});
