import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { callerOf } from "../sandbox/client.ts";
import {
  accountBefore,
  accountId,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

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
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toBe("dealt with before: our own write");
    // The same operation under the same name a second time is not explained by one lost answer.
    const forged = { ...own, eventId: "another", requestId: "ANOTHER-REQUEST" };
    await account.deliver(forged);
    expect(await unrecorded()).toHaveLength(1);
  });
});

describe("a write in our name while an answer is missing", () => {
  const lost = async () => {
    account.sandbox.faults.inject({ match: { operation: "DetachPolicyFromUser" }, kind: "timeout-after" });
    await attach();
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    const [own] = account.events("DetachPolicyFromUser");
    if (own === undefined) throw new Error("nothing was written");
    return own;
  };

  it.each([
    ["somebody else", { UserName: "administrator" }],
    ["another policy", { PolicyName: "ReadOnlyAccess" }],
  ])("that is about %s is not excused by it, and ours is still known", async (_, other) => {
    const own = await lost();
    const parameters = { ...(own.requestParameters as object), ...other };
    const forged = {
      ...own,
      eventId: "forged",
      requestId: "FORGED-1",
      requestParameters: parameters,
      requestParameterJson: JSON.stringify(parameters),
    };
    await account.deliver(forged);
    expect(await unrecorded()).toHaveLength(1);
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toMatch(/^our own write/);
    expect(await unrecorded()).toHaveLength(1);
  });

  it("that sets another trust policy is not excused by it", async () => {
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
    await account.catchUp();
    account.clock.advance(60_000);
    await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
    account.sandbox.faults.inject({ match: { operation: "UpdateRole" }, kind: "timeout-after" });
    await account.deliver(account.events("UpdateRole")[0]);
    const own = account.events("UpdateRole")[1];
    const parameters = { ...(own?.requestParameters as object), NewAssumeRolePolicyDocument: openTrust };
    await account.deliver({
      ...own,
      eventId: "forged",
      requestId: "FORGED-1",
      requestParameters: parameters,
      requestParameterJson: JSON.stringify(parameters),
      responseElements: undefined,
    });
    expect(await unrecorded()).toHaveLength(1);
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toMatch(/^our own write/);
  });
});

describe("a setting that we wrote while the answer got lost", () => {
  it("is known as ours, and another value for it under our name is not", async () => {
    const good = { MinimumPasswordLength: 14, RequireNumbers: true, PasswordReusePrevention: 5, MaxPasswordAge: 90 };
    await account.stop();
    account = await guardedAccount({ snapshot: { ...accountBefore(), passwordPolicy: good } });
    const seen = await takeFirstSight(account.world(), account.config);
    expect(seen.ok).toBe(true);
    account.clock.advance(60_000);
    await account.as("mallory")("Ims", "SetPasswordPolicy", { ...good, MinimumPasswordLength: 8 });
    account.sandbox.faults.inject({ match: { operation: "SetPasswordPolicy" }, kind: "timeout-after" });
    const [attack] = account.events("SetPasswordPolicy");
    await account.deliver(attack);
    const own = account.events("SetPasswordPolicy")[1];
    const parameters = { ...(own?.requestParameters as object), MinimumPasswordLength: 9 };
    await account.deliver({
      ...own,
      eventId: "forged",
      requestId: "FORGED-1",
      requestParameters: parameters,
      requestParameterJson: JSON.stringify(parameters),
      responseElements: undefined,
    });
    expect(await unrecorded()).toHaveLength(1);
    expect((await account.deliver(own)).receipt?.passedOver[0]?.reason).toMatch(/^our own write/);
    expect(await unrecorded()).toHaveLength(1);
  });
});

describe("a change after our write", () => {
  it.each([
    ["as the cloud's", 0],
    ["a minute ahead", 60_000],
    ["a minute behind", -60_000],
  ])("that is ended again is told, with a clock of ours %s", async (_, skewMs) => {
    await attach();
    account.wrap((world) => ({ ...world, clock: { ...world.clock, now: () => world.clock.now() + skewMs } }));
    await account.catchUp();
    account.clock.advance(5_000);
    await attach();
    account.clock.advance(30_000);
    await account.as("mallory")("Ram", "DetachPolicyFromUser", { ...admin, UserName: "alice" });
    const receipts = await account.catchUp();
    expect(receipts.flatMap(({ decisions }) => decisions.map(({ outcome }) => outcome))).toContain("transient");
  });

  it("in the same second is told, as nobody can say which came first", async () => {
    await attach();
    await account.catchUp();
    await attach();
    await account.as("mallory")("Ram", "DetachPolicyFromUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted", "transient"]);
    expect((await account.incidents())[1]?.because?.detail).toMatch(/perhaps by incident/);
  });

  it("but not another record of the call that led to it, nor what came before it", async () => {
    await attach();
    account.clock.advance(2_000);
    await attach().catch(() => undefined);
    account.clock.advance(2_000);
    const [event] = account.events("AttachPolicyToUser");
    await account.catchUp();
    await account.deliver({ ...event, eventId: "from-another-trail" });
    await account.deliver({ ...event, eventId: "b", requestId: "B", eventTime: "2026-11-22T00:00:01Z" });
    expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted"]);
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
