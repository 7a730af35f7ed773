import { broken, defineCheck, fine, whenRead } from "./kit/check.ts";

/** An account owner whose logon asks for a password alone. */
export const rootWithoutMfa = defineCheck({
  id: "RAM.RootWithoutMfa",
  control: "RAM-ROOT-004",
  severity: "critical",
  looksAt: "account",
  controls: { cis: ["1.3"], cloudConfig: ["root-mfa-check"], attack: ["T1556.006"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ims-2019-08-15-getaccountmfainfo"],
  text: {
    en: {
      title: "The account owner (root) has no MFA",
      rationale: "whoever has the owner's password then has the whole account, and nothing in RAM can hold them up",
      runbook: [
        "Sign in as the account owner within the day and bind a device under Security Settings; keep it where two people have to agree to take it.",
        "Look at `AasCustomer` events of the last 30 days for `MFAUnbind` and for sign-ins that nobody knows of.",
      ],
      falsePositives: "an owner who signs in by other means than the Alibaba Cloud password",
    },
    "zh-CN": {
      title: "主账号（root）未启用 MFA",
      rationale: "得到主账号密码的人即得到整个账号，RAM 中没有任何手段能阻止",
      runbook: [
        "当天以主账号登录，在安全设置中绑定设备，并将其存放在须两人同意才能取用之处。",
        "查看最近 30 天的 `AasCustomer` 事件：是否有 `MFAUnbind` 或无人知情的登录。",
      ],
      falsePositives: "主账号不以阿里云密码登录的情形",
    },
  },
  judge: ({ rootMfa }) =>
    whenRead(rootMfa, (isOn) =>
      isOn
        ? fine
        : broken(
            {
              en: "the account owner (root) logs on without a second factor",
              "zh-CN": "主账号（root）登录不需要第二因素",
            },
            { mfa: "false" },
          ),
    ),
});
