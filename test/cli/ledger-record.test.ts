import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { openJournal } from "../../shared/ledger/journal.ts";
import type { Entry } from "../../shared/ledger/journal-entry.ts";
import { hashOfEntry, headDraft } from "../../shared/ledger/journal-entry.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { callerOf } from "../sandbox/client.ts";
import { accountId, openTrust } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

const call = (...given: Parameters<ReturnType<typeof callerOf>>) =>
  callerOf(place.sandbox, place.sandbox.keyOf("mallory"))(...given);

/** A takeover that was answered, and a change that was clear. */
const answered = async (): Promise<void> => {
  await warden("baseline");
  await call("Ram", "AttachPolicyToGroup", {
    PolicyType: "System",
    PolicyName: "AliyunOSSReadOnlyAccess",
    GroupName: "staff",
  });
  await call("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
  await warden("replay", place.folder.file("trail.json", place.sandbox.trail));
};

const inState = async <Value>(work: (state: ReturnType<typeof openSqliteStateStore>) => Promise<Value>) => {
  const state = openSqliteStateStore(join(place.folder.path, "state.sqlite"), systemClock);
  try {
    return await work(state);
  } finally {
    state.close();
  }
};

const lines = (out: string): readonly Entry[] =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);

const keyOf = ({ shard, seq }: Pick<Entry, "shard" | "seq">): string =>
  `journal/${accountId}/${shard}/${String(seq).padStart(12, "0")}`;

/** Puts another value in the place of an entry, as one who has the file could; undefined takes it away. */
const forge = (entry: Entry, value: Json | undefined) =>
  inState(async (state) => {
    await state.delete(keyOf(entry), 1);
    if (value !== undefined) await state.putIfAbsent(keyOf(entry), value);
  });

describe("ledger export", () => {
  test("prints each decision with its evidence, oldest first, in entries that can be checked by themselves", async () => {
    await answered();
    const { out, code } = await warden("ledger", "export");
    expect(code).toBe(0);
    const entries = lines(out);
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => a - b));
    const told = entries.filter(({ kind }) => kind !== "head");
    expect(told.map(({ kind }) => kind)).toEqual(["event", "intent", "call", "own-write", "call", "outcome"]);
    expect(told[0]?.body).toMatchObject({
      operation: "Ram.AttachPolicyToGroup",
      outcome: "clear",
      because: expect.any(String),
    });
    expect(told[1]?.body).toMatchObject({
      actor: { name: "mallory" },
      findings: [{ rule: "RAM.TrustForeignAccount", evidence: [{ facts: expect.any(Object) }] }, {}, {}],
      response: "revert",
      calls: [{ operation: "UpdateRole" }],
      before: { digest: expect.stringMatching(/^[0-9a-f]{64}$/), provenance: "baseline" },
    });
    expect(told.slice(2).map(({ body }) => [body.step, body.requestId === undefined])).toEqual([
      ["announced", true],
      [undefined, false],
      ["answered", false],
      [undefined, true],
    ]);
    expect(told[5]?.body).toMatchObject({ outcome: { kind: "reverted" } });
    // Whoever has the lines alone can check the chain.
    const ends = new Map<string, Entry>();
    for (const entry of entries) {
      expect(hashOfEntry(entry as unknown as Json)).toBe(entry.hash);
      const before = ends.get(entry.shard);
      if (before !== undefined) expect([entry.seq, entry.previous]).toEqual([before.seq + 1, before.hash]);
      ends.set(entry.shard, entry);
    }
    const { heads } = JSON.parse((await warden("ledger", "verify", "--json")).out) as { heads: object };
    expect(Object.fromEntries([...ends].map(([shard, { seq, hash, at }]) => [shard, { seq, hash, at }]))).toEqual(
      heads,
    );
  });

  test("holds no secret of the account", async () => {
    await call("Ram", "CreateAccessKey", { UserName: "alice" });
    await answered();
    const { out } = await warden("ledger", "export");
    const secrets = (place.sandbox.dump({ secrets: true }).users ?? []).flatMap(({ accessKeys = [] }) =>
      accessKeys.flatMap(({ secret }) => secret ?? []),
    );
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(out).not.toContain(secret);
  });

  test("keeps to a range, both ends included", async () => {
    await answered();
    const all = lines((await warden("ledger", "export")).out);
    const [from, to] = [all[2]?.at ?? 0, all[5]?.at ?? 0];
    const time = (at: number): string => new Date(at).toISOString();
    const { out } = await warden("ledger", "export", "--from", time(from), "--to", time(to));
    expect(lines(out)).toEqual(all.filter(({ at }) => at >= from && at <= to));
    expect((await warden("ledger", "export", "--from", "1h", "--to", "2h")).code).toBe(2);
    expect((await warden("ledger", "export", "--from", "soon")).code).toBe(2);
  });
});

