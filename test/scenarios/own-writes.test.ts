import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf } from "../sandbox/client.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const attach = () => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
const rules = async () => (await account.incidents()).map(({ findings }) => findings.map(({ rule }) => rule).join(" "));
const unrecorded = async () => (await rules()).filter((rule) => rule === "RAM.UnrecordedActingWrite");

/** Credentials of the acting role for somebody who may assume it, under any session name. */
const actingAs = async (session: string, policy?: string) => {
  const looking = callerOf(account.sandbox, account.sandbox.sessionOf("ram-warden-looking"));
  const { Credentials: given } = await looking("Sts", "AssumeRole", {
    RoleArn: `acs:ram::${accountId}:role/ram-warden-acting`,
    RoleSessionName: session,
    DurationSeconds: 900,
    ...(policy === undefined ? {} : { Policy: policy }),
  });
  return callerOf(account.sandbox, {
    accessKeyId: given.AccessKeyId,
    accessKeySecret: given.AccessKeySecret,
    securityToken: given.SecurityToken,
  });
};

describe("a write of our own", () => {
  it("is known again by its RequestId and its maker, and needs no call", async () => {
    await attach();
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    const [own] = account.events("DetachPolicyFromUser");
    account.sandbox.calls.clear();
    const { receipt } = await account.deliver(own);
    expect(receipt?.passedOver).toMatchObject([{ reason: expect.stringMatching(/^our own write, of incident/) }]);
    expect(account.sandbox.calls.list()).toEqual([]);
    expect(account.messages()).toHaveLength(1);
  });

  it("whose answer was lost is known by its session, its operation and its time, once", async () => {
    account.sandbox.faults.inject({ match: { operation: "DetachPolicyFromUser" }, kind: "cut-after" });
    await attach();
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    const [incident] = await account.incidents();
    expect(incident?.callsMade).toMatchObject([{ effect: "unknown" }]);
    const [own] = account.events("DetachPolicyFromUser");
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toMatch(/^our own write/);
    expect((await account.ledger.incident(incident?.id ?? ""))?.callsMade).toMatchObject([
      { requestId: own?.requestId },
    ]);
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toMatch(/^our own write/);
    // The same operation under the same name a second time is not explained by one lost answer.
    const forged = { ...own, eventId: "another", requestId: "ANOTHER-REQUEST" };
    await account.deliver(forged);
    expect(await unrecorded()).toHaveLength(1);
  });
});

describe("a write in our name of which the ledger knows nothing", () => {
  it("is a critical incident, told once, also for an operation that no rule judges", async () => {
    const acting = await actingAs("somebody");
    await acting("Ram", "UpdateAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice", Status: "Inactive" });
    const [event] = account.events("UpdateAccessKey");
    for (let time = 0; time < 3; time += 1) await account.deliver(event);
    expect(await account.incidents()).toMatchObject([
      {
        outcome: { kind: "alerted" },
        because: { kind: "unrecorded-write" },
        findings: [{ rule: "RAM.UnrecordedActingWrite", severity: "critical" }],
      },
    ]);
    expect(account.messages()).toHaveLength(1);
    expect(account.messages()[0]?.title).toMatch(/Critical/);
    expect(account.messages()[0]?.text).toContain("role ram-warden-acting");
  });

  it("is not excused by the name of a session of ours", async () => {
    await attach();
    await account.catchUp();
    const [incident] = await account.incidents();
    const acting = await actingAs(`warden-${incident?.id}`);
    await acting("Ram", "DetachPolicyFromUser", { ...admin, UserName: "administrator" });
    await account.catchUp();
    expect(await unrecorded()).toHaveLength(1);
  });

  it("is told and judged as well, when it is one that a rule judges", async () => {
    const acting = await actingAs("somebody");
    const open = JSON.stringify({
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: ["*"] } }],
    });
    await acting("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: open });
    await account.catchUp();
    expect((await rules()).join(" ")).toMatch(/RAM\.UnrecordedActingWrite.*RAM\.TrustForeignAccount/);
  });

  it("is not made ours by a RequestId that somebody else's event bears", async () => {
    await attach();
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    const [own] = account.events("DetachPolicyFromUser");
    // Somebody else attaches, and the record bears the RequestId of our write.
    await attach();
    const [, second] = account.events("AttachPolicyToUser");
    const { receipt } = await account.deliver({ ...second, requestId: own?.requestId });
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    // And our own record under another session's name is an incident.
    const identity = own?.userIdentity as { userName: string };
    await account.deliver({ ...own, eventId: "x", userIdentity: { ...identity, userName: "ram-warden-acting:other" } });
    expect(await unrecorded()).toHaveLength(1);
  });
});
