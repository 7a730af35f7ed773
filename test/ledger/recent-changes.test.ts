import { beforeEach, describe, expect, test } from "vitest";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import type { OpenChain } from "../../shared/ledger/recent-changes.ts";
import {
  chainName,
  changeId,
  dueChains,
  joinChain,
  keepChain,
  mostPieces,
  mostRemembered,
  piecesIn,
  readChain,
  rememberChange,
  rememberedMs,
} from "../../shared/ledger/recent-changes.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { grantTo, newKey, newLogin, newUser } from "../chains/changes.ts";
import type { ManualClock } from "../ports/manual-clock.ts";
import { manualClock } from "../ports/manual-clock.ts";
import { memoryStateStore } from "../support/memory-state-store.ts";

const accountId = "1234567890123456";
let clock: ManualClock;
let state: StateStore;
beforeEach(() => {
  clock = manualClock();
  state = memoryStateStore(clock);
});

const noted = (change: RecentChange): RecentChange => ({ ...change, notedAt: clock.now() });
const remember = (change: RecentChange, party = "actor/mallory") =>
  rememberChange(state, clock, accountId, party, change);

describe("the changes of a party", () => {
  test("are remembered in whatever order they come, each once", async () => {
    const [later, earlier] = [noted(newKey("eve", { minute: 9 })), noted(newUser("eve"))];
    await remember(later);
    expect(await remember(earlier)).toEqual([later, earlier]);
    expect(await remember(later)).toEqual([later, earlier]);
    // The same call by another trail has another event id.
    expect(await remember({ ...later, eventId: "by-another-trail" })).toEqual([later, earlier]);
  });

  test("a later look that knows more counts", async () => {
    const change = noted(grantTo("user", "eve", { broke: [] }));
    await remember(change);
    const broken = { ...change, broke: [{ rule: "RAM.X", severity: "critical" }] } as const;
    expect(await remember(broken)).toEqual([broken]);
    expect(await remember(change)).toEqual([broken]);
  });

  test("are apart from those of another party", async () => {
    await remember(noted(newUser("eve")));
    expect(await remember(noted(newUser("bob")), "actor/bob")).toHaveLength(1);
  });

  test("are forgotten after a day, by when they came to be known", async () => {
    await remember(noted(newUser("eve")));
    clock.advance(rememberedMs - 1);
    expect(await remember(noted(newUser("ann")))).toHaveLength(2);
    clock.advance(2);
    expect(await remember(noted(newUser("bob")))).toHaveLength(2);
  });

  test("are bounded, and a flood of one kind does not wash the others away", async () => {
    const made = noted(newUser("eve"));
    await remember(made);
    for (let index = 0; index < mostRemembered + 50; index += 1)
      await remember(noted(newLogin(`user-${index}`, { minute: index })));
    const all = await remember(noted(grantTo("user", "eve", { minute: 999 })));
    expect(all).toHaveLength(mostRemembered);
    expect(all.map(changeId)).toContain(changeId(made));
  });

  test("are bounded, and what is done over and over to one subject goes first", async () => {
    const made = noted(newUser("eve"));
    await remember(made);
    for (let index = 0; index < mostRemembered + 5; index += 1)
      await remember(noted(newUser("eve", { minute: index, effect: "changed" })));
    const all = await remember(noted(newUser("bob", { minute: 999 })));
    expect(all).toHaveLength(mostRemembered);
    expect(all.map(changeId)).toContain(changeId(made));
  });

  test("are bounded, and what was made is not washed away by what was changed of the same kind", async () => {
    const made = noted(newUser("eve"));
    await remember(made);
    for (let index = 0; index < mostRemembered + 5; index += 1)
      await remember(noted(newUser(`user-${index}`, { minute: index, effect: "changed" })));
    expect((await remember(noted(newUser("bob", { minute: 999 })))).map(changeId)).toContain(changeId(made));
  });

  test("are bounded, and one that broke a rule is not washed away by harmless ones on its subject", async () => {
    const broken = noted(newLogin("eve", { effect: "changed", broke: "high" }));
    await remember(broken);
    for (let index = 0; index < mostRemembered + 5; index += 1)
      await remember(noted(newLogin("eve", { minute: index, effect: "changed" })));
    expect((await remember(noted(newUser("bob", { minute: 999 })))).map(changeId)).toContain(changeId(broken));
  });

  test("that two note at the same time are there both", async () => {
    const changes = Array.from({ length: 12 }, (_, index) => noted(newUser(`user-${index}`)));
    await Promise.all(changes.map((change) => remember(change)));
    const all = await remember(changes[0] as RecentChange);
    expect(new Set(all.map(changeId))).toEqual(new Set(changes.map(changeId)));
  });
});

