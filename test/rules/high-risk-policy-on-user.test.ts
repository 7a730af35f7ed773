import { describe, expect, test } from "vitest";
import { highRiskPolicyOnUser } from "../../shared/rules/high-risk-policy-on-user.ts";
import { evidenceOf, grantChange, judged, ruleTable } from "./changes.ts";
import { highRiskTable, permitting } from "./high-risk-table.ts";

const principal = { kind: "user", name: "ops" } as const;

describe("a high-risk policy on a user", () => {
  ruleTable(highRiskPolicyOnUser, highRiskTable(principal, { kind: "group", name: "ops" }));

  test("tells the policy, the user, the maker and the resource group", () => {
    const scope = { resourceGroupId: "rg-acfm123" };
    const change = grantChange(principal, { type: "System", name: "AdministratorAccess" }, { scope });
    const [evidence] = evidenceOf(judged(highRiskPolicyOnUser, change));
    expect(evidence?.facts).toEqual({
      policy: "AdministratorAccess",
      policyType: "System",
      principal: "ops",
      maker: "user mallory",
      resourceGroup: "rg-acfm123",
    });
    expect(evidence?.sentence.en).toBe(
      "`user mallory` attached `AdministratorAccess` to user `ops` in resource group `rg-acfm123`: a policy that the settings count as high-risk",
    );
  });
});

describe("what the text of a custom policy is said to allow", () => {
  const change = grantChange(principal, { type: "Custom", name: "ops" });
  const request = "ram:AttachPolicyToUser on acs:ram:cn-hangzhou:1234567890123456:user/example";

  test.each([
    ["*", "admin", "its text allows every action on every resource"],
    ["ram:*", "admin", "its text controls all of RAM, so that its holder can make itself administrator"],
    ["ram:AttachPolicyToUser", "identity-admin", "its text can attach a stronger policy to a user"],
  ])("by `%s` is shown by a request", (action, tier, words) => {
    const policyDocument = permitting({ Effect: "Allow", Action: action, Resource: "*" });
    const [evidence] = evidenceOf(judged(highRiskPolicyOnUser, { change, facts: { policyDocument } }));
    expect(evidence?.facts).toMatchObject({ policy: "ops", tier, request });
    expect(evidence?.sentence.en).toBe(
      `\`user mallory\` attached \`ops\` to user \`ops\`: ${words}; for one, \`${request}\``,
    );
  });
});
