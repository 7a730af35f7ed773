import type { Compare } from "../policy/direction.ts";
import { preferenceCompares } from "../policy/setting-directions.ts";
import { practicesOf } from "./kit/practices.ts";
import { defineRule } from "./kit/rule.ts";
import { judgeWeakened } from "./kit/weakened.ts";

/** Users may log on in a way that the settings forbid. */
export const furtherLogonAllowed = defineRule({
  id: "RAM.FurtherLogonAllowed",
  control: "RAM-SET-007",
  severity: "low",
  maturity: "stable",
  subject: "security-preference",
  response: "alert",
  responses: ["revert", "contain", "ask", "alert", "off"],
  controls: { attack: ["T1556"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-setsecuritypreference"],
  text: {
    en: {
      title: "Passkey or DingTalk logon allowed against policy",
      rationale:
        "a personal DingTalk account is kept by the person and not by the company, and outlives whatever is revoked here",
      runbook: [
        "Ask whoever changed it (`userIdentity` of the event) within the day; look which of the two the evidence names.",
        "Look for passkeys and DingTalk accounts that were bound since `eventTime` (`ListPasskeys`), and unbind them.",
        "If this way to log on is wanted, set `logon.passkeys` or `logon.personalDingTalk` to `allowed`.",
      ],
      falsePositives: "a planned introduction of passkeys; set `logon.passkeys` to `allowed`, which it is unless set",
    },
    "zh-CN": {
      title: "违反策略允许通行密钥或钉钉登录",
      rationale: "个人钉钉账号由个人而非公司管理，在此处撤销任何权限都不影响它",
      runbook: [
        "一天内向修改者（事件的 `userIdentity`）确认；查看证据指出的是哪一项。",
        "查找自 `eventTime` 以来绑定的通行密钥（`ListPasskeys`）与钉钉账号并解绑。",
        "若确需该登录方式，请将 `logon.passkeys` 或 `logon.personalDingTalk` 设为 `allowed`。",
      ],
      falsePositives: "计划内引入通行密钥；`logon.passkeys` 默认为 `allowed`",
    },
  },
  judge: (change, facts) => {
    const { logon } = practicesOf(facts.settings);
    const compares: { readonly [name: string]: Compare } = {
      ...(logon.passkeys === "forbidden"
        ? { AllowUserToLoginWithPasskey: preferenceCompares.AllowUserToLoginWithPasskey }
        : {}),
      ...(logon.personalDingTalk === "forbidden"
        ? { AllowUserToManagePersonalDingTalk: preferenceCompares.AllowUserToManagePersonalDingTalk }
        : {}),
    };
    return judgeWeakened(change, facts, {
      compares,
      least: { AllowUserToLoginWithPasskey: false, AllowUserToManagePersonalDingTalk: false },
    });
  },
});
