import { afterEach, beforeEach, expect, it } from "vitest";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { World } from "../../shared/ports/world.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { accountBefore, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

const allowing = (action: string): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: [action], Resource: ["*"] }] });

let account: GuardedAccount;
beforeEach(async () => {
  const before = accountBefore();
  account = await guardedAccount({
    snapshot: {
      ...before,
      policies: [
        ...(before.policies ?? []),
        {
          policyName: "team",
          policyType: "Custom",
          versions: [{ versionId: "v1", policyDocument: allowing("oss:GetObject") }],
        },
      ],
    },
    settings: 'pipelines: [user/provisioner]\nrules:\n  RAM.ChangeOutsidePipeline: { response: "revert" }',
  });
});
afterEach(() => account.stop());

const publish = (by: string, action: string) =>
  account.as(by)("Ram", "CreatePolicyVersion", {
    PolicyName: "team",
    PolicyDocument: allowing(action),
    SetAsDefault: "true",
  });
const outcomesOf = async (kind: string) =>
  (await account.incidents()).filter(({ subject }) => subject.kind === kind).map(({ outcome }) => outcome?.kind);

it("a version that came after one that is taken back is not accepted with it (seed 71)", async () => {
  await publish("mallory", "*");
  account.clock.advance(50_000);
  await publish("administrator", "oss:*");
  account.clock.advance(1_800_000);
  await account.catchUp();

  // Nobody knows what was before, so the first goes and the second is told.
  expect(await outcomesOf("policy")).toEqual(["reverted", "alerted"]);
});

it("the removal of a member whose intent is given up is judged anew as a removal (seed 150)", async () => {
  await account.as("mallory")("Ram", "RemoveUserFromGroup", { UserName: "alice", GroupName: "staff" });
  // The guard dies with the intent in the ledger, and its event never comes again.
  account.wrap((world: World) => ({
    ...world,
    state: {
      ...world.state,
      compareAndSet: async (key, ...rest) => {
        if (key.startsWith("incident/")) throw new StoreUnavailable("killed");
        return world.state.compareAndSet(key, ...rest);
      },
    },
  }));
  await account.deliver(account.events("RemoveUserFromGroup")[0]);
  account.wrap(undefined);
  account.skipAll();
  account.clock.advance(leaseMs + 1_000);
  await account.sweep();

  expect(await outcomesOf("membership")).toEqual(["asked"]);
});
