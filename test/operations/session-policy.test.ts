import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../shared/domain/plan.ts";
import type { GrantRef, RoleTrust, Scope } from "../../shared/domain/subject.ts";
import { permissionsOf } from "../../shared/operations/permissions.ts";
import { attach, detach, putBackTrust, setKeyStatus } from "../../shared/operations/remedies.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";

const account = "1234567890123456";
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/);
const policyName = fc.stringMatching(/^[A-Za-z0-9-]{1,128}$/);

const role = (roleName: string): RoleTrust => ({
  kind: "role-trust",
  roleName,
  roleId: "3",
  document: "{}",
  description: "d",
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
});

const grant: fc.Arbitrary<GrantRef> = fc.record({
  kind: fc.constant("grant" as const),
  accountId: fc.constant(account),
  principal: fc.record({ kind: fc.constantFrom("user", "group", "role"), name }),
  policy: fc.record({ type: fc.constantFrom("System", "Custom"), name: policyName }),
  scope: fc.constantFrom<Scope>("account", { resourceGroupId: "rg-1" }),
  route: fc.constantFrom("Ram", "ResourceManager"),
});

/** Every call that a plan or its undo can hold. */
const anyCall: fc.Arbitrary<Call> = fc.oneof(
  grant.map(detach),
  grant.map(attach),
  fc
    .tuple(name, fc.constantFrom("Ram", "ResourceManager"))
    .map(([named, route]) => putBackTrust(role(named), "{}", route)),
  fc.tuple(name, fc.constantFrom("Active", "Inactive")).map(([user, status]) => setKeyStatus(user, "LTAI1", status)),
);

type Statement = { Effect: string; Action: string; Resource: string[] };
const statementsOf = (policy: string): Statement[] => (JSON.parse(policy) as { Statement: Statement[] }).Statement;
const textOf = (calls: readonly Call[]): string => {
  const policy = sessionPolicy(calls, account);
  if (!policy.ok) throw new Error(policy.error);
  return policy.value;
};

