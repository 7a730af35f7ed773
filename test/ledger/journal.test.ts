import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { openJournal } from "../../shared/ledger/journal.ts";
import type { Entry } from "../../shared/ledger/journal-entry.ts";
import { allShards, headKey, headsShard, shardOf, shardPrefix } from "../../shared/ledger/journal-entry.ts";
import { rows } from "../../shared/ledger/rows.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { Store } from "./journal-tools.ts";
import {
  accountId,
  draft,
  entriesOf,
  filled,
  forge,
  forgeEntry,
  forgeHead,
  mortal,
  newStore,
  rewritten,
  subjects,
  verify,
} from "./journal-tools.ts";

const opened: Store[] = [];
const store = (): Store => {
  const made = newStore();
  opened.push(made);
  return made;
};
afterEach(() => {
  for (const { state } of opened.splice(0)) state.close();
});

const shards = subjects.map(shardOf);
const [first = "", second = ""] = shards;

describe("appending", () => {
  test("chains entries by hash, each in the shard of its subject", async () => {
    const on = store();
    await filled(on, [3, 2]);
    const entries = await entriesOf(on.state, first);
    expect(entries.map(({ seq, about, body }) => [seq, about, body.n])).toEqual([
      [1, subjects[0], 1],
      [2, subjects[0], 2],
      [3, subjects[0], 3],
    ]);
    expect(entries[1]?.previous).toBe(entries[0]?.hash);
    const verified = await verify(on);
    expect(verified).toMatchObject({ intact: true, flaws: [] });
    expect(verified.heads[first]).toMatchObject({ seq: 3, hash: entries[2]?.hash });
    expect(await verifyLedger(on.state, accountId, verified.heads)).toMatchObject({ intact: true });
  });

  test("costs two calls an entry once the head is known, and three at first", async () => {
    const on = store();
    await filled(on, [2]);
    const calls: string[] = [];
    const counted = mortal(on.state, async () => void calls.push("call"), Number.POSITIVE_INFINITY, "after");
    const journal = openJournal(counted, on.clock, accountId);
    await journal.append(draft(subjects[0] ?? "", 3));
    expect(calls).toHaveLength(3);
    await journal.append(draft(subjects[0] ?? "", 4));
    expect(calls).toHaveLength(5);
  });

  test("finds its way in a few calls, however long others wrote meanwhile", async () => {
    const on = store();
    await filled(on, [2]);
    let calls = 0;
    const counted = mortal(
      on.state,
      async () => {
        calls += 1;
      },
      Number.POSITIVE_INFINITY,
      "after",
    );
    const journal = openJournal(counted, on.clock, accountId);
    await journal.append(draft(subjects[0] ?? "", 3));
    await filled(on, [500]);
    calls = 0;
    await journal.append(draft(subjects[0] ?? "", 4));
    expect(calls).toBeLessThan(12);
    expect((await verify(on)).flaws).toEqual([]);
  });

  test("never goes back in time, whatever the clock does", async () => {
    const on = store();
    const journal = openJournal(on.state, on.clock, accountId);
    await journal.append(draft("a", 1));
    on.clock.advance(-5_000);
    await journal.append(draft("a", 2));
    const [one, two] = await entriesOf(on.state, shardOf("a"));
    expect(two?.at).toBe(one?.at);
  });

  test("leaves a text under a secret name out", async () => {
    const on = store();
    await openJournal(on.state, on.clock, accountId).append({
      kind: "event",
      about: "a",
      body: { parameters: { Password: "hunter2", MaxPasswordAge: 90, UserName: "alice" } },
    });
    const [entry] = await entriesOf(on.state, shardOf("a"));
    expect(entry?.body).toEqual({ parameters: { Password: "[redacted]", MaxPasswordAge: 90, UserName: "alice" } });
    expect(await verify(on)).toMatchObject({ intact: true });
  });

  test("goes on behind an entry of no form, which is found", async () => {
    const on = store();
    await filled(on, [4]);
    await forgeEntry(on.state, first, 5, "junk");
    await openJournal(on.state, on.clock, accountId).append(draft(subjects[0] ?? "", 6));
    expect((await verify(on)).flaws).toMatchObject([{ shard: first, seq: 5, kind: "edited" }]);
  });
});

type Writer = { readonly appends: readonly number[]; readonly deathAt: number; readonly when: "before" | "after" };

const writer: fc.Arbitrary<Writer> = fc.record({
  appends: fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 6 }),
  deathAt: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 30 })),
  when: fc.constantFrom("before" as const, "after" as const),
});

