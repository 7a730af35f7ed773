import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failed } from "../../shared/domain/result.ts";
import { accountBefore, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

// The account as it stands, looked at by the timer: told once, and never written.

let account: GuardedAccount;
beforeEach(async () => {
  const before = accountBefore();
  account = await guardedAccount({
    settings: "audit: daily",
    snapshot: {
      ...before,
      roles: [...(before.roles ?? []), { roleName: "door", assumeRolePolicyDocument: openTrust }],
    },
  });
});
afterEach(() => account.stop());

const dayMs = 86_400_000;

const swept = async (forMs?: number) => {
  const report = await account.sweep(forMs);
  if (report.kind !== "swept") throw new Error("another sweep is at work");
  return report;
};
const toldRules = async () =>
  (await account.incidents()).map(({ findings, subject }) => `${findings[0]?.rule} ${subject.kind}`).sort();

describe("a round over the account", () => {
  it("tells each finding once, writes nothing, and finds what `warden audit` finds", async () => {
    const before = account.standing();
    const first = await swept(3_600_000);
    expect(first).toMatchObject({ finished: true, problems: [], audit: { finished: true } });
    const told = await toldRules();
    for (const one of [
      "RAM.RootKeyHeld access-key",
      "RAM.RootWithoutMfa security-preference",
      "RAM.KeyGrownOld access-key",
      "RAM.PasswordPolicyWeakened password-policy",
      "RAM.HighRiskPolicyOnUser grant",
      "RAM.TrustForeignAccount role-trust",
    ])
      expect(told).toContain(one);
    expect(new Set((await account.incidents()).map(({ outcome }) => outcome?.kind))).toEqual(new Set(["alerted"]));
    expect(account.actingWrites()).toEqual([]);
    expect(account.standing()).toEqual(before);
    account.clock.advance(dayMs + 1);
    const second = await swept(3_600_000);
    expect(second.audit.found).toBe(first.audit.found);
    expect(await toldRules()).toEqual(told);
  });

  it("is made once a day", async () => {
    expect((await swept(3_600_000)).audit.looked).toBeGreaterThan(10);
    account.clock.advance(dayMs / 2);
    expect((await swept(3_600_000)).audit.looked).toBe(0);
    account.clock.advance(dayMs / 2);
    expect((await swept(3_600_000)).audit.looked).toBeGreaterThan(10);
  });

  it("goes on where a short tick ended, and comes to the same end", async () => {
    let ticks = 0;
    let looked = 0;
    for (let done = false; !done && ticks < 200; ticks += 1) {
      const { audit } = await swept(3_000);
      looked += audit.looked;
      done = audit.finished && audit.looked > 0;
      account.clock.advance(60_000);
    }
    expect(ticks).toBeGreaterThan(3);
    const told = await toldRules();
    await account.stop();
    const before = accountBefore();
    account = await guardedAccount({
      settings: "audit: daily",
      snapshot: {
        ...before,
        roles: [...(before.roles ?? []), { roleName: "door", assumeRolePolicyDocument: openTrust }],
      },
    });
    const { audit } = await swept(3_600_000);
    expect(looked).toBe(audit.looked);
    expect(told).toEqual(await toldRules());
  });

  it("tells what is new the next day, and only that", async () => {
    await swept(3_600_000);
    const before = (await account.incidents()).length;
    await account.as("provisioner")("Ram", "CreateUser", { UserName: "new-one" });
    await account.as("provisioner")("Ram", "CreateAccessKey", { UserName: "new-one" });
    await account.catchUp();
    account.clock.advance(91 * dayMs);
    await swept(3_600_000);
    const fresh = (await account.incidents()).slice(before).filter(({ subject }) => subject.kind === "access-key");
    expect(fresh.map(({ findings }) => findings[0]?.rule)).toEqual(
      expect.arrayContaining(["RAM.KeyGrownOld", "RAM.KeyLeftUnused"]),
    );
  });

  it("says what may not be read, and looks at the rest", async () => {
    account.wrap((world) => ({
      ...world,
      census: async (kind, cursor) =>
        kind === "group"
          ? failed({ kind: "forbidden", code: "NoPermission", operation: "Ims.ListGroups" })
          : world.census(kind, cursor),
    }));
    const { problems, audit } = await swept(3_600_000);
    expect(audit.finished).toBe(true);
    expect(problems).toEqual([expect.stringContaining("not read: Ims.ListGroups ended `forbidden`")]);
    expect(await toldRules()).toContain("RAM.RootKeyHeld access-key");
  });

  it("waits for what cannot be read for a time", async () => {
    account.wrap((world) => ({
      ...world,
      census: async () => failed({ kind: "throttled", operation: "Ims.ListUsers" }),
    }));
    expect((await swept(3_600_000)).audit).toMatchObject({ finished: false, looked: 0 });
    account.wrap(undefined);
    expect((await swept(3_600_000)).audit.finished).toBe(true);
  });
});

it("is not made where the settings say so", async () => {
  await account.stop();
  account = await guardedAccount({ settings: "audit: off" });
  expect((await swept(3_600_000)).audit).toEqual({ looked: 0, found: 0, finished: true, problems: [] });
  expect(await account.incidents()).toEqual([]);
});
