import { afterEach, describe, expect, it } from "vitest";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";
import { type Interruption, interrupted } from "../support/interruptions.ts";

let account: GuardedAccount | undefined;
afterEach(async () => {
  await account?.stop();
  account = undefined;
});

type Scenario = {
  readonly name: string;
  readonly prepare?: (on: GuardedAccount) => Promise<unknown>;
  readonly change: (on: GuardedAccount) => Promise<unknown>;
  readonly operation: string;
  readonly isRight: (on: GuardedAccount) => boolean;
};

const scenarios: readonly Scenario[] = [
  {
    name: "a grant",
    change: (on) =>
      on.as("mallory")("ResourceManager", "AttachPolicy", {
        PolicyType: "System",
        PolicyName: "AdministratorAccess",
        PrincipalType: "IMSUser",
        PrincipalName: "alice@example.onaliyun.com",
        ResourceGroupId: accountId,
      }),
    operation: "DetachPolicy",
    isRight: (on) => on.sandbox.dump().attachments?.every(({ principalName }) => principalName !== "alice") === true,
  },
  {
    name: "a trust policy",
    prepare: async (on) => {
      await on.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
      await on.catchUp();
      on.clock.advance(60_000);
    },
    change: (on) => on.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust }),
    operation: "UpdateRole",
    isRight: (on) =>
      on.sandbox.dump().roles?.find(({ roleName }) => roleName === "job")?.assumeRolePolicyDocument === ciTrust,
  },
];

/** Delivers until nothing throws any more, as the platform does, and everything that happened meanwhile. */
const deliverAll = async (on: GuardedAccount): Promise<void> => {
  for (let round = 0; ; round += 1) {
    try {
      await on.catchUp();
      return;
    } catch (error) {
      if (round > 5) throw error;
      on.clock.advance(leaseMs + 1);
    }
  }
};

/** Runs a scenario with one interruption; answers the name of the call that was struck, or nothing when none was. */
const runWith = async ({ prepare, change, operation, isRight }: Scenario, interruption: Interruption) => {
  const on = await guardedAccount();
  account = on;
  await prepare?.(on);
  await change(on);
  const attack = on.events().at(-1);
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
  // And the platform, which is not sure either, brings everything once more.
  for (const event of on.events()) await on.deliver(event);
  await on.flush();

  expect(isRight(on), `the account after ${struck}`).toBe(true);
  const attempts = on.sandbox.calls.list().filter(({ caller }) => caller.startsWith("ram-warden-acting:"));
  expect(attempts.map((call) => call.operation)).toEqual([operation]);
  const incidents = await on.incidents();
  expect(incidents.map(({ status, outcome }) => [status, outcome?.kind])).toEqual([["settled", "reverted"]]);
  const [incident] = incidents;
  expect(incident?.events).toMatchObject([{ eventId: attack?.eventId }]);
  const told = on.messages().filter(({ text }) => text.includes(incident?.id ?? "?"));
  expect(told.length).toBeGreaterThanOrEqual(1);
  expect(told.slice(1).every(({ title }) => title.includes("may be a repeat"))).toBe(true);
  expect(on.messages()).toHaveLength(told.length);
  expect((await verifyLedger(on.world().state, accountId)).flaws, `the record after ${struck}`).toEqual([]);
  return struck;
};

describe.each(scenarios)("whoever dies while putting back $name", (scenario) => {
  it.each([
    { kind: "death", when: "before" },
    { kind: "death", when: "after" },
    { kind: "hiccup", when: "before" },
    { kind: "hiccup", when: "after" },
  ] as const)("($kind, $when the effect) leaves it to be put back once, settled once and told", async (how) => {
    const struck: string[] = [];
    for (let at = 1; ; at += 1) {
      const name = await runWith(scenario, { ...how, at });
      await account?.stop();
      account = undefined;
      if (name === undefined) break;
      struck.push(name);
    }
    // Every kind of call was struck, or this proves nothing.
    expect(struck.length).toBeGreaterThan(15);
  });
});
