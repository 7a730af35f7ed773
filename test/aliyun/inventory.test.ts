import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { inventory } from "../../shared/aliyun/inventory.ts";
import { reader } from "../../shared/aliyun/reader.ts";
import { type Transport, transport } from "../../shared/aliyun/transport.ts";
import type { InventoriedKind } from "../../shared/domain/inventoried.ts";
import { inventoriedKinds } from "../../shared/domain/inventoried.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { ok } from "../../shared/domain/result.ts";
import type { Listed } from "../../shared/ports/cloud.ts";
import { wardenRoles } from "../deploy/role-documents.ts";
import { crowded, account as id } from "../sandbox/crowded-account.ts";
import { json, type Reply, refusal, type ScriptedCloud, scriptedCloud } from "./scripted-cloud.ts";

const own = wardenRoles(id);
const manyUsers = Array.from({ length: 23 }, (_, index) => ({
  userName: `user-${String(index).padStart(2, "0")}`,
  accessKeys: [{ accessKeyId: `LTAImany${index}` }],
}));
const account: Snapshot = {
  ...crowded,
  users: [...(crowded.users ?? []), ...manyUsers],
  roles: [...(crowded.roles ?? []), ...own.roles],
  policies: [...(crowded.policies ?? []), ...own.policies],
  attachments: [...(crowded.attachments ?? []), ...own.attachments],
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

const all = async (kind: InventoriedKind): Promise<readonly Listed[]> => {
  const list = inventory(looking(), id);
  const things: Listed[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(kind, cursor);
    if (!page.ok) throw new Error(`${kind} cannot be listed: ${JSON.stringify(page.error)}`);
    things.push(...page.value.things);
    cursor = page.value.next;
  } while (cursor !== undefined);
  return things;
};

describe("the inventory of an account, with what the looking role may", () => {
  beforeEach(() => sandbox.calls.clear());

  it.each(inventoriedKinds)("lists each %s once, and each is there to be read", async (kind) => {
    const things = await all(kind);
    const keys = things.map(({ ref }) => subjectKey(ref));
    expect(new Set(keys).size).toBe(keys.length);
    expect(things.length).toBeGreaterThan(0);
    for (const { ref } of things) {
      expect(ref.kind).toBe(kind);
      expect(await reader(looking())(ref)).toMatchObject({ ok: true, value: { kind } });
    }
    expect(sandbox.calls.list().filter(({ denied }) => denied === true)).toEqual([]);
  });

  it.each(inventoriedKinds)("tells of each %s what a reading tells, where it tells its state", async (kind) => {
    for (const { ref, state } of await all(kind))
      if (state !== undefined) expect(ok(state)).toEqual(await reader(looking())(ref));
  });

  it("tells the state of what lists tell whole", async () => {
    for (const kind of ["user", "group", "access-key", "login", "mfa", "oidc-provider"] as const)
      expect((await all(kind)).every(({ state }) => state !== undefined)).toBe(true);
  });

  it("finds as many as there are", async () => {
    const dump = sandbox.dump();
    const counts = {
      "role-trust": dump.roles?.length,
      policy: dump.policies?.filter(({ policyType }) => policyType === "Custom").length,
      user: dump.users?.length,
      group: dump.groups?.length,
      "access-key": dump.users?.flatMap(({ accessKeys = [] }) => accessKeys).length,
      login: dump.users?.filter(({ loginProfile }) => loginProfile !== undefined).length,
      mfa: dump.mfaDevices?.filter(({ userName }) => userName !== undefined).length,
      application: dump.applications?.length,
    };
    for (const [kind, count] of Object.entries(counts))
      expect([kind, (await all(kind as InventoriedKind)).length]).toEqual([kind, count]);
  });

  it("asks for ten users' keys at a time, and says what a page took", async () => {
    const page = await inventory(looking(), id)("access-key");
    expect(page).toMatchObject({ ok: true, value: { calls: 11, next: expect.any(String) } });
    expect(sandbox.calls.list()).toHaveLength(11);
    sandbox.calls.clear();
    expect(await inventory(looking(), id)("password-policy")).toMatchObject({ ok: true, value: { calls: 0 } });
    expect(sandbox.calls.list()).toEqual([]);
  });
});

describe("a page of a list", () => {
  let cloud: ScriptedCloud;
  beforeAll(async () => {
    cloud = await scriptedCloud();
  });
  afterAll(() => cloud.close());

  const roles = (names: readonly string[], rest: object): Reply =>
    json(200, { RequestId: "R", Roles: { Role: names.map((RoleName) => ({ RoleName })) }, ...rest });
  const list = (cursor?: string) => inventory(transport(cloud.options()), id)("role-trust", cursor);

  it("leads to the next by its marker", async () => {
    cloud.script(roles(["a", "b"], { IsTruncated: true, Marker: "m1" }));
    expect(await list()).toMatchObject({ ok: true, value: { things: [{}, {}], next: "m1", calls: 1 } });
    cloud.script(roles(["c"], { IsTruncated: false, Marker: "m2" }));
    const last = await list("m1");
    expect(cloud.received.at(-1)?.form).toMatchObject({ Marker: "m1", MaxItems: "100" });
    expect(last.ok && "next" in last.value).toBe(false);
  });

  it.each([
    ["empty", ""],
    ["absent", undefined],
    ["the one that it was asked with", "m1"],
  ])("is the last where its marker is %s, whatever IsTruncated says", async (_name, Marker) => {
    cloud.script(roles(["a"], { IsTruncated: true, Marker }));
    const page = await list("m1");
    expect(page.ok && page.value.next).toBe(undefined);
  });

  it("of another shape is not an empty one, nor is one with a row of another shape", async () => {
    for (const body of [{}, { Roles: {} }, { Roles: { Role: [{ RoleId: "1" }] } }]) {
      cloud.script(json(200, { RequestId: "R", ...body }));
      expect(await list()).toMatchObject({ ok: false, error: { kind: "unreadable" } });
    }
  });

  it("that may not be read says so", async () => {
    cloud.script(refusal(403, "NoPermission"));
    expect(await list()).toMatchObject({ ok: false, error: { kind: "forbidden" } });
  });
});
