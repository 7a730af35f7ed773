import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { census } from "../../shared/aliyun/census.ts";
import { type Transport, transport } from "../../shared/aliyun/transport.ts";
import type { Standing, StandingKind, StandingOf } from "../../shared/domain/standing.ts";
import { standingKinds, unreadParts } from "../../shared/domain/standing.ts";
import { wardenRoles } from "../deploy/role-documents.ts";
import { crowded, account as id } from "../sandbox/crowded-account.ts";
import { json, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

const own = wardenRoles(id);
const manyUsers = Array.from({ length: 23 }, (_, index) => ({ userName: `user-${String(index).padStart(2, "0")}` }));
const account: Snapshot = {
  ...crowded,
  rootMfa: true,
  rootKeys: [{ accessKeyId: "LTAIroot" }],
  users: [
    ...(crowded.users ?? []),
    ...manyUsers,
    {
      userName: "watched",
      createDate: "2026-01-02T03:04:05Z",
      loginProfile: {},
      lastLoginDate: "2026-02-03T04:05:06Z",
      accessKeys: [
        {
          accessKeyId: "LTAIused",
          policy: '{"Version":1,"Status":"Active","Statements":[{"Type":"PublicNetwork","Value":["203.0.113.0/24"]}]}',
          createDate: "2026-01-02T03:04:05Z",
          lastUsed: { date: "2026-03-04T05:06:07Z", service: "Oss" },
        },
        { accessKeyId: "LTAIunused", createDate: "2026-01-02T03:04:05Z" },
      ],
    },
  ],
  groups: [...(crowded.groups ?? []), { groupName: "watchers", members: [{ userName: "watched" }] }],
  roles: [...(crowded.roles ?? []), ...own.roles],
  policies: [...(crowded.policies ?? []), ...own.policies],
  resourceGroups: [...(crowded.resourceGroups ?? []), { id: "rg-watched", name: "watched" }],
  attachments: [
    ...(crowded.attachments ?? []),
    ...own.attachments,
    { policyType: "System", policyName: "AdministratorAccess", principalType: "group", principalName: "watchers" },
    { policyType: "System", policyName: "ReadOnlyAccess", principalType: "user", principalName: "watched" },
    {
      policyType: "System",
      policyName: "AliyunRAMFullAccess",
      principalType: "user",
      principalName: "watched",
      resourceGroupId: "rg-watched",
    },
  ],
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ snapshot: account, seed: 7 });
});
afterAll(() => sandbox.stop());

const looking = (): Transport =>
  transport({
    credentials: sandbox.sessionOf("ram-warden-looking", "sweep"),
    clock: { now: () => Date.now(), sleep: async () => undefined },
    region: "cn-hangzhou",
    endpoint: sandbox.endpoint,
    protocol: "http",
  });

const all = async <Kind extends StandingKind>(kind: Kind): Promise<readonly StandingOf<Kind>[]> => {
  const look = census(looking(), id);
  const seen: Standing[] = [];
  let cursor: string | undefined;
  do {
    const page = await look(kind, cursor);
    if (!page.ok) throw new Error(`${kind} cannot be looked at: ${JSON.stringify(page.error)}`);
    seen.push(...page.value.seen);
    cursor = page.value.next;
  } while (cursor !== undefined);
  return seen as unknown as readonly StandingOf<Kind>[];
};

const read = <Value>(value: Value) => ({ read: true, value });

