import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trustOf } from "../sandbox/client.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.as("administrator")("Ram", "CreateRole", {
    RoleName: "job",
    AssumeRolePolicyDocument: ciTrust,
    MaxSessionDuration: 7200,
  });
  await account.catchUp();
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const letIn = () =>
  account.as("mallory")("Ram", "UpdateRole", {
    RoleName: "job",
    NewAssumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${accountId}:user/mallory`] }),
    NewMaxSessionDuration: 7200,
  });
const enter = (RoleSessionName: string, more: object = {}) =>
  account.as("mallory")("Sts", "AssumeRole", { RoleArn: `acs:ram::${accountId}:role/job`, RoleSessionName, ...more });
const last = async () => (await account.incidents()).at(-1);

describe("what putting a role back does not end", () => {
  it("is named: who got in meanwhile, and until when a session can live", async () => {
    await letIn();
    const changedAt = account.clock.now();
    account.clock.advance(30_000);
    await enter("first");
    await enter("second", { DurationSeconds: 7200 });
    await account.catchUp();
    const incident = await last();
    expect(incident?.outcome).toEqual({ kind: "reverted" });
    expect(incident?.exposure).toMatchObject({ role: "job", seen: 2, whole: true });
    expect(incident?.exposure?.sessions.map(({ who }) => who)).toEqual(["mallory", "mallory"]);
    const [first, second] = incident?.exposure?.sessions ?? [];
    expect((first?.until ?? 0) - (first?.at ?? 0)).toBe(3_600_000);
    expect((second?.until ?? 0) - (second?.at ?? 0)).toBe(7_200_000);
    expect(incident?.exposure?.until).toBeGreaterThanOrEqual(changedAt + 7_200_000);
    expect(account.messages().at(-1)?.text).toContain("2 sessions of the role seen to be opened since the change");
  });

  it("is bounded by the longest session where nobody was seen", async () => {
    await letIn();
    await account.catchUp();
    const incident = await last();
    expect(incident?.exposure).toMatchObject({ seen: 0, sessions: [], whole: true });
    expect((incident?.exposure?.until ?? 0) - (incident?.settledAt ?? 0)).toBeGreaterThanOrEqual(7_200_000 - 10_000);
  });

  it("says so when the audit trail cannot be read", async () => {
    await letIn();
    account.sandbox.faults.inject({ match: { operation: "LookupEvents" }, kind: "unavailable", times: 50 });
    await account.catchUp();
    expect((await last())?.exposure).toMatchObject({ seen: 0, whole: false });
    expect((await last())?.outcome).toEqual({ kind: "reverted" });
  });

  it("leaves out other roles, refused calls and what came before the change", async () => {
    await account.as("administrator")("Ram", "UpdateRole", {
      RoleName: "plain",
      NewAssumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${accountId}:user/mallory`] }),
    });
    account.skipAll();
    await enter("too-early").catch(() => undefined);
    account.clock.advance(5_000);
    await letIn();
    await account.as("mallory")("Sts", "AssumeRole", {
      RoleArn: `acs:ram::${accountId}:role/plain`,
      RoleSessionName: "other",
    });
    await enter("no", { DurationSeconds: 1 }).catch(() => undefined);
    await account.catchUp();
    expect((await last())?.exposure).toMatchObject({ seen: 0 });
  });

  it("is told of a grant on a role, and not of one on a user", async () => {
    const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
    await account.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "job" });
    await account.catchUp();
    expect((await last())?.exposure).toMatchObject({ role: "job" });
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    expect((await last())?.exposure).toBeUndefined();
  });
});
