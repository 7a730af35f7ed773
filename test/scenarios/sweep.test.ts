import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { readBaseline } from "../../shared/ledger/baselines.ts";
import { listDeferred } from "../../shared/ledger/deferred.ts";
import { readHeartbeat } from "../../shared/ledger/heartbeat.ts";
import { takeLease } from "../../shared/ledger/lease.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { SweepReport } from "../../shared/sweep.ts";
import { sweepLease } from "../../shared/sweep-leftovers.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";
import { interrupted } from "../support/interruptions.ts";
import { swept } from "../support/swept.ts";

const minute = 60_000;
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let on: GuardedAccount;
beforeEach(async () => {
  on = await guardedAccount();
});
afterEach(() => on.stop());

/** What became of each change; that nobody hands anything to the guard is a matter of its own. */
const outcomes = async () =>
  (await on.incidents())
    .filter(({ findings }) => findings[0]?.rule !== "RAM.GuardSilent")
    .map(({ events, outcome }) => [events[0]?.operation, outcome?.kind] as const);

const trustOfRole = (name: string) =>
  on.sandbox.dump().roles?.find(({ roleName }) => roleName === name)?.assumeRolePolicyDocument;

const attach = (UserName = "alice") => on.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName });

/** Changes the account as nobody's call would: nothing of it is in the audit trail. */
const behindTheTrail = (change: (snapshot: Snapshot) => Snapshot): void => {
  on.sandbox.load(change(on.sandbox.dump({ secrets: true })));
};

const withTrust =
  (name: string, assumeRolePolicyDocument: string) =>
  (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    roles: (snapshot.roles ?? []).map((role) =>
      role.roleName === name ? { ...role, assumeRolePolicyDocument } : role,
    ),
  });

describe("what no event told", () => {
  it("is judged all the same, in order of time over the services", async () => {
    await attach();
    on.clock.advance(1_000);
    await on.as("mallory")("Ims", "CreateAccessKey", { UserPrincipalName: `alice@${accountId}.onaliyun.com` });
    on.clock.advance(1_000);
    await on.as("mallory")("ResourceManager", "AttachPolicy", {
      ...admin,
      PrincipalType: "IMSGroup",
      PrincipalName: "staff@group.example.onaliyun.com",
      ResourceGroupId: accountId,
    });
    on.clock.advance(1_000);
    await on.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "plain" });
    on.clock.advance(5 * minute);
    const report = swept(await on.sweep());
    expect(report.finished).toBe(true);
    expect(report.caughtUp).toMatchObject({ events: 4, decided: 4, deferred: 0 });
    expect(await outcomes()).toEqual([
      ["Ram.AttachPolicyToUser", "reverted"],
      ["Ims.CreateAccessKey", "contained"],
      ["ResourceManager.AttachPolicy", "reverted"],
      ["Ram.AttachPolicyToRole", "reverted"],
    ]);
    expect(on.messages()).toHaveLength(4);
    // And what the guard is handed after all is passed over, our own writes included.
    for (const { passedOver, decisions } of await on.catchUp())
      expect([decisions.length, passedOver.length]).toEqual([0, 1]);
    expect(on.messages()).toHaveLength(4);
  });

  it("is left to the guard for a minute", async () => {
    await attach();
    expect(swept(await on.sweep()).caughtUp.events).toBe(0);
    expect(await on.incidents()).toEqual([]);
    on.clock.advance(minute + 1_000);
    expect(swept(await on.sweep()).caughtUp.events).toBe(1);
  });

  it("is seen although the audit trail shows it late, and looked at once", async () => {
    await on.stop();
    on = await guardedAccount({ sandbox: { lookupDelayMs: 10 * minute } });
    await on.sweep();
    on.clock.advance(minute);
    await attach();
    const seen: number[] = [];
    for (let tick = 0; tick < 60; tick += 1) {
      on.clock.advance(minute);
      seen.push(swept(await on.sweep()).caughtUp.decided);
    }
    expect(seen.filter((decided) => decided > 0)).toEqual([1]);
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
  });

  it("is kept and tried again when it cannot be judged now", async () => {
    await attach();
    on.clock.advance(2 * minute);
    on.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser" }, kind: "throttle", times: 4 });
    expect(swept(await on.sweep()).caughtUp).toMatchObject({ events: 1, decided: 0, deferred: 1 });
    expect(await listDeferred(on.world().state, accountId)).toHaveLength(1);
    // Long after what is looked at again anyway.
    on.clock.advance(300 * minute);
    expect(swept(await on.sweep()).retried).toEqual({ tried: 1, waiting: 0, problems: [] });
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
    expect(await listDeferred(on.world().state, accountId)).toEqual([]);
  });

  it("of one service does not wait for the history of another", async () => {
    await attach();
    on.clock.advance(2 * minute);
    on.wrap((world) => ({
      ...world,
      trail: async (query, token) =>
        query.service === "Ims"
          ? { ok: false, error: { kind: "forbidden", operation: "ActionTrail.LookupEvents", code: "NoPermission" } }
          : world.trail(query, token),
    }));
    const report = swept(await on.sweep());
    expect(report.finished).toBe(false);
    expect(report.problems).toEqual([expect.stringContaining("the history of Ims could not be read")]);
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
    // Ims goes on from where it stood.
    await on.as("mallory")("Ims", "CreateAccessKey", { UserPrincipalName: `alice@${accountId}.onaliyun.com` });
    for (let tick = 0; tick < 10; tick += 1) {
      on.clock.advance(10 * minute);
      await on.sweep();
    }
    on.wrap(undefined);
    await on.sweep();
    expect(await outcomes()).toContainEqual(["Ims.CreateAccessKey", "contained"]);
  });
});