test("any appends of racing writers, each of whom may die at any store call, leave a whole chain with all that was acknowledged", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(writer, { minLength: 1, maxLength: 4 }), async (scheduler, writers) => {
      const on = newStore();
      try {
        const acknowledged: string[] = [];
        const runs = writers.map(async ({ appends, deathAt, when }, who) => {
          const weak = mortal(on.state, () => scheduler.schedule(Promise.resolve()), deathAt, when);
          const journal = openJournal(weak, on.clock, accountId);
          for (const [at, subject] of appends.entries()) {
            const n = who * 100 + at;
            try {
              await journal.append(draft(subjects[subject] ?? "", n));
            } catch (error) {
              if (error instanceof StoreUnavailable) return;
              throw error;
            }
            acknowledged.push(`${subject}/${n}`);
          }
        });
        await scheduler.waitFor(Promise.all(runs));
        expect((await verify(on)).flaws).toEqual([]);
        // A head that nobody died over is at the end: nothing that was acknowledged is beyond it.
        if (writers.every(({ deathAt }) => deathAt === Number.POSITIVE_INFINITY))
          for (const shard of shards.slice(0, 2)) {
            const head = await on.state.get(headKey(accountId, shard));
            expect((head?.value as { seq?: number } | undefined)?.seq ?? 0).toBe(
              (await entriesOf(on.state, shard)).length,
            );
          }
        // And whoever comes next takes along what the dead left.
        const next = openJournal(on.state, on.clock, accountId);
        for (const subject of [0, 1]) {
          await next.append(draft(subjects[subject] ?? "", 999));
          acknowledged.push(`${subject}/999`);
        }
        const verified = await verify(on);
        expect(verified.flaws).toEqual([]);
        const kept = (await Promise.all([0, 1].map((at) => entriesOf(on.state, shards[at] ?? "")))).flatMap((all, at) =>
          all.map(({ body }) => `${at}/${body.n}`),
        );
        expect(kept).toEqual(expect.arrayContaining(acknowledged));
        for (const shard of shards.slice(0, 2)) {
          const all = await entriesOf(on.state, shard);
          expect(verified.heads[shard]).toMatchObject({ seq: all.length, hash: all.at(-1)?.hash });
        }
      } finally {
        on.state.close();
      }
    }),
    { numRuns: 150 },
  );
});

