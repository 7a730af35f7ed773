import { evidenceOfGain, isAssumingAny, judgeGain } from "./kit/gains.ts";
import { defineRule } from "./kit/rule.ts";

/** The right to assume whatever role lets the holder in, instead of the roles that are meant. */
export const assumeAnyRole = defineRule({
  id: "RAM.AssumeAnyRole",
  control: "RAM-POL-009",
  severity: "high",
  maturity: "stable",
  subject: ["policy", "grant"],
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: {
    cis: ["1.15 (supports)"],
    cloudConfig: ["ram-user-has-specified-policy (parametrised)"],
    attack: ["T1548.005", "T1550.001"],
  },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole"],
  needs: ["policyDocument", "holders", "beside"],
  text: {
    en: {
      title: "Right to assume every role",
      rationale:
        "a role that trusts the whole account is as open as the weakest identity that may call `sts:AssumeRole` on every role, in this account and in those that trust it",
      runbook: [
        "Look for AssumeRole calls by the holder between `eventTime` and the revert, plus one session length: sessions outlive the revert.",
        "Name the roles whose trust policy lets in the account as a whole (`:root`): those were within reach.",
        "If it is needed, write a policy with `sts:AssumeRole` on the roles meant (`acs:ram:*:<account>:role/<name>`).",
      ],
      falsePositives: "a tool that takes on many roles; give it a list of their names",
    },
    "zh-CN": {
      title: "授予扮演任意角色权限",
      rationale:
        "信任整个账号的角色，其开放程度取决于能对所有角色调用 `sts:AssumeRole` 的最弱身份，其他信任本账号的账号亦然",
      runbook: [
        "查询持有者在 `eventTime` 至恢复后一个会话时长内的 AssumeRole 调用：会话在恢复后仍然有效。",
        "列出信任策略允许整个账号（`:root`）的角色：这些角色曾处于可及范围。",
        "若确需该权限，请编写仅对具体角色（`acs:ram:*:<account>:role/<name>`）允许 `sts:AssumeRole` 的策略。",
      ],
      falsePositives: "需扮演多个角色的工具；请为其列出角色名称",
    },
  },
  judge: (change, facts) =>
    judgeGain(change, facts, ({ change: gained, reasons }) => {
      const covered = reasons.some(({ tier }) => tier === "admin");
      return {
        evidence: covered ? [] : reasons.filter(isAssumingAny).map((reason) => evidenceOfGain(gained, reason)),
      };
    }),
});
