import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conditionsHold } from "../../sandbox/access/conditions.ts";
import { decide } from "../../sandbox/access/evaluate.ts";
import { matchesGlob, matchesResource } from "../../sandbox/access/globs.ts";
import { trusts } from "../../sandbox/access/trust.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { callerOf, policyOf, refusal, trustOf } from "./client.ts";

const account = "1234567890123456";

describe("patterns", () => {
  it("match as a regular expression would", () => {
    const letters = (...values: string[]) => fc.string({ unit: fc.constantFrom(...values), maxLength: 8 });
    fc.assert(
      fc.property(letters("a", "b", "*", "?"), letters("a", "b"), (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matchesGlob(pattern, text)).toBe(regex.test(text));
      }),
    );
  });

  it.each([
    ["*", "*", true],
    ["acs:ram:*:*:*", "*", false],
    ["acs:ram:*:1:role/*", "acs:ram:*:1:role/a", true],
    ["acs:ram:*:1:role/Deploy", "acs:ram::1:role/deploy", true],
    ["acs:ram:*:1:user/Alice", "acs:ram:*:1:user/alice", false],
    ["acs:ram:*:system:policy/*", "acs:ram:*:1:policy/x", false],
    ["acs:oss:*:*:bucket-b/*", "acs:oss:*:*:bucket-a/k:bucket-b/x", false],
    ["acs:oss:*", "acs:oss:*:*:bucket/key", true],
  ])("resource pattern %s on %s: %s", (pattern, resource, expected) => {
    expect(matchesResource(pattern, resource)).toBe(expected);
  });
});

describe("conditions", () => {
  const given = {
    "acs:sourceip": "10.1.2.3",
    "acs:currenttime": "2026-11-22T08:00:00Z",
    "oss:prefix": "Team/a",
    n: "7",
  };
  it.each([
    [{ IpAddress: { "acs:SourceIp": ["192.168.0.0/16", "10.0.0.0/8"] } }, true],
    [{ NotIpAddress: { "acs:SourceIp": ["192.168.0.0/16", "10.0.0.0/8"] } }, false],
    [{ IpAddress: { "acs:SourceIp": "10.1.2.3" } }, true],
    [{ IpAddress: { "acs:SourceIp": "::/0" } }, false],
    [{ DateLessThan: { "acs:CurrentTime": "2026-11-22T16:00:01+08:00" } }, true],
    [{ DateGreaterThan: { "acs:CurrentTime": "2026-11-22T08:00:00Z" } }, false],
    [{ StringLike: { "oss:Prefix": ["x", "Team/*"] } }, true],
    [{ StringEquals: { "oss:Prefix": "Team/*" } }, false],
    [{ StringEqualsIgnoreCase: { "oss:Prefix": "team/A" } }, true],
    [{ StringNotEquals: { "oss:Prefix": ["Team/a", "b"] } }, false],
    [{ NumericLessThanEquals: { n: 7 }, NumericNotEquals: { n: ["8"] } }, true],
    [{ Bool: { "acs:MFAPresent": "true" } }, false],
    [{ StringNotLike: { "acs:SourceVpc": "vpc-*" } }, true],
    [{ StringLike: { "oss:Prefix": "Team/*" }, Bool: { "acs:MFAPresent": "true" } }, false],
    [{ ForAnyValue: { "oss:Prefix": "Team/a" } }, false],
    [{}, true],
  ])("%j: %s", (condition, expected) => {
    expect(conditionsHold(condition, given)).toBe(expected);
  });
});

describe("documents together", () => {
  const ask = (...documents: { Effect: string; Action?: string; NotAction?: string[] }[]) =>
    decide([{ Version: "1", Statement: documents.map((each) => ({ ...each, Resource: "*" })) }], {
      action: "ram:CreateUser",
      resources: [`acs:ram:*:${account}:user/*`],
      context: {},
    });
  it("deny wins, silence is none, actions compare without case, NotAction is the complement", () => {
    expect(ask({ Effect: "Allow", Action: "RAM:create*" })).toBe("allow");
    expect(ask({ Effect: "Allow", Action: "*" }, { Effect: "Deny", Action: "ram:*" })).toBe("deny");
    expect(ask({ Effect: "Allow", Action: "oss:*" })).toBe("none");
    expect(ask({ Effect: "Allow", NotAction: ["oss:*"] })).toBe("allow");
    expect(ask({ Effect: "Allow", NotAction: ["ram:*"] })).toBe("none");
  });
});

