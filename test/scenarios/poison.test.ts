import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failed, ok } from "../../shared/domain/result.ts";
import { gone } from "../../shared/domain/subject.ts";
import { dueRechecks } from "../../shared/ledger/rechecks.ts";
import { rows } from "../../shared/ledger/rows.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { World } from "../../shared/ports/world.ts";
import { replayDead } from "../../shared/replay-dead.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { accountId, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";
import { interrupted } from "../support/interruptions.ts";

// Events that we cannot cope with, and events that cannot be dealt with for hours: neither fills the ledger.

let account: GuardedAccount;
const start = async (): Promise<void> => {
  account = await guardedAccount();
  await account.sweep();
};
beforeEach(start);
afterEach(() => account.stop());

const makeAdministrator = () =>
  account.as("mallory")("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "alice",
  });
const isAdministrator = () =>
  (account.sandbox.dump().attachments ?? []).some(({ principalName }) => principalName === "alice");

/** How many rows of a kind there are: incidents that were given up, too. */
const count = async (kind: string): Promise<number> => {
  let found = 0;
  for await (const _ of rows(account.world().state, `${kind}/${accountId}/`)) found += 1;
  return found;
};
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);
const tick = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    account.clock.advance(60_000);
    await account.sweep(450_000);
  }
};

it("a leftover that ends in a fault is given up, told and kept, and costs the next change of its subject nothing", async () => {
  const open = (NewDescription: string) =>
    account.as("mallory")("Ram", "UpdateRole", {
      RoleName: "ci",
      NewAssumeRolePolicyDocument: openTrust,
      NewDescription,
    });
  await open("first");
  account.wrap((world) => interrupted(world, { of: "send", at: 1, when: "before", kind: "death" }).world);
  await account.deliver(account.events("UpdateRole")[0]);
  expect((await account.incidents()).map(({ status }) => status)).toEqual(["writing"]);
  account.clock.advance(leaseMs + 1);
  // Once to finish it, and once more to see what came of its write.
  let faults = 2;
  account.wrap((world) => ({
    ...world,
    read: async (subject) => {
      if (subject.kind !== "role-trust" || faults === 0) return world.read(subject);
      faults -= 1;
      throw new TypeError("a bug");
    },
  }));
  await open("second");
  await account.deliver(account.events("UpdateRole")[1]);
  expect(faults).toBe(0);
  expect(await outcomes()).toEqual(["failed", "reverted"]);
  const role = account.sandbox.dump().roles?.find(({ roleName }) => roleName === "ci");
  expect(JSON.stringify(role?.assumeRolePolicyDocument)).toContain("ecs.aliyuncs.com");
  const letters = await account.ledger.deadLetters();
  expect(letters.map(({ letter }) => letter.incidentId)).toEqual([(await account.incidents())[0]?.id]);
  expect(account.messages().map(({ title }) => title.includes("NOT put back"))).toEqual([true, false]);
  await tick(30);
  expect(await outcomes()).toEqual(["failed", "reverted"]);
  expect(account.messages()).toHaveLength(2);
});

describe("an event whose handling ends in a fault after its incident was opened", () => {
  beforeEach(async () => {
    // The session is taken before the intent is opened, so the fault lies behind both.
    account.wrap((world) => ({
      ...world,
      act: async () => ok({ writer: { accessKeyId: "LTAI" }, send: () => Promise.reject(new TypeError("a bug")) }),
    }));
    await makeAdministrator();
    await account.catchUp();
  });

  it("is told once, with what was found, and never comes back by itself", async () => {
    expect(await account.incidents()).toMatchObject([
      {
        status: "settled",
        outcome: { kind: "failed", because: expect.stringContaining("TypeError") },
        findings: expect.arrayContaining([expect.objectContaining({ rule: "RAM.HighRiskPolicyOnUser" })]),
      },
    ]);
    expect(account.messages()).toHaveLength(1);
    const [letter, ...others] = await account.ledger.deadLetters();
    expect(others).toEqual([]);
    expect(letter?.letter).toMatchObject({ cause: "not-handled", incidentId: (await account.incidents())[0]?.id });
    await tick(1);
    const before = { incidents: await count("incident"), journal: await count("journal") };
    await tick(40);
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    await tick(1);
    expect({ incidents: await count("incident"), journal: await count("journal") }).toEqual(before);
    expect(before.incidents).toBe(1);
    expect(before.journal).toBeLessThan(15);
    expect(account.messages()).toHaveLength(1);

    await account.ledger.discardDead(letter as NonNullable<typeof letter>, { by: "user alice", because: "seen" });
    await tick(10);
    expect(await count("incident")).toBe(1);
    expect(await account.ledger.deadLetters()).toEqual([]);
  });

  it("is judged when somebody replays it, and looked at as any other from then on", async () => {
    await tick(3);
    account.wrap(undefined);
    const [letter] = await account.ledger.deadLetters();
    const replayed = await replayDead(account.world(), account.config, letter as NonNullable<typeof letter>);
    expect(replayed).toMatchObject({ handled: 1, left: 0 });
    expect(await outcomes()).toEqual(["failed", "reverted"]);
    expect(isAdministrator()).toBe(false);
    expect(await account.ledger.deadLetters()).toEqual([]);
  });

  it("stays on the list where a replay ends in the fault again", async () => {
    const [letter] = await account.ledger.deadLetters();
    const replayed = await replayDead(account.world(), account.config, letter as NonNullable<typeof letter>);
    expect(replayed).toMatchObject({ handled: 0, left: 1 });
    expect(await account.ledger.deadLetters()).toHaveLength(1);
    await tick(5);
    expect(await outcomes()).toEqual(["failed", "failed"]);
  });
});

