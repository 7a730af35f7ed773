import { afterEach, beforeEach, expect, it } from "vitest";
import { historyPages } from "../../shared/backfill.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { readBaseline } from "../../shared/ledger/baselines.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
  stranger,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const pages = async (from: number, to: number) => {
  const found: { service: string; ids: string[] }[] = [];
  for await (const page of historyPages(account.world().trail, { from, to })) {
    if (!page.ok) throw new Error(page.error.kind);
    found.push({
      service: page.value.service,
      ids: page.value.events.map((event) => (event as { eventId: string }).eventId),
    });
  }
  return found;
};

it("history is paged, with both ends of the time, and its writes alone", async () => {
  const start = account.clock.now();
  for (let user = 0; user < 60; user += 1) {
    await account.as("administrator")("Ram", "CreateUser", { UserName: `user-${user}` });
    account.clock.advance(1_000);
  }
  await account.as("administrator")("Ims", "CreateAccessKey", { UserPrincipalName: `alice@${accountId}.onaliyun.com` });
  const all = account.events().map(({ eventId }) => eventId);
  const found = await pages(start, account.clock.now());
  expect(found.map(({ service, ids }) => [service, ids.length])).toEqual([
    ["Ram", 50],
    ["Ram", 10],
    ["Ims", 1],
    ["ResourceManager", 0],
  ]);
  expect(found.flatMap(({ ids }) => ids)).toEqual(all);
  const some = await pages(start + 10_000, start + 20_000);
  expect(some.flatMap(({ ids }) => ids)).toEqual(all.slice(10, 21));
});

it("history that cannot be read says so, and ends", async () => {
  account.sandbox.faults.inject({ match: { operation: "LookupEvents" }, kind: "throttle", times: 4 });
  const results: boolean[] = [];
  for await (const page of historyPages(account.world().trail, { from: 0, to: account.clock.now() }))
    results.push(page.ok);
  expect(results).toEqual([false]);
});

it("an event that is older than the history is told, not sent back to a query that the cloud refuses", async () => {
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust });
  const [event] = account.events("UpdateRole");
  for (const days of [80, 89.99, 95, 400]) {
    const eventTime = new Date(account.clock.now() - days * 86_400_000).toISOString();
    const { receipt, error } = await account.deliver({ ...event, eventId: `${days}`, eventTime });
    expect(error).toBeUndefined();
    expect(receipt?.decisions).toMatchObject([
      { outcome: "alerted", plan: { because: { kind: "prior-state-unknown" } } },
    ]);
  }
});

it("an event of long ago is put back by what the history still reaches", async () => {
  await account.as("administrator")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: ecsTrust });
  account.clock.advance(86_400_000);
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust });
  account.clock.advance(85 * 86_400_000);
  await account.deliver(account.events("UpdateRole")[1]);
  expect(account.sandbox.dump().roles?.find(({ roleName }) => roleName === "plain")).toMatchObject({
    assumeRolePolicyDocument: ecsTrust,
  });
});

it("a state of which nobody knows what was before is not put back while it lets in somebody who is not trusted", async () => {
  const mallory = `acs:ram::${accountId}:user/mallory`;
  const setTrust = (NewAssumeRolePolicyDocument: string) =>
    account.as("mallory")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument });
  await setTrust(trustOf({ RAM: [mallory] }));
  await account.catchUp();
  account.clock.advance(60_000);
  const both = trustOf({ RAM: [mallory, `acs:ram::${stranger}:root`] });
  await setTrust(both);
  await account.catchUp();
  expect(account.sandbox.dump().roles?.find(({ roleName }) => roleName === "plain")).toMatchObject({
    assumeRolePolicyDocument: both,
  });
  expect(await account.incidents()).toMatchObject([
    { outcome: { kind: "alerted" } },
    { outcome: { kind: "alerted" }, because: { kind: "prior-state-unknown" } },
  ]);
  expect(account.actingWrites()).toEqual([]);
});

it("first sight accepts what breaks no rule, names what does, and never replaces what was judged", async () => {
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "open", AssumeRolePolicyDocument: openTrust });
  const first = await takeFirstSight(account.world(), account.config);
  expect(first).toMatchObject({
    ok: true,
    value: { broken: ["trust policy of role open", "custom policy disguised"] },
  });
  expect(await readBaseline(account.world().state, accountId, `${accountId}/role-trust/open`)).toBeUndefined();
  expect(await takeFirstSight(account.world(), account.config)).toMatchObject({ ok: true, value: { accepted: 0 } });
  account.clock.advance(60_000);
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust });
  account.sandbox.calls.clear();
  await account.deliver(account.events("UpdateRole")[0]);
  const plain = account.sandbox.dump().roles?.find(({ roleName }) => roleName === "plain");
  expect(plain).toMatchObject({
    assumeRolePolicyDocument: ciTrust,
    description: "the plain one",
    maxSessionDuration: 5400,
  });
  // The history is not asked for what was before; who got in meanwhile is looked up after the write.
  const operations = account.sandbox.calls.list().map(({ operation }) => operation);
  expect(operations.indexOf("LookupEvents")).toBeGreaterThan(operations.indexOf("UpdateRole"));
});

it("first sight that cannot read a role says so", async () => {
  account.sandbox.faults.inject({ match: { operation: "GetRole", nth: 3 }, kind: "throttle", times: 4 });
  expect(await takeFirstSight(account.world(), account.config)).toMatchObject({
    ok: false,
    error: { kind: "throttled" },
  });
});