describe("ledger verify", () => {
  test("takes a ledger that is not there for a mistake", async () => {
    const { code, err } = await warden("ledger", "verify");
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("there is no state at ") });
  });

  test("is 0 while all is as it was written, and for an empty ledger, of which it says so", async () => {
    await inState(async () => undefined);
    expect(await warden("ledger", "verify")).toMatchObject({
      code: 0,
      out: "intact: 0 entries, 0 rows held against them\n",
      err: expect.stringContaining(
        "there is no entry to verify: nothing was recorded here yet, or the record was emptied\n",
      ),
    });
    await answered();
    const { code, out } = await warden("ledger", "verify", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ intact: true, flaws: [] });
    expect((await warden("ledger", "verify")).err).not.toContain("emptied");
    expect((await warden("ledger", "verify", "--since", place.folder.file("seen.json", out))).code).toBe(0);
  });

  test("is 1 and names the entry that was edited, dropped or reordered", async () => {
    await answered();
    const entries = lines((await warden("ledger", "export")).out);
    const calls = entries.filter(({ kind }) => kind === "call");
    const [announced, concluded] = calls as [Entry, Entry];
    const flaws = async () => {
      const { code, out } = await warden("ledger", "verify", "--json");
      expect(code).toBe(1);
      return (JSON.parse(out) as { flaws: readonly { readonly [name: string]: Json }[] }).flaws;
    };
    const at = ({ shard, seq }: Entry) => ({ shard, seq });

    await forge(announced, { ...announced, body: {} } as unknown as Json);
    expect(await flaws()).toMatchObject([{ kind: "edited", ...at(announced) }]);
    expect((await warden("ledger", "verify")).out).toMatch(/^not intact: 1 flaw in /m);
    expect((await warden("ledger", "verify", "--lang", "zh-CN")).out).toMatch(/^不完整：1 处缺陷，共 \d+ 个条目，/m);
    await forge(announced, undefined);
    expect(await flaws()).toMatchObject([{ kind: "dropped", ...at(announced) }]);
    await forge(announced, concluded as unknown as Json);
    await forge(concluded, announced as unknown as Json);
    expect(await flaws()).toMatchObject([
      { kind: "reordered", ...at(announced) },
      { kind: "reordered", ...at(concluded) },
    ]);
    const { out } = await warden("ledger", "verify");
    expect(out).toMatch(
      new RegExp(`^reordered +shard ${announced.shard} entry ${announced.seq}: entry ${concluded.seq} of shard`),
    );
    expect(out).toMatch(/^not intact: 2 flaws in \d+ entries, \d+ rows held against them$/m);
  });

  test("is 1 where an incident is not what the record says, and names it", async () => {
    await answered();
    const [incident] = await place.incidents();
    const key = `incident/${accountId}/${incident?.id}`;
    await inState(async (state) => {
      const row = await state.get(key);
      await state.compareAndSet(key, row?.version ?? 0, { ...(row?.value as object), outcome: { kind: "clear" } });
    });
    const { code, out } = await warden("ledger", "verify");
    expect(code).toBe(1);
    expect(out).toMatch(`row-without-entry row \`${key}\``);
  });

  test("holds what it saw before against what is there now", async () => {
    await answered();
    const seen = place.folder.file("seen.json", (await warden("ledger", "verify", "--json")).out);
    await inState(async (state) => {
      for (const kind of ["journal", "journal-head", "incident", "event", "ours"])
        for (const { key, version } of (await state.list(`${kind}/${accountId}/`, { limit: 500 })).rows)
          await state.delete(key, version);
    });
    expect(await warden("ledger", "verify")).toMatchObject({ code: 0, err: expect.stringContaining("was emptied") });
    const { code, out } = await warden("ledger", "verify", "--since", seen);
    expect(code).toBe(1);
    expect(out).toMatch(/cut-off +shard heads entry 1/);
  });

  test("reads what an earlier version printed, and says what of it is not kept any more", async () => {
    await answered();
    const { heads } = JSON.parse((await warden("ledger", "verify", "--json")).out) as {
      heads: { readonly [shard: string]: { readonly seq: number; readonly hash: string } };
    };
    const old = Object.fromEntries(Object.entries(heads).map(([shard, { seq, hash }]) => [shard, { seq, hash }]));
    const seen = place.folder.file("seen.json", JSON.stringify({ heads: old }));
    expect((await warden("ledger", "verify", "--since", seen)).code).toBe(0);
    const shard = Object.keys(heads).find((one) => one !== "heads") ?? "";
    await inState(async (state) => {
      const journal = openJournal(state, systemClock, accountId);
      const head = await journal.headNow(shard);
      const from = { seq: head.seq + 1, previous: head.hash };
      await journal.append(headDraft({ shard, seq: head.seq, hash: head.hash, at: head.at, from }), "heads");
      await journal.changeHead(shard, (now) => ({ ...now, from }));
    });
    const { out } = await warden("ledger", "verify", "--since", seen);
    expect(out).toContain(`shard ${shard} entry ${heads[shard]?.seq}, which \`--since\` names, is not kept any more`);
    expect(out).toMatch(new RegExp(`given-up-early shard ${shard} entry`));
  });

  test.each(["[]", "nonsense", '{"heads":{"0":{"seq":1,"hash":"a","at":"x"}}}', '{"heads":{"0":7}}', '{"heads":null}'])(
    "refuses %s as an earlier one",
    async (text) => {
      expect((await warden("ledger", "verify", "--since", place.folder.file("odd.json", text))).code).toBe(2);
    },
  );
});

test("ledger trim gives up nothing that is young", async () => {
  await answered();
  const { code, out } = await warden("ledger", "trim", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ removed: 0, carried: 0, rows: 0 });
  expect((await warden("ledger", "verify")).code).toBe(0);
});
