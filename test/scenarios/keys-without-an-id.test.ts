import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Events of new keys that carry no answer: the key is found by its owner and its moment, if it is found.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ sandbox: { dropResponseElements: true } });
});
afterEach(() => account.stop());

const keysOf = (name: string) => account.sandbox.dump().users?.find(({ userName }) => userName === name)?.accessKeys;
const makeKey = (by: string) => account.as(by)("Ram", "CreateAccessKey", { UserName: "alice" });

it("two of one owner in one second are told by rule and severity, and neither is written to", async () => {
  await account.as("administrator")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice" });
  await makeKey("mallory");
  await makeKey("mallory");
  await account.catchUp();
  const incidents = await account.incidents();
  expect(incidents).toHaveLength(2);
  for (const { findings, because, outcome } of incidents) {
    expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      "RAM.AccessKeyForAnother critical",
      "RAM.AccessKeyUnapproved high",
    ]);
    expect(because).toMatchObject({ kind: "unreadable", detail: expect.stringContaining("several keys") });
    expect(outcome).toEqual({ kind: "alerted" });
  }
  for (const { text } of account.messages()) expect(text.match(/could not be read/g) ?? []).toHaveLength(1);
  expect(account.actingWrites()).toEqual([]);
});

it("the one that is left is not taken for the one that was deleted within the same seconds", async () => {
  await account.as("administrator")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice" });
  await makeKey("mallory");
  const first = keysOf("alice")?.at(-1)?.accessKeyId;
  await account.as("mallory")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: first });
  account.clock.advance(1_000);
  await makeKey("provisioner");
  await account.catchUp();
  expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active"]);
  expect(await account.incidents()).toMatchObject([
    { outcome: { kind: "alerted" }, actor: { name: "mallory" }, because: { kind: "unreadable" } },
  ]);
  expect(account.messages()).toHaveLength(1);
});

it("one that is alone is contained", async () => {
  await makeKey("provisioner");
  account.clock.advance(6_000);
  await account.catchUp();
  await account.as("administrator")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice" });
  await makeKey("mallory");
  await account.catchUp();
  expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
});

describe("while the audit trail lags", () => {
  const lagging = (): void =>
    account.wrap((world) => ({ ...world, trail: async () => ({ ok: true, value: { events: [] } }) }));
  const swapped = async () => {
    await account.as("administrator")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: "LTAIalice" });
    await makeKey("mallory");
    const first = keysOf("alice")?.at(-1)?.accessKeyId;
    await account.as("mallory")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: first });
    account.clock.advance(1_000);
    await makeKey("provisioner");
    return account.events("CreateAccessKey")[0];
  };

  it("that no other key is to be seen proves nothing: it is waited for, and then told", async () => {
    const event = await swapped();
    lagging();
    expect((await account.deliver(event)).error?.name).toBe("Deferred");
    expect(await account.incidents()).toEqual([]);
    account.clock.advance(120_000);
    expect((await account.deliver(event)).error).toBeUndefined();
    expect(await account.incidents()).toMatchObject([
      { outcome: { kind: "alerted" }, actor: { name: "mallory" }, because: { kind: "unreadable" } },
    ]);
    expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("one that is alone is contained once the trail tells of it", async () => {
    await makeKey("mallory");
    const [event] = account.events("CreateAccessKey");
    lagging();
    expect((await account.deliver(event)).error?.name).toBe("Deferred");
    account.wrap(undefined);
    account.clock.advance(10_000);
    expect((await account.deliver(event)).receipt?.decisions).toMatchObject([{ outcome: "contained" }]);
    expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
  });
});
