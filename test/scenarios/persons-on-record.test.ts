import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import type { Entry } from "../../shared/ledger/journal-entry.ts";
import { readJournal } from "../../shared/ledger/journal-read.ts";
import { resumeWriting, stopWriting } from "../../shared/ledger/kill-switch.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { approveIncident, rejectIncident } from "../../shared/response/approve.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { accountId, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const deciding = { approver: { kind: "user", accountId, name: "administrator" } satisfies Actor, openForMs: 1e9 };

const onRecord = async (kind: Entry["kind"]): Promise<readonly Entry[]> => {
  const { state } = account.world();
  expect(await verifyLedger(state, accountId)).toMatchObject({ intact: true, flaws: [] });
  const found: Entry[] = [];
  for await (const entry of readJournal(state, accountId, { from: 0, to: Number.POSITIVE_INFINITY }))
    if ((entry as Entry).kind === kind) found.push(entry as Entry);
  return found;
};

const asked = async (): Promise<string> => {
  await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  const [incident] = await account.incidents();
  return incident?.id ?? "";
};

describe("what a person does is on record, by name, and the chain stays whole", () => {
  it("when a plan is approved, and when its act is taken back", async () => {
    const id = await asked();
    const { telling } = account.config;
    const done = await approveIncident(account.approving(), account.ledger, telling, id, deciding);
    const own = done.ok ? done.value.id : "";
    expect((await onRecord("approval")).map(({ body }) => body)).toMatchObject([
      { incidentId: id, decided: { decision: "approved", by: "user administrator", incidentId: own } },
    ]);
    expect((await onRecord("intent")).map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ incidentId: own, approves: id, by: "user administrator" }),
    );
    await undoIncident(account.approving(), account.ledger, telling, own, deciding.approver);
    expect((await onRecord("undone")).map(({ body }) => body)).toMatchObject([{ incidentId: own }]);
    expect((await onRecord("intent")).map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ undoes: own, by: "user administrator" }),
    );
  });

  it("when a plan is rejected", async () => {
    const id = await asked();
    await rejectIncident(account.world(), account.ledger, id, deciding);
    expect((await onRecord("approval")).map(({ body }) => body)).toMatchObject([
      { incidentId: id, decided: { decision: "rejected", by: "user administrator" } },
    ]);
  });

  it("when writing is switched off and on, once each", async () => {
    const { state } = account.world();
    const stop = { by: "user administrator", because: "a migration", at: account.clock.now() };
    await stopWriting(state, account.ledger, stop);
    expect(await stopWriting(state, account.ledger, { ...stop, by: "user other" })).toEqual(stop);
    await resumeWriting(state, account.ledger, "user administrator");
    await resumeWriting(state, account.ledger, "user administrator");
    expect((await onRecord("switch")).map(({ body }) => body)).toEqual([
      { step: "stopped", ...stop, state: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { step: "resumed", by: "user administrator" },
    ]);
  });
});