it("a fault after the write leaves it told as what came of it", async () => {
  let faulty = false;
  account.wrap((world) => ({
    ...world,
    read: ((ref) => {
      if (!faulty) return world.read(ref);
      faulty = false;
      return Promise.reject(new TypeError("a bug"));
    }) as World["read"],
    act: async (incidentId, calls) => {
      const session = await world.act(incidentId, calls);
      if (!session.ok) return session;
      const send: (typeof session.value)["send"] = async (call) => {
        const sent = await session.value.send(call);
        faulty = true;
        return sent;
      };
      return ok({ ...session.value, send });
    },
  }));
  await makeAdministrator();
  await account.catchUp();
  expect(await outcomes()).toEqual(["reverted"]);
  expect(isAdministrator()).toBe(false);
  expect(account.messages()).toHaveLength(1);
  expect(await account.ledger.deadLetters()).toHaveLength(1);
});

it("a fault in what is to be told of an incident is told all the same", async () => {
  account.wrap((world) => {
    const { putIfAbsent } = world.state;
    const state = {
      ...world.state,
      putIfAbsent: ((key, value, expiry) =>
        key.startsWith("outbox/") && JSON.stringify(value).includes("HighRiskPolicyOnUser")
          ? Promise.reject(new RangeError("too large a message"))
          : putIfAbsent(key, value, expiry)) as typeof putIfAbsent,
    };
    return { ...world, state };
  });
  await makeAdministrator();
  await account.catchUp();
  await tick(10);
  expect(account.messages().map(({ title }) => title)).toEqual([expect.stringContaining("could not be judged")]);
  expect(await count("incident")).toBe(2);
  expect((await account.incidents()).every(({ status }) => status === "settled")).toBe(true);
});

it("a fault of a second look is not looked at for ever", async () => {
  let lags = true;
  account.wrap((world) => ({
    ...world,
    read: ((ref) => (lags && ref.kind === "grant" ? Promise.resolve(ok(gone)) : world.read(ref))) as World["read"],
    act: () => Promise.reject(new TypeError("a bug")),
  }));
  await makeAdministrator();
  await account.catchUp();
  expect(await outcomes()).toEqual(["transient"]);
  lags = false;
  await tick(3);
  const journal = await count("journal");
  await tick(30);
  expect(await count("journal")).toBe(journal);
  expect(await account.ledger.deadLetters()).toHaveLength(1);
  expect(await dueRechecks(account.world().state, accountId, Number.POSITIVE_INFINITY)).toEqual([]);
});

it("whoever dies while giving an event up leaves it to be given up by the next", async () => {
  for (let fatal = 0; fatal < 40; fatal += 2) {
    await account.stop();
    await start();
    let left = Number.POSITIVE_INFINITY;
    account.wrap((world) => {
      const mayDie =
        <Given extends readonly unknown[], Answer>(run: (...given: Given) => Promise<Answer>) =>
        (...given: Given): Promise<Answer> => {
          left -= 1;
          return left < 0 ? Promise.reject(new StoreUnavailable("no answer")) : run(...given);
        };
      const { get, putIfAbsent, compareAndSet, delete: drop, list } = world.state;
      return {
        ...world,
        state: {
          get: mayDie(get),
          putIfAbsent: mayDie(putIfAbsent),
          compareAndSet: mayDie(compareAndSet),
          delete: mayDie(drop),
          list: mayDie(list),
        },
        act: async () =>
          ok({
            writer: { accessKeyId: "LTAI" },
            send: () => {
              if (left === Number.POSITIVE_INFINITY) left = fatal;
              return Promise.reject(new TypeError("a bug"));
            },
          }),
      };
    });
    await makeAdministrator();
    await account.catchUp().catch(() => undefined);
    left = 1_000_000;
    account.clock.advance(130_000);
    await account.catchUp();
    await tick(5);
    const journal = await count("journal");
    await tick(10);
    expect(await count("journal"), `dead at call ${fatal}`).toBe(journal);
    expect(account.messages().length, `dead at call ${fatal}`).toBeGreaterThan(0);
    expect((await account.ledger.deadLetters()).length, `dead at call ${fatal}`).toBeGreaterThan(0);
    expect((await account.incidents()).every(({ status }) => status === "settled")).toBe(true);
  }
}, 120_000);

it("an hour without an acting session leaves one incident, and a handful of entries", async () => {
  account.wrap((world) => ({
    ...world,
    act: async () => failed({ kind: "throttled", operation: "Sts.AssumeRole", code: "Throttling.User" }),
  }));
  await makeAdministrator();
  await expect(account.catchUp()).rejects.toThrow();
  account.skipAll();
  await tick(60);
  expect(await count("incident")).toBeLessThanOrEqual(1);
  expect(await count("journal")).toBeLessThanOrEqual(8);
  account.wrap(undefined);
  await tick(60);
  expect((await outcomes()).at(-1)).toBe("reverted");
  expect(isAdministrator()).toBe(false);
});
