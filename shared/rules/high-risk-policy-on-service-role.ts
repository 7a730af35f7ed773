import { compliant } from "../domain/finding.ts";
import { evidenceOfGain, isIdentityPower, judgeGain } from "./kit/gains.ts";
import { isHighRiskName } from "./kit/high-risk.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { readEntities, unreadable } from "./kit/trust.ts";

/** A role that a cloud service works with becomes an administrator: so does whoever may hand it to that service. */
export const highRiskPolicyOnServiceRole = defineRule({
  id: "RAM.HighRiskPolicyOnServiceRole",
  control: "RAM-ROLE-007",
  severity: "high",
  maturity: "stable",
  subject: "grant",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.15 (supports)"], attack: ["T1548.005", "T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/grant-permissions-to-the-ram-role"],
  needs: ["policyDocument", "roleTrust", "beside"],
  text: {
    en: {
      title: "High-risk policy on a role that a service works with",
      rationale:
        "whoever may start a function, an instance or a stack with the role holds its rights, without ever assuming it",
      runbook: [
        "List who may call `ram:PassRole` on the role and start something in the service (`facts.services`): they are as strong as the role since `eventTime`.",
        "Look for what was started with the role between `eventTime` and the revert: LookupEvents of that service with the role's name.",
        "Give the service what it needs on named resources, in a role of its own.",
      ],
      falsePositives: "a deployment function that manages identities; keep it apart, and bind who may pass its role",
    },
    "zh-CN": {
      title: "云服务可扮演角色获得高风险权限",
      rationale: "能以该角色启动函数、实例或资源栈的人，无需扮演该角色即拥有其权限",
      runbook: [
        "列出可对该角色调用 `ram:PassRole` 并在该服务（`facts.services`）中启动资源的身份：自 `eventTime` 起其权限与该角色相当。",
        "用 LookupEvents 按角色名称查询该服务在 `eventTime` 至恢复之间以该角色启动的资源。",
        "为该服务使用专用角色，仅授予具体资源上所需的权限。",
      ],
      falsePositives: "管理身份的部署函数；请将其隔离，并限制可传递其角色的身份",
    },
  },
  judge: (change, facts) => {
    const { after } = change;
    if (after.kind === "gone" || after.principal.kind !== "role") return compliant;
    const services = facts.roleTrust === undefined ? undefined : readEntities(facts.roleTrust);
    if (services?.ok === false) return unreadable(services.error);
    const named = services?.value.flatMap((entity) => (entity.kind === "service" ? [entity.name] : []));
    if (named?.length === 0) return compliant;
    const verdict = judgeGain(change, facts, ({ change: gained, reasons }) => {
      const worst = reasons.find(({ tier }) => tier === "admin") ?? reasons.find(isIdentityPower);
      const trusts = { services: named?.join(", ") ?? "" };
      if (worst !== undefined) {
        const { sentence, facts: shown } = evidenceOfGain(gained, worst);
        return { evidence: [{ sentence, facts: { ...shown, ...trusts } }] };
      }
      const listed = gained.after.some(({ policy }) => isHighRiskName(policy, facts.settings));
      const sentence = {
        en: `${gained.deed.en}: a policy that the settings count as high-risk`,
        "zh-CN": `${gained.deed["zh-CN"]}：设置将该策略列为高风险`,
      };
      return { evidence: listed ? [{ sentence, facts: { ...gained.facts, ...trusts } }] : [] };
    });
    if (verdict.kind !== "violation" || named !== undefined) return verdict;
    return undetermined({
      en: `${verdict.evidence[0].sentence.en}; whom the role trusts could not be read`,
      "zh-CN": `${verdict.evidence[0].sentence["zh-CN"]}；无法读取该角色信任谁`,
    });
  },
});
