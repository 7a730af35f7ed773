import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actingAsCaller } from "../../shared/aliyun/sts.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { trustOf } from "../sandbox/client.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Who did what, when more than one had a hand in it.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const ci = `acs:ram::${accountId}:role/ci`;
const trusting = (...others: readonly string[]) => trustOf({ RAM: [ci, ...others.map((id) => `acs:ram::${id}:root`)] });
const seventh = "7777777777777777";
const eighth = "8888888888888888";
const update = (by: string, document: string) =>
  account.as(by)("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: document });
const job = () => account.sandbox.dump().roles?.find(({ roleName }) => roleName === "job");
const fieldOf = (text: string, label: string): readonly string[] =>
  text.split("\n").filter((line) => line.startsWith(`- **${label}**`));

describe("two changes of one role before either event is looked at", () => {
  beforeEach(async () => {
    await update("administrator", trusting(seventh));
    await update("mallory", trusting(eighth));
    // In a later second: what may have come after our write of its own second is told by an incident of its own.
    account.clock.advance(2_000);
  });

  it("the first event's incident blames its actor for its own change alone", async () => {
    await account.deliver(account.events("UpdateRole")[0]);
    expect(job()?.assumeRolePolicyDocument).toBe(ciTrust);
    const [incident] = await account.incidents();
    expect(JSON.stringify(incident?.ofClaim)).toContain(seventh);
    expect(JSON.stringify(incident?.ofClaim)).not.toContain(eighth);
    expect(JSON.stringify(incident?.findings)).toContain(eighth);
    const [{ text } = { text: "" }] = account.messages();
    expect(fieldOf(text, "Its own doing").join()).toContain(seventh);
    expect(fieldOf(text, "Its own doing").join()).not.toContain(eighth);
    expect(fieldOf(text, "Since then").join()).toContain("somebody whose event had not come yet");
    expect(fieldOf(text, "Why it is wrong").join()).toContain(eighth);
  });

  it("the second event's actor is added to it, and told once", async () => {
    const [first, second] = account.events("UpdateRole");
    await account.deliver(first);
    for (let time = 0; time < 2; time += 1) {
      const { receipt } = await account.deliver(second);
      if (time === 0) expect(receipt?.decisions).toMatchObject([{ outcome: "clear", note: /dealt with by incident/ }]);
    }
    const [incident, ...others] = await account.incidents();
    expect(others).toEqual([]);
    expect(incident?.events.map(({ eventId }) => eventId)).toEqual([first?.eventId, second?.eventId]);
    expect(incident?.later).toMatchObject([{ eventId: second?.eventId, actor: { kind: "user", name: "mallory" } }]);
    expect(account.messages()).toHaveLength(2);
    const { title, text } = account.messages()[1] ?? { title: "", text: "" };
    expect(title).toContain("put back, by another change as well");
    expect(fieldOf(text, "Who").join()).toContain("mallory");
    expect(fieldOf(text, "Why it is wrong").join()).toContain(eighth);
    expect(text).toContain(`incident ${incident?.id}`);
    expect(JSON.stringify(account.messages())).toContain("🔴");
  });

  it("whichever of the events comes first", async () => {
    const [first, second] = account.events("UpdateRole");
    await account.deliver(second);
    await account.deliver(first);
    const [incident, ...others] = await account.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ actor: { name: "mallory" }, later: [{ actor: { name: "administrator" } }] });
    expect(incident?.ofClaim).toBeUndefined();
    expect(fieldOf(account.messages()[1]?.text ?? "", "Why it is wrong").join()).toContain(seventh);
  });
});

it("a change that another made long before, and whose event comes late, is told in their name", async () => {
  await update("provisioner", trusting(seventh));
  account.clock.advance(30_000);
  await update("mallory", trusting(eighth));
  const [late, event] = account.events("UpdateRole");
  await account.deliver(event);
  account.clock.advance(600_000);
  await account.deliver(late);
  await account.deliver(late);
  expect(await account.incidents()).toMatchObject([
    { actor: { name: "mallory" }, later: [{ actor: { name: "provisioner" } }], outcome: { kind: "reverted" } },
  ]);
  expect(account.messages()).toHaveLength(2);
  expect(account.messages()[1]?.text).toContain("provisioner");
});

it("the same change of the same actor is told once", async () => {
  await update("mallory", trusting(eighth));
  await update("mallory", trusting(eighth));
  account.clock.advance(2_000);
  for (const event of account.events("UpdateRole")) await account.deliver(event);
  expect((await account.incidents())[0]?.events).toHaveLength(2);
  expect(account.messages()).toHaveLength(1);
});

it("what the first did is said to break no rule, where only what came since does", async () => {
  await update("administrator", trustOf({ RAM: [ci], Service: ["ecs.aliyuncs.com"] }));
  await update("mallory", trusting(eighth));
  const [harmless, event] = account.events("UpdateRole");
  await account.deliver(harmless);
  await account.deliver(event);
  expect(await account.incidents()).toMatchObject([{ actor: { name: "mallory" }, outcome: { kind: "reverted" } }]);
  expect(account.messages()).toHaveLength(1);
});

it("what came before an undo is added to the incident that was undone", async () => {
  await update("provisioner", trusting(seventh));
  account.clock.advance(30_000);
  await update("mallory", trusting(eighth));
  const [late, event] = account.events("UpdateRole");
  await account.deliver(event);
  const [incident] = await account.incidents();
  const world = {
    ...account.world(),
    act: actingAsCaller({
      credentials: account.sandbox.keyOf("administrator"),
      clock: account.clock,
      region: "cn-hangzhou",
      endpoint: account.sandbox.endpoint,
      protocol: "http",
    }),
  };
  const undone = await undoIncident(world, account.ledger, account.config.telling, incident?.id ?? "");
  expect(undone.ok).toBe(true);
  account.clock.advance(30_000);
  await update("administrator", ciTrust);
  await account.deliver(late);
  expect(await account.incidents()).toMatchObject([
    { id: incident?.id, later: [{ actor: { name: "provisioner" } }] },
    { outcome: { kind: "undone" } },
  ]);
  expect((await account.incidents())[1]?.later).toBeUndefined();
});
