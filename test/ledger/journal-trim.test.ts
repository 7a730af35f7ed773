import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { openJournal } from "../../shared/ledger/journal.ts";
import { headDraft, headsShard, keepSeconds, shardOf } from "../../shared/ledger/journal-entry.ts";
import { trimJournal } from "../../shared/ledger/journal-trim.ts";
import type { Heads } from "../../shared/ledger/verify.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { Store } from "./journal-tools.ts";
import {
  accountId,
  draft,
  entriesOf,
  filled,
  forgeEntry,
  forgeHead,
  mortal,
  newStore,
  subjects,
  verify,
} from "./journal-tools.ts";

let on: Store;
beforeEach(() => {
  on = newStore();
});
afterEach(() => on.state.close());

const day = 86_400_000;
const [first = "", second = ""] = subjects.map(shardOf);
const trim = (budget?: number) => trimJournal(on.state, on.clock, accountId, budget);
const seqs = async (shard: string) => (await entriesOf(on.state, shard)).map(({ seq }) => seq);

test("nothing is given up before its time, and then all of it is, and what is kept is a whole chain", async () => {
  await filled(on, [40, 3]);
  on.clock.advance(keepSeconds.event * 1_000 - 3_600_000);
  expect(await trim()).toEqual({ removed: 0, carried: 0, more: false });
  await openJournal(on.state, on.clock, accountId).append(draft(subjects[0] ?? "", 41));
  on.clock.advance(3_600_000);
  expect(await trim()).toEqual({ removed: 43, carried: 0, more: false });
  expect(await seqs(first)).toEqual([41]);
  expect(await seqs(second)).toEqual([]);
  expect(await verify(on)).toMatchObject({ intact: true, starts: { [first]: 41, [second]: 4 } });
  await openJournal(on.state, on.clock, accountId).append(draft(subjects[1] ?? "", 4));
  expect(await seqs(second)).toEqual([4]);
  expect(await verify(on)).toMatchObject({ intact: true });
});

test("a kind that is kept longer keeps what is behind it", async () => {
  const journal = openJournal(on.state, on.clock, accountId);
  for (const kind of ["event", "outcome", "event"] as const) await journal.append(draft(subjects[0] ?? "", 1, kind));
  on.clock.advance(keepSeconds.event * 1_000);
  expect(await trim()).toMatchObject({ removed: 1 });
  expect(await seqs(first)).toEqual([2, 3]);
  on.clock.advance((keepSeconds.outcome - keepSeconds.event) * 1_000);
  await trim();
  expect(await seqs(first)).toEqual([]);
  expect(await verify(on)).toMatchObject({ intact: true });
});

test("what is still open is written again before it is given up, as often as it takes, and what is closed is not", async () => {
  const journal = openJournal(on.state, on.clock, accountId);
  const [open, closed] = [`dead/${accountId}/open`, `dead/${accountId}/closed`];
  for (const row of [open, closed]) {
    await journal.append({ ...draft(subjects[0] ?? "", 1, "dead"), row });
    await on.state.putIfAbsent(row, { id: row });
  }
  await on.state.compareAndSet(closed, 1, {}, { expiresAt: on.clock.now() / 1_000 + 150 * 86_400 });
  on.clock.advance(101 * day);
  expect(await trim()).toEqual({ removed: 1, carried: 1, more: false });
  expect((await verify(on)).flaws).toEqual([]);
  on.clock.advance(101 * day);
  expect(await trim()).toEqual({ removed: 2, carried: 1, more: false });
  expect(
    (await entriesOf(on.state, first)).map(({ kind, row, body }) => [kind, row, (body.entry as { row?: Json }).row]),
  ).toEqual([["carried", open, open]]);
  expect((await verify(on)).flaws).toEqual([]);
});

test("the record of heads is given up as well, and still knows each shard", async () => {
  await filled(on, [3, 3]);
  on.clock.advance(keepSeconds.head * 1_000 + 1);
  await openJournal(on.state, on.clock, accountId).append(draft(subjects[0] ?? "", 4));
  await trim();
  const before = await seqs(headsShard);
  expect(before[0]).toBeGreaterThan(1);
  expect((await verify(on)).flaws).toEqual([]);
  await forgeEntry(on.state, first, 4, undefined);
  await forgeHead(on.state, first, undefined);
  expect((await verify(on)).flaws).toMatchObject([{ shard: first, kind: "cut-off" }]);
});

test("a budget is kept to, and the next goes on", async () => {
  await filled(on, [10]);
  on.clock.advance(keepSeconds.event * 1_000 + 1);
  expect(await trim(4)).toEqual({ removed: 4, carried: 0, more: true });
  expect(await seqs(first)).toEqual([5, 6, 7, 8, 9, 10]);
  expect((await verify(on)).flaws).toEqual([]);
  expect(await trim()).toEqual({ removed: 6, carried: 0, more: false });
});

test.each(["before", "after"] as const)(
  "whoever dies while trimming (%s a call) leaves a whole chain",
  async (when) => {
    for (let at = 1; ; at += 1) {
      on.state.close();
      on = newStore();
      await filled(on, [5, 2]);
      await openJournal(on.state, on.clock, accountId).append({
        ...draft(subjects[1] ?? "", 3),
        row: `dead/${accountId}/x`,
      });
      await on.state.putIfAbsent(`dead/${accountId}/x`, {});
      on.clock.advance(keepSeconds.head * 1_000 + 1);
      const weak = mortal(on.state, async () => undefined, at, when);
      const died = await trimJournal(weak, on.clock, accountId).then(
        () => false,
        (error: unknown) => error instanceof StoreUnavailable,
      );
      expect((await verify(on)).flaws, `after call ${at}`).toEqual([]);
      await trim();
      expect((await verify(on)).flaws, `after call ${at} and another trim`).toEqual([]);
      expect(await seqs(first)).toEqual([]);
      if (!died) {
        expect(at).toBeGreaterThan(30);
        return;
      }
    }
  },
);

