import { afterEach, expect, it } from "vitest";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { type Interruption, interrupted } from "../support/interruptions.ts";

let account: GuardedAccount | undefined;
afterEach(async () => {
  await account?.stop();
  account = undefined;
});

const user = { UserName: "eve" };
const principal = { UserPrincipalName: "eve@example.onaliyun.com" };

const access = (on: GuardedAccount): readonly string[] => {
  const { users = [], attachments = [] } = on.sandbox.dump();
  const eve = users.find(({ userName }) => userName === "eve");
  return [
    ...attachments.filter(({ principalName }) => principalName === "eve").map(({ policyName }) => policyName),
    ...(eve?.accessKeys ?? []).filter(({ status }) => status === "Active").map(({ accessKeyId }) => accessKeyId),
    ...(eve?.loginProfile?.status === "Active" ? ["login"] : []),
  ];
};

/** Delivers until nothing throws any more, as the platform does. */
const deliverAll = async (on: GuardedAccount): Promise<void> => {
  for (let round = 0; ; round += 1)
    try {
      await on.catchUp();
      return;
    } catch (error) {
      if (round > 5) throw error;
      on.clock.advance(leaseMs + 1);
    }
};

/** A back-door administrator whose last step is handed to a guard that dies; answers what it died at, or nothing. */
const runWith = async (interruption: Interruption): Promise<string | undefined> => {
  const on = await guardedAccount({ settings: "rules: { RAM.AccessKeyForAnother: { response: alert } }" });
  account = on;
  await on.as("mallory")("Ram", "CreateUser", user);
  await on.as("mallory")("Ims", "CreateLoginProfile", { ...principal, Password: "Aa1!aaaaaaaaaa" });
  await on.catchUp();
  await on.as("mallory")("Ram", "AttachPolicyToUser", {
    ...user,
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
  });
  const attack = on.events("AttachPolicyToUser").at(-1);
  let calls: () => readonly string[] = () => [];
  on.wrap((world) => {
    const weak = interrupted(world, interruption);
    calls = weak.calls;
    return weak.world;
  });
  await on.deliver(attack);
  const struck = calls()[interruption.at - 1];
  on.wrap(undefined);
  if (struck === undefined) return undefined;
  await deliverAll(on);
  for (let tick = 0; tick < 4; tick += 1) {
    on.clock.advance(leaseMs + 1);
    await on.sweep();
  }
  await deliverAll(on);
  await on.flush();

  const where = `after ${struck}, call ${interruption.at}`;
  expect(access(on), where).toEqual([]);
  const incidents = await on.incidents();
  const whole = incidents.filter(({ chain }) => chain === undefined);
  expect(
    whole.map(({ outcome, pieces }) => [outcome?.kind, pieces?.length]),
    where,
  ).toEqual([["contained", 3]]);
  // Each write was made once: the grant was taken away, and the logon made to ask for a factor and then shut.
  const writes = on.actingWrites().map(({ operation }) => operation);
  expect(
    writes.filter((name) => name === "DetachPolicyFromUser"),
    where,
  ).toHaveLength(1);
  expect(
    writes.filter((name) => name === "UpdateLoginProfile"),
    where,
  ).toHaveLength(2);
  const told = on.messages().filter(({ text }) => text.includes(`Incident ${whole[0]?.id}`));
  expect(told.length, where).toBeGreaterThanOrEqual(1);
  expect((await verifyLedger(on.world().state, accountId)).flaws, where).toEqual([]);
  return struck;
};

it.each(["before", "after"] as const)(
  "whoever dies while dealing with a chain (%s the effect) leaves it to be ended, settled once and told",
  async (when) => {
    const struck: string[] = [];
    // Some of the calls: the others differ in nothing but their neighbours.
    for (let at = when === "before" ? 1 : 3; ; at += 4) {
      const name = await runWith({ kind: "death", when, at });
      await account?.stop();
      account = undefined;
      if (name === undefined) break;
      struck.push(name);
    }
    expect(struck.length).toBeGreaterThan(20);
    expect(new Set(struck).size).toBeGreaterThan(4);
  },
  300_000,
);
