import { afterEach, expect, it } from "vitest";
import type { SweepReport } from "../../shared/sweep.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { swept } from "../support/swept.ts";

const minute = 60_000;
const hour = 60 * minute;
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let on: GuardedAccount;
afterEach(() => on.stop());

/** The users that mallory has made administrators and who still are. */
const administrators = (): readonly string[] =>
  (on.sandbox.dump().attachments ?? [])
    .filter(
      ({ policyName, principalName }) => policyName === "AdministratorAccess" && /^(alice|user-)/.test(principalName),
    )
    .map(({ principalName }) => principalName);

const attachUnseen = async (UserName = "alice"): Promise<void> => {
  await on.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName });
  on.skipAll();
};

const overHours = async (hours: number, forMs = 450_000): Promise<SweepReport[]> => {
  const reports: SweepReport[] = [];
  const until = on.clock.now() + hours * hour;
  while (on.clock.now() < until) {
    on.clock.advance(10 * minute);
    reports.push(swept(await on.sweep(forMs)));
  }
  return reports;
};

it.each([
  [45, 1.2],
  [100, 1.2],
  [300, 6.5],
  [17 * 60, 6.5],
])("what the audit trail shows %i min late is judged within %f hours of that", async (minutes, hours) => {
  on = await guardedAccount({ sandbox: { lookupDelayMs: minutes * minute } });
  await on.sweep();
  on.clock.advance(10 * minute);
  await attachUnseen();
  await overHours(minutes / 60 + hours);
  expect(administrators()).toEqual([]);
  expect((await on.incidents()).filter(({ outcome }) => outcome?.kind === "reverted")).toHaveLength(1);
});

it("what was there long before the first sweep is not judged by it", async () => {
  on = await guardedAccount();
  await attachUnseen();
  on.clock.advance(2 * hour);
  await overHours(14);
  expect(administrators()).toEqual(["alice"]);
});

it("a day is gone over four times, its last hours each hour, and what was dealt with is neither judged nor told again", async () => {
  on = await guardedAccount();
  await on.sweep();
  on.clock.advance(10 * minute);
  for (let n = 0; n < 60; n += 1) {
    await on.as("administrator")("Ram", "CreateUser", { UserName: `user-${n}` });
    on.clock.advance(1_000);
  }
  await on.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  await on.catchUp();
  const judged = (await on.incidents()).length;
  const passes = (await overHours(24)).map(({ late }) => late).filter(({ events }) => events > 0);
  // In each of the first hours, and then as often as a whole day is gone over.
  expect(passes.length).toBeGreaterThanOrEqual(5);
  expect(passes.length).toBeLessThanOrEqual(7);
  for (const pass of passes) expect(pass).toMatchObject({ decided: 0, finished: true });
  expect(await on.incidents()).toHaveLength(judged);
});

it("a pass that runs out of time goes on in the next tick", async () => {
  on = await guardedAccount({ sandbox: { lookupDelayMs: 4 * hour } });
  await on.sweep();
  on.clock.advance(10 * minute);
  for (let n = 0; n < 30; n += 1) {
    await on.as("administrator")("Ram", "CreateUser", { UserName: `user-${n}` });
    await attachUnseen(`user-${n}`);
    on.clock.advance(1_000);
  }
  await overHours(5);
  expect(administrators()).toHaveLength(30);
  on.wrap((world) => ({
    ...world,
    read: async (ref) => {
      await on.clock.sleep(1_000);
      return world.read(ref);
    },
  }));
  on.clock.advance(hour);
  const left: number[] = [];
  while (left.length < 100 && left.at(-1) !== 0) {
    const { late, finished } = swept(await on.sweep(60_000));
    if (!late.finished) expect(finished).toBe(false);
    left.push(administrators().length);
  }
  expect(left.at(-1)).toBe(0);
  expect(left.filter((count) => count > 0 && count < 30).length).toBeGreaterThan(1);
});

it("a pass waits until what is new is done with, and one that cannot read is said and comes again", async () => {
  on = await guardedAccount({ sandbox: { lookupDelayMs: 4 * hour } });
  await on.sweep();
  on.clock.advance(10 * minute);
  await attachUnseen();
  await overHours(5);
  const unreachable = { kind: "unreachable", operation: "ActionTrail.LookupEvents" } as const;
  let asked: number[] = [];
  const fail = (isFailing: (reachMs: number) => boolean): void =>
    on.wrap((world) => ({
      ...world,
      trail: async (query, token) => {
        asked.push(query.to - query.from);
        return isFailing(query.to - query.from) ? { ok: false, error: unreachable } : world.trail(query, token);
      },
    }));
  on.clock.advance(2 * hour);
  fail(() => true);
  await on.sweep();
  expect(asked.filter((reachMs) => reachMs > 5 * hour)).toEqual([]);
  on.clock.advance(minute);
  asked = [];
  fail((reachMs) => reachMs > 5 * hour);
  expect(swept(await on.sweep()).problems).toContain(
    "the history of Ram could not be read: ActionTrail.LookupEvents ended `unreachable`",
  );
  expect(administrators()).toEqual(["alice"]);
  on.wrap(undefined);
  await on.sweep();
  expect(administrators()).toEqual([]);
});
