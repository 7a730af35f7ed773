import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { historyPages } from "../../shared/backfill.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { moveCursor, readCursor } from "../../shared/ledger/cursors.ts";
import type { TrailQuery } from "../../shared/ports/cloud.ts";
import type { World } from "../../shared/ports/world.ts";
import type { SweepReport } from "../../shared/sweep.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";
import { swept } from "../support/swept.ts";

const minute = 60_000;
const hour = 60 * minute;
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };

let on: GuardedAccount;
beforeEach(async () => {
  on = await guardedAccount();
});
afterEach(() => on.stop());

const administers = (): boolean =>
  (on.sandbox.dump().attachments ?? []).some(
    ({ principalName, policyName }) => principalName === "alice" && policyName === "AdministratorAccess",
  );

const wrapTrail = (trail: (world: World, query: TrailQuery, token: string | undefined) => ReturnType<World["trail"]>) =>
  on.wrap((world) => ({ ...world, trail: (query, token) => trail(world, query, token) }));

describe("a change behind the trail, under a flood of refused calls", () => {
  let pages = 0;

  /** Somebody with any key at all, and no rights, calls without end: each call is refused, and each is in the trail. */
  const flood = (pageMs: number): void =>
    wrapTrail(async (world, query, token) => {
      if (query.resourceName !== "Deploy") return world.trail(query, token);
      pages += 1;
      await on.clock.sleep(pageMs);
      const at = Number(token ?? 0);
      const events = Array.from({ length: 50 }, (_, n) => ({
        eventId: `d-${at}-${n}`,
        eventName: "UpdateRole",
        serviceName: "Ram",
        eventRW: "Write",
        errorCode: "NoPermission",
        eventTime: `${new Date(on.clock.now()).toISOString().slice(0, 19)}Z`,
        userIdentity: { type: "ram-user", userName: "intern", accountId },
        requestParameters: { RoleName: "Deploy" },
      }));
      return { ok: true, value: { events, nextToken: String(at + 1) } };
    });

  const changeBehindTheTrail = (): void => {
    const now = on.sandbox.dump({ secrets: true });
    on.sandbox.load({
      ...now,
      roles: (now.roles ?? []).map((role) =>
        role.roleName === "Deploy" ? { ...role, assumeRolePolicyDocument: openTrust } : role,
      ),
    });
  };
  const trust = () => on.sandbox.dump().roles?.find(({ roleName }) => roleName === "Deploy")?.assumeRolePolicyDocument;

  beforeEach(async () => {
    pages = 0;
    await takeFirstSight(on.world(), on.config);
    await on.sweep();
    on.clock.advance(minute);
    changeBehindTheTrail();
  });

  const overHours = async (hours: number, forMs: number): Promise<SweepReport[]> => {
    const reports: SweepReport[] = [];
    for (let tick = 0; tick < hours * 6; tick += 1) {
      on.clock.advance(10 * minute);
      reports.push(swept(await on.sweep(forMs)));
    }
    return reports;
  };

  it.each([
    ["that is longer than is read", 1],
    ["for which no tick has the time", 5_000],
  ])("%s is told once and asked about, and not put back without a person", async (_, pageMs) => {
    flood(pageMs);
    const reports = await overHours(5, 450_000);
    expect(reports.reduce((sum, { drifts }) => sum + drifts.judged, 0)).toBe(1);
    const incidents = await on.incidents();
    expect(incidents.map(({ outcome, because }) => [outcome?.kind, because?.kind])).toEqual([["asked", "unreadable"]]);
    expect(on.messages().filter(({ text }) => text.includes("Deploy"))).toHaveLength(1);
    expect(trust()).toBe(openTrust);
    // It is read once, and not in each tick.
    expect(pages).toBeLessThanOrEqual(150);
    expect(Math.max(...reports.map(({ tookMs }) => tookMs))).toBeLessThan(460_000);
  });

  it("is put back where there is no flood", async () => {
    await overHours(3, 450_000);
    expect((await on.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted"]);
    expect(trust()).toBe(ciTrust);
  });
});

describe("a clock that was ahead", () => {
  it("once does not blind catching up for as long as it was", async () => {
    await on.sweep();
    let aheadMs = 5 * hour;
    on.wrap((world) => ({ ...world, clock: { ...world.clock, now: () => on.clock.now() + aheadMs } }));
    on.clock.advance(minute);
    await on.sweep();
    aheadMs = 0;
    on.clock.advance(hour);
    await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
    on.skipAll();
    on.clock.advance(2 * minute);
    const { caughtUp, subjects } = swept(await on.sweep());
    expect(administers()).toBe(false);
    expect(caughtUp.through).toBeLessThanOrEqual(on.clock.now());
    expect(subjects.looked).toBeGreaterThan(0);
  });

  it("in the middle of a round does not either", async () => {
    await on.sweep();
    const { state } = on.world();
    const cursor = await readCursor(state, accountId, "catch-up/Ram");
    const ahead = on.clock.now() + 5 * hour;
    await moveCursor(state, accountId, "catch-up/Ram", cursor, {
      through: ahead,
      round: { from: ahead, through: ahead },
    });
    on.clock.advance(hour);
    await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
    on.skipAll();
    on.clock.advance(2 * minute);
    await on.sweep();
    expect(administers()).toBe(false);
    expect((await readCursor<{ through: number }>(state, accountId, "catch-up/Ram")).place?.through).toBeLessThan(
      on.clock.now(),
    );
  });
});

describe("pages that do not end", () => {
  let pages = 0;
  /** Empty pages of Ram, each with a token. */
  const endless = (tokenOf: (page: number) => string, pageMs = 500): void => {
    pages = 0;
    wrapTrail(async (world, query, token) => {
      if (query.service !== "Ram") return world.trail(query, token);
      pages += 1;
      if (pages > 2_000) throw new Error("it never ends");
      await on.clock.sleep(pageMs);
      return { ok: true, value: { events: [], nextToken: tokenOf(pages) } };
    });
  };
  const makeKey = async (): Promise<void> => {
    await on.sweep();
    await on.as("mallory")("Ims", "CreateAccessKey", { UserPrincipalName: `alice@${accountId}.onaliyun.com` });
    on.skipAll();
    on.clock.advance(2 * minute);
  };

  it("as two tokens take turns, end at the first that comes again", async () => {
    await makeKey();
    endless((page) => (page % 2 === 0 ? "a" : "b"));
    const { caughtUp } = swept(await on.sweep(450_000));
    expect(pages).toBe(3);
    expect(caughtUp).toMatchObject({ events: 1, finished: true, problems: [] });
  });

  it("as each has a token of its own, are given up and said", async () => {
    await makeKey();
    endless(String);
    const { caughtUp, problems } = swept(await on.sweep(450_000));
    expect(pages).toBe(100);
    expect(caughtUp).toMatchObject({ events: 1, finished: false });
    expect(problems).toEqual(["the history of Ram could not be read: its pages are empty and do not end"]);
  });

  it("take no more than the time there is", async () => {
    await makeKey();
    endless(String, 60_000);
    const report = swept(await on.sweep(450_000));
    expect(report.caughtUp).toMatchObject({ finished: false, problems: [] });
    expect(report.finished).toBe(false);
    expect(pages).toBeLessThan(8);
    expect(report.tookMs).toBeLessThan(600_000);
  });

  it("end for a backfill as well", async () => {
    endless((page) => (page % 2 === 0 ? "a" : "b"), 0);
    const seen: string[] = [];
    for await (const page of historyPages(on.world().trail, { from: 0, to: on.clock.now() }))
      if (page.ok) seen.push(page.value.service);
    expect(seen.filter((service) => service === "Ram")).toHaveLength(3);
  });
});