describe("what a call needs", () => {
  test.each<[string, Call, readonly string[]]>([
    [
      "UpdateRole in both spellings",
      putBackTrust(role("Deploy"), "{}", "Ram"),
      [`ram:UpdateRole acs:ram:*:${account}:role/Deploy`, `ram:UpdateRole acs:ram:*:${account}:role/deploy`],
    ],
    [
      "UpdateRole of a name in lower case",
      putBackTrust(role("deploy"), "{}", "ResourceManager"),
      [`ram:UpdateRole acs:ram:*:${account}:role/deploy`],
    ],
    [
      "UpdateAccessKey",
      setKeyStatus("Alice", "LTAI1", "Inactive"),
      [`ram:UpdateAccessKey acs:ram:*:${account}:user/Alice`],
    ],
    [
      "a detach in Ram: principal and policy",
      {
        service: "Ram",
        operation: "DetachPolicyFromUser",
        parameters: { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" },
      },
      [
        "ram:DetachPolicyFromUser acs:ram:*:system:policy/AdministratorAccess",
        `ram:DetachPolicyFromUser acs:ram:*:${account}:user/alice`,
      ],
    ],
    [
      "an attach of a custom policy",
      {
        service: "Ram",
        operation: "AttachPolicyToGroup",
        parameters: { PolicyType: "Custom", PolicyName: "Mine", GroupName: "ops" },
      },
      [
        `ram:AttachPolicyToGroup acs:ram:*:${account}:policy/Mine`,
        `ram:AttachPolicyToGroup acs:ram:*:${account}:group/ops`,
      ],
    ],
    [
      "a detach in ResourceManager",
      {
        service: "ResourceManager",
        operation: "DetachPolicy",
        parameters: {
          ResourceGroupId: account,
          PolicyType: "System",
          PolicyName: "AdministratorAccess",
          PrincipalType: "IMSUser",
          PrincipalName: "alice@corp.onaliyun.com",
        },
      },
      [
        "ram:DetachPolicy acs:ram:*:system:policy/AdministratorAccess",
        `ram:DetachPolicy acs:ram:*:${account}:user/alice`,
        `ram:DetachPolicy acs:ims:*:${account}:user/*`,
      ],
    ],
    [
      "a call that no plan makes",
      { service: "Ram", operation: "CreateAccessKey", parameters: { UserName: "alice" } },
      [],
    ],
  ])("%s", (_, call, wanted) => {
    expect(permissionsOf(call, account).map(({ action, resource }) => `${action} ${resource}`)).toEqual(wanted);
  });
});

describe("the policy of an acting session", () => {
  test("is compact and short, and holds exactly the permissions of its call", () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const policy = textOf([call]);
        expect(policy.length).toBeLessThanOrEqual(2048);
        expect(policy).toBe(JSON.stringify(JSON.parse(policy)));
        const allowed = statementsOf(policy).flatMap(({ Effect, Action, Resource }) =>
          Resource.map((resource) => `${Effect} ${Action} ${resource}`),
        );
        expect(allowed).toEqual(permissionsOf(call, account).map((one) => `Allow ${one.action} ${one.resource}`));
      }),
    );
  });

  test("keeps the resources of two calls apart", () => {
    const from = (UserName: string, PolicyName: string): Call => ({
      service: "Ram",
      operation: "DetachPolicyFromUser",
      parameters: { PolicyType: "System", PolicyName, UserName },
    });
    const statements = statementsOf(textOf([from("alice", "A"), from("bob", "B"), from("alice", "A")]));
    expect(statements).toHaveLength(2);
    for (const { Resource } of statements) expect(Resource).toHaveLength(2);
    expect(statements[0]?.Resource.join()).not.toContain("bob");
  });

  test.each<[string, readonly Call[], string, RegExp]>([
    ["no calls", [], account, /no call/],
    [
      "a starred account id, which would be a pattern",
      [setKeyStatus("alice", "LTAI1", "Inactive")],
      "12345****",
      /digits/,
    ],
    ["a name that is a pattern", [setKeyStatus("*", "LTAI1", "Inactive")], account, /not a name that RAM allows/],
    [
      "a policy name that is a pattern",
      [
        {
          service: "Ram",
          operation: "DetachPolicyFromUser",
          parameters: { PolicyType: "System", PolicyName: "A?", UserName: "a" },
        },
      ],
      account,
      /not a name that RAM allows/,
    ],
    ["a name with a variable", [setKeyStatus("$alice", "LTAI1", "Inactive")], account, /not a name that RAM allows/],
    [
      "a principal name that is a pattern",
      [
        {
          service: "ResourceManager",
          operation: "DetachPolicy",
          parameters: {
            ResourceGroupId: account,
            PolicyType: "System",
            PolicyName: "A",
            PrincipalType: "IMSUser",
            PrincipalName: "*@corp.onaliyun.com",
          },
        },
      ],
      account,
      /not a name that RAM allows/,
    ],
    [
      "an unnamed owner",
      [{ service: "Ram", operation: "UpdateAccessKey", parameters: { UserAccessKeyId: "LTAI1", Status: "Inactive" } }],
      account,
      /not a name that RAM allows/,
    ],
    [
      "a call whose needs are not known",
      [{ service: "Sts", operation: "AssumeRole", parameters: { UserName: "a" } }],
      account,
      /not known/,
    ],
    [
      "too many calls",
      Array.from({ length: 40 }, (_, index) => setKeyStatus(`user-${index}`, "LTAI1", "Inactive")),
      account,
      /2048 are allowed/,
    ],
  ])("is not made for %s", (_, calls, accountId, error) => {
    expect(sessionPolicy(calls, accountId)).toEqual({ ok: false, error: expect.stringMatching(error) });
  });
});
