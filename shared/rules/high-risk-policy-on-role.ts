import { highRiskRule } from "./kit/high-risk.ts";

/** A policy that administers the account or its identities, attached to a role. */
export const highRiskPolicyOnRole = highRiskRule({
  id: "RAM.HighRiskPolicyOnRole",
  control: "RAM-POL-002",
  principal: "role",
  cis: ["1.15"],
  cloudConfig: [
    "ram-role-no-product-admin-access",
    "ram-role-has-specified-policy",
    "ram-user-role-no-product-admin-access",
  ],
  title: { en: "High-risk policy attached to a role", "zh-CN": "角色被授予高风险策略" },
  rationale: {
    en: "whoever the role trusts, in this account or another, becomes an administrator",
    "zh-CN": "凡是该角色信任的主体，无论在本账号还是其他账号，都会成为管理员",
  },
  lookup: "`RoleName`",
});
