import { evidenceOfGain, judgeGain } from "./kit/gains.ts";
import { defineRule } from "./kit/rule.ts";

/** A custom policy that administers the whole account, in whatever spelling: written so, or changed so. */
export const customPolicyFullAdmin = defineRule({
  id: "RAM.CustomPolicyFullAdmin",
  control: "RAM-POL-005",
  severity: "critical",
  maturity: "stable",
  subject: "policy",
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: {
    cis: ["1.15"],
    cloudConfig: ["ram-policy-no-statements-with-admin-access-check", "ram-policy-no-has-specified-document"],
    attack: ["T1098.003", "T1548.005"],
  },
  references: [
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createpolicyversion",
    "https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-createpolicy",
  ],
  needs: ["holders"],
  text: {
    en: {
      title: "Custom policy created or changed to full administration",
      rationale:
        "a policy of the account's own that allows everything makes an administrator of all who hold it, under a name that no list of dangerous policies knows",
      runbook: [
        "Ask whoever wrote the version (`userIdentity` of the event) within the hour; if they do not know of it, treat their credentials as taken.",
        "Look at what the policy's holders (`facts.holders`) did between `eventTime` and the revert: LookupEvents by their names.",
        "If administration is meant, grant `AdministratorAccess` to a dedicated identity instead, so that everybody sees it.",
      ],
      falsePositives: "a policy for the account's own administrators; set the rule to `ask` while it is written",
    },
    "zh-CN": {
      title: "自定义策略授予完全管理权限",
      rationale: "允许一切操作的自定义策略会让所有持有者成为管理员，而其名称不在任何高风险策略名单中",
      runbook: [
        "一小时内向编写该版本者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "用 LookupEvents 按名称查询该策略持有者（`facts.holders`）在 `eventTime` 至恢复之间的操作。",
        "若确需管理权限，请将 `AdministratorAccess` 授予专用身份，使其一目了然。",
      ],
      falsePositives: "为账号管理员编写的策略；编写期间请将规则设为 `ask`",
    },
  },
  judge: (change, facts) =>
    judgeGain(change, facts, ({ change: gained, reasons }) => ({
      evidence: reasons.filter(({ tier }) => tier === "admin").map((reason) => evidenceOfGain(gained, reason)),
    })),
});
