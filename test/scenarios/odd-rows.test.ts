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
