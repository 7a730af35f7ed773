import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { readHeartbeat } from "../../shared/ledger/heartbeat.ts";
import { keepRecheck } from "../../shared/ledger/rechecks.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { type StateStore, StoreUnavailable } from "../../shared/ports/state-store.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { swept } from "../support/swept.ts";

const minute = 60_000;
const hour = 60 * minute;
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };

const folder = mkdtempSync(join(tmpdir(), "ram-warden-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let on: GuardedAccount;
beforeEach(async () => {
  on = await guardedAccount({ settings: "audit: daily" });
});
afterEach(() => on.stop());

const administers = (): boolean =>
  (on.sandbox.dump().attachments ?? []).some(
    ({ principalName, policyName }) => principalName === "alice" && policyName === "AdministratorAccess",
  );

const silences = async () => (await on.incidents()).filter(({ findings }) => findings[0]?.rule === "RAM.SweepSilent");

/** Whoever wants to tell something dies before it is in the outbox. */
const withoutOutbox = (state: StateStore): StateStore => ({
  ...state,
  putIfAbsent: async (key, ...given) => {
    if (key.startsWith("outbox/")) throw new StoreUnavailable("no answer");
    return state.putIfAbsent(key, ...given);
  },
});

/** EventBridge loses it: it is for the sweep to find. */
const attackUnseen = async (): Promise<void> => {
  await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
  on.skipAll();
  on.clock.advance(2 * minute);
};

describe("a row that is no JSON", () => {
  let files = 0;
  let path = "";
  beforeEach(() => {
    files += 1;
    path = join(folder, `${files}.sqlite`);
    const store = openSqliteStateStore(path, on.clock);
    on.wrap((world) => ({ ...world, state: store }));
  });

  /** Cuts a row short, as a failing disk or a hand that meddles would. */
  const rot = async (key: string, text = '{"a":'): Promise<void> => {
    await on.world().state.putIfAbsent(key, {});
    const raw = new Database(path);
    raw.prepare("UPDATE rows SET value = ? WHERE key = ?").run([text, Buffer.from(key)]);
    raw.close();
  };

  it.each(["recheck", "lease", "incident", "deferred", "drift", "let-be", "chain", "outbox", "dead"] as const)(
    "of kind `%s` keeps the sweep from nothing, and is said",
    async (kind) => {
      await on.sweep();
      await rot(`${kind}/${accountId}/${kind === "outbox" ? "dingtalk/" : ""}x`);
      await attackUnseen();
      const report = swept(await on.sweep());
      expect(administers()).toBe(false);
      const line = `a row of kind \`${kind}\` in the state store is not of its form and counts as absent`;
      // Nothing of the sweep reads dead letters.
      expect(report.problems).toEqual(kind === "dead" ? [] : [line]);
    },
  );

  it("as a mark of the sweep begins anew", async () => {
    await rot(`cursor/${accountId}/subjects`, "");
    const { subjects, problems } = swept(await on.sweep());
    expect(subjects).toMatchObject({ finished: true });
    expect(subjects.looked).toBeGreaterThan(0);
    expect(problems).toEqual([expect.stringContaining("kind `cursor`")]);
  });

  it("as the switch stops all writing", async () => {
    await rot(`switch/${accountId}/writing`);
    await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
    await on.catchUp();
    expect(administers()).toBe(true);
    expect(on.messages()).toHaveLength(1);
    expect(on.messages()[0]?.text).toContain("the row of the switch is damaged");
  });

  it("as a granted exemption may have covered anything: told, and not written", async () => {
    await rot(`exemption/${accountId}/x`);
    await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
    await on.catchUp();
    expect(administers()).toBe(true);
    expect(on.messages()).toHaveLength(1);
  });

  it.each(["journal", "journal-head", "incident"] as const)("as a row of `%s` is found by verifying", async (kind) => {
    await on.as("mallory")("Ram", "AttachPolicyToUser", admin);
    await on.catchUp();
    const { state } = on.world();
    expect((await verifyLedger(state, accountId)).intact).toBe(true);
    const { rows } = await state.list(`${kind}/${accountId}/`, { limit: 1 });
    await rot(rows[0]?.key ?? "");
    expect((await verifyLedger(state, accountId)).flaws.length).toBeGreaterThan(0);
  });
});

describe("a fault of our own", () => {
  const plain: SubjectRef = { kind: "role-trust", accountId, roleName: "plain", route: "Ram" };
  const about = `${accountId}/role-trust/plain`;
  const event = {
    eventId: "e",
    requestId: "r",
    operation: "Ram.UpdateRole",
    occurredAt: 0,
    accountId,
    actor: undefined,
    subject: plain,
    claimed: undefined,
    effect: "changed",
  } as const;

  /** Reading one role ends in a TypeError, wherever that is done. */
  const breakReading = (): void =>
    on.wrap((world) => ({
      ...world,
      read: async (ref) => {
        if (ref.kind === "role-trust" && ref.roleName === "plain") throw new TypeError("secret detail");
        return world.read(ref);
      },
    }));

  it("in a walk is one line, and all else is done", async () => {
    await on.sweep();
    breakReading();
    await attackUnseen();
    on.clock.advance(hour);
    const report = swept(await on.sweep());
    expect(administers()).toBe(false);
    expect(report).toMatchObject({ finished: false, subjects: { finished: true } });
    expect(report.problems).toContain("looking at a subject ended in a fault: TypeError");
    expect(JSON.stringify([report, on.logLines])).not.toContain("secret detail");
    expect((await readHeartbeat(on.world().state, accountId, "sweep"))?.at).toBe(on.clock.now());
  });

  it("in looking again at a subject keeps the others from nothing", async () => {
    await on.sweep();
    const { state } = on.world();
    const before = { ...event, eventId: "a", subject: { ...plain, roleName: "Deploy" } };
    const other = { ...event, eventId: "z", subject: { ...plain, roleName: "ci" } };
    for (const one of [before, event, other]) await keepRecheck(state, accountId, about, one, on.clock.now());
    breakReading();
    const report = swept(await on.sweep());
    expect(report.again.due).toBe(3);
    expect(report.problems).toEqual(["looking again at a subject ended in a fault: TypeError"]);
    const { rows } = await state.list(`recheck/${accountId}/`, { limit: 9 });
    expect(rows.map(({ key }) => key)).toEqual([`recheck/${accountId}/e/${about}`]);
  });

  it("in finishing an intent keeps the others from nothing", async () => {
    await on.sweep();
    await on.ledger.open({
      id: "00000000-0000-7000-8000-000000000000",
      accountId,
      openedAt: on.clock.now(),
      status: "intended",
      events: [event],
      subject: plain,
      findings: [],
      response: "revert",
      callsMade: [],
    });
    on.wrap((world) => ({
      ...world,
      state: {
        ...world.state,
        putIfAbsent: async (key, value, expiry) => {
          if (key === `lease/${accountId}/${about}`) throw new TypeError("broken");
          return world.state.putIfAbsent(key, value, expiry);
        },
      },
    }));
    await attackUnseen();
    const report = swept(await on.sweep());
    expect(administers()).toBe(false);
    expect(report.problems).toContain("finishing a subject that was left half done ended in a fault: TypeError");
    on.wrap(undefined);
    await on.sweep();
  });

  it("in a whole step leaves the other steps", async () => {
    await on.sweep();
    await attackUnseen();
    on.wrap((world) => ({
      ...world,
      state: {
        ...world.state,
        list: async (prefix, page) => {
          if (/^(recheck|chain|drift)\//.test(prefix)) throw new TypeError("broken");
          return world.state.list(prefix, page);
        },
      },
    }));
    const report = swept(await on.sweep());
    expect(administers()).toBe(false);
    expect(report.problems).toEqual([
      "looking again ended in a fault: TypeError",
      "following chains ended in a fault: TypeError",
      "judging what no event explains ended in a fault: TypeError",
    ]);
  });

  it("of the state store ends the tick, which comes again", async () => {
    on.wrap((world) => ({
      ...world,
      state: {
        ...world.state,
        list: async () => {
          throw new StoreUnavailable("no answer");
        },
      },
    }));
    await expect(on.sweep()).rejects.toThrow(StoreUnavailable);
  });
});

describe("a sweep that does not come to its end", () => {
  const change = async (): Promise<void> => {
    await on.as("administrator")("Ram", "CreateUser", { UserName: `user-${on.clock.now()}` });
    await on.catchUp();
  };

  it("is told by the guard once for each silence", async () => {
    await on.sweep();
    on.clock.advance(29 * minute);
    await change();
    expect(await silences()).toEqual([]);
    for (let n = 0; n < 3; n += 1) {
      on.clock.advance(2 * minute);
      await change();
    }
    await on.flush();
    expect(await silences()).toHaveLength(1);
    expect(on.messages().filter(({ title }) => title.includes("sweep"))).toHaveLength(1);
    await on.sweep();
    await change();
    expect(await silences()).toHaveLength(1);
    on.clock.advance(hour);
    await change();
    expect(await silences()).toHaveLength(2);
  });

  it("is not missed where there never was one", async () => {
    on.clock.advance(hour);
    await change();
    expect(await silences()).toEqual([]);
  });

  it("is told of where the guard died before it could, though the sweep is back by then", async () => {
    await on.sweep();
    on.clock.advance(hour);
    on.wrap((world) => ({ ...world, state: withoutOutbox(world.state) }));
    await on.as("administrator")("Ram", "CreateUser", { UserName: "anna" });
    await expect(on.catchUp()).rejects.toThrow();
    on.wrap((world) => world);
    expect(await silences()).toHaveLength(1);
    on.skipAll();
    await on.sweep();
    await on.sweep();
    expect(await silences()).toHaveLength(1);
    expect(on.messages().filter(({ title }) => title.includes("sweep"))).toHaveLength(1);
  });

  it("costs one reading a minute, however much the guard is handed", async () => {
    await on.sweep();
    const asked: string[] = [];
    on.wrap((world) => ({
      ...world,
      state: {
        ...world.state,
        get: async (key) => {
          asked.push(key);
          return world.state.get(key);
        },
      },
    }));
    on.clock.advance(minute);
    for (let n = 0; n < 5; n += 1) {
      await on.as("administrator")("Ram", "CreateUser", { UserName: `user-${n}` });
      await on.catchUp();
    }
    expect(asked.filter((key) => key === `heartbeat/${accountId}/sweep`)).toHaveLength(1);
  });
});
