import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CloudError } from "../../shared/domain/cloud-error.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { listDeferred } from "../../shared/ledger/deferred.ts";
import { openDrifts } from "../../shared/ledger/drift.ts";
import { dueRechecks, keepRecheck } from "../../shared/ledger/rechecks.ts";
import type { SweepReport } from "../../shared/sweep.ts";
import { accountId, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";
import { swept } from "../support/swept.ts";

const minute = 60_000;
const hour = 60 * minute;
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };

let on: GuardedAccount;
beforeEach(async () => {
  on = await guardedAccount();
});
afterEach(() => on.stop());

const tick = async (): Promise<SweepReport> => swept(await on.sweep(450_000));

const administers = (): boolean =>
  (on.sandbox.dump().attachments ?? []).some(
    ({ principalName, policyName }) => principalName === "alice" && policyName === "AdministratorAccess",
  );

/** EventBridge loses it: it is for the sweep to find. */
const attackUnseen = async (): Promise<void> => {
  await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
  on.skipAll();
  on.clock.advance(2 * minute);
};

const addProviders = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    on.clock.advance(1_000);
    await on.as("administrator")("Ims", "CreateOIDCProvider", {
      OIDCProviderName: `idp-${n}`,
      IssuerUrl: `https://idp-${n}.example.com`,
      Fingerprints: "902ef2deeb3c5b13ea4c3d5193629309e231ae55",
      ClientIds: "a",
    });
  }
  on.skipAll();
};

const unreachable: CloudError = { kind: "unreachable", operation: "Ims.GetOIDCProvider", code: "ReadTimeout" };
let reads: string[] = [];

/** Readings of some kind keep us waiting, and come to nothing. */
const silence = (kind: string, forMs = 10_000): void =>
  on.wrap((world) => ({
    ...world,
    read: async (ref) => {
      if (ref.kind !== kind) return world.read(ref);
      reads.push(JSON.stringify(ref));
      await on.clock.sleep(forMs);
      return { ok: false, error: unreachable };
    },
  }));
beforeEach(() => {
  reads = [];
});

describe("a service that does not answer", () => {
  it("keeps nobody from being judged whose service does, and is asked twice in a tick", async () => {
    await tick();
    await addProviders(50);
    silence("oidc-provider");
    on.clock.advance(2 * minute);
    const first = await tick();
    expect(first.caughtUp).toMatchObject({ events: 50, deferred: 50, finished: true });
    expect(first.tookMs).toBeLessThan(2 * minute);
    await attackUnseen();
    reads = [];
    const second = await tick();
    expect(administers()).toBe(false);
    expect(second.retried).toMatchObject({ tried: 2, waiting: 50 });
    expect(new Set(reads).size).toBeLessThanOrEqual(3);
  });

  it("has all of its records judged once it answers again", async () => {
    await tick();
    await addProviders(5);
    silence("oidc-provider");
    for (let n = 0; n < 5; n += 1) {
      on.clock.advance(2 * minute);
      await tick();
    }
    expect(await listDeferred(on.world().state, accountId)).toHaveLength(5);
    on.wrap(undefined);
    on.clock.advance(30 * minute);
    await tick();
    expect(await listDeferred(on.world().state, accountId)).toEqual([]);
  });

  it("is tried again later each time, half an hour at the most", async () => {
    await tick();
    await addProviders(1);
    silence("oidc-provider", 0);
    on.clock.advance(2 * minute);
    const tries: number[] = [];
    for (let n = 0; n < 360; n += 1) {
      on.clock.advance(30_000);
      if ((await tick()).retried.tried > 0) tries.push(n);
    }
    const gaps = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
    // Ticks are half a minute apart, and a walk takes some of it.
    expect(gaps[0]).toBeLessThanOrEqual(2);
    const growing = gaps.slice(0, 7);
    expect(growing).toEqual([...growing].sort((a, b) => a - b));
    expect(Math.max(...gaps)).toBeGreaterThan(50);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61);
  });

  it("is not given more than a part of a tick, however slow what succeeds is", async () => {
    await tick();
    await addProviders(60);
    silence("oidc-provider", 0);
    on.clock.advance(2 * minute);
    await tick();
    // It answers again, but takes its time, so that nothing is in vain.
    on.wrap((world) => ({
      ...world,
      read: async (ref) => {
        if (ref.kind === "oidc-provider") await on.clock.sleep(5_000);
        return world.read(ref);
      },
    }));
    await attackUnseen();
    const report = await tick();
    expect(report.retried.tried).toBeGreaterThan(2);
    expect(report.retried.waiting).toBeGreaterThan(40);
    expect(administers()).toBe(false);
  });
});

