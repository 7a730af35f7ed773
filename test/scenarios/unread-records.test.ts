import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Successful writes of operations that are understood, by records that lack something or say it in an unknown way.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
type Record = { readonly [name: string]: unknown };
const attached = async (): Promise<Record> => {
  await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
  return account.events("AttachPolicyToGroup")[0] as Record;
};
/** Delivered several times, by two routes: with its wrapping and without. */
const deliver = async (record: Record): Promise<void> => {
  for (const payload of [record, [record], { specversion: "1.0", type: "ram:ActionTrail:ApiCall", data: record }]) {
    const { error, receipt } = await account.deliver(payload);
    expect(error).toBeUndefined();
    expect(receipt?.refusals).toHaveLength(1);
    expect(receipt?.refusals[0]).not.toHaveProperty("write");
  }
};
const toldOnce = async (severity: string, subject: object) => {
  const incidents = await account.incidents();
  expect(incidents).toMatchObject([
    { findings: [{ rule: "RAM.RecordNotRead", severity }], outcome: { kind: "alerted" }, subject },
  ]);
  expect(account.messages()).toHaveLength(1);
  expect(account.actingWrites()).toEqual([]);
  return { incident: incidents[0], text: account.messages()[0]?.text ?? "" };
};

describe("a write whose record cannot be read is told, once:", () => {
  it("a key of nobody by a caller of an unknown kind, who may be the account owner", async () => {
    await account.asRoot("Ram", "CreateAccessKey", {});
    const record = account.events("CreateAccessKey")[0] as Record;
    const identity = record.userIdentity as Record;
    await deliver({ ...record, userIdentity: { ...identity, type: "alibaba-cloud-account" } });
    const { text } = await toldOnce("critical", { kind: "access-key", owner: { kind: "root" } });
    expect(text).toContain("may be a key of the account owner");
  });

  it("a grant that does not say where it holds", async () => {
    await account.as("mallory")("ResourceManager", "AttachPolicy", {
      ...admin,
      PrincipalType: "IMSUser",
      PrincipalName: "alice@example.onaliyun.com",
      ResourceGroupId: accountId,
    });
    const record = account.events("AttachPolicy")[0] as Record;
    const { ResourceGroupId: _, ...parameters } = record.requestParameters as Record;
    await deliver({ ...record, requestParameters: parameters, requestParameterJson: undefined });
    const { text } = await toldOnce("high", { kind: "user", userName: "alice" });
    expect(text).toContain("ResourceGroupId");
  });

  it("one at a time that cannot be read, which is told as of now and says so", async () => {
    const record = await attached();
    account.clock.advance(5_000);
    const at = account.clock.now();
    await deliver({ ...record, eventTime: "Nov 22 2026" });
    const { incident, text } = await toldOnce("high", { kind: "group", groupName: "staff" });
    expect(incident?.events[0]?.occurredAt).toBe(at);
    expect(text).toContain("time cannot be read");
  });

  it("one of no account, of no id, of an id that no store can keep", async () => {
    const record = await attached();
    await deliver({
      ...record,
      recipientAccountId: undefined,
      userIdentity: { type: "ram-user", userName: "mallory" },
    });
    await account.deliver({ ...record, eventId: undefined, requestId: undefined, responseElements: undefined });
    await account.deliver({ ...record, eventId: "half-\udc00", eventTime: "soon" });
    expect((await account.incidents()).length).toBeGreaterThanOrEqual(2);
  });
});

describe("nothing is told", () => {
  it("of a record of another account, of a kind that no rule judges, of a call that failed", async () => {
    const record = { ...(await attached()), eventTime: "soon" };
    await account.deliver({ ...record, recipientAccountId: "6660666066606660" });
    await account.deliver({ ...record, errorCode: "NoPermission" });
    await account.deliver({ ...record, eventRW: "Read" });
    await account.deliver({ ...record, eventName: "CreateVirtualMFADevice" });
    expect(await account.incidents()).toEqual([]);
  });

  it("one by one, of more than a person can read", async () => {
    const record = await attached();
    const many = Array.from({ length: 300 }, (_, at) => ({ ...record, eventId: `e${at}`, eventTime: "soon" }));
    const { receipt } = await account.deliver(many);
    expect(receipt?.refusals).toHaveLength(300);
    expect(await account.incidents()).toHaveLength(20);
    expect(account.logLines.some((line) => line.includes("more records could not be read"))).toBe(true);
  });
});

describe("a write of an operation that nobody knows", () => {
  const record = async (over: Record = {}): Promise<Record> => {
    const known = await attached();
    return { ...known, eventName: "GrantQuantumAccess", requestParameters: { UserName: "alice" }, ...over };
  };

  it("is told once, with who made it, and nothing of it is guessed", async () => {
    const first = await record({ serviceName: "Ims" });
    for (const eventId of ["E-1", "E-1", "E-2"]) {
      const { receipt } = await account.deliver({ ...first, eventId });
      expect(receipt?.passedOver).toMatchObject([
        { operation: "Ims.GrantQuantumAccess", reason: expect.stringContaining("is not in the catalogue of writes") },
      ]);
    }
    expect(await account.incidents()).toMatchObject([
      {
        findings: [{ rule: "RAM.OperationUnknown", severity: "medium" }],
        actor: { name: "mallory" },
        subject: { kind: "user", userName: "alice" },
        outcome: { kind: "alerted" },
      },
    ]);
    expect(account.messages()).toHaveLength(1);
    expect(account.messages()[0]?.text).toContain("GrantQuantumAccess");
    expect(account.actingWrites()).toEqual([]);
  });

  it.each([
    ["that failed", { serviceName: "Ims", errorCode: "NoPermission" }],
    ["that only reads", { serviceName: "Ims", eventRW: "Read" }],
    ["of a service that does much beside identities", { serviceName: "ResourceManager" }],
    ["of another service", { serviceName: "Ecs" }],
  ])("%s is not told", async (_, over) => {
    await account.deliver(await record(over));
    expect(await account.incidents()).toEqual([]);
  });
});
