import { afterEach, beforeEach, expect, it } from "vitest";
import { failed, ok } from "../../shared/domain/result.ts";
import { gone } from "../../shared/domain/subject.ts";
import { dueRechecks } from "../../shared/ledger/rechecks.ts";
import type { World } from "../../shared/ports/world.ts";
import { accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.sweep();
});
afterEach(() => account.stop());

const isAdministrator = () =>
  (account.sandbox.dump().attachments ?? []).some(({ principalName }) => principalName === "alice");
const rechecks = () => dueRechecks(account.world().state, accountId, Number.POSITIVE_INFINITY);

it("a second look whose own write got lost is itself looked at again", async () => {
  let lags = true;
  let loses = true;
  account.wrap((world) => ({
    ...world,
    read: ((ref) => (lags && ref.kind === "grant" ? Promise.resolve(ok(gone)) : world.read(ref))) as World["read"],
    act: async (incidentId, calls) => {
      const session = await world.act(incidentId, calls);
      if (!session.ok) return session;
      const send: (typeof session.value)["send"] = async (call) => {
        if (!loses) return session.value.send(call);
        // Lost on its way, and what is read for some seconds is of before the attach.
        loses = false;
        lags = true;
        return failed({ kind: "outcome-unknown", operation: "Ram.DetachPolicyFromUser", code: "ReadTimeout" });
      };
      return ok({ ...session.value, send });
    },
  }));
  await account.as("mallory")("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "alice",
  });
  await account.catchUp();
  expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["transient"]);

  lags = false;
  account.clock.advance(130_000);
  await account.sweep();
  expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["transient", "reverted"]);
  expect(isAdministrator()).toBe(true);
  expect(await rechecks()).toHaveLength(1);

  lags = false;
  account.clock.advance(130_000);
  await account.sweep();
  expect(isAdministrator()).toBe(false);
  account.clock.advance(130_000);
  await account.sweep();
  expect(await rechecks()).toEqual([]);
});
