import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decideQuestion } from "../../shared/ask-anew.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import {
  accountId,
  bothTrust,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({
    settings: "approvals: { hours: 72 }\nrules:\n  RAM.TrustForeignAccount: { approvalHours: 24 }\n",
  });
});
afterEach(() => account.stop());

const hourMs = 3_600_000;
const administrator: Actor = { kind: "user", accountId, name: "administrator" };
const decide = (id: string, wanted: "approve" | "reject") =>
  decideQuestion(account.world(), account.config, account.ledger, id, wanted, administrator);

const newest = async (): Promise<string> => {
  await account.catchUp();
  const incident = (await account.incidents()).at(-1);
  if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
  return incident.id;
};
/** A question of the rule that has a time of its own. */
const short = async (): Promise<string> => {
  await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  return newest();
};
/** A question of a rule that has none. */
const long = async (): Promise<string> => {
  const change = (by: string, document: string) =>
    account.as(by)("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: document });
  await change("administrator", bothTrust);
  account.skipAll();
  await account.sweep();
  account.clock.advance(60_000);
  await change("mallory", ciTrust);
  return newest();
};
const reminders = async () => {
  await account.sweep();
  await account.flush();
  return account.messages().flatMap(({ title, text }) => {
    const [, hours] = /undecided after (\d+) h/.exec(title) ?? [];
    const [, id] = /Incident ([0-9a-f-]{36})/.exec(text) ?? [];
    return hours === undefined ? [] : [`${id} after ${hours} h`];
  });
};

describe("a rule with a time of its own for what it asks", () => {
  it("has its question void after that time, and others' not", async () => {
    const [other, own] = [await long(), await short()];
    account.clock.advance(25 * hourMs);
    for (const wanted of ["approve", "reject"] as const)
      expect(await decide(own, wanted)).toMatchObject({
        ok: false,
        error: { kind: "refused", because: expect.stringContaining("more than 24 h") },
      });
    expect(await decide(other, "reject")).toMatchObject({ ok: true });
  });

  it("has its question decided before that", async () => {
    const own = await short();
    account.clock.advance(23 * hourMs);
    expect(await decide(own, "reject")).toMatchObject({ ok: true });
  });

  it("is reminded of at its own time, once, and so are the others at theirs", async () => {
    const [other, own] = [await long(), await short()];
    account.clock.advance(23 * hourMs);
    expect(await reminders()).toEqual([]);
    account.clock.advance(2 * hourMs);
    expect(await reminders()).toEqual([`${own} after 24 h`]);
    expect(await reminders()).toEqual([`${own} after 24 h`]);
    account.clock.advance(48 * hourMs);
    const all = [`${own} after 24 h`, `${other} after 72 h`];
    expect(await reminders()).toEqual(all);
    account.clock.advance(150 * 24 * hourMs);
    expect(await reminders()).toEqual(all);
  });
});
