import { compliant } from "../domain/finding.ts";
import { attachedBy, madeBy } from "./kit/actors.ts";
import { matchesOne, practicesOf } from "./kit/practices.ts";
import { defineRule, undetermined, violation } from "./kit/rule.ts";

const kinds = { user: "用户", group: "用户组", role: "角色" } as const;

/** A grant holds for the whole account, where whoever gets it is to work in one resource group. */
export const accountWideGrant = defineRule({
  id: "RAM.AccountWideGrant",
  control: "RAM-POL-004",
  severity: "medium",
  maturity: "stable",
  subject: "grant",
  response: "ask",
  responses: ["revert", "ask", "alert", "off"],
  controls: { cloudConfig: ["ram-user-specified-permission-bound (related)"], attack: ["T1098.003"] },
  references: [
    "https://help.aliyun.com/zh/resource-management/api-attachpolicy",
    "https://www.alibabacloud.com/help/en/ram/user-guide/grant-permissions-to-the-ram-user",
  ],
  text: {
    en: {
      title: "Grant for the whole account where a resource group is required",
      rationale:
        "a team that works in one resource group needs its rights there: the same policy for the whole account reaches the resources of all other teams",
      runbook: [
        "Ask whoever made the grant (`userIdentity` of the event) within the day which resource group is meant.",
        "Attach the policy there first (`ResourceManager.AttachPolicy` with `ResourceGroupId`), then approve the plan, which takes this grant away: nobody is without rights in between.",
      ],
      falsePositives:
        "a policy of a service that knows no resource groups; reject the plan, or leave the identity out of `resourceGroupOnly`",
    },
    "zh-CN": {
      title: "应按资源组授权却授予账号级",
      rationale: "在单个资源组内工作的团队只需要该范围的权限：同一策略在账号范围授予会触及其他所有团队的资源",
      runbook: [
        "一天内向授权者（事件的 `userIdentity`）确认所指的资源组。",
        "先在该资源组内授权（`ResourceManager.AttachPolicy`，指定 `ResourceGroupId`），再批准移除此授权的方案：期间不会失去权限。",
      ],
      falsePositives: "不支持资源组的云服务的策略；请拒绝该方案，或从 `resourceGroupOnly` 中移除该身份",
    },
  },
  judge: ({ subject, before, after, actor }, { settings }) => {
    const { principal, policy, scope } = subject;
    if (after.kind === "gone" || scope !== "account") return compliant;
    if (!matchesOne(principal.name, practicesOf(settings).resourceGroupOnly)) return compliant;
    const whom = `${principal.kind} \`${principal.name}\``;
    if (!before.known)
      return undetermined({
        en: `${whom} holds \`${policy.name}\` for the whole account, and whether that is new is not known`,
        "zh-CN": `${kinds[principal.kind]} \`${principal.name}\` 在账号范围拥有 \`${policy.name}\`，但不知道是否为新的授权`,
      });
    if (before.state.kind !== "gone") return compliant;
    const deed = attachedBy(actor, policy.name, principal, { en: " for the whole account", "zh-CN": "（账号范围）" });
    return violation(
      {
        en: `${deed.en}, where the settings require a resource group`,
        "zh-CN": `${deed["zh-CN"]}，而设置要求限定到资源组`,
      },
      {
        policy: policy.name,
        policyType: policy.type,
        principal: principal.name,
        principalKind: principal.kind,
        ...madeBy(actor),
      },
    );
  },
});