describe("a tick that runs out of time", () => {
  it("goes on from where it stopped, and loses nothing", async () => {
    const users = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    for (const UserName of users) {
      await on.as("administrator")("Ram", "CreateUser", { UserName });
      await attach(UserName);
      on.clock.advance(1_000);
    }
    on.clock.advance(2 * minute);
    on.wrap((world) => ({
      ...world,
      read: async (subject) => {
        on.clock.advance(300);
        return world.read(subject);
      },
    }));
    let ticks = 0;
    const decided: number[] = [];
    for (; ticks < 100; ticks += 1) {
      // Time for one or two events, and for the pages before them.
      const report = swept(await on.sweep(2_000));
      decided.push(report.caughtUp.decided);
      if (report.finished) break;
    }
    expect(ticks).toBeGreaterThan(3);
    // Twelve users who were made, and the twelve grants that each got.
    expect(decided.reduce((sum, one) => sum + one, 0)).toBe(24);
    const left = on.sandbox.dump().attachments?.filter(({ principalName }) => users.includes(principalName));
    expect(left).toEqual([]);
  });
});

describe("two sweeps at once", () => {
  it("do no harm: the second goes away", async () => {
    await attach();
    on.clock.advance(2 * minute);
    const both = await Promise.all([on.sweep(), on.sweep()]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["busy", "swept"]);
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
  });

  it("and one that died does not keep the next from its work for long", async () => {
    await attach();
    on.clock.advance(2 * minute);
    on.wrap((world) => interrupted(world, { at: 25, when: "after", kind: "death" }).world);
    await expect(on.sweep()).rejects.toThrow("interrupted");
    on.wrap(undefined);
    expect(await on.sweep()).toMatchObject({ kind: "busy" });
    on.clock.advance(3 * minute + 1);
    await on.sweep();
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
    expect(on.actingWrites()).toHaveLength(1);
  });
});