describe("any single change is found and named", () => {
  const place = fc.record({ shard: fc.nat({ max: 1 }), at: fc.nat({ max: 1_000 }), careful: fc.boolean() });

  /** A journal with two shards, one of them longer than what is recorded of it. */
  const healthy = async (): Promise<Store> => {
    const on = store();
    await filled(on, [40, 7]);
    return on;
  };

  const chosen = async (on: Store, { shard, at }: { readonly shard: number; readonly at: number }) => {
    const name = shards[shard] ?? "";
    const all = await entriesOf(on.state, name);
    const entry = all[at % all.length] as Entry;
    return { name, entry, all };
  };

  test("an edit, also one that makes the entry's own hash fit", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (given) => {
        const on = await healthy();
        const { name, entry } = await chosen(on, given);
        const body = { ...entry.body, because: "something else" };
        await forgeEntry(on.state, name, entry.seq, given.careful ? rewritten(entry, body) : { ...entry, body });
        expect((await verify(on)).flaws).toMatchObject([{ shard: name, seq: entry.seq, kind: "edited" }]);
      }),
      { numRuns: 40 },
    );
  });

  test("an edit by the store's own calls, even where every hash is made to fit", async () => {
    const on = await healthy();
    const [last] = (await entriesOf(on.state, first)).slice(-1) as [Entry];
    const forged = rewritten(last, { n: 0 });
    const key = `journal/${accountId}/${first}/${String(last.seq).padStart(12, "0")}`;
    await on.state.compareAndSet(key, 1, forged);
    const head = await on.state.get(`journal-head/${accountId}/${first}`);
    await on.state.compareAndSet(`journal-head/${accountId}/${first}`, head?.version ?? 0, {
      ...(head?.value as object),
      hash: forged.hash,
    });
    expect((await verify(on)).flaws).toMatchObject([{ shard: first, seq: last.seq, kind: "edited" }]);
  });

  test("an entry that was dropped", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (given) => {
        const on = await healthy();
        const { name, entry, all } = await chosen(on, given);
        await forgeEntry(on.state, name, entry.seq, undefined);
        const kind = entry.seq === all.length ? "cut-off" : "dropped";
        expect((await verify(on)).flaws).toMatchObject([{ shard: name, seq: entry.seq, kind }]);
      }),
      { numRuns: 40 },
    );
  });

  test("an entry that somebody put far behind the end, at once and as the one that it is", async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 2, max: 999_999_999 }), async (given, further) => {
        const on = await healthy();
        const { name, entry, all } = await chosen(on, given);
        const seq = all.length + further;
        await on.state.putIfAbsent(`${shardPrefix(accountId, name)}${String(seq).padStart(12, "0")}`, {
          ...entry,
          seq,
        });
        expect((await verify(on)).flaws).toMatchObject([{ shard: name, seq, kind: "reordered" }]);
        // Where the head names it as well, what lies between is missing.
        await forgeHead(on.state, name, (head) => ({ ...head, seq }));
        const { flaws } = await verify(on);
        expect(flaws[0]).toMatchObject({ shard: name, seq: all.length + 1, kind: "dropped" });
        expect(flaws.length).toBeLessThan(120);
      }),
      { numRuns: 20 },
    );
  });

  test("two entries that changed places, in one shard or across two", async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const on = await healthy();
        const [one, two] = [await chosen(on, a), await chosen(on, b)];
        fc.pre(one.name !== two.name || one.entry.seq !== two.entry.seq);
        await forgeEntry(on.state, one.name, one.entry.seq, two.entry);
        await forgeEntry(on.state, two.name, two.entry.seq, one.entry);
        const { flaws } = await verify(on);
        expect(flaws).toHaveLength(2);
        expect(flaws).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ shard: one.name, seq: one.entry.seq, kind: "reordered" }),
            expect.objectContaining({ shard: two.name, seq: two.entry.seq, kind: "reordered" }),
          ]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("a tail that was cut off", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (given) => {
        const on = await healthy();
        const { name, entry, all } = await chosen(on, given);
        for (const { seq } of all.slice(entry.seq - 1)) await forgeEntry(on.state, name, seq, undefined);
        expect((await verify(on)).flaws).toMatchObject([{ shard: name, seq: entry.seq, kind: "cut-off" }]);
      }),
      { numRuns: 15 },
    );
  });

  test("a tail that was cut off together with its head, behind what was recorded or seen elsewhere", async () => {
    const on = await healthy();
    const { heads } = await verify(on);
    const cutAfter = async (seq: number) => {
      const all = await entriesOf(on.state, first);
      for (const entry of all.slice(seq)) await forgeEntry(on.state, first, entry.seq, undefined);
      const last = all[seq - 1] as Entry;
      await forgeHead(on.state, first, (head) => ({ ...head, seq, hash: last.hash, at: last.at }));
    };
    // The head at entry 33 is recorded; those after it are known to whoever kept an earlier verification.
    await cutAfter(36);
    expect((await verify(on)).flaws).toEqual([]);
    expect((await verifyLedger(on.state, accountId, heads)).flaws).toMatchObject([
      { shard: first, seq: 37, kind: "cut-off" },
    ]);
    await cutAfter(20);
    expect((await verify(on)).flaws).toEqual(
      expect.arrayContaining([expect.objectContaining({ shard: first, seq: 21, kind: "cut-off" })]),
    );
  });

  test.each([true, false])("a whole shard that was dropped, its head too: %s", async (head) => {
    const on = await healthy();
    for await (const { key } of rows(on.state, shardPrefix(accountId, second))) await forge(on.state, key, undefined);
    if (head) await forgeHead(on.state, second, undefined);
    expect((await verify(on)).flaws).toMatchObject([{ shard: second, seq: 1, kind: "cut-off" }]);
    // Also when the guard has begun it anew since.
    if (!head) return;
    await openJournal(on.state, on.clock, accountId).append(draft(subjects[1] ?? "", 1));
    expect((await verify(on)).flaws).toMatchObject([{ shard: second, seq: 1, kind: "edited" }]);
  });

  test("a record of heads that was dropped", async () => {
    const on = await healthy();
    for await (const { key } of rows(on.state, shardPrefix(accountId, headsShard)))
      await forge(on.state, key, undefined);
    await forgeHead(on.state, headsShard, undefined);
    const { flaws } = await verify(on);
    expect(flaws.map(({ shard, kind }) => [shard, kind])).toEqual(
      expect.arrayContaining([
        [first, "head-edited"],
        [second, "head-edited"],
      ]),
    );
  });

  test("a head row of another form, or of none, and the guard mends it", async () => {
    const on = await healthy();
    await forgeHead(on.state, first, () => ({ seq: "many" }));
    expect((await verify(on)).flaws).toMatchObject([{ shard: first, kind: "head-edited" }]);
    await forgeHead(on.state, first, undefined);
    expect((await verify(on)).flaws).toMatchObject([{ shard: first, kind: "head-edited" }]);
    await openJournal(on.state, on.clock, accountId).append(draft(subjects[0] ?? "", 41));
    expect(await verify(on)).toMatchObject({ intact: true, heads: { [first]: { seq: 41 } } });
  });

  test("an entry of the record of heads", async () => {
    const on = await healthy();
    const [, record] = (await entriesOf(on.state, headsShard)) as [Entry, Entry];
    await forgeEntry(on.state, headsShard, 2, rewritten(record, { ...record.body, hash: "0".repeat(64) }));
    expect((await verify(on)).flaws).toContainEqual(
      expect.objectContaining({ shard: headsShard, seq: 2, kind: "edited" }),
    );
  });
});

test("another account's journal does not pass for this one", async () => {
  const on = store();
  await filled(on, [3]);
  for (const shard of allShards) {
    for (const entry of await entriesOf(on.state, shard))
      await on.state.putIfAbsent(`journal/1/${shard}/${String(entry.seq).padStart(12, "0")}`, entry);
    const head = await on.state.get(`journal-head/${accountId}/${shard}`);
    if (head !== undefined) await on.state.putIfAbsent(`journal-head/1/${shard}`, head.value);
  }
  expect((await verifyLedger(on.state, "1")).intact).toBe(false);
});
