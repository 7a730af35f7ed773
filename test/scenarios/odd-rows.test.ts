import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../shared/domain/json.ts";
import { shardOf } from "../../shared/ledger/journal-entry.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const about = `${accountId}/role-trust/job`;
const rest = {
  "journal-head": shardOf(about),
  limit: "dingtalk",
  outbox: "dingtalk/a",
  lease: about,
  baseline: about,
  last: about,
  waiting: about,
};

/** Puts a value in the place of a row, whatever is there. */
const meddle = async (kind: keyof typeof rest, value: Json): Promise<void> => {
  const { state } = account.world();
  const key = rowKey(kind, accountId, rest[kind]);
  const row = await state.get(key);
  if (row === undefined) await state.putIfAbsent(key, value);
  else await state.compareAndSet(key, row.version, value);
};

describe.each(Object.keys(rest) as readonly (keyof typeof rest)[])("a row `%s`", (kind) => {
  it.each<[string, Json]>([
    ["an empty object", {}],
    ["a number", 7],
    ["a list of nothing", [null]],
    ["null", null],
  ])("that is %s stops neither the guard nor its alerts", async (_, value) => {
    await meddle(kind, value);
    await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
    await account.catchUp();
    expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["reverted"]);
    expect(account.messages()).toHaveLength(1);
    account.clock.advance(60_000);
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: ciTrust });
    await account.catchUp();
    expect(account.messages()).toHaveLength(1);
    expect(account.logLines.some((line) => /counts as absent/.test(line) && line.includes(kind))).toBe(true);
  });
});

it("what goes wrong in sending does not bring the work back", async () => {
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
  account.wrap((world) => ({
    ...world,
    channels: world.channels.map((channel) => ({
      ...channel,
      get limit(): never {
        throw new TypeError("broken");
      },
    })),
  }));
  const { error, receipt } = await account.deliver(account.events("UpdateRole")[0]);
  expect(error).toBeUndefined();
  expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
  account.wrap(undefined);
  await account.flush();
  expect(account.messages()).toHaveLength(1);
});

describe("a row of the right members about a subject of no form", () => {
  const subject = { kind: "grant" };
  const event = { eventId: "e", requestId: "r", operation: "Ram.CreateUser", occurredAt: 1, accountId, subject };
  const id = "00000000-0000-7000-8000-000000000000";
  const asked = { id, accountId, status: "settled", openedAt: 1, events: [], findings: [], response: "ask" };

  it.each<[string, Json]>([
    [rowKey("recheck", accountId, "e/x"), { event: { ...event, subject: { kind: "nonsense" } }, dueAt: 1 }],
    [rowKey("let-be", accountId, "x"), { event, before: {}, exemptions: ["x"] }],
    [rowKey("drift", accountId, "x"), { subject, live: "x", since: 1, done: false }],
    [rowKey("vanished", accountId, "user/alice/x"), { event }],
    [
      rowKey("incident", accountId, id),
      { ...asked, subject, outcome: { kind: "asked" }, callsMade: [], remediation: {} },
    ],
  ])("%s does not stop the sweep", async (key, value) => {
    const { state } = account.world();
    await state.putIfAbsent(key, value);
    for (let tick = 0; tick < 2; tick += 1) expect(await account.sweep()).toMatchObject({ kind: "swept" });
    // The record of decisions knows nothing of it, and says so.
    await state.delete(key, 1);
  });

  it("among recent changes does not keep an event from being dealt with", async () => {
    const { state } = account.world();
    const attach = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };
    await account.as("mallory")("Ram", "CreateUser", { UserName: "eve" });
    await account.catchUp();
    const { rows } = await state.list(rowKey("recent", accountId, ""), { limit: 50 });
    expect(rows.length).toBeGreaterThan(0);
    const piece = { ...event, notedAt: 1, actor: { kind: "user" }, effect: "made", broke: [] };
    for (const { key, version } of rows) await state.compareAndSet(key, version, [piece]);
    await account.as("mallory")("Ram", "AttachPolicyToUser", attach);
    await account.catchUp();
    expect((await account.incidents()).at(-1)?.outcome).toEqual({ kind: "reverted" });
  });
});