describe("a chain", () => {
  const pieces = [newUser("eve"), newLogin("eve"), grantTo("user", "eve")];
  const target = pieces[0]?.subject as OpenChain["target"];
  const found = (some: readonly RecentChange[], incidentId = "one") => ({
    rule: "RAM.BackdoorAdministrator" as const,
    incidentId,
    target,
    finding: { rule: "RAM.BackdoorAdministrator" } as unknown as OpenChain["finding"],
    pieces: some,
  });
  const join = (some: readonly RecentChange[], incidentId?: string) =>
    joinChain(state, clock, accountId, found(some, incidentId));

  test("has one incident, whoever comes upon it, and is due until it was dealt with", async () => {
    const opened = await join(pieces);
    expect(opened).toMatchObject({ incidentId: "one", due: true, told: 0 });
    expect(await join(pieces, "two")).toMatchObject({ incidentId: "one" });
    expect(await dueChains(state, accountId)).toHaveLength(1);
    const row = await readChain(state, accountId, chainName(opened));
    if (row === undefined) throw new Error("the chain is gone");
    expect(await keepChain(state, clock, row, { ...opened, due: false })).toBe(true);
    expect(await dueChains(state, accountId)).toEqual([]);
    // What is known already makes nothing to do.
    expect(await join(pieces, "three")).toMatchObject({ incidentId: "one", due: false });
  });

  test("is due again when a piece joins, even while it is dealt with", async () => {
    const opened = await join(pieces);
    const row = await readChain(state, accountId, chainName(opened));
    if (row === undefined) throw new Error("the chain is gone");
    const joined = await join([...pieces, newKey("eve")], "two");
    expect(joined.pieces).toHaveLength(4);
    expect(await keepChain(state, clock, row, { ...opened, due: false })).toBe(false);
    expect(await dueChains(state, accountId)).toMatchObject([{ chain: { due: true, incidentId: "one" } }]);
  });

  test("does not become exempt by what joins it, and is not exempt any more by what is not", async () => {
    const exemption = { id: "agreed", owner: "alice", reason: "agreed", until: 0 };
    const joined = async (some: readonly RecentChange[], exempt: boolean) => {
      const { finding, ...rest } = found(some);
      const judged = exempt ? { ...finding, exemption } : finding;
      return (await joinChain(state, clock, accountId, { ...rest, finding: judged })).finding.exemption?.id;
    };
    expect(await joined(pieces, true)).toBe("agreed");
    expect(await joined([...pieces, newKey("eve")], false)).toBeUndefined();
    expect(await joined([...pieces, newKey("eve", { minute: 9 })], true)).toBeUndefined();
  });

  describe("of very many pieces", () => {
    const attach = (minute: number) => grantTo("user", "eve", { minute });
    const ids = (chain: OpenChain) => chain.pieces.map(changeId);
    const end = async (chain: OpenChain, over: readonly RecentChange[], standing = {}): Promise<void> => {
      const row = await readChain(state, accountId, chainName(chain));
      if (row === undefined) throw new Error("the chain is gone");
      const next = { ...chain, over: [...chain.over, ...over.map(changeId)], standing };
      expect(await keepChain(state, clock, row, next)).toBe(true);
    };

    test("keeps what is still to be ended, and what a flood of one kind would wash away", async () => {
      const flood = Array.from({ length: mostPieces }, (_, minute) => attach(minute));
      const opened = await join([...pieces, ...flood.slice(0, 40)]);
      await end(opened, [...pieces.slice(1), ...flood.slice(0, 40)]);
      const next = await join([...pieces, ...flood]);
      expect(next.pieces).toHaveLength(mostPieces);
      expect(ids(next)).toEqual(
        expect.arrayContaining([...pieces.slice(0, 2), ...flood.slice(40)].map((one) => changeId(one))),
      );
      expect(next.more).toMatchObject({ count: piecesIn(next) - mostPieces, open: 0 });
      expect(piecesIn(next)).toBe(new Set([...pieces, ...flood].map(changeId)).size);
      expect(next.over.every((id) => ids(next).includes(id))).toBe(true);
    });

    test("takes none for new that it gave up, and says which of those may stand", async () => {
      const flood = Array.from({ length: mostPieces + 50 }, (_, minute) => attach(minute));
      const opened = await join([...pieces.slice(0, 2), ...flood]);
      expect(opened.pieces).toHaveLength(mostPieces);
      expect(opened.more).toMatchObject({ count: 52, open: 52 });
      expect(ids(opened)).toContain(changeId(pieces[0] as RecentChange));
      await end(opened, []);
      expect(await join([...pieces.slice(0, 2), ...flood])).toEqual(opened);
    });

    test("keeps a piece that stands for want of a person before those that are over", async () => {
      const flood = Array.from({ length: mostPieces }, (_, minute) => attach(minute));
      const [waits, ...done] = flood as [RecentChange, ...RecentChange[]];
      const opened = await join(flood);
      await end(opened, [waits, ...done], { [changeId(waits)]: "a person is asked" });
      const next = await join([...flood, newLogin("eve"), newKey("eve")]);
      expect(ids(next)).toContain(changeId(waits));
      expect(next.standing).toEqual({ [changeId(waits)]: "a person is asked" });
      expect(next.more).toMatchObject({ count: 2, open: 0 });
    });
  });

  test("that is due does not expire; one that was dealt with does", async () => {
    const opened = await join(pieces);
    clock.advance(40 * rememberedMs);
    const row = await readChain(state, accountId, chainName(opened));
    expect(row).toBeDefined();
    if (row !== undefined) await keepChain(state, clock, row, { ...opened, due: false });
    clock.advance(2 * rememberedMs);
    expect(await readChain(state, accountId, chainName(opened))).toBeUndefined();
  });
});
