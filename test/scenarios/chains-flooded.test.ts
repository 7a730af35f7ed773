import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { changeId, mostPieces, type OpenChain } from "../../shared/ledger/recent-changes.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Whoever floods a chain with pieces, or finds what it cannot bear, keeps nothing from being put back.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({
    settings: "budgets: { rule: 5000, actor: 5000, account: 5000, subject: 5000, failures: 500 }",
  });
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "eve" };
const makeEve = async (): Promise<void> => {
  await account.as("mallory")("Ram", "CreateUser", { UserName: "eve" });
  await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "eve" });
};
const attach = async (): Promise<void> => {
  account.clock.advance(2_000);
  await account.as("mallory")("Ram", "AttachPolicyToUser", admin);
};
const isAdministrator = () =>
  (account.sandbox.dump().attachments ?? []).some(({ principalName }) => principalName === "eve");

/** Changes what the store does with rows of chains. */
const withChainRows = (change: (state: StateStore) => Partial<StateStore>): void =>
  account.wrap((world) => {
    const changed = { ...world.state, ...change(world.state) };
    const pick = (key: string): StateStore => (key.startsWith("chain/") ? changed : world.state);
    const state: StateStore = {
      get: (key) => pick(key).get(key),
      putIfAbsent: (key, value, expiry) => pick(key).putIfAbsent(key, value, expiry),
      compareAndSet: (key, version, value, expiry) => pick(key).compareAndSet(key, version, value, expiry),
      delete: (key, version) => pick(key).delete(key, version),
      list: (prefix, page) => pick(prefix).list(prefix, page),
    };
    return { ...world, state };
  });

const backdoor = async () => {
  const { rows } = await account.world().state.list(`chain/${accountId}/`, { limit: 9 });
  const row = rows.find(({ key }) => key.includes("BackdoorAdministrator"));
  if (row === undefined) throw new Error("no chain was recognised");
  return { ...row, chain: row.value as unknown as OpenChain };
};
const chainIncident = async () => (await account.incidents()).find(({ pieces }) => pieces !== undefined);

describe("a chain of thousands of changes", () => {
  /** Fills the chain as a version without a bound would have left it: up to what a store takes. */
  const fill = async (): Promise<number> => {
    const { key, version, chain } = await backdoor();
    const last = chain.pieces.at(-1);
    if (last === undefined) throw new Error("the chain has no piece");
    const more = Array.from({ length: 1_500 }, (_, at) => ({ ...last, requestId: `request-${at}` }));
    const pieces = [...chain.pieces, ...more];
    const full = { ...chain, pieces, over: [...chain.over, ...more.map(changeId)], toldPieces: pieces.length };
    const value = JSON.parse(JSON.stringify({ ...full, due: false })) as Json;
    expect(await account.world().state.compareAndSet(key, version, value)).toMatchObject({ written: true });
    return pieces.length;
  };

  it("keeps what counts, tells how many more there were, and the next is put back", async () => {
    await makeEve();
    await attach();
    await account.catchUp();
    const pieces = await fill();
    account.clock.advance(600_000);
    await attach();
    await account.catchUp();
    expect(isAdministrator()).toBe(false);
    const { value, chain } = await backdoor();
    expect(chain.pieces).toHaveLength(mostPieces);
    expect(chain.more?.count).toBe(pieces + 1 - mostPieces);
    expect(JSON.stringify(value).length).toBeLessThan(250_000);
    expect(chain.pieces.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["Ram.CreateUser", "Ram.CreateAccessKey"]),
    );
    expect(await chainIncident()).toMatchObject({
      outcome: { kind: "contained" },
      morePieces: { count: pieces + 1 - mostPieces, open: 0 },
    });
    expect(account.messages().at(-1)?.text).toContain(`and ${pieces + 1 - mostPieces} more of these changes`);
  });

  it("costs as many calls of the store for one that joins as a short chain does", async () => {
    let calls = 0;
    const count = async (): Promise<number> => {
      await attach();
      account.wrap((world) => {
        const { state } = world;
        const counted =
          <Arguments extends readonly unknown[], Answer>(call: (...given: Arguments) => Answer) =>
          (...given: Arguments): Answer => {
            calls += 1;
            return call(...given);
          };
        const { get, putIfAbsent, compareAndSet, delete: drop, list } = state;
        return {
          ...world,
          state: {
            get: counted(get),
            putIfAbsent: counted(putIfAbsent),
            compareAndSet: counted(compareAndSet),
            delete: counted(drop),
            list: counted(list),
          },
        };
      });
      calls = 0;
      await account.catchUp();
      account.wrap(undefined);
      return calls;
    };
    await makeEve();
    await account.catchUp();
    await attach();
    await account.catchUp();
    await attach();
    await account.catchUp();
    const short = await count();
    await fill();
    // The one that joins first finds that there is something to tell.
    await attach();
    await account.catchUp();
    const long = await count();
    expect(long).toBeLessThan(short * 1.2);
  });
});

describe("a fault in judging changes together", () => {
  const titles = () => account.messages().map(({ title }) => title);

  it("keeps no change from being put back, and is told", async () => {
    await makeEve();
    withChainRows(() => ({ putIfAbsent: () => Promise.reject(new RangeError("too large a row")) }));
    await attach();
    await account.catchUp();
    expect(isAdministrator()).toBe(false);
    expect(await account.ledger.deadLetters()).toEqual([]);
    expect(titles()).toEqual(
      expect.arrayContaining([
        expect.stringContaining("could not be judged together"),
        expect.stringContaining("put back"),
      ]),
    );
    expect(account.logLines.some((line) => line.includes("RangeError"))).toBe(true);

    const told = titles().filter((title) => title.includes("could not be judged together")).length;
    await attach();
    await account.catchUp();
    expect(isAdministrator()).toBe(false);
    expect(titles().filter((title) => title.includes("could not be judged together"))).toHaveLength(told);
  });

  it("that comes after the chain was opened leaves what was done told, and the sweep at work", async () => {
    await makeEve();
    withChainRows(({ get }) => ({
      get: (key) => (key.includes("Backdoor") ? Promise.reject(new TypeError("a bug")) : get(key)),
    }));
    await attach();
    await account.catchUp();
    expect(isAdministrator()).toBe(false);
    expect(titles()).toEqual(
      expect.arrayContaining([
        expect.stringContaining("could not be judged together"),
        expect.stringContaining("put back"),
      ]),
    );
    account.clock.advance(60_000);
    expect(await account.sweep()).toMatchObject({ kind: "swept" });

    // Once it is mended, the sweep goes on with the chain.
    account.wrap(undefined);
    account.clock.advance(60_000);
    await account.sweep();
    expect(await chainIncident()).toMatchObject({ outcome: { kind: "contained" } });
  });
});