describe("trust policies", () => {
  const alice = { kind: "RAM" as const, arn: `acs:ram::${account}:user/alice` };
  const says = (document: string, who: Parameters<typeof trusts>[1], context = {}) =>
    trusts(JSON.parse(document), who, "sts:AssumeRole", context);
  it("take root for everybody of the account, names for one, and mind conditions", () => {
    expect(says(trustOf({ RAM: [`acs:ram::${account}:root`] }), alice)).toBe(true);
    expect(says(trustOf({ RAM: `acs:ram::${account}:user/alice` }), alice)).toBe(true);
    expect(says(trustOf({ RAM: [`acs:ram::${account}:user/bob`] }), alice)).toBe(false);
    expect(says(trustOf({ RAM: ["acs:ram::9999999999999999:root"] }), alice)).toBe(false);
    expect(says(trustOf({ RAM: ["acs:ram::*:root"] }), alice)).toBe(true);
    expect(says(trustOf({ Service: "fc.aliyuncs.com" }), alice)).toBe(false);
    expect(says(trustOf({ Service: "fc.aliyuncs.com" }), { kind: "Service", host: "fc.aliyuncs.com" })).toBe(true);
    const guarded = trustOf({ RAM: `acs:ram::${account}:root` }, { StringEquals: { "sts:ExternalId": "e" } });
    expect(says(guarded, alice)).toBe(false);
    expect(says(guarded, alice, { "sts:externalid": "e" })).toBe(true);
  });
});

