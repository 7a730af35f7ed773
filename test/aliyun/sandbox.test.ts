import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { actionTrailReads, trail } from "../../shared/aliyun/actiontrail.ts";
import { policyDocuments, ramReads } from "../../shared/aliyun/ram.ts";
import { reader } from "../../shared/aliyun/reader.ts";
import { resourceManagerReads } from "../../shared/aliyun/resource-manager.ts";
import { actingSessions, stsCalls } from "../../shared/aliyun/sts.ts";
import { type Credentials, type TransportOptions, transport } from "../../shared/aliyun/transport.ts";
import type { Call } from "../../shared/domain/plan.ts";
import type { GrantRef, RoleTrustRef } from "../../shared/domain/subject.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import { wardenRoles } from "../deploy/role-documents.ts";

const accountId = "1234567890123456";
const trust = JSON.stringify({
  Version: "1",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: ["ecs.aliyuncs.com"] } }],
});
const own = wardenRoles(accountId);

/** An account with something of each kind, and with both roles exactly as they are deployed. */
const account: Snapshot = {
  version: 1,
  accountId,
  alias: "example",
  users: [
    { userName: "administrator", accessKeys: [{ accessKeyId: "LTAIadministrator" }] },
    { userName: "alice", accessKeys: [{ accessKeyId: "LTAIalice", createDate: "2026-03-01T10:00:00Z" }] },
  ],
  groups: [{ groupName: "staff" }],
  roles: [
    ...own.roles,
    {
      roleName: "Deploy",
      description: "of the pipeline",
      maxSessionDuration: 7200,
      assumeRolePolicyDocument: trust,
      extra: { AllowConsoleLogin: true },
    },
    { roleName: "AliyunServiceRoleForActionTrail", assumeRolePolicyDocument: trust },
  ],
  policies: [
    ...own.policies,
    {
      policyName: "mine",
      policyType: "Custom",
      versions: [{ versionId: "v1", policyDocument: '{"Version":"1","Statement":[]}' }],
    },
  ],
  resourceGroups: [{ id: "rg-1", name: "one" }],
  attachments: [
    ...own.attachments,
    { policyType: "System", policyName: "AdministratorAccess", principalType: "user", principalName: "administrator" },
    { policyType: "System", policyName: "AdministratorAccess", principalType: "user", principalName: "alice" },
    { policyType: "Custom", policyName: "mine", principalType: "group", principalName: "staff" },
    { policyType: "Custom", policyName: "mine", principalType: "role", principalName: "Deploy" },
    {
      policyType: "System",
      policyName: "AdministratorAccess",
      principalType: "user",
      principalName: "alice",
      resourceGroupId: "rg-1",
    },
  ],
};

let sandbox: Sandbox;
const called = new Set<string>();
beforeAll(async () => {
  sandbox = await startSandbox({ snapshot: account, seed: 7, holdMs: 1_000 });
});
beforeEach(() => {
  sandbox.load(account);
  sandbox.faults.clear();
  sandbox.calls.clear();
});
afterAll(() => sandbox.stop());

const options = (credentials: Credentials, changes: Partial<TransportOptions> = {}): TransportOptions => ({
  credentials,
  clock: { now: () => Date.now(), sleep: async () => {} },
  region: "cn-hangzhou",
  endpoint: sandbox.endpoint,
  protocol: "http",
  onCall: ({ operation }) => called.add(operation),
  ...changes,
});
/** The looking role, with the credentials that the platform would hand to the function. */
const looking = (changes: Partial<TransportOptions> = {}) =>
  options(sandbox.sessionOf("ram-warden-looking", "guard"), changes);
const administrator = () => transport(options(sandbox.administrator, { onCall: () => {} }));

const role: RoleTrustRef = { kind: "role-trust", accountId, roleName: "deploy", route: "Ram" };
const grant: GrantRef = {
  kind: "grant",
  accountId,
  principal: { kind: "user", name: "alice" },
  policy: { type: "System", name: "AdministratorAccess" },
  scope: "account",
  route: "Ram",
};
const mine = { type: "Custom", name: "mine" } as const;

