import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failed } from "../../shared/domain/result.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
const start = async (budgets: string): Promise<void> => {
  account = await guardedAccount({ settings: `budgets: ${budgets}` });
};
beforeEach(() => start("{}"));
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const attach = (UserName: string, by = "mallory") =>
  account.as(by)("Ram", "AttachPolicyToUser", { ...admin, UserName });
const makeKey = (UserName: string, by = "mallory") => account.as(by)("Ram", "CreateAccessKey", { UserName });
const outcomes = async () =>
  (await account.incidents()).map(({ outcome, because }) => [outcome?.kind, because?.kind] as const);

const restart = async (budgets: string) => {
  await account.stop();
  await start(budgets);
};

describe("a budget that is spent", () => {
  it.each<[string, string]>([
    ["of a rule", "{ rule: 1 }"],
    ["of an actor", "{ actor: 1 }"],
    ["of the account", "{ account: 1 }"],
  ])("%s is a reason to tell and not to write", async (name, budgets) => {
    await restart(budgets);
    for (const user of ["alice", "administrator"]) {
      if (user === "alice") await attach(user);
      else
        await account.as("mallory")("Ram", "AttachPolicyToUser", {
          PolicyType: "System",
          PolicyName: "AliyunRAMFullAccess",
          UserName: user,
        });
      await account.catchUp();
    }
    expect(await outcomes()).toEqual([
      ["reverted", undefined],
      ["alerted", `${name.split(" ").at(-1)}-budget`],
    ]);
    expect(account.actingWrites()).toHaveLength(1);
  });

  it("is whole again after an hour", async () => {
    await restart("{ account: 1 }");
    await attach("alice");
    await account.catchUp();
    account.clock.advance(3_600_001);
    await makeKey("alice");
    await account.catchUp();
    expect(await outcomes()).toEqual([
      ["reverted", undefined],
      ["contained", undefined],
    ]);
  });

  it("of one actor leaves the others theirs", async () => {
    await restart("{ actor: 1 }");
    await attach("alice");
    await makeKey("alice", "administrator");
    await account.catchUp();
    expect((await outcomes()).map(([kind]) => kind).sort()).toEqual(["contained", "reverted"]);
  });
});

describe("two parties that change one subject back and forth", () => {
  it("are stopped, and both are named", async () => {
    for (let round = 0; round < 4; round += 1) {
      await attach("alice");
      await account.catchUp();
      account.clock.advance(60_000);
    }
    expect(await outcomes()).toEqual([
      ["reverted", undefined],
      ["reverted", undefined],
      ["reverted", undefined],
      ["alerted", "oscillation"],
    ]);
    const last = (await account.incidents()).at(-1);
    expect(last?.because?.detail).toBe(
      "user mallory and RAM Warden have changed the system policy AdministratorAccess on user alice back and forth 3 times within 1 h",
    );
  });

  it("are not the same event that comes again", async () => {
    await restart("{ subject: 1 }");
    await attach("alice");
    const [event] = account.events("AttachPolicyToUser");
    account.sandbox.faults.inject({ match: { operation: "AssumeRole" }, kind: "throttle", times: 9 });
    expect((await account.deliver(event)).error).toBeDefined();
    account.sandbox.faults.clear();
    account.clock.advance(200_000);
    await account.deliver(event);
    expect((await outcomes()).at(-1)).toEqual(["reverted", undefined]);
  });
});

describe("writes that do not end well", () => {
  it("open the circuit when they are too many", async () => {
    await restart("{ failures: 1 }");
    account.wrap((world) => ({
      ...world,
      act: async () => failed({ kind: "forbidden", code: "NoPermission", operation: "Sts.AssumeRole" }),
    }));
    await attach("alice");
    await account.catchUp();
    account.wrap(undefined);
    await makeKey("alice");
    await account.catchUp();
    expect(await outcomes()).toEqual([
      ["failed", undefined],
      ["alerted", "circuit-open"],
    ]);
  });
});