it("subjects that cannot be looked at again keep nobody from being judged, and are put off", async () => {
  await tick();
  const { state } = on.world();
  const event = {
    requestId: "r",
    operation: "Ims.UpdateOIDCProvider",
    occurredAt: on.clock.now(),
    accountId,
    actor: undefined,
    claimed: undefined,
    effect: "changed",
  } as const;
  for (let n = 0; n < 50; n += 1) {
    const subject = { kind: "oidc-provider", accountId, providerName: `idp-${n}` } as const;
    await keepRecheck(state, accountId, `idp-${n}`, { ...event, eventId: `e-${n}`, subject } as never, on.clock.now());
  }
  silence("oidc-provider");
  await attackUnseen();
  expect((await tick()).again).toEqual({ due: 50, acted: 0 });
  expect(administers()).toBe(false);
  expect(await dueRechecks(state, accountId, on.clock.now())).toHaveLength(48);
  // Those that have waited longest come first: each has its turn.
  for (let n = 0; n < 24; n += 1) await tick();
  expect(new Set(reads).size).toBe(50);
});

describe("a walk", () => {
  const dueWalk = async (): Promise<void> => {
    await takeFirstSight(on.world(), on.config);
    await tick();
    on.clock.advance(hour + minute);
  };

  it("leaves out a subject that cannot be read in three ticks", async () => {
    await dueWalk();
    on.wrap((world) => ({
      ...world,
      read: async (ref) =>
        ref.kind === "role-trust" && ref.roleName === "ci" ? { ok: false, error: unreachable } : world.read(ref),
    }));
    const ends = [await tick(), await tick(), await tick()].map(({ subjects }) => subjects);
    expect(ends.map(({ finished }) => finished)).toEqual([false, false, true]);
    expect(ends[2]?.problems).toEqual([expect.stringContaining("`trust policy of role ci` could not be read")]);
    expect(ends[2]?.looked).toBeGreaterThan(5);
  });

  it("waits for three of a kind, and then tries each of the others once: none hides behind those that cannot be read", async () => {
    await dueWalk();
    const read = new Map<string, number>();
    on.wrap((world) => ({
      ...world,
      read: async (ref) => {
        if (ref.kind !== "role-trust") return world.read(ref);
        read.set(ref.roleName, (read.get(ref.roleName) ?? 0) + 1);
        return ref.roleName === "plain" ? world.read(ref) : { ok: false, error: unreachable };
      },
    }));
    let ticks = 0;
    for (; ticks < 20; ticks += 1) if ((await tick()).subjects.finished) break;
    // Three ticks for each, the last of which comes to the next one already.
    expect(ticks + 1).toBe(7);
    expect(read.get("plain")).toBeGreaterThan(0);
  });

  it("leaves out a list that cannot be read in three ticks, and starts over with it in the next walk", async () => {
    await dueWalk();
    on.wrap((world) => ({
      ...world,
      inventory: async (kind, page) =>
        kind === "policy" ? { ok: false, error: unreachable } : world.inventory(kind, page),
    }));
    const ends = [await tick(), await tick(), await tick()].map(({ subjects }) => subjects);
    expect(ends.map(({ finished }) => finished)).toEqual([false, false, true]);
    expect(ends[2]?.problems).toEqual([expect.stringContaining("what there is of `policy` could not be listed")]);
    on.wrap(undefined);
    on.clock.advance(hour);
    expect((await tick()).subjects).toMatchObject({ finished: true, problems: [] });
  });
});

describe("what changed without an event", () => {
  it("is judged although two of another kind cannot be read in time, and come first", async () => {
    await takeFirstSight(on.world(), on.config);
    on.clock.advance(minute);
    const account = on.sandbox.dump({ secrets: true });
    on.sandbox.load({
      ...account,
      roles: (account.roles ?? []).map((role) =>
        role.roleName === "Deploy" ? { ...role, assumeRolePolicyDocument: openTrust } : role,
      ),
      policies: (account.policies ?? []).map((policy) =>
        policy.policyType === "Custom"
          ? {
              ...policy,
              versions: (policy.versions ?? []).map((version) => ({
                ...version,
                policyDocument: '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
              })),
            }
          : policy,
      ),
    });
    on.clock.advance(hour);
    await tick();
    const { state } = on.world();
    const kinds = (await openDrifts(state, accountId)).map(({ drift }) => drift.subject.kind);
    expect(kinds.slice(0, 2)).toEqual(["policy", "policy"]);
    expect(kinds.at(-1)).toBe("role-trust");
    on.wrap((world) => ({
      ...world,
      read: async (ref) => {
        if (ref.kind !== "policy") return world.read(ref);
        on.clock.advance(10_000);
        return { ok: false, error: { ...unreachable, operation: "Ram.GetPolicy" } };
      },
    }));
    on.clock.advance(35 * minute);
    await tick();
    expect((await on.incidents()).map(({ subject }) => subject.kind)).toEqual(["role-trust"]);
  });
});
