import { afterEach, beforeEach, expect, it } from "vitest";
import { type SweepReceipt, sweepHandler } from "../../functions/sweep/handler.ts";
import type { World } from "../../shared/ports/world.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let on: GuardedAccount;
beforeEach(async () => {
  on = await guardedAccount();
});
afterEach(() => on.stop());

/** Calls the handler as Function Compute's timer does, with credentials of the looking role. */
const tick = async (change: (world: World) => World = (world) => world, timeout = 600): Promise<SweepReceipt> => {
  const log = () => undefined;
  const handler = sweepHandler({ config: on.config, log, world: async () => change(on.world()) });
  on.sandbox.registerFunction({
    name: "sweep",
    role: "ram-warden-looking",
    handler: async (_, { requestId, credentials }) => handler({ requestId, credentials, function: { timeout } }),
  });
  const payload = '{"triggerTime":"2026-11-22T00:00:00Z","triggerName":"every-minute","payload":"sweep"}';
  return (await on.sandbox.invoke("sweep", payload)) as SweepReceipt;
};

it("the timer's handler does all with what the looking role may, and answers counts in JSON", async () => {
  await on
    .as("mallory")("Ims", "AttachPolicyToUser", { ...admin, UserName: "alice" })
    .catch(() => undefined);
  await on.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  on.clock.advance(120_000);
  const receipt = await tick();
  expect(receipt).toEqual({
    busy: false,
    finished: true,
    caughtUp: 1,
    decided: 1,
    leftovers: 0,
    waiting: 0,
    looked: expect.any(Number),
    problems: 0,
  });
  const { roles = [], users = [], groups = [] } = on.sandbox.dump();
  expect(!receipt.busy && receipt.looked).toBeGreaterThan(roles.length + users.length + groups.length);
  expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt);
  expect(on.sandbox.calls.list().filter(({ denied }) => denied === true)).toEqual([]);
  expect(on.actingWrites()).toHaveLength(1);
});

it("a tick stops well before the platform's limit", async () => {
  for (let index = 0; index < 30; index += 1) {
    await on.as("administrator")("Ram", "CreateUser", { UserName: `user-${index}` });
    await on.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: `user-${index}` });
    on.clock.advance(1_000);
  }
  on.clock.advance(120_000);
  const slow = (world: World): World => ({
    ...world,
    read: async (subject) => {
      on.clock.advance(10_000);
      return world.read(subject);
    },
  });
  let ticks = 0;
  for (let finished = false; !finished; ticks += 1) {
    const from = on.clock.now();
    const receipt = await tick(slow, 300);
    expect(on.clock.now() - from).toBeLessThan(300_000);
    finished = !receipt.busy && receipt.finished;
    on.clock.advance(1_000);
    expect(ticks).toBeLessThan(50);
  }
  expect(ticks).toBeGreaterThan(3);
  expect(on.actingWrites()).toHaveLength(30);
});
