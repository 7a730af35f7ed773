import { afterEach, beforeEach, expect, it } from "vitest";
import { failed } from "../../shared/domain/result.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

it("beside a violation costs one row, however much of it and however often it comes", async () => {
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  const [event] = account.events("AttachPolicyToUser");
  const steps: string[] = [];
  account.wrap((world) => ({
    ...world,
    channels: world.channels.map((channel) => ({
      ...channel,
      send: (message) => {
        steps.push("told");
        return channel.send(message);
      },
    })),
    state: {
      ...world.state,
      putIfAbsent: (key, ...rest) => {
        if (key.startsWith("dead/")) steps.push("junk kept");
        return world.state.putIfAbsent(key, ...rest);
      },
    },
  }));
  const payload = [...Array.from({ length: 500 }, (_, index) => `junk ${index}`), event];
  const { receipt } = await account.deliver(payload);
  expect(receipt?.refusals).toHaveLength(500);
  expect(steps).toEqual(["junk kept", "told", "told"]);
  for (let time = 0; time < 3; time += 1) await account.deliver(payload);
  expect(steps).toEqual(["junk kept", "told", "told"]);
  const kept = await account.ledger.deadLetters();
  expect(kept.map(({ letter }) => [letter.count, letter.records.length])).toEqual([[500, 500]]);
  expect(kept[0]?.letter.records[7]).toEqual({
    where: "$[7]",
    reason: "is text that is not JSON",
    form: "record",
    value: "junk 7",
    altered: false,
  });
});

it("beside an event that is put off for as long as the platform tries is on the list all the same", async () => {
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  const [event] = account.events("AttachPolicyToUser");
  account.wrap((world) => ({
    ...world,
    read: async () => failed({ kind: "unreachable", operation: "Ram.ListPoliciesForUser", code: "ReadTimeout" }),
  }));
  for (let time = 0; time < 3; time += 1) {
    const { error } = await account.deliver([{ hello: "I am no audit event" }, event]);
    expect(error?.name).toBe("Deferred");
    account.clock.advance(60_000);
  }
  const letters = await account.ledger.deadLetters();
  expect(letters.map(({ letter }) => letter.count)).toEqual([1]);
  expect(account.messages()).toHaveLength(1);
});

it("that cannot be kept keeps nothing else from being judged", async () => {
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  account.wrap((world) => {
    const { putIfAbsent } = world.state;
    const keep: typeof putIfAbsent = (key, value, expiry) =>
      key.startsWith("dead/") ? Promise.reject(new RangeError("too large a row")) : putIfAbsent(key, value, expiry);
    return { ...world, state: { ...world.state, putIfAbsent: keep } };
  });
  const { receipt } = await account.deliver(["junk", account.events("AttachPolicyToUser")[0]]);
  expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
  expect(account.logLines.some((line) => line.includes("could not be kept"))).toBe(true);
});

it("that no rule judges does not keep an alert waiting", async () => {
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  await account.as("mallory")("Ims", "GenerateCredentialReport");
  const [attached] = account.events("AttachPolicyToUser");
  const [made] = account.events("GenerateCredentialReport");
  let readsBefore: number | undefined;
  let reads = 0;
  account.wrap((world) => ({
    ...world,
    channels: world.channels.map((channel) => ({
      ...channel,
      send: (message) => {
        readsBefore ??= reads;
        return channel.send(message);
      },
    })),
    state: {
      ...world.state,
      get: (key) => {
        if (key.startsWith("ours/")) reads += 1;
        return world.state.get(key);
      },
    },
  }));
  const others = Array.from({ length: 300 }, (_, index) => ({ ...made, eventId: `e${index}`, requestId: `r${index}` }));
  await account.deliver([...others, attached]);
  expect(reads).toBeGreaterThanOrEqual(300);
  expect(readsBefore).toBeLessThan(10);
});
