import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, type Snapshot, startSandbox } from "../../sandbox/index.ts";
import { modelled } from "../../sandbox/operations.ts";
import { callerOf } from "./client.ts";
import { crowded } from "./crowded-account.ts";
import { oneCallEach } from "./one-call-each.ts";

const {
  operations,
}: { readonly operations: readonly { readonly id: string; readonly readBack: readonly string[] }[] } = JSON.parse(
  readFileSync(new URL("../fixtures/operations/write-operations.json", import.meta.url), "utf8"),
);

const now = Date.parse("2026-06-01T08:00:00Z");
const calls = oneCallEach(now);
const known = new Set(modelled.map((id) => id.replace(".", ":")));

/** Succeed without changing what the account holds: sessions are no part of it, and reports answer what was there. */
const changesNothing = new Set(["Sts:AssumeRole", "Sts:AssumeRoleWithOIDC", "Sts:AssumeRoleWithSAML"]);

/** Have no parameters, or take any name and any text. */
const takesAnything = new Set([
  ...["ClearAccountAlias", "CreateGroup", "CreateUser", "CreateVirtualMFADevice"].map((name) => `Ram:${name}`),
  ...["SetAccountAlias", "SetSecurityPreference"].map((name) => `Ram:${name}`),
  ...["CreateGroup", "CreateSAMLProvider", "CreateVirtualMFADevice"].map((name) => `Ims:${name}`),
  ...["GenerateCredentialReport", "GenerateGovernanceReport", "SetSecurityPreference"].map((name) => `Ims:${name}`),
]);

/** All that a write can change; what every call leaves behind is not part of it. */
const stateOf = (snapshot: Snapshot): unknown =>
  JSON.parse(JSON.stringify(snapshot, (name, value) => (name === "lastUsed" || name === "trail" ? undefined : value)));

describe("every write operation that the reference names", () => {
  let sandbox: Sandbox;
  let start: Snapshot;
  beforeAll(async () => {
    const clock = { now: () => now };
    sandbox = await startSandbox({ snapshot: crowded, seed: 36, clock, dateWindowMs: Number.POSITIVE_INFINITY });
    start = sandbox.dump({ secrets: true });
  });
  afterAll(() => sandbox.stop());

  it("is one of 137, each with a call here and no call besides", () => {
    expect(operations).toHaveLength(137);
    expect(Object.keys(calls).sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  it("is modelled, and so is each read that shows what it did", () => {
    const wanted = new Set(operations.flatMap(({ id, readBack }) => [id, ...readBack]));
    expect([...wanted].filter((id) => !known.has(id))).toEqual([]);
  });

  it.each(operations.map(({ id }) => id))("does what it is for, and is recorded: %s", async (id) => {
    const [service = "", name = ""] = id.split(":");
    sandbox.load(id === "ResourceManager:EnableControlPolicy" ? withoutControlPolicies(start) : start);
    const before = stateOf(sandbox.dump({ secrets: true }));
    const answer = await callerOf(sandbox)(service as "Ram", name, calls[id]);
    const after = sandbox.dump({ secrets: true });
    if (changesNothing.has(id)) expect(stateOf(after)).toEqual(before);
    else expect(stateOf(after)).not.toEqual(before);
    expect(sandbox.trail).toHaveLength(1);
    expect(sandbox.trail[0]).toMatchObject({
      eventName: name,
      serviceName: service,
      eventRW: service === "Sts" ? "Read" : "Write",
      requestId: answer.RequestId,
      responseElements: { RequestId: answer.RequestId },
    });
    // What it made can be written down and read again.
    sandbox.load(after);
    expect(sandbox.dump({ secrets: true })).toEqual(after);
  });

  it.each(operations.map(({ id }) => id))("refuses what names nothing, in a documented way: %s", async (id) => {
    const [service = "", name = ""] = id.split(":");
    sandbox.load({ ...start, directory: undefined } as unknown as Snapshot);
    sandbox.calls.clear();
    const params = Object.fromEntries(Object.entries(calls[id] ?? {}).map(([each]) => [each, "none"]));
    await callerOf(sandbox)(service as "Ram", name, params).catch(() => {});
    const { status, code = "" } = sandbox.calls.list()[0] ?? { status: 0 };
    if (takesAnything.has(id)) {
      expect(status).toBe(200);
      return;
    }
    expect([400, 403, 404, 409]).toContain(status);
    expect(code).toMatch(
      /^(MissingParameter|InvalidParameter|MalformedPolicyDocument|EntityNotExists?|NoPermission|AuthenticationFail)(\.|$)/,
    );
  });
});

const withoutControlPolicies = (snapshot: Snapshot): Snapshot => {
  const { directory } = snapshot;
  if (directory === undefined) throw new Error("the crowded account has a resource directory");
  return { ...snapshot, directory: { ...directory, controlPolicyStatus: "Disabled", controlPolicyAttachments: [] } };
};
