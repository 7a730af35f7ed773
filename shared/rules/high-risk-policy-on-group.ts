import { highRiskRule } from "./kit/high-risk.ts";

/** A policy that administers the account or its identities, attached to a group. */
export const highRiskPolicyOnGroup = highRiskRule({
  id: "RAM.HighRiskPolicyOnGroup",
  control: "RAM-GRP-002",
  principal: "group",
  cis: ["1.15"],
  cloudConfig: ["ram-policy-no-statements-with-admin-access-check"],
  title: { en: "High-risk policy attached to a group", "zh-CN": "用户组被授予高风险策略" },
  rationale: {
    en: "every member of the group, and everybody who is added later, becomes an administrator",
    "zh-CN": "该组的每个成员以及之后加入的任何人都会成为管理员",
  },
  lookup: "`ResourceName`",
});
