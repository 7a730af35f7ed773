import { evidenceOfGain, isPassingAny, judgeGain } from "./kit/gains.ts";
import { defineRule } from "./kit/rule.ts";

/** The right to hand any role to a service, together with the right to run something there: every role that trusts it. */
export const passRoleUnrestricted = defineRule({
  id: "RAM.PassRoleUnrestricted",
  control: "RAM-POL-008",
  severity: "high",
  maturity: "stable",
  subject: ["policy", "grant"],
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1548.005"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/grant-permissions-to-the-ram-role"],
  needs: ["policyDocument", "holders", "beside"],
  text: {
    en: {
      title: "PassRole without a limit",
      rationale:
        "whoever may hand any role to a service and start a function, an instance or a stack there works with the strongest role that trusts the service",
      runbook: [
        "Name the roles that trust the service of the finding: those are what the holder could use since `eventTime`.",
        "Look for what the holder started there between `eventTime` and the revert: LookupEvents by its name, writes of that service.",
        "If it is needed, bind `ram:PassRole` to the roles meant (`acs:ram:*:<account>:role/<name>`) and write the policy anew.",
      ],
      falsePositives: "a deployment pipeline that starts with roles of its own; bind its `ram:PassRole` to those",
    },
    "zh-CN": {
      title: "PassRole 未限制",
      rationale: "能将任意角色传递给云服务并在其中启动函数、实例或资源栈的人，可使用信任该服务的最强角色",
      runbook: [
        "列出信任该云服务的角色：自 `eventTime` 起持有者可使用的即是这些角色。",
        "用 LookupEvents 按名称查询持有者在 `eventTime` 至恢复之间在该服务中的写操作。",
        "若确需该权限，请将 `ram:PassRole` 限定到具体角色（`acs:ram:*:<account>:role/<name>`）后重新编写策略。",
      ],
      falsePositives: "使用自有角色启动资源的部署流水线；请将其 `ram:PassRole` 限定到这些角色",
    },
  },
  judge: (change, facts) =>
    judgeGain(change, facts, ({ change: gained, reasons, administration }) => ({
      evidence: administration ? [] : reasons.filter(isPassingAny).map((reason) => evidenceOfGain(gained, reason)),
    })),
});
