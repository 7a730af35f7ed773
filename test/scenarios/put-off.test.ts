import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failed, ok } from "../../shared/domain/result.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { World } from "../../shared/ports/world.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// What cannot be dealt with for long is told, and tried on.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.sweep();
});
afterEach(() => account.stop());

const makeAdministrator = () =>
  account.as("mallory")("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "alice",
  });
const isAdministrator = () =>
  (account.sandbox.dump().attachments ?? []).some(({ principalName }) => principalName === "alice");
const titles = () => account.messages().map(({ title }) => title);
const tick = async (minutes: number) => {
  account.clock.advance(minutes * 60_000);
  const swept = await account.sweep(450_000);
  if (swept.kind !== "swept") throw new Error("another sweep is at work");
  return swept;
};

const noSession = (world: World): World => ({
  ...world,
  act: async () => failed({ kind: "throttled", operation: "Sts.AssumeRole", code: "Throttling.User" }),
});
const noReading = (world: World): World => ({
  ...world,
  read: ((ref) =>
    ref.kind === "grant"
      ? Promise.resolve(failed({ kind: "unreachable", operation: "Ram.ListPoliciesForUser", code: "ReadTimeout" }))
      : world.read(ref)) as World["read"],
});

describe.each([
  ["the acting role cannot be assumed", noSession, "Throttling.User"],
  ["the subject cannot be read", noReading, "ReadTimeout"],
] as const)("while %s", (_, hindered, because) => {
  beforeEach(async () => {
    account.wrap(hindered);
    await makeAdministrator();
    await expect(account.catchUp()).rejects.toThrow();
    account.skipAll();
  });

  it("a change is told once after half an hour, and in the report of each tick", async () => {
    await tick(2);
    expect((await tick(20)).problems).toEqual([]);
    expect(titles()).toEqual([]);
    for (let time = 0; time < 3; time += 1) await tick(20);
    expect(titles()).toEqual([expect.stringContaining("cannot be dealt with for now")]);
    expect(account.messages()[0]?.text).toContain(because);
    expect(account.messages()[0]?.text).toContain("user alice");
    for (let day = 0; day < 3; day += 1) await tick(1_440);
    expect((await tick(20)).problems.join()).toMatch(
      new RegExp(`a change waits to be judged for half an hour or longer, since .*${because}`),
    );
    expect(titles()).toHaveLength(1);
  });

  it("it is put back once that can be done, and told as any other", async () => {
    for (let time = 0; time < 6; time += 1) await tick(20);
    account.wrap(undefined);
    for (let time = 0; time < 3; time += 1) await tick(20);
    expect(isAdministrator()).toBe(false);
    expect(titles()).toEqual([expect.stringContaining("cannot be dealt with"), expect.stringContaining("put back")]);
    expect((await tick(20)).problems).toEqual([]);
  });
});

it("a hitch of some minutes is not told", async () => {
  account.wrap(noSession);
  await makeAdministrator();
  await expect(account.catchUp()).rejects.toThrow();
  account.skipAll();
  for (let time = 0; time < 10; time += 1) await tick(2);
  account.wrap(undefined);
  for (let time = 0; time < 10; time += 1) await tick(5);
  expect(titles()).toEqual([expect.stringContaining("put back")]);
});

it("what is found by a second look, and cannot be put back for long, is told as well", async () => {
  account.wrap((world) => ({
    ...world,
    read: ((ref) => (ref.kind === "grant" ? Promise.resolve(ok(gone)) : world.read(ref))) as World["read"],
  }));
  await makeAdministrator();
  await account.catchUp();
  account.wrap(noSession);
  for (let time = 0; time < 8; time += 1) await tick(20);
  expect(titles()).toEqual([
    expect.stringContaining("complies again"),
    expect.stringContaining("cannot be dealt with for now"),
  ]);
  account.wrap(undefined);
  for (let time = 0; time < 3; time += 1) await tick(20);
  expect(isAdministrator()).toBe(false);
  expect(titles()).toHaveLength(3);
});
