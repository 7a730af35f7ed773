import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { type StateStore, StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { Clock } from "../../shared/ports/world.ts";
import { manualClock } from "./manual-clock.ts";
import { anyCommands, type Model, type Real } from "./state-store-model.ts";

/** One empty set of rows, and as many independent handles on it as a test asks for. */
export type OpenedStore = {
  readonly handle: () => StateStore;
  readonly close: () => Promise<void> | void;
  /** Puts a text in the place of a row's value, behind the store's back. */
  readonly spoil?: (key: string, text: string) => void;
  /** Ends injected faults, where there are any. */
  readonly settle?: () => void;
};

/** The answers of calls that ran at once, undefined for one whose store could not tell. */
const settled = async <Answer>(calls: readonly Promise<Answer>[]): Promise<readonly (Answer | undefined)[]> =>
  (await Promise.allSettled(calls)).map((result) => {
    if (result.status === "fulfilled") return result.value;
    if (result.reason instanceof StoreUnavailable) return undefined;
    throw result.reason;
  });

/** What every StateStore must do. `open` gives an empty store each time. */
export const stateStoreContract = (
  name: string,
  open: (clock: Clock) => Promise<OpenedStore>,
  options: {
    readonly modelRuns?: number;
    /** For a store under faults: where calls run at once, some may end with StoreUnavailable. */
    readonly mayReject?: boolean;
  } = {},
): void => {
  const using = async (work: (opened: OpenedStore, clock: ReturnType<typeof manualClock>) => Promise<void>) => {
    const clock = manualClock();
    const opened = await open(clock);
    try {
      await work(opened, clock);
    } finally {
      await opened.close();
    }
  };

  describe(`${name} as a StateStore`, () => {
    test("behaves as a map of versioned rows, whatever the calls", async () => {
      await fc.assert(
        fc.asyncProperty(anyCommands(30), (commands) =>
          using(async ({ handle, settle = () => {} }, clock) => {
            const setup = (): { model: Model; real: Real } => ({
              model: { rows: new Map(), now: clock.now() },
              real: { store: handle(), clock, settle },
            });
            await fc.asyncModelRun(setup, commands);
          }),
        ),
        { numRuns: options.modelRuns ?? 60 },
      );
    });

    test("starts at version 1 and grows by 1", () =>
      using(async ({ handle }) => {
        const store = handle();
        expect(await store.get("k/1/a")).toBeUndefined();
        expect(await store.putIfAbsent("k/1/a", { n: 1 })).toEqual({ written: true, version: 1 });
        expect(await store.compareAndSet("k/1/a", 1, { n: 2 })).toEqual({ written: true, version: 2 });
        expect(await store.get("k/1/a")).toEqual({ key: "k/1/a", value: { n: 2 }, version: 2 });
      }));

    test("another handle sees what was written, and versions guard it", () =>
      using(async ({ handle }) => {
        const [one, two] = [handle(), handle()];
        await one.putIfAbsent("k/1/a", "one");
        expect(await two.putIfAbsent("k/1/a", "two")).toEqual({
          written: false,
          row: { key: "k/1/a", value: "one", version: 1 },
        });
        await two.compareAndSet("k/1/a", 1, "two");
        expect(await one.compareAndSet("k/1/a", 1, "late")).toEqual({ written: false });
        expect(await one.delete("k/1/a", 1)).toBe(false);
        expect(await one.delete("k/1/a", 2)).toBe(true);
        expect(await two.get("k/1/a")).toBeUndefined();
      }));

    /** Exactly one of the calls was done; where a store could not tell, at most one says that it was. */
    const expectOneDone = (done: readonly (boolean | undefined)[]): void => {
      expect(done.filter(Boolean).length).toBeLessThanOrEqual(1);
      if (!done.includes(undefined)) expect(done.filter(Boolean)).toHaveLength(1);
      if (options.mayReject !== true) expect(done).not.toContain(undefined);
    };

    test("of many that put the same absent key at once, exactly one writes, and the others see its row", () =>
      using(async ({ handle }) => {
        const stores = Array.from({ length: 8 }, handle);
        const answers = await settled(stores.map((store, index) => store.putIfAbsent("lease/1/x", index)));
        const winner = answers.findIndex((answer) => answer?.written);
        expectOneDone(answers.map((answer) => answer?.written));
        for (const answer of answers)
          if (winner !== -1 && answer?.written === false) expect(answer.row.value).toBe(winner);
      }));

    test("of many that swap the same version at once, exactly one writes", () =>
      using(async ({ handle }) => {
        const stores = Array.from({ length: 8 }, handle);
        await handle().putIfAbsent("lease/1/x", "start");
        const answers = await settled(stores.map((store, index) => store.compareAndSet("lease/1/x", 1, index)));
        expectOneDone(answers.map((answer) => answer?.written));
        const winner = answers.findIndex((answer) => answer?.written);
        if (winner !== -1)
          expect(await handle().get("lease/1/x")).toEqual({ key: "lease/1/x", value: winner, version: 2 });
      }));

    test("of many that delete the same version at once, exactly one does", () =>
      using(async ({ handle }) => {
        const stores = Array.from({ length: 8 }, handle);
        await handle().putIfAbsent("outbox/1/x", "start");
        expectOneDone(await settled(stores.map((store) => store.delete("outbox/1/x", 1))));
      }));

    test("what several handles add with compareAndSet is all there, once", () =>
      using(async ({ handle }) => {
        await handle().putIfAbsent("list/1/all", []);
        const add = async (store: StateStore, token: string): Promise<void> => {
          for (;;) {
            try {
              const row = await store.get("list/1/all");
              const tokens = (row?.value ?? []) as readonly string[];
              if (tokens.includes(token)) return;
              await store.compareAndSet("list/1/all", row?.version ?? 0, [...tokens, token]);
            } catch (error) {
              if (options.mayReject !== true || !(error instanceof StoreUnavailable)) throw error;
            }
          }
        };
        const tokens = Array.from({ length: 4 }, (_, writer) =>
          Array.from({ length: 5 }, (_, at) => `${writer}-${at}`),
        );
        await Promise.all(
          tokens.map(async (own) => {
            const store = handle();
            for (const token of own) await add(store, token);
          }),
        );
        const row = await handle().get("list/1/all");
        expect([...((row?.value ?? []) as readonly string[])].sort()).toEqual(tokens.flat().sort());
        expect(row?.version).toBe(21);
      }));

    test("an expired row reads as absent and a late holder of it cannot touch its successor", () =>
      using(async ({ handle }, clock) => {
        const [first, second] = [handle(), handle()];
        const expiresAt = clock.now() / 1000 + 60;
        const taken = await first.putIfAbsent("lease/1/x", "first", { expiresAt });
        clock.advance(59_999);
        expect(await second.get("lease/1/x")).toMatchObject({ value: "first", expiresAt });
        clock.advance(1);
        expect(await second.get("lease/1/x")).toBeUndefined();
        expect(await second.list("lease/1/", { limit: 9 })).toEqual({ rows: [] });
        expect(await first.compareAndSet("lease/1/x", 1, "late")).toEqual({ written: false });
        expect(await first.delete("lease/1/x", 1)).toBe(false);
        const retaken = await second.putIfAbsent("lease/1/x", "second");
        expect(retaken).toMatchObject({ written: true });
        expect(taken).not.toEqual(retaken);
        expect(await first.compareAndSet("lease/1/x", 1, "late")).toEqual({ written: false });
        expect(await first.delete("lease/1/x", 1)).toBe(false);
        expect(await second.get("lease/1/x")).toMatchObject({ value: "second" });
      }));

    test("a swap to a row that has expired ends it at once, and versions go on over it", () =>
      using(async ({ handle }, clock) => {
        const [first, second] = [handle(), handle()];
        clock.advance(100_000);
        await first.putIfAbsent("lease/1/x", "first");
        const ended = { expiresAt: Math.floor(clock.now() / 1000) - 60 };
        expect(await first.compareAndSet("lease/1/x", 1, "over", ended)).toEqual({ written: true, version: 2 });
        expect(await second.get("lease/1/x")).toBeUndefined();
        expect(await second.list("lease/1/", { limit: 9 })).toEqual({ rows: [] });
        expect(await second.putIfAbsent("lease/1/x", "second")).toEqual({ written: true, version: 3 });
        expect(await first.compareAndSet("lease/1/x", 1, "late", ended)).toEqual({ written: false });
        expect(await first.compareAndSet("lease/1/x", 2, "late")).toEqual({ written: false });
        expect(await first.delete("lease/1/x", 1)).toBe(false);
        expect(await second.get("lease/1/x")).toMatchObject({ value: "second", version: 3 });
      }));

    test("a value that is no JSON is given back as its text, keeps nobody from other rows, and can be written over", () =>
      using(async ({ handle, spoil }) => {
        if (spoil === undefined) return;
        const store = handle();
        for (const rest of ["a", "b", "c"]) await store.putIfAbsent(`lease/1/${rest}`, { n: 1 });
        spoil("lease/1/b", '{"n":');
        const odd = { key: "lease/1/b", value: '{"n":', version: 1 };
        expect(await store.get("lease/1/b")).toEqual(odd);
        expect(await store.putIfAbsent("lease/1/b", 2)).toEqual({ written: false, row: odd });
        const { rows } = await store.list("lease/1/", { limit: 9 });
        expect(rows.map(({ value }) => value)).toEqual([{ n: 1 }, '{"n":', { n: 1 }]);
        expect(await store.compareAndSet("lease/1/b", 1, { n: 3 })).toEqual({ written: true, version: 2 });
        expect(await store.get("lease/1/b")).toEqual({ key: "lease/1/b", value: { n: 3 }, version: 2 });
        spoil("lease/1/b", "");
        expect(await store.delete("lease/1/b", 2)).toBe(true);
        expect(await store.get("lease/1/b")).toBeUndefined();
      }));

    test("of many that put over one expired row at once, exactly one writes", () =>
      using(async ({ handle }, clock) => {
        await handle().putIfAbsent("lease/1/x", "old", { expiresAt: clock.now() / 1000 + 1 });
        clock.advance(2000);
        const stores = Array.from({ length: 6 }, handle);
        const answers = await settled(stores.map((store, index) => store.putIfAbsent("lease/1/x", index)));
        expectOneDone(answers.map((answer) => answer?.written));
      }));

    test("a swap without expiry takes the expiry away", () =>
      using(async ({ handle }, clock) => {
        const store = handle();
        await store.putIfAbsent("k/1/a", 1, { expiresAt: clock.now() / 1000 + 1 });
        await store.compareAndSet("k/1/a", 1, 2);
        clock.advance(10_000);
        expect(await store.get("k/1/a")).toEqual({ key: "k/1/a", value: 2, version: 2 });
      }));

    test("pages give every row once, in order, and say when there is no more", () =>
      using(async ({ handle }) => {
        const store = handle();
        const keys = Array.from({ length: 23 }, (_, index) => `e/1/${String(index).padStart(3, "0")}`);
        for (const key of [...keys].reverse()) await store.putIfAbsent(key, key);
        await store.putIfAbsent("e/2/000", "another partition");
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.list("e/1/", after === undefined ? { limit: 5 } : { after, limit: 5 });
          seen.push(...page.rows.map((row) => row.key));
          after = page.next;
        } while (after !== undefined);
        expect(seen).toEqual(keys);
      }));

    test("keeps any JSON and any well-formed key exactly", async () => {
      const rest = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
      const value = fc.jsonValue({ stringUnit: "binary" }).map((json) => JSON.parse(JSON.stringify(json)) as Json);
      await using(async ({ handle }) => {
        const store = handle();
        let run = 0;
        await fc.assert(
          fc.asyncProperty(rest, value, async (tail, json) => {
            run += 1;
            const key = `k/${run}/${tail}`;
            await store.putIfAbsent(key, json);
            expect(await store.get(key)).toEqual({ key, value: json, version: 1 });
            expect((await store.list(`k/${run}/`, { limit: 2 })).rows.map((row) => row.key)).toEqual([key]);
          }),
          { numRuns: 60 },
        );
      });
    });

    test("keeps a large value, and refuses one that is too large for any store", () =>
      using(async ({ handle }) => {
        const store = handle();
        const large = { text: "策".repeat(500_000) };
        await store.putIfAbsent("k/1/large", large);
        expect((await store.get("k/1/large"))?.value).toEqual(large);
        await expect(store.putIfAbsent("k/1/larger", "x".repeat(2 * 1024 * 1024))).rejects.toThrow(RangeError);
        expect(await store.get("k/1/larger")).toBeUndefined();
      }));

    test.each(["", "k", "k/1", "k/1/", "/1/a", "k//a", "k/1/\ud800", `k/1/${"x".repeat(1025)}`])(
      "refuses the key %j, which not every store can hold",
      (key) =>
        using(async ({ handle }) => {
          const store = handle();
          await expect(store.get(key)).rejects.toThrow(RangeError);
          await expect(store.putIfAbsent(key, 1)).rejects.toThrow(RangeError);
          await expect(store.compareAndSet(key, 1, 1)).rejects.toThrow(RangeError);
          await expect(store.delete(key, 1)).rejects.toThrow(RangeError);
        }),
    );

    test.each(["", "k", "k/1", "/1/"])("refuses to list %j, which is no whole partition", (prefix) =>
      using(async ({ handle }) => {
        await expect(handle().list(prefix, { limit: 1 })).rejects.toThrow(RangeError);
      }),
    );
  });
};
