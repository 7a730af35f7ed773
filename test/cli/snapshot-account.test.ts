import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOf, readSnapshotText } from "../../cli/snapshot-account.ts";
import { type Snapshot, sandboxInProcess } from "../../sandbox/index.ts";
import { trail } from "../../shared/aliyun/actiontrail.ts";
import { holdersOf } from "../../shared/aliyun/holders.ts";
import { inventory } from "../../shared/aliyun/inventory.ts";
import { policyDocuments } from "../../shared/aliyun/ram.ts";
import { reader } from "../../shared/aliyun/reader.ts";
import { transport } from "../../shared/aliyun/transport.ts";
import { inventoriedKinds } from "../../shared/domain/inventoried.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { crowded } from "../sandbox/crowded-account.ts";

const own = "1234567890123456";
const now = Date.parse("2026-11-22T08:00:00Z");
const clock = { now: () => now, sleep: async () => undefined };
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const example = /```json\n([\s\S]*?)\n```/.exec(read("docs/snapshot.md"))?.[1] ?? "";

const parsed = (text: string): Snapshot => {
  const snapshot = readSnapshotText(text);
  if (!snapshot.ok) throw new Error(snapshot.error.join("\n"));
  return snapshot.value;
};
const sendTo = (snapshot: Snapshot) => transport({ ...accountOf(snapshot, now), clock, region: "cn-hangzhou" });
const subjectIn = async (text: string, ref: SubjectRef) => {
  const state = await reader(sendTo(parsed(text)))(ref);
  return state.ok ? state.value : state.error;
};

const roleRef = (roleName: string): SubjectRef => ({ kind: "role-trust", accountId: own, roleName, route: "Ram" });
const grantRef = (over: object = {}): SubjectRef => ({
  kind: "grant",
  accountId: own,
  principal: { kind: "user", name: "alice" },
  policy: { type: "Custom", name: "everything" },
  scope: "account",
  route: "Ram",
  ...over,
});
const keyRef = (over: object = {}): SubjectRef => ({
  kind: "access-key",
  accountId: own,
  owner: { kind: "user", name: "alice" },
  createdAt: Date.parse("2026-11-20T08:00:01Z"),
  ...over,
});

describe("the snapshot in docs/snapshot.md", () => {
  test("is one by the published schema", () => {
    const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(read("sandbox/snapshot.schema.json")));
    isValid(JSON.parse(example));
    expect(isValid.errors ?? []).toEqual([]);
  });

  test("is loaded by the sandbox, and what the sandbox dumps reads the same", async () => {
    const dumped = JSON.stringify(sandboxInProcess({ snapshot: parsed(example), seed: 1 }).dump());
    const refs = [
      roleRef("deploy"),
      grantRef(),
      grantRef({
        principal: { kind: "role", name: "deploy" },
        policy: { type: "System", name: "AdministratorAccess" },
        scope: { resourceGroupId: "rg-acfm4example" },
      }),
      keyRef({ accessKeyId: "LTAI5tExampleAlice" }),
    ];
    for (const ref of refs) {
      const here = await subjectIn(example, ref);
      expect(here.kind).toBe(ref.kind);
      const there = await subjectIn(dumped, ref);
      // What the file does not say is made up anew each time: ids, and when a thing was made.
      const told = Object.entries(here).filter(([name]) => !/Id$|At$|^rest$/.test(name));
      expect(there).toMatchObject(Object.fromEntries(told));
    }
  });
});

