import { compliant } from "../domain/finding.ts";
import { makerOf } from "./kit/actors.ts";
import { isProtected } from "./kit/practices.ts";
import { defineRule, violation } from "./kit/rule.ts";

/** A role that the settings protect is gone: what trusts its id does not come back with its name. */
export const protectedRoleDeleted = defineRule({
  id: "RAM.ProtectedRoleDeleted",
  control: "RAM-ROLE-009",
  severity: "critical",
  maturity: "stable",
  subject: "role-trust",
  response: "alert",
  responses: ["ask", "alert", "off"],
  controls: { cis: ["2.10 (supports)"], attack: ["T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-deleterole"],
  text: {
    en: {
      title: "Protected role deleted",
      rationale:
        "a role that is made again has another RoleId: neither its sessions nor whatever trusts the old id come back, so a person has to see what stopped",
      runbook: [
        "Ask whoever deleted the role (`userIdentity` of the event) within the hour; if they do not know of it, treat their credentials as taken.",
        "Look for what used it: AssumeRole calls with the role's name within the 7 days before `eventTime`.",
        "Make it anew from the trust policy in the finding, attach its policies, and give the new RoleId to whoever names the old one.",
      ],
      falsePositives: "a role that is retired; take it off `protected` before it is deleted",
    },
    "zh-CN": {
      title: "受保护角色被删除",
      rationale: "重新创建的角色拥有不同的 RoleId：其会话及信任旧 ID 的一切都不会恢复，因此需人工确认影响",
      runbook: [
        "一小时内向删除者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "查询 `eventTime` 之前 7 天内对该角色的 AssumeRole 调用，找出使用方。",
        "根据发现中的信任策略重新创建角色、授予其策略，并将新的 RoleId 告知引用旧 ID 的各方。",
      ],
      falsePositives: "计划下线的角色；请在删除前将其移出 `protected`",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    if (after.kind !== "gone" || (before.known && before.state.kind === "gone")) return compliant;
    if (!isProtected("role", subject.roleName, settings)) return compliant;
    const maker = makerOf(actor);
    const roleId = before.known && before.state.kind !== "gone" ? before.state.roleId : "unknown";
    return violation(
      {
        en: `\`${maker}\` deleted role \`${subject.roleName}\`, which the settings protect`,
        "zh-CN": `\`${maker}\` 删除了设置中受保护的角色 \`${subject.roleName}\``,
      },
      { role: subject.roleName, roleId, maker },
    );
  },
});
