import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import type { SnapshotState } from "../../shared/local/snapshot-cloud.ts";
import { readSnapshot, snapshotCloud } from "../../shared/local/snapshot-cloud.ts";

const own = "1234567890123456";
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const example = /```json\n([\s\S]*?)\n```/.exec(read("docs/snapshot.md"))?.[1] ?? "";

const parsed = (text: string): SnapshotState => {
  const snapshot = readSnapshot(text);
  if (!snapshot.ok) throw new Error(snapshot.error.join("\n"));
  return snapshot.value;
};
const subjectIn = async (text: string, ref: SubjectRef) => {
  const state = await snapshotCloud(parsed(text)).read(ref);
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
    const sandbox = await startSandbox({ snapshot: JSON.parse(example), seed: 1 });
    try {
      const dumped = JSON.stringify(sandbox.dump());
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
        expect(await subjectIn(dumped, ref)).toMatchObject({
          ...here,
          // The sandbox gives ids where the file has none.
          ...("roleId" in here ? { roleId: expect.any(String) } : {}),
          ...("document" in here ? { document: expect.stringContaining("ecs.aliyuncs.com") } : {}),
        });
      }
    } finally {
      await sandbox.stop();
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
    const { policyDocument } = snapshotCloud(parsed(example));
    expect(await policyDocument({ type: "Custom", name: "everything" })).toMatchObject({
      value: expect.stringContaining('"Action":"*"'),
    });
    expect(await policyDocument({ type: "System", name: "everything" })).toMatchObject({ value: { kind: "gone" } });
  });
});

describe("what is no snapshot", () => {
  test.each<[string, string, string]>([
    ["nothing", "", "not JSON"],
    ["a list", "[]", "$: "],
    ["another version", '{"version":2,"accountId":"1"}', "$.version: "],
    ["an account id as a number", '{"version":1,"accountId":1}', "$.accountId: "],
    ["a role without a name", '{"version":1,"accountId":"1","roles":[{}]}', "$.roles[0].roleName: "],
  ])("%s is refused with its place", (_, text, start) => {
    const snapshot = readSnapshot(text);
    expect(snapshot.ok ? [] : snapshot.error.filter((line) => line.startsWith(start))).not.toEqual([]);
  });

  test("nesting without end is refused", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(readSnapshot(`{"version":1,"accountId":"1","trail":${deep}}`)).toEqual({
      ok: false,
      error: ["nested too deep"],
    });
  });

  test("any text is an answer, never a throw", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify({ version: 1, accountId: "1", ...value })),
    );
    fc.assert(fc.property(text, (given) => void readSnapshot(given)));
  });
});
