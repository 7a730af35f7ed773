import { expect, test } from "vitest";
import { tablestoreStateStore } from "../../shared/aliyun/tablestore-state-store.ts";
import { createTables } from "../../shared/aliyun/tablestore-tables.ts";
import { openJournal } from "../../shared/ledger/journal.ts";
import { shardOf } from "../../shared/ledger/journal-entry.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { faults, standInCredentials, standInInstance, startTablestore } from "../aliyun/tablestore-stand-in.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { accountId, draft, entriesOf, subjects } from "./journal-tools.ts";

/** Chance that a seed fixes, so that a failure can be repeated. */
const chances = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const quick = faults.filter((fault) => !fault.startsWith("silent") && fault !== "cut-within");

test.each([1, 2, 3, 4])(
  "on Tablestore with one request in five going wrong, several writers leave a whole chain (seed %i)",
  async (seed) => {
    const clock = manualClock();
    const server = await startTablestore({ pageRows: 3 });
    const options = {
      endpoint: server.endpoint,
      instance: standInInstance,
      credentials: standInCredentials,
      table: "state",
      clock,
      timeoutMs: 20_000,
      random: () => 0.5,
    };
    try {
      expect(await createTables(options)).toEqual([]);
      const chance = chances(seed);
      server.misbehave(() => (chance() < 0.2 ? quick[Math.floor(chance() * quick.length)] : undefined));
      const acknowledged: number[] = [];
      const about = subjects[0] ?? "";
      const write = async (who: number): Promise<void> => {
        const journal = openJournal(tablestoreStateStore(options), clock, accountId);
        for (let n = 0; n < 12; n += 1)
          try {
            await journal.append(draft(about, who * 100 + n));
            acknowledged.push(who * 100 + n);
          } catch (error) {
            if (!(error instanceof StoreUnavailable)) throw error;
          }
      };
      await Promise.all([write(1), write(2), write(3)]);
      server.misbehave(() => undefined);
      const state = tablestoreStateStore(options);
      expect((await verifyLedger(state, accountId)).flaws).toEqual([]);
      const kept = (await entriesOf(state, shardOf(about))).map(({ body }) => body.n);
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
      expect(acknowledged.length).toBeGreaterThan(20);
    } finally {
      await server.close();
    }
  },
);
