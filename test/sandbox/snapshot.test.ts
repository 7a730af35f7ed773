import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { snapshotFaults } from "../../sandbox/snapshot/check.ts";
import { allowAll, callerOf, trustOf } from "./client.ts";
import { crowded } from "./crowded-account.ts";

const account = "1234567890123456";
const schema = JSON.parse(readFileSync(new URL("../../sandbox/snapshot.schema.json", import.meta.url), "utf8"));
const conforms = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

const rich: Snapshot = {
  version: 1,
  accountId: account,
  alias: "example",
  rootKeys: [{ accessKeyId: "LTAIroot", secret: "root-secret" }],
  users: [
    {
      userName: "alice",
      accessKeys: [{ accessKeyId: "LTAIalice", secret: "s", status: "Inactive" }],
      loginProfile: {},
    },
    { userName: "bob" },
  ],
  groups: [{ groupName: "devs", members: [{ userName: "alice" }] }],
  roles: [
    {
      roleName: "Deploy",
      description: "deploys",
      maxSessionDuration: 7200,
      assumeRolePolicyDocument: {
        Version: "1",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.aliyuncs.com" } }],
      },
      extra: { AllowConsoleLogin: false },
    },
    { roleName: "Text", assumeRolePolicyDocument: trustOf({ RAM: `acs:ram::${account}:root` }) },
  ],
  policies: [
    {
      policyName: "mine",
      policyType: "Custom",
      defaultVersion: "v3",
      versions: [
        { versionId: "v2", policyDocument: allowAll },
        { versionId: "v3", policyDocument: { Version: "1", Statement: [] } },
      ],
    },
  ],
  attachments: [
    { policyType: "Custom", policyName: "mine", principalType: "group", principalName: "devs" },
    {
      policyType: "System",
      policyName: "ReadOnlyAccess",
      principalType: "user",
      principalName: "bob",
      resourceGroupId: "rg-1",
    },
  ],
  resourceGroups: [{ id: "rg-1", name: "team" }],
};

