import { describe, expect, test } from "vitest";
import { highRiskPolicyOnGroup } from "../../shared/rules/high-risk-policy-on-group.ts";
import { evidenceOf, grantChange, judged, ruleTable } from "./changes.ts";
import { highRiskTable } from "./high-risk-table.ts";

const principal = { kind: "group", name: "ops" } as const;

describe("a high-risk policy on a group", () => {
  ruleTable(highRiskPolicyOnGroup, highRiskTable(principal, { kind: "user", name: "ops" }));

  test("tells the policy, the group, the maker and the resource group", () => {
    const scope = { resourceGroupId: "rg-acfm123" };
    const change = grantChange(principal, { type: "System", name: "AdministratorAccess" }, { scope });
    const [evidence] = evidenceOf(judged(highRiskPolicyOnGroup, change));
    expect(evidence?.facts).toEqual({
      policy: "AdministratorAccess",
      policyType: "System",
      principal: "ops",
      maker: "user mallory",
      resourceGroup: "rg-acfm123",
    });
    expect(evidence?.sentence.en).toBe(
      "`user mallory` attached `AdministratorAccess` to group `ops` in resource group `rg-acfm123`: a policy that the settings count as high-risk",
    );
  });
});
