import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { readJournal } from "../../shared/ledger/journal-read.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

const day = 86_400_000;

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const entries = async (): Promise<number> => {
  let count = 0;
  for await (const _ of readJournal(account.world().state, accountId, { from: 0, to: Number.POSITIVE_INFINITY }))
    count += 1;
  return count;
};
const settleMany = async (count: number): Promise<void> => {
  const { state, clock } = account.world();
  const ledger = openLedger(state, clock, accountId);
  for (let n = 0; n < count; n += 1) {
    const event = { eventId: `E${n}`, operation: "Ram.UpdateRole", occurredAt: n, about: `subject/${n % 5}` } as const;
    await ledger.settleEvent(event, "clear", undefined, "nothing is broken");
  }
};
const swept = async (forMs?: number) => {
  const report = await account.sweep(forMs);
  if (report.kind !== "swept") throw new Error("the sweep was busy");
  return report.tidied;
};

describe("a tick of the sweep", () => {
  it("gives up entries of the journal whose time is over, some in each tick, and the chain stays whole", async () => {
    await swept();
    await settleMany(700);
    const before = await entries();
    account.clock.advance(101 * day);
    const [first, second] = [await swept(), await swept()];
    expect(first.entries).toBe(500);
    expect(second.entries).toBeGreaterThanOrEqual(200);
    expect(await entries()).toBeLessThan(before - 650);
    expect(await verifyLedger(account.world().state, accountId)).toMatchObject({ intact: true });
  });

  it("does so once an hour when nothing is left, and not at all when its time is up", async () => {
    await settleMany(10);
    account.clock.advance(101 * day);
    expect(await swept(0)).toEqual({ entries: 0, carried: 0, rows: 0 });
    expect((await swept()).entries).toBe(10);
    await settleMany(10);
    account.clock.advance(1_800_000);
    expect((await swept()).entries).toBe(0);
  });

  it("removes expired rows where the store does not, from where the last tick ended", async () => {
    const asked: (Json | undefined)[] = [];
    account.wrap((world) => ({
      ...world,
      forgetExpired: async (_most, from) => {
        asked.push(from);
        return asked.length === 1 ? { removed: 3, next: [{ pk: "event/1" }, { sk: "b" }] } : { removed: 2 };
      },
    }));
    expect([(await swept()).rows, (await swept()).rows, (await swept()).rows]).toEqual([3, 2, 0]);
    expect(asked).toEqual([undefined, [{ pk: "event/1" }, { sk: "b" }]]);
  });
});
