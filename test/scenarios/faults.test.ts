import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultKind } from "../../sandbox/index.ts";
import { failed } from "../../shared/domain/result.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { ciTrust, ecsTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";
import { interrupted } from "../support/interruptions.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const attach = () => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
const held = () => account.sandbox.dump().attachments?.some(({ principalName }) => principalName === "alice") === true;
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);

/** Delivers until the handler does not ask to be called again, as the platform does. */
const deliverUntilDone = async (event: unknown): Promise<readonly string[]> => {
  const errors: string[] = [];
  for (let time = 0; time < 6; time += 1) {
    const { error } = await account.deliver(event);
    if (error === undefined) return errors;
    errors.push(error.name);
    account.sandbox.faults.clear();
    account.clock.advance(20_000);
  }
  throw new Error(`never done: ${errors.join(", ")}`);
};

const kinds: readonly FaultKind[] = [
  "throttle",
  "server-error",
  "server-error-after",
  "html",
  "timeout-before",
  "timeout-after",
  "cut-before",
  "cut-after",
  "stale-read",
  "empty",
  "unavailable",
  "concurrent-call",
];
/** Each call of a revert: which one it is, and how the sandbox finds it. */
const calls = [
  ["the reading", { operation: "ListPoliciesForUser", nth: 1 }],
  ["the second reading", { operation: "ListPoliciesForUser", nth: 2 }],
  ["AssumeRole", { operation: "AssumeRole" }],
  ["the write", { operation: "DetachPolicyFromUser" }],
  ["the reading back", { operation: "ListPoliciesForUser", nth: 3 }],
] as const;

describe.each(calls)("a fault of %s", (which, match) => {
  it.each(kinds)("(%s, once) leads to one write that holds", async (kind) => {
    await attach();
    account.sandbox.faults.inject({ match, kind });
    await deliverUntilDone(account.events("AttachPolicyToUser")[0]);
    await account.catchUp();
    expect(held()).toBe(false);
    expect(await outcomes()).toEqual(["reverted"]);
    // A second write only where the first surely was not carried out.
    const attempts = account.sandbox.calls.list().filter(({ operation }) => operation === "DetachPolicyFromUser");
    expect(account.events("DetachPolicyFromUser")).toHaveLength(1);
    const withEffect = ["server-error-after", "timeout-after", "cut-after", "stale-read", "empty"].includes(kind);
    expect(attempts).toHaveLength(which === "the write" && !withEffect ? 2 : 1);
    await account.flush();
    expect(account.messages()).toHaveLength(1);
  });

  it.each(["throttle", "concurrent-call", "html", "timeout-before"] as const)(
    "(%s) that lasts is waited out",
    async (kind) => {
      await attach();
      account.sandbox.faults.inject({ match, kind, times: which === "the write" ? 2 : 5 });
      await deliverUntilDone(account.events("AttachPolicyToUser")[0]);
      await account.flush();
      const [outcome] = await outcomes();
      if (which === "the write" && kind !== "throttle" && kind !== "concurrent-call") {
        // Sent twice, twice without effect: nobody knows why, so somebody has to look.
        expect(outcome).toBe("failed");
        expect(account.messages()[0]?.title).toMatch(/NOT put back/);
      } else {
        expect(held()).toBe(false);
        expect(outcome).toBe("reverted");
        expect(account.events("DetachPolicyFromUser")).toHaveLength(1);
      }
      expect(account.messages()).toHaveLength(1);
    },
  );
});

it("a write whose answer was lost, found done only by the second try, was still ours", async () => {
  await attach();
  account.sandbox.faults.inject({ match: { operation: "DetachPolicyFromUser" }, kind: "cut-after" });
  // All of the reading back is answered from before the write.
  account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser", nth: 3 }, kind: "stale-read", times: 9 });
  await account.deliver(account.events("AttachPolicyToUser")[0]);
  expect(await outcomes()).toEqual(["reverted"]);
  expect(account.events("DetachPolicyFromUser")).toHaveLength(1);
});

