import { describe, expect, test } from "vitest";
import type { GrantRef, RoleTrust } from "../../shared/domain/subject.ts";
import { attach, detach, putBackTrust, setKeyStatus } from "../../shared/operations/remedies.ts";

const role: RoleTrust = {
  kind: "role-trust",
  roleName: "Deploy",
  roleId: "301234567890123456",
  document: "{}",
  description: "",
  maxSessionSeconds: 7200,
  serviceLinked: false,
  rest: { Arn: "acs:ram::1:role/deploy" },
};

describe("putting back a trust policy", () => {
  test("sends the live description and session length along, even an empty description", () => {
    expect(putBackTrust(role, '{"before":1}', "Ram")).toEqual({
      service: "Ram",
      operation: "UpdateRole",
      parameters: {
        RoleName: "Deploy",
        NewAssumeRolePolicyDocument: '{"before":1}',
        NewDescription: "",
        NewMaxSessionDuration: 7200,
      },
    });
  });

  test.each([true, false, "true"])("keeps the console flag %s", (AllowConsoleLogin) => {
    const call = putBackTrust({ ...role, rest: { AllowConsoleLogin } }, "{}", "Ram");
    expect(call.parameters.NewAllowConsoleLogin).toBe(AllowConsoleLogin);
  });

  test("takes the route of the change, but Ram's where only Ram can keep the console flag", () => {
    expect(putBackTrust(role, "{}", "ResourceManager").service).toBe("ResourceManager");
    expect(putBackTrust({ ...role, rest: { AllowConsoleLogin: true } }, "{}", "ResourceManager").service).toBe("Ram");
  });
});

test("a key is switched with its owner named", () => {
  expect(setKeyStatus("alice", "LTAI1", "Inactive")).toEqual({
    service: "Ram",
    operation: "UpdateAccessKey",
    parameters: { UserName: "alice", UserAccessKeyId: "LTAI1", Status: "Inactive" },
  });
});

const grant = (more: Partial<GrantRef>): GrantRef => ({
  kind: "grant",
  accountId: "1234567890123456",
  principal: { kind: "user", name: "alice" },
  policy: { type: "System", name: "AdministratorAccess" },
  scope: "account",
  route: "Ram",
  ...more,
});

describe("taking a grant away and giving it back", () => {
  test.each([
    ["user", "User", "UserName"],
    ["group", "Group", "GroupName"],
    ["role", "Role", "RoleName"],
  ] as const)("of a %s through Ram", (kind, suffix, parameter) => {
    const ref = grant({ principal: { kind, name: "Ops" } });
    const parameters = { PolicyType: "System", PolicyName: "AdministratorAccess", [parameter]: "Ops" };
    expect(detach(ref)).toEqual({ service: "Ram", operation: `DetachPolicyFrom${suffix}`, parameters });
    expect(attach(ref)).toEqual({ service: "Ram", operation: `AttachPolicyTo${suffix}`, parameters });
  });

  test("names a resource group in Ram only when the grant has one", () => {
    expect(detach(grant({})).parameters).not.toHaveProperty("ResourceGroupId");
    expect(detach(grant({ scope: { resourceGroupId: "rg-1" } })).parameters.ResourceGroupId).toBe("rg-1");
  });

  test("sends the event's five values through ResourceManager", () => {
    const ref = grant({ route: "ResourceManager", principalName: "alice@corp.onaliyun.com" });
    const parameters = {
      ResourceGroupId: "1234567890123456",
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      PrincipalType: "IMSUser",
      PrincipalName: "alice@corp.onaliyun.com",
    };
    expect(detach(ref)).toEqual({ service: "ResourceManager", operation: "DetachPolicy", parameters });
    expect(attach(ref)).toEqual({ service: "ResourceManager", operation: "AttachPolicy", parameters });
    expect(detach({ ...ref, scope: { resourceGroupId: "rg-1" } }).parameters.ResourceGroupId).toBe("rg-1");
  });

  test.each([
    ["user", "IMSUser", "ops@1234567890123456.onaliyun.com"],
    ["group", "IMSGroup", "ops@group.1234567890123456.onaliyun.com"],
    ["role", "ServiceRole", "ops@role.1234567890123456.onaliyunservice.com"],
  ] as const)("builds the full name of a %s that no event gave", (kind, PrincipalType, PrincipalName) => {
    expect(detach(grant({ route: "ResourceManager", principal: { kind, name: "ops" } })).parameters).toMatchObject({
      PrincipalType,
      PrincipalName,
    });
  });
});