describe("a sweep that takes long", () => {
  /** Each look at a subject takes half a minute; `meanwhile` is done after each. */
  const slowly = (meanwhile: () => Promise<void>): void =>
    on.wrap((world) => ({
      ...world,
      read: async (subject) => {
        on.clock.advance(minute / 2);
        await meanwhile();
        return world.read(subject);
      },
    }));

  it("keeps others away for as long as it works, and no longer", async () => {
    const { state } = on.world();
    const tries: boolean[] = [];
    slowly(async () => {
      const { taken } = await takeLease(state, on.clock, accountId, sweepLease, `other-${tries.length}`, 1);
      tries.push(taken);
    });
    expect(await on.sweep()).toMatchObject({ kind: "swept" });
    expect(tries.length).toBeGreaterThan(8);
    expect(tries).not.toContain(true);
    on.wrap(undefined);
    expect(await on.sweep()).toMatchObject({ kind: "swept" });
  });

  it("ends once another has its place", async () => {
    const { state } = on.world();
    let looks = 0;
    slowly(async () => {
      looks += 1;
      if (looks === 2) on.clock.advance(4 * minute);
      if (looks === 2) await takeLease(state, on.clock, accountId, sweepLease, "another", 20 * minute);
    });
    expect(await on.sweep()).toMatchObject({ kind: "swept", finished: false });
    expect(looks).toBeLessThan(6);
    on.wrap(undefined);
    // The other one's lease was left alone.
    expect(await on.sweep()).toMatchObject({ kind: "busy" });
  });
});

describe("what was left half done", () => {
  it("is judged anew by what its event claimed, though its subject stood otherwise by then", async () => {
    await on.stop();
    on = await guardedAccount({
      settings: "pipelines: [user/administrator]\nrules: { RAM.ChangeOutsidePipeline: { response: revert } }",
    });
    await on.sweep();
    const update = (who: string, trust: string, description: string) =>
      on.as(who)("Ram", "UpdateRole", {
        RoleName: "ci",
        NewAssumeRolePolicyDocument: trust,
        NewDescription: description,
      });
    // Within one second: who opens it to a stranger, and a pipeline that closes it again.
    await update("mallory", openTrust, "open");
    await update("administrator", ecsTrust, "closed");
    const [opened, closed] = on.events("UpdateRole");
    on.wrap((world) => {
      let isDead = false;
      const { state } = world;
      const alive = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
        if (isDead) throw new StoreUnavailable("no answer");
        return run();
      };
      return {
        ...world,
        state: {
          get: (key) => alive(() => state.get(key)),
          list: (...given) => alive(() => state.list(...given)),
          delete: (...given) => alive(() => state.delete(...given)),
          compareAndSet: (...given) => alive(() => state.compareAndSet(...given)),
          putIfAbsent: (key, ...given) =>
            alive(async () => {
              const put = await state.putIfAbsent(key, ...given);
              isDead = key.startsWith("incident/");
              return put;
            }),
        },
      };
    });
    await on.deliver(opened);
    on.wrap(undefined);
    expect((await on.incidents()).map(({ status }) => status)).toEqual(["intended"]);
    await on.deliver(closed);
    on.clock.advance(leaseMs + 1);
    await on.sweep();
    const told = (await on.incidents()).filter(({ events }) => events[0]?.eventId === opened?.eventId);
    expect(told.map(({ outcome }) => outcome?.kind)).toEqual(["transient"]);
    expect(told[0]?.findings.map(({ rule }) => rule)).toContain("RAM.TrustForeignAccount");
    expect(on.messages().some(({ text }) => text.includes("mallory"))).toBe(true);
  });

  it.each(["before", "after"] as const)(
    "is finished without an event when its holder died %s the write",
    async (when) => {
      await on.sweep();
      await attach();
      const [event] = on.events();
      on.wrap((world) => interrupted(world, { of: "send", at: 1, when, kind: "death" }).world);
      await on.deliver(event);
      on.wrap((world) => ({ ...world, trail: async () => ({ ok: true, value: { events: [] } }) }));
      on.clock.advance(leaseMs + 1);
      const report = swept(await on.sweep());
      expect(report.leftovers).toEqual({ found: 1, finished: 1, judgedAnew: when === "before" ? 1 : 0 });
      expect(report.caughtUp.events).toBe(0);
      expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "reverted"]]);
      expect(on.actingWrites()).toHaveLength(1);
      expect(on.messages()).toHaveLength(1);
      on.wrap(undefined);
      // The platform brings the event again; it is dealt with.
      const { receipt } = await on.deliver(event);
      expect(receipt).toMatchObject({ decisions: [], passedOver: [{ reason: "dealt with before: reverted" }] });
    },
  );

  it("and is left alone while its holder may be at work", async () => {
    await attach();
    on.wrap((world) => interrupted(world, { of: "send", at: 1, when: "after", kind: "death" }).world);
    await on.deliver(on.events()[0]);
    on.wrap(undefined);
    expect(swept(await on.sweep()).leftovers).toMatchObject({ finished: 0, judgedAnew: 0 });
  });
});

