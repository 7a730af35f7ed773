import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyDocuments } from "../../shared/aliyun/ram.ts";
import { reader } from "../../shared/aliyun/reader.ts";
import { transport } from "../../shared/aliyun/transport.ts";
import type { AccessKeyRef, GrantRef, RoleTrustRef } from "../../shared/domain/subject.ts";
import type { Reader } from "../../shared/ports/cloud.ts";
import { json, type Reply, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

let cloud: ScriptedCloud;
let read: Reader;
beforeAll(async () => {
  cloud = await scriptedCloud();
  read = reader(transport(cloud.options({ attempts: 1 })));
});
afterAll(() => cloud.close());

const accountId = "100000000000000001";
const sent = (): Readonly<Record<string, string>>[] => cloud.received.map(({ action, form }) => ({ action, ...form }));

describe("a role's trust", () => {
  const ref: RoleTrustRef = { kind: "role-trust", accountId, roleName: "deploy", route: "ResourceManager" };
  const role = {
    RoleName: "Deploy",
    RoleId: "300000000000000001",
    Arn: `acs:ram::${accountId}:role/deploy`,
    AssumeRolePolicyDocument: '{ "Version": "1" }',
    Description: "of the pipeline",
    MaxSessionDuration: 7200,
    CreateDate: "2026-01-01T00:00:00Z",
    UpdateDate: "2026-02-01T00:00:00Z",
    AllowConsoleLogin: false,
    FieldOfTomorrow: { a: [1] },
  };

  it("is read whole, with fields that nobody knew", async () => {
    cloud.script(json(200, { RequestId: "R", Role: role }));
    expect(await read(ref)).toEqual({
      ok: true,
      value: {
        kind: "role-trust",
        roleName: "Deploy",
        roleId: "300000000000000001",
        document: '{ "Version": "1" }',
        description: "of the pipeline",
        maxSessionSeconds: 7200,
        createdAt: "2026-01-01T00:00:00Z",
        updatedAt: "2026-02-01T00:00:00Z",
        serviceLinked: false,
        rest: { Arn: role.Arn, AllowConsoleLogin: false, FieldOfTomorrow: { a: [1] } },
      },
    });
    expect(sent()).toEqual([{ action: "GetRole", RoleName: "deploy" }]);
  });

  it("has RAM's defaults where the answer is silent", async () => {
    const { Description, MaxSessionDuration, CreateDate, UpdateDate, ...bare } = role;
    cloud.script(json(200, { RequestId: "R", Role: { ...bare, RoleName: "aliyunSERVICErolefortrail" } }));
    expect(await read(ref)).toMatchObject({
      ok: true,
      value: { description: "", maxSessionSeconds: 3600, serviceLinked: true },
    });
  });

  it("is gone when the role is", async () => {
    cloud.script(refusal(404, "EntityNotExist.Role"));
    expect(await read(ref)).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it.each([
    ["no role", { RequestId: "R" }],
    ["no document", { RequestId: "R", Role: { ...role, AssumeRolePolicyDocument: undefined } }],
    ["no id", { RequestId: "R", Role: { ...role, RoleId: 5 } }],
    ["a session length that is no number", { RequestId: "R", Role: { ...role, MaxSessionDuration: "7200" } }],
  ])("is unreadable, not guessed at, with %s", async (_name, body) => {
    cloud.script(json(200, body));
    expect(await read(ref)).toEqual({
      ok: false,
      error: { kind: "unreadable", code: "UnexpectedAnswer", operation: "Ram.GetRole", requestId: "R" },
    });
  });
});

describe("an access key", () => {
  const createdAt = Date.parse("2026-03-01T10:00:00Z");
  const ref: AccessKeyRef = {
    kind: "access-key",
    accountId,
    owner: { kind: "user", name: "alice" },
    accessKeyId: "LTAI2",
    createdAt,
  };
  const { accessKeyId: _id, ...nameless } = ref;
  const keys = (...list: readonly object[]): Reply => json(200, { RequestId: "R", AccessKeys: { AccessKey: list } });
  const one = { AccessKeyId: "LTAI1", Status: "Inactive", CreateDate: "2026-01-01T00:00:00Z" };
  const two = { AccessKeyId: "LTAI2", Status: "Active", CreateDate: "2026-03-01T10:00:02Z" };

  it("is found by its id, among the named user's keys", async () => {
    cloud.script(keys(one, two));
    expect(await read(ref)).toEqual({
      ok: true,
      value: {
        kind: "access-key",
        owner: { kind: "user", name: "alice" },
        accessKeyId: "LTAI2",
        status: "Active",
        createdAt: "2026-03-01T10:00:02Z",
      },
    });
    expect(sent()).toEqual([{ action: "ListAccessKeys", UserName: "alice" }]);
  });

  it("is found by the moment it was made when the event had no id", async () => {
    cloud.script(keys(one, two));
    expect(await read(nameless)).toMatchObject({ ok: true, value: { accessKeyId: "LTAI2" } });
  });

  it("is not found by a moment that is further off, nor by a date that is none", async () => {
    cloud.script(keys(one, { ...two, CreateDate: "2026-03-01T10:00:03Z" }, { ...two, CreateDate: "soon" }));
    expect(await read(nameless)).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it("is not guessed at when two were made in one moment", async () => {
    cloud.script(keys(two, { ...two, AccessKeyId: "LTAI3" }));
    expect(await read(nameless)).toMatchObject({ ok: false, error: { kind: "conflict", code: "SeveralKeysMatch" } });
  });

  it("is gone when another key stands there, or the user is gone", async () => {
    cloud.script(keys(one), refusal(404, "EntityNotExist.User"));
    expect(await read(ref)).toEqual({ ok: true, value: { kind: "gone" } });
    expect(await read(ref)).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it("of the account owner is never asked for, as that would list other keys", async () => {
    cloud.script(keys(two));
    expect(await read({ ...ref, owner: { kind: "root" } })).toMatchObject({
      ok: false,
      error: { kind: "forbidden", code: "RootUnreadable" },
    });
    expect(cloud.received).toHaveLength(0);
  });

  it.each([
    ["a status of another day", keys({ ...two, Status: "Frozen" })],
    ["a list that is none", json(200, { RequestId: "R", AccessKeys: {} })],
  ])("is unreadable with %s", async (_name, reply) => {
    cloud.script(reply);
    expect(await read(ref)).toMatchObject({ ok: false, error: { kind: "unreadable" } });
  });
});

describe("a grant", () => {
  const ref: GrantRef = {
    kind: "grant",
    accountId,
    principal: { kind: "user", name: "alice" },
    policy: { type: "System", name: "AdministratorAccess" },
    scope: "account",
    route: "Ram",
  };
  const policies = (...list: readonly object[]): Reply => json(200, { RequestId: "R", Policies: { Policy: list } });
  const admin = { PolicyName: "AdministratorAccess", PolicyType: "System", AttachDate: "2026-03-01T10:00:00Z" };

  it.each([
    ["user", "ListPoliciesForUser", "UserName"],
    ["group", "ListPoliciesForGroup", "GroupName"],
    ["role", "ListPoliciesForRole", "RoleName"],
  ] as const)("on a %s is read by %s", async (kind, action, parameter) => {
    cloud.script(policies({ ...admin, PolicyType: "Custom" }, admin));
    expect(await read({ ...ref, principal: { kind, name: "alice" } })).toEqual({
      ok: true,
      value: {
        kind: "grant",
        principal: { kind, name: "alice" },
        policy: ref.policy,
        scope: "account",
        attachedAt: "2026-03-01T10:00:00Z",
      },
    });
    expect(sent()).toEqual([{ action, [parameter]: "alice" }]);
  });

  it("is gone when a policy of that name but another type is attached", async () => {
    cloud.script(policies({ ...admin, PolicyType: "Custom" }));
    expect(await read(ref)).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it("is unreadable when the answer has no list", async () => {
    cloud.script(json(200, { RequestId: "R" }));
    expect(await read(ref)).toMatchObject({ ok: false, error: { kind: "unreadable" } });
  });

  const attachment = {
    ...admin,
    PrincipalName: "alice@corp.onaliyun.com",
    PrincipalType: "IMSUser",
    ResourceGroupId: "rg-1",
  };
  const page = (total: number, ...list: readonly object[]): Reply =>
    json(200, { RequestId: "R", TotalCount: total, PolicyAttachments: { PolicyAttachment: list } });

  it("in a resource group is read from ResourceManager", async () => {
    cloud.script(page(2, { ...attachment, PrincipalName: "bob@corp.onaliyun.com" }, attachment));
    const scope = { resourceGroupId: "rg-1" };
    expect(await read({ ...ref, scope })).toMatchObject({ ok: true, value: { kind: "grant", scope } });
    expect(sent()).toEqual([
      {
        action: "ListPolicyAttachments",
        ResourceGroupId: "rg-1",
        PolicyType: "System",
        PolicyName: "AdministratorAccess",
        PrincipalType: "IMSUser",
        PageNumber: "1",
        PageSize: "100",
      },
    ]);
  });

  it("that ResourceManager made for the account is asked for by the account's id, and by no name", async () => {
    cloud.script(page(0));
    const principalName = "Ops@role.corp.onaliyunservice.com";
    await read({ ...ref, route: "ResourceManager", principal: { kind: "role", name: "ops" }, principalName });
    expect(sent()).toMatchObject([{ ResourceGroupId: accountId, PrincipalType: "ServiceRole" }]);
  });

  it("is looked for on every page, and no further", async () => {
    const other = { ...attachment, PrincipalName: "bob@corp.onaliyun.com" };
    const scoped = { ...ref, scope: { resourceGroupId: "rg-1" } };
    cloud.script(page(3, other, other), page(3, attachment));
    expect(await read(scoped)).toMatchObject({ ok: true, value: { kind: "grant" } });
    cloud.script(page(3, other, other), page(3, other));
    expect(await read(scoped)).toEqual({ ok: true, value: { kind: "gone" } });
    expect(sent().map((form) => form.PageNumber)).toEqual(["1", "2"]);
    cloud.script(page(300));
    expect(await read(scoped)).toEqual({ ok: true, value: { kind: "gone" } });
    expect(cloud.received).toHaveLength(1);
  });

  it("in another scope is another grant", async () => {
    cloud.script(page(1, { ...attachment, ResourceGroupId: "rg-2" }));
    for (const changed of [{ scope: { resourceGroupId: "rg-1" } }, { route: "ResourceManager" }] as const) {
      expect(await read({ ...ref, ...changed })).toEqual({ ok: true, value: { kind: "gone" } });
    }
    cloud.script(page(1, { ...attachment, ResourceGroupId: accountId }));
    expect(await read({ ...ref, route: "ResourceManager" })).toMatchObject({ value: { kind: "grant" } });
  });

  it("to a group of the user's name is another grant", async () => {
    cloud.script(page(1, { ...attachment, PrincipalType: "IMSGroup" }));
    expect(await read({ ...ref, scope: { resourceGroupId: "rg-1" } })).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it("is gone with its resource group", async () => {
    cloud.script(refusal(404, "EntityNotExists.ResourceGroup"));
    expect(await read({ ...ref, scope: { resourceGroupId: "rg-1" } })).toEqual({ ok: true, value: { kind: "gone" } });
  });
});

describe("the text of a policy", () => {
  const text = () => policyDocuments(transport(cloud.options({ attempts: 1 })))({ type: "Custom", name: "p" });

  it("is that of the default version", async () => {
    cloud.script(
      json(200, { RequestId: "R", Policy: {}, DefaultPolicyVersion: { PolicyDocument: '{ "Version":"1"}' } }),
    );
    expect(await text()).toEqual({ ok: true, value: '{ "Version":"1"}' });
    expect(sent()).toEqual([{ action: "GetPolicy", PolicyName: "p", PolicyType: "Custom" }]);
  });

  it("is gone with the policy, and unreadable when the answer has none", async () => {
    cloud.script(refusal(404, "EntityNotExist.Policy"), json(200, { RequestId: "R", Policy: {} }));
    expect(await text()).toEqual({ ok: true, value: { kind: "gone" } });
    expect(await text()).toMatchObject({ ok: false, error: { kind: "unreadable" } });
  });
});

describe.each([
  ["throttled", refusal(400, "Throttling.User")],
  ["forbidden", refusal(403, "NoPermission")],
  ["unreachable", refusal(500, "InternalError")],
] as const)("an answer that is %s", (kind, reply) => {
  it("is a failure for each kind of subject, never `gone`", async () => {
    cloud.script(reply);
    const owner = { kind: "user", name: "alice" } as const;
    const grant = {
      kind: "grant",
      accountId,
      principal: owner,
      policy: { type: "System", name: "P" },
      scope: "account",
    } as const;
    for (const ref of [
      { kind: "role-trust", accountId, roleName: "r", route: "Ram" },
      { kind: "access-key", accountId, owner, createdAt: 0 },
      { ...grant, route: "Ram" },
      { ...grant, route: "ResourceManager" },
    ] as const) {
      expect(await read(ref)).toMatchObject({ ok: false, error: { kind } });
    }
  });
});