describe("what a caller may do", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({
      seed: 5,
      snapshot: {
        version: 1,
        accountId: account,
        users: [{ userName: "alice", accessKeys: [{ accessKeyId: "LTAIalice" }] }],
        groups: [{ groupName: "devs", members: [{ userName: "alice" }] }],
        roles: [
          { roleName: "Ops", assumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${account}:user/alice`] }) },
          { roleName: "Closed", assumeRolePolicyDocument: trustOf({ Service: ["ecs.aliyuncs.com"] }) },
        ],
        policies: [
          {
            policyName: "devs-may",
            policyType: "Custom",
            versions: [
              {
                versionId: "v1",
                policyDocument: policyOf(
                  { Effect: "Allow", Action: ["ram:Get*", "ram:List*"], Resource: "*" },
                  { Effect: "Allow", Action: "ram:AttachPolicyToUser", Resource: `acs:ram:*:${account}:user/alice` },
                ),
              },
            ],
          },
          {
            policyName: "but-not",
            policyType: "Custom",
            versions: [
              {
                versionId: "v1",
                policyDocument: policyOf({
                  Effect: "Deny",
                  Action: "ram:GetRole",
                  Resource: `acs:ram:*:${account}:role/closed`,
                }),
              },
            ],
          },
          {
            policyName: "assume",
            policyType: "Custom",
            versions: [
              {
                versionId: "v1",
                policyDocument: policyOf({
                  Effect: "Allow",
                  Action: "sts:AssumeRole",
                  Resource: `acs:ram::${account}:role/*`,
                }),
              },
            ],
          },
        ],
        attachments: [
          { policyType: "Custom", policyName: "devs-may", principalType: "group", principalName: "devs" },
          { policyType: "Custom", policyName: "but-not", principalType: "user", principalName: "alice" },
          { policyType: "System", policyName: "AdministratorAccess", principalType: "role", principalName: "Ops" },
        ],
      },
    });
  });
  afterEach(() => sandbox.stop());

  const asAlice = () => callerOf(sandbox, sandbox.keyOf("alice"));
  const assume = (more: Record<string, unknown> = {}) =>
    asAlice()("Sts", "AssumeRole", {
      RoleArn: `acs:ram::${account}:role/ops`,
      RoleSessionName: "alice",
      ...more,
    });

  it("adds up user and group, and lets a deny win", async () => {
    expect((await asAlice()("Ram", "GetRole", { RoleName: "Ops" })).Role.RoleName).toBe("Ops");
    expect(await refusal(asAlice()("Ram", "GetRole", { RoleName: "Closed" }))).toBe("NoPermission");
    expect(await refusal(asAlice()("Ram", "CreateUser", { UserName: "bob" }))).toBe("NoPermission");
    expect(sandbox.calls.list().map((call) => [call.operation, call.denied ?? false])).toEqual([
      ["GetRole", false],
      ["GetRole", true],
      ["CreateUser", true],
    ]);
  });

  it("says why in AccessDeniedDetail", async () => {
    const denied = await asAlice()("Ram", "GetRole", { RoleName: "Closed" }).catch((error: unknown) => error);
    expect(denied).toMatchObject({
      statusCode: 403,
      accessDeniedDetail: { AuthAction: "ram:GetRole", NoPermissionType: "ExplicitDeny" },
    });
  });

  it("wants both ARNs for a grant", async () => {
    const grant = { UserName: "alice", PolicyType: "System", PolicyName: "AdministratorAccess" };
    expect(await refusal(asAlice()("Ram", "AttachPolicyToUser", grant))).toBe("NoPermission");
    await callerOf(sandbox)("Ram", "CreatePolicyVersion", {
      PolicyName: "devs-may",
      SetAsDefault: true,
      PolicyDocument: policyOf({
        Effect: "Allow",
        Action: "ram:AttachPolicyToUser",
        Resource: [`acs:ram:*:${account}:user/alice`, "acs:ram:*:system:policy/AdministratorAccess"],
      }),
    });
    await asAlice()("Ram", "AttachPolicyToUser", grant);
  });

  it("lets nobody assume a role without both sides", async () => {
    expect(await refusal(assume())).toBe("NoPermission");
    const grant = { UserName: "alice", PolicyType: "Custom", PolicyName: "assume" };
    await callerOf(sandbox)("Ram", "AttachPolicyToUser", grant);
    expect((await assume()).AssumedRoleUser.Arn).toBe(`acs:ram::${account}:role/ops/alice`);
    expect(await refusal(assume({ RoleArn: `acs:ram::${account}:role/closed` }))).toBe("NoPermission");
    expect(await refusal(assume({ DurationSeconds: 3601 }))).toBe("InvalidParameter.DurationSeconds.Range");
    expect(await refusal(assume({ DurationSeconds: 899 }))).toBe("InvalidParameter.DurationSeconds.Range");
    expect(await refusal(assume({ RoleSessionName: "a" }))).toBe("InvalidParameter.RoleSessionName.InvalidChars");
    const long = policyOf({ Effect: "Allow", Action: "x".repeat(2048), Resource: "*" });
    expect(await refusal(assume({ Policy: long }))).toBe("MalformedPolicyDocument");
  });

  it("opens a trusted role to another account, and nothing else", async () => {
    const keys = sandbox.foreigner("9999999999999999", "mallory");
    const mallory = callerOf(sandbox, keys);
    const knock = () =>
      mallory("Sts", "AssumeRole", { RoleArn: `acs:ram::${account}:role/closed`, RoleSessionName: "in" });
    expect(await refusal(knock())).toBe("NoPermission");
    expect(await refusal(mallory("Ram", "ListRoles"))).toBe("NoPermission");
    const admin = callerOf(sandbox);
    await admin("Ram", "UpdateRole", {
      RoleName: "Closed",
      NewAssumeRolePolicyDocument: trustOf({ RAM: "acs:ram::9999999999999999:root" }),
    });
    const { Credentials } = await knock();
    await refusal(
      callerOf(sandbox, {
        accessKeyId: Credentials.AccessKeyId,
        accessKeySecret: Credentials.AccessKeySecret,
        securityToken: Credentials.SecurityToken,
      })("Ram", "CreateUser", { UserName: "x" }),
    );
    expect(sandbox.trail.at(-1)).toMatchObject({
      recipientAccountId: account,
      userIdentity: { type: "assumed-role", accountId: account, userName: "Closed:in" },
      requestParameters: { stsTokenPlayerUid: "9999999999999999" },
    });
    await admin("Ram", "UpdateRole", {
      RoleName: "Closed",
      NewAssumeRolePolicyDocument: trustOf({ Service: "ecs.aliyuncs.com" }),
    });
    expect(await refusal(knock())).toBe("NoPermission");
  });

  it("cuts a session down to its policy, and never up", async () => {
    const grant = { UserName: "alice", PolicyType: "Custom", PolicyName: "assume" };
    await callerOf(sandbox)("Ram", "AttachPolicyToUser", grant);
    const session = async (policy: string) => {
      const { Credentials } = await assume({ Policy: policy });
      return callerOf(sandbox, {
        accessKeyId: Credentials.AccessKeyId,
        accessKeySecret: Credentials.AccessKeySecret,
        securityToken: Credentials.SecurityToken,
      });
    };
    const narrow = await session(policyOf({ Effect: "Allow", Action: "ram:ListRoles", Resource: "*" }));
    expect((await narrow("Ram", "ListRoles")).Roles.Role).toHaveLength(2);
    expect(await refusal(narrow("Ram", "ListUsers"))).toBe("NoPermission");
    await callerOf(sandbox)("Ram", "DetachPolicyFromRole", {
      RoleName: "Ops",
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
    });
    const wide = await session(policyOf({ Effect: "Allow", Action: "*", Resource: "*" }));
    expect(await refusal(wide("Ram", "ListRoles"))).toBe("NoPermission");
    // Sessions from before lose it too: permissions are read at the time of each call.
    expect(await refusal(narrow("Ram", "ListRoles"))).toBe("NoPermission");
  });
});