describe("what was believed too soon", () => {
  it("is looked at again: a reading that lags showed a grant as gone", async () => {
    await on.stop();
    on = await guardedAccount({ sandbox: { staleReadMs: 40_000 } });
    await on.sweep();
    on.clock.advance(60_000);
    await attach();
    await on.deliver(on.events()[0]);
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "transient"]]);
    on.clock.advance(3 * minute);
    expect(swept(await on.sweep()).again).toEqual({ due: 1, acted: 1 });
    expect(await outcomes()).toEqual([
      ["Ram.AttachPolicyToUser", "transient"],
      ["Ram.AttachPolicyToUser", "reverted"],
    ]);
    for (let tick = 0; tick < 5; tick += 1) {
      on.clock.advance(3 * minute);
      await on.sweep();
    }
    expect(await outcomes()).toHaveLength(2);
    expect(on.actingWrites()).toHaveLength(1);
  });

  it("and nothing is added where it was true", async () => {
    await attach();
    await on.as("administrator")("Ram", "DetachPolicyFromUser", { ...admin, UserName: "alice" });
    await on.deliver(on.events("AttachPolicyToUser")[0]);
    on.clock.advance(3 * minute);
    expect(swept(await on.sweep()).again).toEqual({ due: 1, acted: 0 });
    expect(await outcomes()).toEqual([["Ram.AttachPolicyToUser", "transient"]]);
    expect(on.messages()).toHaveLength(1);
  });
});

it("an intent that came into the ledger after its lease was taken over is found and finished", async () => {
  await on.sweep();
  await attach();
  await on.deliver(on.events()[0]);
  const [settled] = await on.incidents();
  if (settled === undefined) throw new Error("there is an incident");
  const { outcome: _, settledAt: __, ...rest } = settled;
  await on.ledger.open({ ...rest, id: "01a00000-0000-7000-8000-000000000000", status: "intended", callsMade: [] });
  const report = swept(await on.sweep());
  expect(report.leftovers).toMatchObject({ found: 1, finished: 1 });
  expect((await on.ledger.incidents()).every(({ status }) => status === "settled")).toBe(true);
  expect(swept(await on.sweep()).leftovers.found).toBe(0);
  expect(on.actingWrites()).toHaveLength(1);
});

