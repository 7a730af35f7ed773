import { compliant } from "../domain/finding.ts";
import { attachedBy, madeBy } from "./kit/actors.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

/** A policy that is attached to a user itself, where groups are how rights are given. */
export const policyAttachedToUser = defineRule({
  id: "RAM.PolicyAttachedToUser",
  control: "RAM-POL-003",
  severity: "low",
  maturity: "stable",
  subject: "grant",
  response: "alert",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cis: ["1.16"], cloudConfig: ["ram-user-no-has-specified-policy (partial)"], attack: ["T1098.003"] },
  references: ["https://www.alibabacloud.com/help/en/ram/user-guide/best-practices-for-using-ram"],
  text: {
    en: {
      title: "Policy attached directly to a user",
      rationale:
        "rights that hang on single users are overlooked when people change jobs; what a group carries is seen, and ends with the membership",
      runbook: [
        "Find the group that carries the same policy, or make one, within the week.",
        "Add the user to it first, then detach the policy from the user, so that no access is missed meanwhile.",
      ],
      falsePositives: "a program's own user; set the rule to `off` where such users are the rule",
    },
    "zh-CN": {
      title: "策略直接授予用户",
      rationale: "挂在单个用户上的权限在人员变动时容易被忽视；用户组的权限一目了然，并随成员关系结束",
      runbook: [
        "一周内找到拥有相同策略的用户组，或新建一个。",
        "先将用户加入该组，再移除用户上的策略，避免期间缺少访问权限。",
      ],
      falsePositives: "程序专用用户；若此类用户为常态，请将规则设为 `off`",
    },
  },
  judge: ({ subject, before, after, actor }) => {
    const { principal, policy, scope } = subject;
    if (principal.kind !== "user" || after.kind === "gone") return compliant;
    if (!before.known)
      return undetermined({
        en: `\`${policy.name}\` is attached to user \`${principal.name}\`, and whether that is new is not known`,
        "zh-CN": `用户 \`${principal.name}\` 被授予 \`${policy.name}\`，但不知道是否为新的授权`,
      });
    if (before.state.kind !== "gone") return compliant;
    const deed = attachedBy(actor, policy.name, principal, { en: " itself", "zh-CN": " 本身" });
    return violation(
      {
        en: `${deed.en}, not to a group`,
        "zh-CN": `${deed["zh-CN"]}，而非用户组`,
      },
      {
        policy: policy.name,
        policyType: policy.type,
        principal: principal.name,
        ...madeBy(actor),
        ...(scope === "account" ? {} : { resourceGroup: scope.resourceGroupId }),
      },
    );
  },
});
