import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Decision } from "../../shared/domain/decision.ts";
import { severityRank } from "../../shared/domain/finding.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { severityOf } from "../../shared/ledger/incident.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import type { Swept } from "../../shared/sweep.ts";
import { morning, quietDay, type Step, settings } from "../fixtures/quiet-day/day.ts";
import { callerOf } from "../sandbox/client.ts";
import { type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

const minuteMs = 60_000;

let account: GuardedAccount;
let receipts: readonly Receipt[];
let incidents: readonly Incident[];
let sweeps: readonly Swept[];
const day = quietDay();

const callerFor = (by: string) => {
  const [kind, name = ""] = by.split("/");
  return kind === "role" ? callerOf(account.sandbox, account.sandbox.sessionOf(name, "apply")) : account.as(name);
};

const play = async (step: Step): Promise<readonly Receipt[]> => {
  if ("record" in step) {
    const { receipt, error } = await account.deliver({ ...step.record, eventTime: iso(account.clock.now()) });
    if (error !== undefined) throw error;
    return receipt === undefined ? [] : [receipt];
  }
  const [service, operation, parameters] = step.call;
  await callerFor(step.by)(service, operation, { ...parameters });
  return account.catchUp();
};

const iso = (at: number): string => new Date(Math.floor(at / 1000) * 1000).toISOString().replace(".000Z", "Z");

beforeAll(async () => {
  account = await guardedAccount({ snapshot: morning(), settings });
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error("the account cannot be read");
  const start = account.clock.now();
  const all: Receipt[] = [];
  const swept: Swept[] = [];
  let sweptAt = Number.NEGATIVE_INFINITY;
  for (const step of day) {
    const at = start + step.minute * minuteMs;
    if (account.clock.now() < at) account.clock.advance(at - account.clock.now());
    // Less often than the timer would, and so often that nobody misses it.
    if (account.clock.now() - sweptAt >= 20 * minuteMs) {
      swept.push(await account.sweep());
      sweptAt = account.clock.now();
    }
    all.push(...(await play(step)));
  }
  account.clock.advance(60 * minuteMs);
  swept.push(await account.sweep(3_600_000));
  await account.flush();
  receipts = all;
  sweeps = swept;
  incidents = await account.incidents();
}, 240_000);
afterAll(() => account.stop());

const decisions = (): readonly Decision[] => receipts.flatMap((receipt) => receipt.decisions);

describe("a quiet day", () => {
  test("has at least 300 ordinary events, of every sort, and each is dealt with", () => {
    expect(day.length).toBeGreaterThanOrEqual(300);
    const countOf = (part: string): number => day.filter((step) => step.part === part).length;
    for (const part of ["logons", "rotations", "applies", "renames", "tags", "narrowing", "teams", "elsewhere"])
      expect([part, countOf(part) >= 8]).toEqual([part, true]);
    const dealtWith = receipts.reduce((sum, one) => sum + one.decisions.length + one.passedOver.length, 0);
    expect(dealtWith).toBeGreaterThanOrEqual(300);
    expect(decisions().length).toBeGreaterThan(100);
    expect(receipts.flatMap(({ refusals, deferred }) => [...refusals, ...deferred])).toEqual([]);
  });

  test("gives no finding above info", () => {
    const found = decisions().flatMap(({ operation, subject, findings }) =>
      findings
        .filter(({ severity }) => severityRank(severity) > severityRank("info"))
        .map(
          ({ rule, verdict, evidence }) =>
            `${operation} ${subject.text}: ${rule} ${verdict} ${evidence[0]?.sentence.en}`,
        ),
    );
    expect(found).toEqual([]);
    expect(incidents.filter((one) => severityRank(severityOf(one)) > severityRank("info"))).toEqual([]);
  });

  test("makes RAM Warden write nothing, and tell nobody", () => {
    expect(account.actingWrites()).toEqual([]);
    expect(account.messages()).toEqual([]);
  });

  test("leaves the sweep nothing to say either", () => {
    expect(sweeps.length).toBeGreaterThan(3);
    for (const swept of sweeps) expect(swept).toMatchObject({ kind: "swept", problems: [] });
    expect(sweeps.flatMap((swept) => (swept.kind === "swept" ? swept.subjects.drifted : []))).toEqual([]);
  });

  test("is not quiet because nobody listens: what breaks in at its end is put back", async () => {
    await account.as("mallory")("Ram", "UpdateRole", {
      RoleName: "app-shop",
      NewAssumeRolePolicyDocument: openTrust,
    });
    const last = (await account.catchUp()).flatMap((receipt) => receipt.decisions)[0];
    expect(last).toMatchObject({ outcome: "reverted" });
    const shop = account.sandbox.dump().roles?.find(({ roleName }) => roleName === "app-shop");
    expect(shop?.assumeRolePolicyDocument).toContain("ecs.aliyuncs.com");
  });
});
