import type { Evidence } from "../domain/finding.ts";
import { compliant } from "../domain/finding.ts";
import type { TrustEntity } from "../policy/trust-entities.ts";
import { defineRule, undetermined } from "./kit/rule.ts";
import { differenceOf, isForeign, isTrusted, isUntouched, unreadable } from "./kit/trust.ts";

/** Whoever was let in and may not any more loses all that the role gave: a service stops, or a way back in is closed. */
export const trustEntityRemoved = defineRule({
  id: "RAM.TrustEntityRemoved",
  control: "RAM-ROLE-003",
  severity: "medium",
  maturity: "stable",
  subject: "role-trust",
  response: "ask",
  responses: ["ask", "alert", "off"],
  advisory: true,
  controls: { cis: ["2.10 (supports)"], attack: ["T1531"] },
  references: ["https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role"],
  text: {
    en: {
      title: "Trusted entity removed from a role",
      rationale:
        "taking an entity out of a trust policy takes the role's permissions from it: an outage, or an attacker who locks the owners out",
      runbook: [
        "Look for AssumeRole calls by the removed entity within the 30 days before `eventTime`: one that used the role is missed now.",
        "Ask whoever changed the role (`userIdentity`) within the hour whether the entity is really done with it.",
        "If it is needed, approve the plan: it puts the former trust policy back as it was.",
      ],
      falsePositives: "a consumer of the role that is retired; reject the plan, or set the rule to `alert`",
    },
    "zh-CN": {
      title: "角色信任主体被移除",
      rationale: "从信任策略中移除主体会使其失去该角色的权限：可能造成中断，也可能是攻击者在排除原有管理者",
      runbook: [
        "查询被移除主体在 `eventTime` 之前 30 天内的 AssumeRole 调用：曾使用该角色者现在将受影响。",
        "一小时内向修改者（`userIdentity`）确认该主体是否确实不再需要。",
        "若仍需要，请批准该方案：将信任策略恢复原样。",
      ],
      falsePositives: "已下线的角色使用方；请拒绝该方案，或将规则设为 `alert`",
    },
  },
  judge: ({ subject, before, after }, { settings }) => {
    if (after.kind === "gone" || isUntouched(subject, before) || (before.known && before.state.kind === "gone"))
      return compliant;
    if (!before.known)
      return undetermined({
        en: `whom the role trusted before is not known (${before.because}), so whether somebody was removed is not either`,
        "zh-CN": "不知道该角色之前信任谁，因此也不知道是否有主体被移除",
      });
    if (before.state.kind === "gone") return compliant;
    const difference = differenceOf(before.state.document, after.document, settings.accountId);
    if (!difference.ok) return unreadable(difference.error.errors);
    // One that should never have been let in is not missed.
    const isMissed = (entity: TrustEntity | undefined): boolean =>
      entity === undefined || !isForeign(entity, settings.accountId) || isTrusted(entity, settings);
    const evidence: Evidence[] = difference.value.steps
      .filter(({ kind, entity }) => kind === "entity-removed" && isMissed(entity))
      .map(({ sentence, facts }) => ({ sentence, facts }));
    const [first, ...others] = evidence;
    return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
  },
});
