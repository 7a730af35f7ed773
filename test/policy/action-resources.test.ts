import { describe, expect, test } from "vitest";
import { resourceChoices, serviceKeys } from "../../shared/policy/action-resources.ts";
import { highRiskPolicies } from "../../shared/policy/high-risk-policies.ts";

describe("what RAM checks an action on", () => {
  test.each<[string, readonly (readonly string[])[]]>([
    ["ecs:RunInstances", [["acs:ecs:*", "?"]]],
    ["ECS:RunInstances", [["acs:ecs:*", "?"]]],
    ["oss:*", [["acs:oss:*", "?"]]],
    ["ram:ListUsers", [["acs:ram:*", "?"]]],
    ["ram:UpdateRole", [["acs:ram:*:*:role/*"]]],
    ["RAM:updaterole", [["acs:ram:*:*:role/*"]]],
    ["ram:CreateAccessKey", [["acs:ram:*:*:user/*"]]],
    ["ram:CreatePolicy", [["acs:ram:*:*:policy/*"]]],
    ["ram:AddUserToGroup", [["acs:ram:*:*:user/*"], ["acs:ram:*:*:group/*"]]],
    ["ram:DetachPolicyFromGroup", [["acs:ram:*:*:group/*"], ["acs:ram:*:*:policy/*"]]],
    ["sts:AssumeRole", [["acs:ram:*:*:role/*"]]],
  ])("%s", (action, choices) => {
    expect(resourceChoices(action)).toEqual(choices);
  });

  test.each(["User", "Group", "Role"])("attaching to a %s counts with the policies that make strong", (kind) => {
    const [whom, which, ...more] = resourceChoices(`ram:AttachPolicyTo${kind}`);
    expect(whom).toEqual([`acs:ram:*:*:${kind.toLowerCase()}/*`]);
    expect(more).toEqual([]);
    expect(which).toContain("acs:ram:*:system:policy/AdministratorAccess");
    expect(which).toContain("acs:ram:*:system:policy/AliyunRAMFullAccess");
    for (const [name, { tiers }] of Object.entries(highRiskPolicies)) {
      const strong = tiers.includes("admin") || tiers.includes("identity-admin");
      expect(which?.includes(`acs:ram:*:system:policy/${name}`), name).toBe(strong);
    }
  });

  test("the keys that bind a grant to services", () => {
    expect(serviceKeys.get("ram:passrole")).toBe("acs:Service");
    expect(serviceKeys.get("ram:createservicelinkedrole")).toBe("ram:ServiceName");
    expect(serviceKeys.get("ram:createrole")).toBeUndefined();
  });
});