describe("a subject in a snapshot", () => {
  test("a role is found without regard to case, whole", async () => {
    expect(await subjectIn(example, roleRef("DEPLOY"))).toMatchObject({
      kind: "role-trust",
      roleName: "deploy",
      description: "deploys the shop",
      maxSessionSeconds: 7200,
      serviceLinked: false,
      rest: { AllowConsoleLogin: false },
    });
    expect(await subjectIn(example, roleRef("deploy2"))).toEqual({ kind: "gone" });
  });

  test("a key is found by its id, or by its time where the event tells no id", async () => {
    expect(await subjectIn(example, keyRef())).toMatchObject({ accessKeyId: "LTAI5tExampleAlice", status: "Active" });
    expect(await subjectIn(example, keyRef({ createdAt: Date.parse("2026-11-20T08:00:05Z") }))).toEqual({
      kind: "gone",
    });
    expect(await subjectIn(example, keyRef({ accessKeyId: "LTAI5tOther" }))).toEqual({ kind: "gone" });
    expect(await subjectIn(example, keyRef({ owner: { kind: "user", name: "Alice" } }))).toEqual({ kind: "gone" });
  });

  test("a key of the account owner cannot be read, as in the cloud", async () => {
    expect(await subjectIn(example, keyRef({ owner: { kind: "root" } }))).toMatchObject({ kind: "forbidden" });
  });

  test.each<[string, object, string]>([
    ["is there", {}, "grant"],
    ["to somebody else is not", { principal: { kind: "user", name: "bob" } }, "gone"],
    ["to a group of the same name is not", { principal: { kind: "group", name: "alice" } }, "gone"],
    ["of a system policy of the same name is not", { policy: { type: "System", name: "everything" } }, "gone"],
    ["in a resource group is not", { scope: { resourceGroupId: "rg-acfm4example" } }, "gone"],
  ])("a grant %s", async (_, over, kind) => {
    expect((await subjectIn(example, grantRef(over))).kind).toBe(kind);
  });

  test("a policy's text is that of its default version, else of its first", async () => {
    const policyDocument = policyDocuments(sendTo(parsed(example)));
    expect(await policyDocument({ type: "Custom", name: "everything" })).toMatchObject({
      value: expect.stringContaining('"Action":"*"'),
    });
    expect(await policyDocument({ type: "System", name: "everything" })).toMatchObject({ value: { kind: "gone" } });
  });

  test.each(inventoriedKinds)("each %s is found and read", async (kind) => {
    const send = sendTo(parsed(JSON.stringify(crowded)));
    const page = await inventory(send, own)(kind);
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    expect(page.value.things.length).toBeGreaterThan(0);
    for (const { ref } of page.value.things)
      expect(await reader(send)(ref)).toMatchObject({ ok: true, value: { kind } });
  });

  test("nobody is added who was not there: no administrator, and nobody that holds his policy", async () => {
    const send = sendTo(parsed(`{"version":1,"accountId":"${own}","roles":[],"users":[{"userName":"alice"}]}`));
    expect(await inventory(send, own)("user")).toMatchObject({ value: { things: [{ ref: { userName: "alice" } }] } });
    expect(await holdersOf(send)({ type: "System", name: "AdministratorAccess" })).toEqual({ ok: true, value: [] });
  });

  test("whoever holds a policy is there, though nothing else tells of them", async () => {
    const link = { policyType: "System", policyName: "AdministratorAccess" };
    const attachments = [
      { ...link, principalType: "user", principalName: "alice" },
      { ...link, principalType: "group", principalName: "staff" },
    ];
    const text = JSON.stringify({ version: 1, accountId: own, attachments });
    expect(await subjectIn(text, grantRef({ policy: { type: "System", name: "AdministratorAccess" } }))).toMatchObject({
      kind: "grant",
    });
    const role = { ...link, principalType: "role", principalName: "none-of-them" };
    expect(readSnapshotText(JSON.stringify({ version: 1, accountId: own, attachments: [role] }))).toEqual({
      ok: false,
      error: ["$.attachments[0] names the unknown role"],
    });
  });

  test("the audit trail of the file is looked through", async () => {
    const eventTime = "2026-10-20T08:00:00Z";
    const event = { eventId: "1", eventName: "UpdateRole", serviceName: "Ram", eventRW: "Write", eventTime };
    const send = sendTo(parsed(JSON.stringify({ version: 1, accountId: own, trail: [event] })));
    const query = { from: Date.parse(eventTime) - 1_000, to: now, eventName: "UpdateRole" };
    expect(await trail(send, clock)(query)).toMatchObject({ ok: true, value: { events: [{ eventId: "1" }] } });
  });
});

describe("what is no snapshot", () => {
  const faultsOf = (text: string): readonly string[] => {
    const snapshot = readSnapshotText(text);
    return snapshot.ok ? [] : snapshot.error;
  };

  test.each<[string, string, string]>([
    ["nothing", "", "not JSON"],
    ["a list", "[]", "$ must be an object"],
    ["another version", '{"version":2,"accountId":"1"}', "$.version must be 1"],
    ["an account id as a number", '{"version":1,"accountId":1}', "$.accountId must be digits"],
    ["a role without a name", '{"version":1,"accountId":"1","roles":[{}]}', "$.roles[0].roleName must be a role name"],
    ["a member that is not known", '{"version":1,"accountId":"1","roles":[],"role":1}', "$.role is not known"],
  ])("%s is refused with its place", (_, text, line) => {
    expect(faultsOf(text)).toContain(line);
  });

  test("no fault quotes a value of the file", () => {
    const secret = "the-value";
    const role = { roleName: secret, assumeRolePolicyDocument: {} };
    const link = { policyType: "Custom", policyName: secret, principalType: "role", principalName: secret };
    const files: readonly object[] = [
      { accountId: secret },
      { roles: [{ ...role, maxSessionDuration: secret, description: { a: secret } }] },
      { attachments: [link] },
      { attachments: [{ ...link, resourceGroupId: secret }], roles: [role] },
      { roles: [role, role] },
      { users: [{ userName: secret, accessKeys: [{ accessKeyId: secret }, { accessKeyId: secret }] }] },
      { users: [{ userName: secret }, { userName: secret }] },
      { samlProviders: [1, 2].map(() => ({ name: secret, encodedMetadata: "" })) },
      { oidcProviders: [1, 2].map(() => ({ name: secret, issuerUrl: "https://x.example" })) },
      { groups: [{ groupName: "a", members: [{ userName: secret }] }] },
      { mfaDevices: [{ serialNumber: "1", userName: secret }] },
      { directory: { delegatedAdministrators: [{ accountId: secret, servicePrincipal: "s", registerDate: secret }] } },
      { directory: { controlPolicyAttachments: [{ policyId: secret, targetId: secret }] } },
    ];
    for (const file of files) {
      const faults = faultsOf(JSON.stringify({ version: 1, accountId: own, ...file }));
      expect([file, faults.length]).not.toEqual([file, 0]);
      expect(faults.join("\n")).not.toContain(secret);
    }
  });

  test("nesting without end is refused", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(faultsOf(`{"version":1,"accountId":"1","trail":${deep}}`)).toEqual(["nested too deep"]);
  });

  test("any text is an answer, never a throw, and what is a snapshot is loaded", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify({ version: 1, accountId: "1", ...value })),
      fc
        .record({ users: fc.jsonValue(), attachments: fc.jsonValue(), groups: fc.jsonValue() }, { requiredKeys: [] })
        .map((value) => JSON.stringify({ version: 1, accountId: "1", ...value })),
    );
    fc.assert(
      fc.property(text, (given) => {
        const snapshot = readSnapshotText(given);
        if (snapshot.ok) accountOf(snapshot.value, now);
      }),
    );
  });
});
