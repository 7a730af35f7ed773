import { afterEach, beforeEach, expect, it } from "vitest";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { rejectIncident } from "../../shared/response/approve.ts";
import { trustOf } from "../sandbox/client.ts";
import { accountId, type GuardedAccount, guardedAccount, stranger } from "../support/guarded-account.ts";

// Who may say that a subject stays as it is.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({
    settings: "rules: { RAM.TrustForeignAccount: { response: ask }, RAM.TrustEntityAdded: { response: ask } }",
  });
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error("the first sight failed");
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const opened = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${stranger}:root`] });
const update = (by: string, change: object) => account.as(by)("Ram", "UpdateRole", { RoleName: "plain", ...change });
const questions = async () =>
  (await account.incidents()).filter(({ outcome, decided }) => outcome?.kind === "asked" && decided === undefined);
const reject = (id: string, name: string) =>
  rejectIncident(account.world(), account.ledger, id, {
    approver: { kind: "user", accountId, name },
    openForMs: 72 * 3_600_000,
  });

it("nobody lets stand what they changed themselves, whoever touched it last", async () => {
  await update("mallory", { NewAssumeRolePolicyDocument: opened });
  await account.catchUp();
  account.clock.advance(60_000);
  // A change of another's, which leads to a question of its own about all that stands.
  await update("administrator", { NewAssumeRolePolicyDocument: opened, NewDescription: "tidied up" });
  await account.catchUp();
  const asked = await questions();
  expect(asked.length).toBeGreaterThan(0);
  for (const { id } of asked) {
    const done = await reject(id, "mallory");
    expect(done).toMatchObject({ ok: false, error: { kind: "refused" } });
  }
  expect((await questions()).map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
  // Somebody who had no hand in it may.
  const newest = asked.at(-1)?.id ?? "";
  expect(await reject(newest, "provisioner")).toMatchObject({ ok: true });
});