describe("roles", () => {
  const overHours = async (hours: number) => {
    const reports: SweepReport[] = [];
    for (let tick = 0; tick < hours * 6; tick += 1) {
      on.clock.advance(10 * minute);
      reports.push(swept(await on.sweep()));
    }
    return reports;
  };

  it("that changed without an event are judged as changes that nobody is known to have made, once", async () => {
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    behindTheTrail(withTrust("Deploy", openTrust));
    await overHours(4);
    expect(trustOfRole("Deploy")).toBe(ciTrust);
    const [incident, ...others] = await on.incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ outcome: { kind: "reverted" }, before: { provenance: "baseline" } });
    expect(incident?.actor).toBeUndefined();
    expect(on.messages().filter(({ title }) => title.includes("put back"))).toHaveLength(1);
  });

  it("that changed so again are judged again", async () => {
    await takeFirstSight(on.world(), on.config);
    for (let time = 1; time <= 2; time += 1) {
      on.clock.advance(minute);
      behindTheTrail(withTrust("Deploy", openTrust));
      await overHours(3);
      expect(trustOfRole("Deploy")).toBe(ciTrust);
      expect(await on.incidents()).toHaveLength(time);
    }
  });

  it("that may not be written to are told of once", async () => {
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    behindTheTrail(withTrust("break-glass", openTrust));
    await overHours(6);
    expect(trustOfRole("break-glass")).toBe(openTrust);
    expect(await outcomes()).toEqual([["Ram.GetRole", "alerted"]]);
  });

  it("that an event explains are that event's matter", async () => {
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    await on.as("mallory")("Ram", "UpdateRole", { RoleName: "break-glass", NewAssumeRolePolicyDocument: openTrust });
    await on.catchUp();
    await overHours(4);
    expect(await outcomes()).toEqual([["Ram.UpdateRole", "alerted"]]);
  });

  it("that changed without breaking a rule are taken as they stand", async () => {
    const wider = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["ecs.aliyuncs.com"] });
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    behindTheTrail(withTrust("Deploy", wider));
    await overHours(4);
    expect(await on.incidents()).toEqual([]);
    const baseline = await readBaseline(on.world().state, accountId, `${accountId}/role-trust/deploy`);
    expect(baseline?.state).toMatchObject({ document: wider });
  });

  it("without a baseline get one, each walk beginning where the last stopped", async () => {
    const reports = [swept(await on.sweep(1)), swept(await on.sweep(2_400)), swept(await on.sweep())];
    const accepted = reports.map(({ subjects }) => subjects.accepted);
    expect(accepted[0]).toBe(0);
    expect(accepted[1]).toBeGreaterThan(0);
    expect(reports.map(({ subjects }) => subjects.finished)).toEqual([false, false, true]);
    const looked = reports.reduce((sum, { subjects }) => sum + subjects.looked, 0);
    // The account has no resource directory, and so no switch of its control policies; one policy breaks a rule as it stands.
    expect(looked).toBe(accepted.reduce((sum, one) => sum + one, 2));
    expect(looked).toBeGreaterThan((on.sandbox.dump().roles?.length ?? 0) + (on.sandbox.dump().users?.length ?? 0));
    expect(swept(await on.sweep()).subjects.looked).toBe(0);
  });

  it("are not accepted as a change left them whose event is still on its way", async () => {
    const own = (principal: string) =>
      `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::${accountId}:${principal}"]}}]}`;
    await on.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: own("role/ci") });
    on.clock.advance(10 * minute);
    await on.as("mallory")("Ram", "UpdateRole", {
      RoleName: "job",
      NewAssumeRolePolicyDocument: own("user/mallory"),
    });
    on.clock.advance(2_000);
    // First sight comes before the events do, and finds nothing wrong with the role.
    await takeFirstSight(on.world(), on.config);
    await on.deliver(on.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual([["Ram.UpdateRole", "reverted"]]);
    expect(trustOfRole("job")).toBe(own("role/ci"));
  });
});

