import type { EscalationRoute } from "../policy/escalation.ts";
import { escalationRoutes } from "../policy/escalation.ts";
import type { Gain } from "./kit/gains.ts";
import { evidenceOfGain, isIdentityPower, judgeGain } from "./kit/gains.ts";
import { attachedOf } from "./kit/permissions.ts";
import { defineRule } from "./kit/rule.ts";

/** What is left of the routes that a change opens where none of them is open whatever its target is called. */
const narrowRoute = ({ change }: Gain): EscalationRoute | undefined => {
  const { principal, principalKind } = change.facts;
  const holder =
    principal === undefined || (principalKind !== "user" && principalKind !== "role")
      ? {}
      : { holder: { kind: principalKind, name: principal } as const };
  return escalationRoutes(attachedOf(change.before), attachedOf(change.after), holder).routes.find(
    ({ category, severity }) => category === "identity" && severity === "critical",
  );
};

/** A policy, or its attachment, that lets its holder give itself more: short of full administration, and one call from it. */
export const policyAddsEscalation = defineRule({
  id: "RAM.PolicyAddsEscalation",
  control: "RAM-POL-007",
  severity: "high",
  maturity: "stable",
  subject: ["policy", "grant"],
  response: "revert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1548.005", "T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  needs: ["policyDocument", "holders", "beside"],
  text: {
    en: {
      title: "Policy change adds a way to escalate",
      rationale:
        "to attach policies, write their versions, change trust or make credentials for others is administration one call away",
      runbook: [
        "Read the request of the finding (`facts.request`): it is one that the holder can make now and could not before.",
        "Look at what the holder did between `eventTime` and the revert: LookupEvents by its name, for the actions of `facts.actions`.",
        "If the right is needed, bind it to named resources and write it anew; `warden policy explain` shows when it is narrow enough.",
      ],
      falsePositives:
        "a role of the identity team or of a provisioner; grant it by a declared pipeline, or set the rule to `ask`",
    },
    "zh-CN": {
      title: "策略新增提权操作",
      rationale: "授予策略、写入策略版本、修改信任策略或为他人创建凭证，离管理员只差一次调用",
      runbook: [
        "查看发现中的请求（`facts.request`）：持有者现在可以发出、此前不能发出的请求。",
        "用 LookupEvents 按名称查询持有者在 `eventTime` 至恢复之间对 `facts.actions` 中操作的调用。",
        "若确需该权限，请将其限定到具体资源后重新编写；`warden policy explain` 会显示是否足够窄。",
      ],
      falsePositives: "身份团队或供应系统的角色；请由已声明的流水线授予，或将规则设为 `ask`",
    },
  },
  judge: (change, facts) =>
    judgeGain(change, facts, (gain) => {
      // What full administration includes is told by the rules on that.
      if (gain.administration) return { evidence: [] };
      const evidence = gain.reasons.filter(isIdentityPower).map((reason) => evidenceOfGain(gain.change, reason));
      if (evidence.length > 0) return { evidence };
      const narrow = narrowRoute(gain);
      if (narrow === undefined) return { evidence: [] };
      const { deed } = gain.change;
      return {
        evidence: [],
        undecided: {
          en: `${deed.en}, whose holder ${narrow.path.en}; it is bound to some resources, and whether these are stronger than the holder is not known`,
          "zh-CN": `${deed["zh-CN"]}，其持有者${narrow.path["zh-CN"]}；该权限限定于部分资源，无法得知这些资源是否比持有者权限更高`,
        },
      };
    }),
});