describe("a write that was lost, and a reading from before the attack", () => {
  const trust = async () => {
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
    await account.catchUp();
    account.clock.advance(60_000);
    await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
  };
  const trustNow = () =>
    account.sandbox.dump().roles?.find(({ roleName }) => roleName === "job")?.assumeRolePolicyDocument;
  const lost: readonly FaultKind[] = ["timeout-before", "cut-before", "server-error", "html"];

  it.each(lost)("(%s) are not taken for a grant that was taken back", async (kind) => {
    await attach();
    account.sandbox.faults.inject({ match: { operation: "DetachPolicyFromUser" }, kind });
    account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser", nth: 3 }, kind: "stale-read" });
    await deliverUntilDone(account.events("AttachPolicyToUser")[0]);
    expect(await outcomes()).toEqual(["reverted"]);
    expect(held()).toBe(false);
  });

  it.each(lost)("(%s) are not taken for a trust policy that was put back", async (kind) => {
    await trust();
    account.sandbox.faults.inject({ match: { operation: "UpdateRole" }, kind });
    account.sandbox.faults.inject({ match: { operation: "GetRole", nth: 3 }, kind: "stale-read" });
    await deliverUntilDone(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["reverted"]);
    expect(trustNow()).toBe(ciTrust);
  });

  it("are not taken for the first of two tries that took effect late", async () => {
    await attach();
    account.sandbox.faults.inject({ match: { operation: "DetachPolicyFromUser" }, kind: "timeout-before" });
    // All of the reading back shows the attack, and the reading before the second try is stale.
    account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser", nth: 12 }, kind: "stale-read" });
    await deliverUntilDone(account.events("AttachPolicyToUser")[0]);
    expect(await outcomes()).toEqual(["reverted"]);
    expect(held()).toBe(false);
  });

  it("are not taken for what a dead holder had done", async () => {
    await attach();
    const { world } = interrupted(account.world(), { at: 1, of: "send", when: "before", kind: "death" });
    account.wrap(() => world);
    const [event] = account.events("AttachPolicyToUser");
    expect((await account.deliver(event)).error).toBeDefined();
    account.wrap(undefined);
    account.clock.advance(120_001);
    account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser", nth: 1 }, kind: "stale-read" });
    await deliverUntilDone(event);
    expect(await outcomes()).toEqual(["reverted"]);
    expect(held()).toBe(false);
  });
});

it("an event that comes late is not told as ended by a single stale reading", async () => {
  await attach();
  account.clock.advance(180_000);
  account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser", nth: 1 }, kind: "stale-read" });
  await account.deliver(account.events("AttachPolicyToUser")[0]);
  expect(await outcomes()).toEqual(["reverted"]);
  expect(held()).toBe(false);
});

it("a key is not told as ended by a single stale reading, by an event that does not name it", async () => {
  await account.stop();
  account = await guardedAccount({ sandbox: { dropResponseElements: true } });
  await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
  account.clock.advance(180_000);
  account.sandbox.faults.inject({ match: { operation: "ListAccessKeys", nth: 1 }, kind: "stale-read" });
  await account.deliver(account.events("CreateAccessKey")[0]);
  expect(await outcomes()).toEqual(["contained"]);
});

it("a wait that the cloud asks for is not slept through under the lease where it is long", async () => {
  await attach();
  const slept: number[] = [];
  account.wrap((world) => ({
    ...world,
    clock: {
      ...world.clock,
      sleep: (ms) => {
        slept.push(ms);
        return world.clock.sleep(ms);
      },
    },
    act: async (id, planned) => {
      const session = await world.act(id, planned);
      if (!session.ok) return session;
      const operation = "Ram.DetachPolicyFromUser";
      const send = async () => failed({ kind: "throttled", operation, retryAfterMs: 86_400_000 } as const);
      return { ok: true, value: { ...session.value, send } };
    },
  }));
  const [event] = account.events("AttachPolicyToUser");
  const { error, receipt } = await account.deliver(event);
  expect(error?.name).toBe("Deferred");
  expect(receipt?.deferred).toMatchObject([{ retryAfterMs: 86_400_000 }]);
  expect(Math.max(0, ...slept)).toBeLessThanOrEqual(5_000);
  account.wrap(undefined);
  await deliverUntilDone(event);
  expect(await outcomes()).toEqual(["reverted"]);
});

it("reads that lag for long do not hide a change", async () => {
  await account.stop();
  account = await guardedAccount({ sandbox: { staleReadMs: 4_000 } });
  await attach();
  await account.catchUp();
  expect(held()).toBe(false);
  expect(await outcomes()).toEqual(["reverted"]);
  expect(account.events("DetachPolicyFromUser")).toHaveLength(1);
});

it("reads that lag do not hide a key that the event does not name", async () => {
  await account.stop();
  account = await guardedAccount({ sandbox: { staleReadMs: 4_000, dropResponseElements: true } });
  await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
  await account.catchUp();
  expect(await outcomes()).toEqual(["contained"]);
});