describe("every kind of subject", () => {
  const strict = "rules: { RAM.ChangeOutsidePipeline: { response: revert } }";
  const overHours = async (hours: number) => {
    for (let tick = 0; tick < hours * 6; tick += 1) {
      on.clock.advance(10 * minute);
      await on.sweep();
    }
  };
  const guarded = async (more: string) => {
    await on.stop();
    on = await guardedAccount({ settings: more });
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
  };
  const withUser =
    (name: string, change: (user: NonNullable<Snapshot["users"]>[number]) => NonNullable<Snapshot["users"]>[number]) =>
    (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      users: (snapshot.users ?? []).map((user) => (user.userName === name ? change(user) : user)),
    });
  const lookedAt = async () =>
    (await on.incidents()).map(({ events, outcome }) => [events[0]?.operation, outcome?.kind]);

  it("that changed without an event is judged, and put back where it can be", async () => {
    await guarded(strict);
    behindTheTrail((snapshot) => ({
      ...snapshot,
      passwordPolicy: { ...snapshot.passwordPolicy, MinimumPasswordLength: 6 },
    }));
    behindTheTrail(withUser("alice", (user) => ({ ...user, displayName: "somebody else" })));
    const before = on.sandbox.dump().passwordPolicy;
    await overHours(3);
    expect((await lookedAt()).sort()).toEqual([
      ["Ims.GetPasswordPolicy", "reverted"],
      ["Ims.GetUser", "reverted"],
    ]);
    expect(before).toMatchObject({ MinimumPasswordLength: 6 });
    expect(on.sandbox.dump().passwordPolicy).not.toEqual(before);
    expect(on.sandbox.dump().users?.find(({ userName }) => userName === "alice")?.displayName).not.toBe(
      "somebody else",
    );
  });

  it("that an event explains is that event's matter, and so is one of a part of it", async () => {
    await on.stop();
    on = await guardedAccount({ settings: strict.replace("revert", "alert") });
    const admin = on.as("administrator");
    await admin("Ims", "CreateApplication", {
      AppName: "portal",
      DisplayName: "portal",
      AppType: "WebApp",
      RedirectUris: "https://portal.example/cb",
    });
    const { AppId } = on.sandbox.dump().applications?.map(({ appId }) => ({ AppId: appId }))[0] ?? {};
    on.clock.advance(2 * minute);
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    await admin("Ims", "CreateAppSecret", { AppId: AppId ?? "" });
    await admin("Ram", "UpdateUser", { UserName: "alice", NewDisplayName: "Alice" });
    await on.catchUp();
    const told = (await lookedAt()).length;
    await overHours(3);
    expect(await lookedAt()).toHaveLength(told);
  });

  it("that breaks no rule is taken as it stands", async () => {
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    behindTheTrail(withUser("alice", (user) => ({ ...user, displayName: "Alice A." })));
    await overHours(2);
    expect(await lookedAt()).toEqual([]);
    const baseline = await readBaseline(on.world().state, accountId, `${accountId}/user/alice`);
    expect(baseline).toMatchObject({ source: "event", state: { displayName: "Alice A." } });
  });

  it("a key that was put in use again without an event is put out of use again", async () => {
    const key = (status: "Active" | "Inactive") =>
      withUser("alice", (user) => ({
        ...user,
        accessKeys: (user.accessKeys ?? []).map((one) => ({ ...one, status })),
      }));
    behindTheTrail(key("Inactive"));
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    behindTheTrail(key("Active"));
    await overHours(3);
    expect(await lookedAt()).toEqual([["Ram.ListAccessKeys", "contained"]]);
    const alice = on.sandbox.dump().users?.find(({ userName }) => userName === "alice");
    expect(alice?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive"]);
  });

  it("that may not be read is left out, with one line for its kind, and does not keep the others from being looked at", async () => {
    on.wrap((world) => ({
      ...world,
      inventory: async (kind, cursor) =>
        kind === "group"
          ? { ok: false, error: { kind: "forbidden", operation: "Ims.ListGroups", code: "NoPermission" } }
          : world.inventory(kind, cursor),
      read: async (ref) =>
        ref.kind === "role-trust"
          ? { ok: false, error: { kind: "forbidden", operation: "Ram.GetRole", code: "NoPermission" } }
          : world.read(ref),
    }));
    const { subjects } = swept(await on.sweep());
    expect(subjects.finished).toBe(true);
    expect(subjects.accepted).toBeGreaterThan(10);
    expect(subjects.problems).toEqual([
      expect.stringMatching(
        /^`trust policy of role .*` could not be read: Ram.GetRole ended `forbidden`.*; nor could 8 more$/,
      ),
      expect.stringMatching(/^what there is of `group` could not be listed: Ims.ListGroups ended `forbidden`/),
    ]);
    expect(swept(await on.sweep()).subjects).toMatchObject({ looked: 0, problems: [] });
  });

  it("whose list is throttled is waited for", async () => {
    on.sandbox.faults.inject({ match: { operation: "ListGroups" }, kind: "throttle", times: 4 });
    const first = swept(await on.sweep()).subjects;
    expect(first).toMatchObject({
      finished: false,
      problems: [expect.stringContaining("`group` could not be listed")],
    });
    const second = swept(await on.sweep()).subjects;
    expect(second).toMatchObject({ finished: true, problems: [] });
    expect(await readBaseline(on.world().state, accountId, `${accountId}/group/staff`)).toBeDefined();
  });

  it("of many is looked at over many ticks, each thing once, and never faster than the pace", async () => {
    for (let user = 0; user < 40; user += 1)
      await on.as("provisioner")("Ram", "CreateUser", { UserName: `user-${user}` });
    // What the events ask for is not paced: only the walk is.
    await on.catchUp();
    on.clock.advance(minute);
    on.sandbox.calls.clear();
    let [looked, ticks, finished] = [0, 0, false];
    while (!finished) {
      const from = on.clock.now();
      const before = on.sandbox.calls.list().length;
      const { subjects } = swept(await on.sweep(3_000));
      const calls = on.sandbox.calls
        .list()
        .slice(before)
        .filter(({ operation }) => operation !== "LookupEvents");
      expect(on.clock.now() - from).toBeGreaterThan(calls.length * 100);
      looked += subjects.looked;
      ticks += 1;
      finished = subjects.finished;
    }
    expect(ticks).toBeGreaterThan(3);
    const rows = await on.world().state.list(`baseline/${accountId}/`, { limit: 200 });
    // One of them is gone: the switch of a directory that the account does not have. One policy breaks a rule as it stands.
    expect(looked).toBe(rows.rows.length + 2);
  });

  it("a first sight does not hold against a key or a user that it was made once", async () => {
    await guarded(strict);
    const seen = await takeFirstSight(on.world(), on.config);
    expect(seen).toMatchObject({ ok: true, value: { accepted: 0, broken: ["custom policy disguised"], problems: [] } });
    expect(await readBaseline(on.world().state, accountId, `${accountId}/access-key/LTAIalice`)).toBeDefined();
  });
});

