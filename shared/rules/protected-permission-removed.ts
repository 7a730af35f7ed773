import { compliant } from "../domain/finding.ts";
import { actorIsOneOf, makerOf } from "./kit/actors.ts";
import { isProtected } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** An identity that somebody depends on loses a policy, by nobody whose job that is. */
export const protectedPermissionRemoved = defineRule({
  id: "RAM.ProtectedPermissionRemoved",
  control: "RAM-POL-012",
  severity: "high",
  maturity: "stable",
  subject: "grant",
  response: "ask",
  responses: ["ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-has-specified-policy (required policy)"], attack: ["T1531"] },
  references: ["https://www.alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-detachpolicyfromuser"],
  text: {
    en: {
      title: "Permission removed from a protected principal",
      rationale:
        "break-glass identities and production roles are counted on: who takes their rights away stops a service, or locks the owners out before doing worse",
      runbook: [
        "Ask whoever took the policy away (`userIdentity` of the event) within the hour; if they do not know of it, treat their credentials as taken.",
        "Look for calls of the principal that were denied since `eventTime`: LookupEvents by its name, with `errorCode` NoPermission.",
        "If the right is needed, approve the plan after a look at the policy's default version: it is attached again in the same scope.",
      ],
      falsePositives: "a planned narrowing of the identity's rights; let a declared pipeline do it, or reject the plan",
    },
    "zh-CN": {
      title: "受保护身份权限被移除",
      rationale: "应急身份和生产角色必须可靠：移除其权限会中断服务，或在实施进一步破坏之前排除原有管理者",
      runbook: [
        "一小时内向操作者（事件的 `userIdentity`）确认；若其不知情，视其凭证已泄露。",
        "用 LookupEvents 按名称查询该身份自 `eventTime` 以来 `errorCode` 为 NoPermission 的调用。",
        "若确需该权限，请先查看策略的默认版本再批准方案：将在相同范围内重新授予。",
      ],
      falsePositives: "计划内收窄该身份的权限；请由已声明的流水线执行，或拒绝该方案",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    const { principal, policy, scope } = subject;
    if (after.kind !== "gone" || !isProtected(principal.kind, principal.name, settings)) return compliant;
    if (before.known && before.state.kind === "gone") return compliant;
    if (actor !== undefined && actorIsOneOf(actor, settings.pipelines, settings.accountId)) return compliant;
    if (!before.known)
      return undetermined({
        en: `\`${policy.name}\` is not attached to protected ${principal.kind} \`${principal.name}\`, and whether it was is not known`,
        "zh-CN": `受保护身份 \`${principal.name}\` 未被授予 \`${policy.name}\`，且不知道之前是否授予`,
      });
    const maker = makerOf(actor);
    return violation(
      {
        en: `\`${maker}\` took \`${policy.name}\` from ${principal.kind} \`${principal.name}\`, which the settings protect`,
        "zh-CN": `\`${maker}\` 移除了设置中受保护的身份 \`${principal.name}\` 的 \`${policy.name}\``,
      },
      {
        policy: policy.name,
        policyType: policy.type,
        principal: principal.name,
        maker,
        ...(scope === "account" ? {} : { resourceGroup: scope.resourceGroupId }),
      },
    );
  },
});
