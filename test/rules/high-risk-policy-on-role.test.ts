import { describe, expect, test } from "vitest";
import { highRiskPolicyOnRole } from "../../shared/rules/high-risk-policy-on-role.ts";
import { evidenceOf, grantChange, judged, ruleTable } from "./changes.ts";
import { highRiskTable } from "./high-risk-table.ts";

const principal = { kind: "role", name: "ops" } as const;

describe("a high-risk policy on a role", () => {
  ruleTable(highRiskPolicyOnRole, highRiskTable(principal, { kind: "user", name: "ops" }));

  test("tells the policy, the role, the maker and the resource group", () => {
    const scope = { resourceGroupId: "rg-acfm123" };
    const change = grantChange(principal, { type: "System", name: "AdministratorAccess" }, { scope });
    const [evidence] = evidenceOf(judged(highRiskPolicyOnRole, change));
    expect(evidence?.facts).toEqual({
      policy: "AdministratorAccess",
      policyType: "System",
      principal: "ops",
      maker: "user mallory",
      resourceGroup: "rg-acfm123",
    });
    expect(evidence?.sentence.en).toBe(
      "`user mallory` attached `AdministratorAccess` to role `ops` in resource group `rg-acfm123`: a policy that the settings count as high-risk",
    );
  });
});