describe("snapshots", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox?.stop());

  it("dump what they load, word for word", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    const call = callerOf(sandbox);
    await call("Ram", "CreateUser", { UserName: "carol" });
    await call("Ims", "CreateAccessKey", { UserPrincipalName: "carol@example.onaliyun.com" });
    await call("Ims", "DeleteUser", { UserPrincipalName: "bob@example.onaliyun.com" });
    const whole = sandbox.dump({ secrets: true });
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
    expect(whole.trail).toHaveLength(3);
    const other = await startSandbox({ snapshot: whole, seed: 99 });
    try {
      expect(other.dump({ secrets: true })).toEqual(whole);
    } finally {
      await other.stop();
    }
  });

  it("keep what a person wrote", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    expect(sandbox.dump({ secrets: true })).toMatchObject({
      ...rich,
      users: [...(rich.users ?? []), { userName: "administrator" }],
      policies: expect.arrayContaining([
        expect.objectContaining({ policyName: "mine", defaultVersion: "v3", lastVersion: 3 }),
      ]),
      attachments: [...(rich.attachments ?? []), { principalName: "administrator" }],
    });
  });

  it("lend an administrator where nobody could begin, and leave the users as they are", async () => {
    const users = [
      {
        userName: "administrator",
        userId: "200",
        comments: "ours",
        accessKeys: [{ accessKeyId: "LTAIold", status: "Inactive" as const }],
      },
    ];
    sandbox = await startSandbox({ snapshot: { version: 1, accountId: account, users }, seed: 14 });
    expect(sandbox.dump().users).toMatchObject([
      { userId: "200", comments: "ours", accessKeys: [{ accessKeyId: "LTAIold" }, {}] },
    ]);
    expect((await callerOf(sandbox)("Ram", "ListUsers")).Users.User).toHaveLength(1);
    const own = [{ userName: "zoe", accessKeys: [{ accessKeyId: "LTAIzoe" }] }];
    const grant = {
      policyType: "System",
      policyName: "AdministratorAccess",
      principalType: "user",
      principalName: "zoe",
    } as const;
    sandbox.load({ version: 1, accountId: account, users: own, attachments: [grant] });
    expect(sandbox.administrator.userName).toBe("zoe");
    sandbox.load({ version: 1, accountId: account });
    expect(() => sandbox.administrator).toThrow("no administrator");
  });

  it("hold no secret unless asked for", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    const text = JSON.stringify(sandbox.dump());
    expect(text).not.toContain("root-secret");
    expect(text).not.toContain(sandbox.administrator.accessKeySecret);
    sandbox.load(sandbox.dump());
    // A key without a secret gets one, and works.
    expect((await callerOf(sandbox)("Sts", "GetCallerIdentity")).IdentityType).toBe("RAMUser");
  });

  it("hold every subject that there is", async () => {
    sandbox = await startSandbox({ snapshot: crowded, seed: 14 });
    const whole = sandbox.dump({ secrets: true });
    const { policies: own = [], ...rest } = crowded;
    expect(whole).toMatchObject(rest);
    // The system's policies are dumped as well.
    expect(whole.policies?.filter((each) => each.policyType === "Custom")).toMatchObject(own);
    expect(Object.keys(schema.properties).filter((name) => !Object.hasOwn(whole, name))).toEqual([]);
    sandbox.load(whole);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
    expect(conforms(JSON.parse(JSON.stringify(whole))), JSON.stringify(conforms.errors)).toBe(true);
    expect(conforms(JSON.parse(JSON.stringify(crowded))), JSON.stringify(conforms.errors)).toBe(true);
  });

  it("load as they were written before there were further subjects", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    const whole = sandbox.dump({ secrets: true });
    const { applications, externalApplications, resources, creatorAsAdmin, rootMfa, reports, ...old } = whole;
    expect({ applications, externalApplications, resources, creatorAsAdmin, rootMfa, reports }).toEqual({
      applications: [],
      externalApplications: [],
      resources: [],
      creatorAsAdmin: false,
      rootMfa: false,
      reports: {},
    });
    sandbox.load(old);
    expect(sandbox.dump({ secrets: true })).toEqual(whole);
  });

  it("conform to the published schema", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    for (const value of [rich, sandbox.dump(), sandbox.dump({ secrets: true }), { version: 1, accountId: account }]) {
      expect(conforms(JSON.parse(JSON.stringify(value))), JSON.stringify(conforms.errors)).toBe(true);
      expect(snapshotFaults(value)).toEqual([]);
    }
  });

  it.each<[string, unknown, string]>([
    ["no object", [], "the snapshot must be an object"],
    ["another version", { ...rich, version: 2 }, "version must be 1"],
    ["an unknown member", { ...rich, colour: "red" }, "colour is not known"],
    [
      "a duration out of range",
      { ...rich, roles: [{ ...rich.roles?.[0], maxSessionDuration: 60 }] },
      "roles[0].maxSessionDuration must be a number from 3600 to 43200",
    ],
    [
      "a document that is none",
      { ...rich, roles: [{ roleName: "r", assumeRolePolicyDocument: 7 }] },
      "roles[0].assumeRolePolicyDocument must be a JSON object, or one as text",
    ],
    [
      "a date in another form",
      { ...rich, users: [{ userName: "a", createDate: "today" }], groups: [] },
      "users[0].createDate must be an instant like 2026-01-31T08:00:00Z",
    ],
    [
      "a policy without versions",
      { ...rich, policies: [{ policyName: "mine", policyType: "Custom", versions: [] }] },
      "policies[0].versions must not be empty",
    ],
    [
      "a tag without a key",
      { ...crowded, roles: [{ roleName: "r", assumeRolePolicyDocument: {}, tags: [{ key: "", value: "v" }] }] },
      "roles[0].tags[0].key must be a text that is not empty",
    ],
    [
      "an application of no type",
      { ...rich, applications: [{ appId: "1", appName: "a", appType: "Daemon" }] },
      "applications[0].appType must be WebApp or NativeApp or ServerApp",
    ],
    [
      "a member account that is no number",
      {
        ...rich,
        directory: { directoryId: "rd-1", rootFolderId: "r-1", accounts: [{ accountId: "x", folderId: "r-1" }] },
      },
      "directory.accounts[0].accountId must be digits",
    ],
    [
      "a passkey without an id",
      { ...rich, users: [{ userName: "a", passkeys: [{ passkeyName: "laptop" }] }] },
      "users[0].passkeys[0].passkeyId must be a text that is not empty",
    ],
  ])("name what is wrong, as the schema does: %s", (_what, value, fault) => {
    expect(snapshotFaults(value)).toContain(fault);
    expect(conforms(JSON.parse(JSON.stringify(value)))).toBe(false);
  });

  it.each<[string, Partial<Snapshot>, string]>([
    [
      "a member who is nobody",
      { groups: [{ groupName: "devs", members: [{ userName: "zoe" }] }] },
      "groups[0] has the unknown user zoe",
    ],
    [
      "a name twice",
      { users: [{ userName: "a" }, { userName: "a" }], groups: [], attachments: [] },
      "user a is there twice",
    ],
    [
      "a role twice but for case",
      { roles: [...(rich.roles ?? []), { roleName: "DEPLOY", assumeRolePolicyDocument: {} }] },
      "role deploy is there twice",
    ],
    [
      "a grant to nobody",
      { attachments: [{ policyType: "Custom", policyName: "mine", principalType: "role", principalName: "none" }] },
      "attachments[0] names the unknown role none",
    ],
    [
      "a grant of nothing",
      { attachments: [{ policyType: "Custom", policyName: "none", principalType: "user", principalName: "bob" }] },
      "attachments[0] names the unknown policy none",
    ],
    [
      "a resource in no group",
      { resources: [{ service: "vpc", resourceType: "vpc", resourceId: "vpc-1", resourceGroupId: "rg-9" }] },
      "resources[0] is in the unknown resource group rg-9",
    ],
    [
      "an application twice",
      { applications: [{ appId: "1", appName: "a", appType: "WebApp" }], externalApplications: [{ appId: "1" }] },
      "application 1 is there twice",
    ],
    ["an unknown group of resources", { resourceGroups: [] }, "attachments[1] names the unknown resource group rg-1"],
    [
      "a default that is not there",
      { policies: [{ ...rich.policies?.[0], defaultVersion: "v9" } as never] },
      "policies[0].defaultVersion is not among its versions",
    ],
  ])("name links that lead nowhere: %s", (_what, change, fault) => {
    expect(snapshotFaults({ ...rich, ...change })).toContain(fault);
  });

  it("refuse to load half", async () => {
    sandbox = await startSandbox({ snapshot: rich, seed: 14 });
    const before = sandbox.dump();
    expect(() => sandbox.load({ ...rich, accountId: "x" })).toThrow("accountId must be digits");
    const unknown = {
      policyType: "System",
      policyName: "NoSuchAccess",
      principalType: "user",
      principalName: "bob",
    } as const;
    expect(() => sandbox.load({ ...rich, attachments: [unknown] })).toThrow("NoSuchAccess");
    expect(sandbox.dump()).toEqual(before);
  });

  it("go round for any account", async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const users = fc.uniqueArray(name, { maxLength: 5 });
    const made = fc.record({
      users,
      groups: users,
      roles: users,
      duration: fc.integer({ min: 3600, max: 43_200 }),
      text: fc.string(),
    });
    sandbox = await startSandbox({ seed: 15 });
    fc.assert(
      fc.property(made, fc.infiniteStream(fc.nat()), ({ users, groups, roles, duration, text }, numbers) => {
        const pick = <Value>(values: readonly Value[]): Value | undefined =>
          values[(numbers.next().value ?? 0) % Math.max(1, values.length)];
        sandbox.load({
          version: 1,
          accountId: account,
          users: users.map((userName) => ({ userName, comments: text })),
          groups: groups.map((groupName) => {
            const userName = pick(users);
            return { groupName, members: userName === undefined ? [] : [{ userName }] };
          }),
          roles: roles.map((roleName) => ({
            roleName,
            description: text,
            maxSessionDuration: duration,
            assumeRolePolicyDocument: {},
          })),
          attachments: roles.map((principalName) => ({
            policyType: "System",
            policyName: "AdministratorAccess",
            principalType: "role",
            principalName,
          })),
        });
        const once = sandbox.dump({ secrets: true });
        expect(conforms(JSON.parse(JSON.stringify(once)))).toBe(true);
        sandbox.load(once);
        expect(sandbox.dump({ secrets: true })).toEqual(once);
      }),
      { numRuns: 40 },
    );
  });
});