describe("signs of life", () => {
  it("are left by the sweep, with what it did", async () => {
    await attach();
    on.clock.advance(2 * minute);
    await on.sweep();
    const sign = await readHeartbeat<SweepReport>(on.world().state, accountId, "sweep");
    expect(on.clock.now() - (sign?.at ?? 0)).toBeLessThan(minute);
    expect(sign?.did).toMatchObject({ kind: "swept", caughtUp: { events: 1, decided: 1 } });
  });

  const silent = async () =>
    (await on.incidents()).filter(({ findings }) => findings[0]?.rule === "RAM.GuardSilent").length;

  it("that the guard does not give are missed once, and again when it falls silent again", async () => {
    const hour = async () => {
      for (let tick = 0; tick < 12; tick += 1) {
        on.clock.advance(5 * minute);
        await on.sweep();
      }
    };
    await attach();
    await hour();
    expect(await silent()).toBe(1);
    await attach();
    await hour();
    expect(await silent()).toBe(1);
    // The guard comes to life.
    await attach();
    await on.catchUp();
    await hour();
    expect(await silent()).toBe(1);
    await attach();
    await hour();
    await hour();
    expect(await silent()).toBe(2);
    expect(on.messages().filter(({ title }) => title.includes("handed no events"))).toHaveLength(2);
  });

  it("that the guard did not give are told where the sweep died before it could, though the guard is back by then", async () => {
    await attach();
    on.clock.advance(2 * minute);
    await on.sweep();
    on.skipAll();
    on.clock.advance(40 * minute);
    on.wrap((world) => ({
      ...world,
      state: {
        ...world.state,
        putIfAbsent: async (key, ...given) => {
          if (key.startsWith("outbox/")) throw new StoreUnavailable("no answer");
          return world.state.putIfAbsent(key, ...given);
        },
      },
    }));
    await expect(on.sweep()).rejects.toThrow(StoreUnavailable);
    on.wrap((world) => world);
    await attach();
    await on.catchUp();
    await on.sweep();
    await on.sweep();
    expect(await silent()).toBe(1);
    expect(on.messages().filter(({ title }) => title.includes("handed no events"))).toHaveLength(1);
  });

  it("are not missed while nothing happens, nor while the guard is handed what does", async () => {
    for (let tick = 0; tick < 40; tick += 1) {
      if (tick % 4 === 0) {
        await attach();
        await on.catchUp();
      }
      on.clock.advance(5 * minute);
      await on.sweep();
    }
    const rules = (await on.incidents()).map(({ findings }) => findings[0]?.rule);
    expect(rules).not.toContain("RAM.GuardSilent");
    const others = (await on.incidents()).filter(({ findings }) => findings[0]?.rule !== "RAM.RevertUndone");
    expect(others).toHaveLength(10);
    expect(others.every(({ outcome }) => outcome?.kind === "reverted")).toBe(true);
  });
});