describe("the account as it stands, with what the looking role may", () => {
  beforeEach(() => sandbox.calls.clear());

  it.each(standingKinds)("reads each part of each %s", async (kind) => {
    const seen = await all(kind);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.flatMap(unreadParts)).toEqual([]);
    expect(sandbox.calls.list().filter(({ denied }) => denied === true)).toEqual([]);
  });

  it("says how many calls a page took", async () => {
    for (const kind of standingKinds) {
      sandbox.calls.clear();
      const page = await census(looking(), id)(kind);
      expect(page).toMatchObject({ ok: true, value: { calls: sandbox.calls.list().length } });
    }
  });

  it("tells what is one for the account", async () => {
    const [seen] = await all("account");
    expect(seen).toMatchObject({ rootMfa: read(true), rootKeys: read(1) });
    // A member of the group that administers, and not who does so in a resource group only.
    const administrators = seen?.administrators;
    expect(administrators?.read === true ? administrators.value : undefined).toEqual([
      { kind: "user", name: "administrator" },
      { kind: "user", name: "watched" },
    ]);
  });

  it("tells of a user when each key and the logon were used, and what it holds", async () => {
    const users = await all("user");
    expect(users).toHaveLength(account.users?.length ?? 0);
    expect(users.find(({ user }) => user.userName === "watched")).toMatchObject({
      createdAt: Date.parse("2026-01-02T03:04:05Z"),
      keys: read([
        {
          state: { accessKeyId: "LTAIused" },
          usedAt: read(Date.parse("2026-03-04T05:06:07Z")),
          limited: read(true),
        },
        { state: { accessKeyId: "LTAIunused" }, usedAt: read(undefined), limited: read(false) },
      ]),
      login: read({ state: { status: "Active" }, usedAt: Date.parse("2026-02-03T04:05:06Z") }),
      factor: read(null),
      groups: read(["watchers"]),
      policies: read([{ type: "System", name: "ReadOnlyAccess" }]),
    });
  });

  it("tells of a group who is in it, of a policy where it is, and of a grant in which resource group", async () => {
    const groups = await all("group");
    expect(groups.find(({ ref }) => ref.groupName === "watchers")).toMatchObject({
      members: read(["watched"]),
      policies: read([{ type: "System", name: "AdministratorAccess" }]),
    });
    const policies = await all("policy");
    expect(policies.find(({ ref }) => ref.policyName === "ram-warden-looking")?.attachments).toBe(1);
    const scoped = await all("scoped-grant");
    expect(scoped).toContainEqual(
      expect.objectContaining({
        principal: { kind: "user", name: "watched" },
        policy: { type: "System", name: "AliyunRAMFullAccess" },
        scope: { resourceGroupId: "rg-watched" },
      }),
    );
    expect(scoped.every(({ scope }) => typeof scope === "object")).toBe(true);
  });
});

describe("a part that cannot be read", () => {
  let cloud: ScriptedCloud;
  beforeAll(async () => {
    cloud = await scriptedCloud();
  });
  afterAll(() => cloud.close());

  const look = () => census(transport(cloud.options()), id);
  const oneUser = json(200, {
    RequestId: "R",
    Users: { User: [{ UserId: "2", UserPrincipalName: `alice@${id}.onaliyun.com` }] },
    IsTruncated: false,
  });
  const none = (outer: string, inner: string) => json(200, { RequestId: "R", [outer]: { [inner]: [] } });

  it("is in its piece as such, and the rest is told", async () => {
    cloud.script(
      oneUser,
      refusal(404, "EntityNotExist.User.LoginProfile"),
      refusal(403, "NoPermission"),
      none("Groups", "Group"),
      none("Policies", "Policy"),
    );
    const page = await look()("user");
    expect(page).toMatchObject({
      ok: true,
      value: {
        calls: 5,
        seen: [
          {
            login: read(null),
            keys: { read: false, error: { kind: "forbidden", operation: "Ram.ListAccessKeys" } },
            groups: read([]),
          },
        ],
      },
    });
  });

  it("is not taken for empty where the answer has another form", async () => {
    cloud.script(json(200, { RequestId: "R" }), json(200, { RequestId: "R" }));
    const page = await look()("user");
    expect(page).toMatchObject({ ok: false, error: { operation: "Ims.ListUsers" } });
  });

  it("ends the page where a retry can help", async () => {
    cloud.script(oneUser, ...Array.from({ length: 40 }, () => refusal(503, "ServiceUnavailable")));
    const page = await look()("user");
    expect(page).toMatchObject({ ok: false, error: { kind: "unreachable" } });
  });
});
