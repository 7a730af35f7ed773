import { afterEach, beforeEach, expect, it } from "vitest";
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
  expect(steps).toEqual(["told", "junk kept", "told"]);
  for (let time = 0; time < 3; time += 1) await account.deliver(payload);
  expect(steps).toEqual(["told", "junk kept", "told"]);
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