describe("the looking role reads", () => {
  it("a role's trust, with its length, description and flag", async () => {
    expect(await reader(transport(looking()))(role)).toMatchObject({
      ok: true,
      value: {
        kind: "role-trust",
        roleName: "Deploy",
        document: trust,
        description: "of the pipeline",
        maxSessionSeconds: 7200,
        serviceLinked: false,
        rest: { AllowConsoleLogin: true },
      },
    });
  });

  it("that a role is service-linked, and that one is gone", async () => {
    const read = reader(transport(looking()));
    expect(await read({ ...role, roleName: "aliyunserviceroleforactiontrail" })).toMatchObject({
      value: { serviceLinked: true },
    });
    expect(await read({ ...role, roleName: "nobody" })).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it("an access key, by its id and by its moment", async () => {
    const read = reader(transport(looking()));
    const key = {
      kind: "access-key",
      accountId,
      owner: { kind: "user", name: "alice" },
      createdAt: Date.parse("2026-03-01T10:00:01Z"),
    } as const;
    for (const ref of [key, { ...key, accessKeyId: "LTAIalice" }]) {
      expect(await read(ref)).toMatchObject({ ok: true, value: { accessKeyId: "LTAIalice", status: "Active" } });
    }
    expect(await read({ ...key, accessKeyId: "LTAInobody" })).toEqual({ ok: true, value: { kind: "gone" } });
  });

  it.each([
    ["a user", grant],
    ["a group", { ...grant, principal: { kind: "group", name: "staff" }, policy: mine }],
    ["a role", { ...grant, principal: { kind: "role", name: "Deploy" }, policy: mine }],
    ["a user in a resource group", { ...grant, scope: { resourceGroupId: "rg-1" } }],
    ["a user, made by ResourceManager for the account", { ...grant, route: "ResourceManager" }],
    [
      "a role, made by ResourceManager for the account",
      { ...grant, route: "ResourceManager", principal: { kind: "role", name: "deploy" }, policy: mine },
    ],
  ] as const)("a grant to %s, and that another is gone", async (_name, ref) => {
    const read = reader(transport(looking()));
    expect(await read(ref)).toMatchObject({ ok: true, value: { kind: "grant", scope: ref.scope } });
    expect(await read({ ...ref, policy: { type: "System", name: "ReadOnlyAccess" } })).toEqual({
      ok: true,
      value: { kind: "gone" },
    });
  });

  it("the text of a policy", async () => {
    const text = policyDocuments(transport(looking()));
    expect(await text(mine)).toEqual({ ok: true, value: '{"Version":"1","Statement":[]}' });
    expect((await text({ type: "System", name: "AdministratorAccess" })).ok).toBe(true);
  });

  it("the audit trail, page by page", async () => {
    const send = administrator();
    for (let n = 0; n < 60; n += 1) {
      const parameters = { RoleName: "Deploy", NewDescription: `turn ${n}` };
      expect((await send({ service: "Ram", operation: "UpdateRole", parameters, effect: "write" })).ok).toBe(true);
    }
    const clock = { now: () => Date.now(), sleep: async () => {} };
    const look = trail(transport(looking()), clock);
    const query = {
      from: Date.now() - 3_600_000,
      to: Date.now() + 60_000,
      service: "Ram",
      eventName: "UpdateRole",
    } as const;
    const events: unknown[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const page = await look(query, token);
      if (!page.ok) throw new Error(`a page ended ${page.error.kind} ${page.error.code}`);
      events.push(...page.value.events);
      token = page.value.nextToken;
      pages += 1;
    } while (token !== undefined);
    expect(pages).toBe(2);
    expect(events).toHaveLength(60);
  });

  it("by every operation that the adapters name, and by no other", () => {
    const named = [
      ...ramReads.map((name) => `Ram.${name}`),
      ...resourceManagerReads.map((name) => `ResourceManager.${name}`),
      ...actionTrailReads.map((name) => `ActionTrail.${name}`),
    ];
    expect([...called].sort()).toEqual(named.sort());
  });
});

describe("the looking role writes nothing", () => {
  it.each([
    ["Ram", "UpdateRole", { RoleName: "Deploy", NewDescription: "x" }],
    ["Ram", "UpdateAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice", Status: "Inactive" }],
    ["Ram", "CreateAccessKey", { UserName: "alice" }],
    ["Ram", "DetachPolicyFromUser", { UserName: "alice", PolicyType: "System", PolicyName: "AdministratorAccess" }],
    ["Sts", "AssumeRole", { RoleArn: `acs:ram::${accountId}:role/Deploy`, RoleSessionName: "x1" }],
  ] as const)("%s.%s", async (service, operation, parameters) => {
    const before = sandbox.dump();
    const answer = await transport(looking())({ service, operation, parameters, effect: "write" });
    expect(answer).toMatchObject({ ok: false, error: { kind: "forbidden" } });
    expect({ ...sandbox.dump(), trail: [] }).toEqual({ ...before, trail: [] });
  });
});

const putBack: Call = {
  service: "Ram",
  operation: "UpdateRole",
  parameters: {
    RoleName: "Deploy",
    NewAssumeRolePolicyDocument: trust,
    NewDescription: "back",
    NewMaxSessionDuration: 3600,
  },
};
const calls = {
  putBack,
  contain: {
    service: "Ram",
    operation: "UpdateAccessKey",
    parameters: { UserName: "alice", UserAccessKeyId: "LTAIalice", Status: "Inactive" },
  },
  user: {
    service: "Ram",
    operation: "DetachPolicyFromUser",
    parameters: { UserName: "alice", PolicyType: "System", PolicyName: "AdministratorAccess" },
  },
  group: {
    service: "Ram",
    operation: "DetachPolicyFromGroup",
    parameters: { GroupName: "staff", PolicyType: "Custom", PolicyName: "mine" },
  },
  role: {
    service: "Ram",
    operation: "DetachPolicyFromRole",
    parameters: { RoleName: "Deploy", PolicyType: "Custom", PolicyName: "mine" },
  },
  scoped: {
    service: "ResourceManager",
    operation: "DetachPolicy",
    parameters: {
      ResourceGroupId: "rg-1",
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      PrincipalType: "IMSUser",
      PrincipalName: "alice@example.onaliyun.com",
    },
  },
} as const satisfies { readonly [name: string]: Call };

const act = (changes: Partial<TransportOptions> = {}) =>
  actingSessions({
    transport: looking(changes),
    actingRoleArn: `acs:ram::${accountId}:role/ram-warden-acting`,
    sessionPolicy: (plan) => sessionPolicy(plan, accountId),
  });

describe("an acting session", () => {
  it.each(Object.entries(calls))(
    "may make the plan's call and leaves the plan in the trail: %s",
    async (_name, call) => {
      const session = await act()("plan-1", [call]);
      if (!session.ok) throw new Error(`no session: ${session.error.code}`);
      const sent = await session.value.send(call);
      expect(sent).toMatchObject({ ok: true });
      const { requestId } = sent.ok ? sent.value : { requestId: "" };
      expect(sandbox.trail.find((event) => event.requestId === requestId)).toMatchObject({ eventName: call.operation });
      expect(JSON.stringify(sandbox.trail)).toContain("ram-warden-acting:warden-plan-1");
      expect(called).toContain(`Sts.${stsCalls[0]}`);
    },
  );

  it.each(Object.entries(calls))("may make no call but the plan's: %s", async (name, call) => {
    const session = await act()("plan-2", [call]);
    if (!session.ok) throw new Error("no session");
    for (const [other, foreign] of Object.entries(calls)) {
      if (other === name) continue;
      expect(await session.value.send(foreign), other).toMatchObject({ ok: false, error: { kind: "forbidden" } });
    }
  });

  it.each([
    ["its own trust", { ...putBack, parameters: { ...putBack.parameters, RoleName: "ram-warden-acting" } }],
    ["the looking role's trust", { ...putBack, parameters: { ...putBack.parameters, RoleName: "ram-warden-looking" } }],
    [
      "a service-linked role",
      { ...putBack, parameters: { ...putBack.parameters, RoleName: "AliyunServiceRoleForActionTrail" } },
    ],
    [
      "its own grant",
      {
        service: "Ram",
        operation: "DetachPolicyFromRole",
        parameters: { RoleName: "ram-warden-looking", PolicyType: "Custom", PolicyName: "ram-warden-looking" },
      },
    ],
    [
      "what gives power",
      {
        service: "Ram",
        operation: "AttachPolicyToUser",
        parameters: { UserName: "alice", PolicyType: "System", PolicyName: "AliyunRAMFullAccess" },
      },
    ],
  ] as const satisfies readonly (readonly [string, Call])[])(
    "may not touch %s, even by a plan",
    async (_name, call) => {
      const session = await act()("plan-3", [call]);
      if (!session.ok) throw new Error("no session");
      expect(await session.value.send(call)).toMatchObject({ ok: false, error: { kind: "forbidden" } });
    },
  );

  it("is opened by the looking role only", async () => {
    const others = actingSessions({
      transport: options(sandbox.administrator),
      actingRoleArn: `acs:ram::${accountId}:role/ram-warden-acting`,
      sessionPolicy: (plan) => sessionPolicy(plan, accountId),
    });
    expect(await others("plan-4", [putBack])).toMatchObject({ ok: false, error: { kind: "forbidden" } });
  });
});

describe("what goes wrong on the way", () => {
  it.each(["throttle", "server-error", "html", "cut-before", "cut-after", "empty"] as const)(
    "does not stop a read: %s",
    async (kind) => {
      sandbox.faults.inject({ match: { operation: "GetRole" }, kind, times: 2 });
      expect(await reader(transport(looking()))(role)).toMatchObject({ ok: true, value: { kind: "role-trust" } });
    },
  );

  it.each([
    ["throttle", "throttled", false],
    ["server-error", "outcome-unknown", false],
    ["server-error-after", "outcome-unknown", true],
    ["html", "outcome-unknown", false],
    ["empty", "outcome-unknown", true],
    ["cut-before", "outcome-unknown", false],
    ["cut-after", "outcome-unknown", true],
    ["timeout-before", "outcome-unknown", false],
    ["timeout-after", "outcome-unknown", true],
  ] as const)("sends a write once, and says what is known of it: %s", async (kind, expected, tookEffect) => {
    const session = await act({ timeoutMs: 300 })("plan-5", [putBack]);
    if (!session.ok) throw new Error(`no session: ${session.error.kind}`);
    sandbox.faults.inject({ match: { operation: "UpdateRole" }, kind });
    expect(await session.value.send(putBack)).toMatchObject({ ok: false, error: { kind: expected } });
    expect(sandbox.calls.list().filter(({ operation }) => operation === "UpdateRole")).toHaveLength(1);
    expect(await reader(transport(looking()))(role)).toMatchObject({
      ok: true,
      value: { description: tookEffect ? "back" : "of the pipeline" },
    });
  });
});