it("a history that cannot be read now is read at the next delivery", async () => {
  await account.as("administrator")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: ecsTrust });
  account.clock.advance(60_000);
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: openTrust });
  account.sandbox.faults.inject({ match: { operation: "LookupEvents" }, kind: "throttle", times: 4 });
  expect(await deliverUntilDone(account.events("UpdateRole")[1])).toEqual(["Deferred"]);
  expect(await outcomes()).toEqual(["reverted"]);
});

describe("a write that the acting role may not make", () => {
  const without = (policyName: string): void => {
    const snapshot = account.sandbox.dump({ secrets: true });
    account.sandbox.load({
      ...snapshot,
      attachments: snapshot.attachments?.filter((link) => link.policyName !== policyName) ?? [],
    });
  };

  it("is told as not put back, and not tried for ever", async () => {
    without("ram-warden-acting");
    await attach();
    expect(await deliverUntilDone(account.events("AttachPolicyToUser")[0])).toEqual([]);
    expect(await account.incidents()).toMatchObject([
      { outcome: { kind: "failed", because: expect.stringMatching(/DetachPolicyFromUser.*NoPermission/) } },
    ]);
    expect(account.messages()[0]?.title).toMatch(/NOT put back/);
    expect(account.messages()[0]?.text).not.toMatch(/warden undo/);
    expect(held()).toBe(true);
  });

  it("because it may not be assumed, is told as well", async () => {
    without("ram-warden-looking");
    // Without that policy the looking role reads nothing either: the event alone is told.
    await attach();
    await deliverUntilDone(account.events("AttachPolicyToUser")[0]);
    expect(await account.incidents()).toMatchObject([
      { outcome: { kind: "alerted" }, because: { kind: "unreadable" } },
    ]);
    expect(account.messages()).toHaveLength(1);
  });
});

describe("a robot that does not take a message", () => {
  it.each(["throttled", "http-500", "html"] as const)("(%s) gets it later, once", async (wrong) => {
    account.robot.misbehave(wrong);
    await attach();
    await account.catchUp();
    expect(await outcomes()).toEqual(["reverted"]);
    expect(account.messages()).toEqual([]);
    await account.flush();
    await account.flush();
    expect(account.messages()).toHaveLength(1);
  });

  it.each(["silent", "cut", "no-errcode"] as const)("(%s) and may have it, gets it again, marked", async (wrong) => {
    const world = account.world();
    expect(world.channels).toHaveLength(1);
    account.wrap((inner) => ({
      ...inner,
      channels: inner.channels.map((channel) => ({
        ...channel,
        // A robot that says nothing costs ten seconds of real time otherwise.
        send: (message) =>
          wrong === "silent"
            ? Promise.race([
                channel.send(message),
                new Promise<{ kind: "unknown"; because: string }>((resolve) =>
                  setTimeout(() => resolve({ kind: "unknown", because: "no answer" }), 300),
                ),
              ])
            : channel.send(message),
      })),
    }));
    account.robot.misbehave(wrong);
    await attach();
    await account.catchUp();
    await account.flush();
    await account.flush();
    const titles = account.messages().map(({ title }) => title);
    expect(titles).toHaveLength(2);
    expect(titles[0]).not.toMatch(/may be a repeat/);
    expect(titles[1]).toMatch(/may be a repeat/);
  });

  it("for a whole day still gets it", async () => {
    account.wrap((world) => ({
      ...world,
      channels: world.channels.map((channel) => ({
        ...channel,
        send: async () => ({ kind: "retry", afterMs: 30_000, because: "down" }) as const,
      })),
    }));
    await attach();
    await account.catchUp();
    for (let hour = 0; hour < 24; hour += 1) await account.flush();
    account.wrap(undefined);
    await account.flush();
    expect(account.messages()).toHaveLength(1);
  });
});

describe("a state store that does not answer", () => {
  it.each(["get", "putIfAbsent", "compareAndSet"] as const)(
    "(%s) is tried again, and nothing is half done",
    async (method) => {
      await attach();
      account.wrap((world) => ({
        ...world,
        state: {
          ...world.state,
          [method]: () => Promise.reject(new StoreUnavailable("the state store does not answer")),
        },
      }));
      const [event] = account.events("AttachPolicyToUser");
      const { error } = await account.deliver(event);
      expect(error?.name).toBe("StoreUnavailable");
      expect(account.actingWrites()).toEqual([]);
      expect(account.messages()).toEqual([]);
      account.wrap(undefined);
      account.clock.advance(120_001);
      await deliverUntilDone(event);
      expect(held()).toBe(false);
      expect(await outcomes()).toEqual(["reverted"]);
    },
  );
});