test("a start that nobody recorded is found, and what was tampered with is not given up", async () => {
  await filled(on, [10]);
  const [, second_, third] = await entriesOf(on.state, first);
  for (const seq of [1, 2]) await forgeEntry(on.state, first, seq, undefined);
  await forgeHead(on.state, first, (head) => ({ ...head, from: { seq: 3, previous: second_?.hash ?? "" } }));
  expect((await verify(on)).flaws).toMatchObject([{ shard: first, seq: 3, kind: "start-moved" }]);
  await forgeEntry(on.state, first, 3, { ...third, body: {} } as Json);
  on.clock.advance(keepSeconds.event * 1_000 + 1);
  expect(await trim()).toMatchObject({ removed: 0 });
});

test("an earlier verification holds beyond what was given up since", async () => {
  await filled(on, [10, 2]);
  const { heads } = await verify(on);
  on.clock.advance(keepSeconds.event * 1_000 + 1);
  await trim();
  await openJournal(on.state, on.clock, accountId).append(draft(subjects[0] ?? "", 11));
  expect((await verifyLedger(on.state, accountId, heads)).flaws).toEqual([]);
});
/** As a file of an earlier version has them. */
const withoutTimes = (heads: Heads): Heads =>
  Object.fromEntries(Object.entries(heads).map(([shard, { seq, hash }]) => [shard, { seq, hash }]));

test("what an earlier verification saw and is not kept any more is named, also by a file that says no times", async () => {
  await filled(on, [10, 2]);
  const { heads } = await verify(on);
  expect(heads[first]?.at).toBe((await entriesOf(on.state, first)).at(-1)?.at);
  on.clock.advance(keepSeconds.event * 1_000 + 1);
  await trim();
  for (const seen of [heads, withoutTimes(heads)])
    expect(await verifyLedger(on.state, accountId, seen, on.clock.now())).toMatchObject({
      intact: true,
      givenUp: { [first]: 10, [second]: 2 },
    });
});

/** Gives up the start of a shard as `ledger trim` does, whatever its age: with the right to write to the store. */
const giveUpBefore = async (shard: string, seq: number, saidAt = on.clock.now()): Promise<void> => {
  const clock = { ...on.clock, now: () => saidAt };
  const journal = openJournal(on.state, clock, accountId);
  const entries = await entriesOf(on.state, shard);
  const head = await journal.headNow(shard);
  const previous = entries.find((entry) => entry.seq === seq)?.previous ?? head.hash;
  await journal.append(
    headDraft({ shard, seq: head.seq, hash: head.hash, at: head.at, from: { seq, previous } }),
    headsShard,
  );
  await journal.changeHead(shard, (now) => ({ ...now, from: { seq, previous } }));
  for (const entry of entries) if (entry.seq < seq) await forgeEntry(on.state, shard, entry.seq, undefined);
};

test("entries that were given up before their time are missed, by the heads that were recorded of them", async () => {
  await filled(on, [40]);
  on.clock.advance(60 * day);
  await giveUpBefore(first, 36);
  expect((await verify(on)).flaws).toMatchObject([{ shard: first, seq: 33, kind: "given-up-early" }]);
  // It was so when it was done, however old the entries would be by now.
  on.clock.advance(60 * day);
  expect((await verify(on)).flaws).toMatchObject([{ shard: first, seq: 33, kind: "given-up-early" }]);
});

test("entries behind the last recorded head are missed by whoever kept an earlier verification", async () => {
  await filled(on, [1]);
  on.clock.advance(101 * day);
  await filled(on, [5]);
  const { heads } = await verify(on);
  await filled(on, [2]);
  await giveUpBefore(first, 8);
  expect((await verify(on)).flaws).toEqual([]);
  expect((await verifyLedger(on.state, accountId, heads)).flaws).toMatchObject([
    { shard: first, seq: 6, kind: "given-up-early" },
  ]);
  // One that says no times cannot tell.
  expect(await verifyLedger(on.state, accountId, withoutTimes(heads))).toMatchObject({
    intact: true,
    givenUp: { [first]: 6 },
  });
});

test("a start that claims to be of a later time is held against the time of the verification", async () => {
  await filled(on, [40]);
  await giveUpBefore(first, 36, on.clock.now() + 200 * day);
  expect((await verify(on)).flaws).toEqual([]);
  expect((await verifyLedger(on.state, accountId, {}, on.clock.now())).flaws).toMatchObject([
    { shard: first, seq: 33, kind: "given-up-early" },
  ]);
});

test("a head that is recorded anew long after is of the age of its entry: what is then given up is no flaw", async () => {
  await filled(on, [3, 40]);
  const seen: Heads[] = [];
  for (let at = 0; at < 9; at += 1) {
    on.clock.advance(60 * day);
    await openJournal(on.state, on.clock, accountId).append(draft(subjects[1] ?? "", 41 + at));
    await trim();
    for (const heads of [{}, ...seen])
      expect((await verifyLedger(on.state, accountId, heads, on.clock.now())).flaws).toEqual([]);
    seen.push((await verify(on)).heads);
  }
  expect(await seqs(first)).toEqual([]);
  expect((await seqs(headsShard))[0]).toBeGreaterThan(1);
});
