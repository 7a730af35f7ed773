import { highRiskRule } from "./kit/high-risk.ts";

/** A policy that administers the account or its identities, attached to a RAM user. */
export const highRiskPolicyOnUser = highRiskRule({
  id: "RAM.HighRiskPolicyOnUser",
  control: "RAM-POL-001",
  principal: "user",
  cis: ["1.15", "1.16"],
  cloudConfig: [
    "ram-user-has-specified-policy",
    "ram-user-no-has-specified-policy",
    "ram-user-no-product-admin-access",
  ],
  title: { en: "High-risk policy attached to a user", "zh-CN": "用户被授予高风险策略" },
  rationale: {
    en: "full administration in the hands of one more user is what every takeover of an account ends in",
    "zh-CN": "账号被接管的终点，往往就是又一个用户获得完全管理权限",
  },
  lookup: "`User`",
});
