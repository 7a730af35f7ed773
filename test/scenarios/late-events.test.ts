import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { readBaseline } from "../../shared/ledger/baselines.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Events that come after what has happened since.

const kept = "rules: { RAM.ChangeOutsidePipeline: { response: revert } }\npipelines: [user/provisioner]";

let account: GuardedAccount;
const start = async (settings: string, more: object = {}): Promise<void> => {
  account = await guardedAccount({
    settings,
    snapshot: { ...accountBefore(), ...more },
    sandbox: { dropResponseElements: true },
  });
};
beforeEach(() => start(kept));
afterEach(() => account.stop());

const groups = () => account.sandbox.dump().groups?.map(({ groupName }) => groupName);
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);

describe("the creation of a group that is gone", () => {
  const make = (as: string) => account.as(as)("Ram", "CreateGroup", { GroupName: "night-shift" });

  it("is not put back on the group that bears its name since", async () => {
    await make("mallory");
    const late = account.events("CreateGroup").at(-1);
    account.clock.advance(10_000);
    await account.as("provisioner")("Ram", "DeleteGroup", { GroupName: "night-shift" });
    account.clock.advance(60_000);
    await make("provisioner");
    account.skipAll();
    const { receipt } = await account.deliver(late);
    expect(receipt?.decisions).toMatchObject([{ outcome: "clear", note: "the subject is gone" }]);
    expect(groups()).toContain("night-shift");
    expect(account.actingWrites()).toEqual([]);
  });

  it("is put back while it is the one", async () => {
    await make("mallory");
    account.clock.advance(60_000);
    await account.catchUp();
    expect(await outcomes()).toEqual(["reverted"]);
    expect(groups()).not.toContain("night-shift");
  });
});

describe("where nothing is known of before, the first harmless change", () => {
  const strict = { MFAOperationForLogin: "mandatory", LoginSessionDuration: 6, EnableSaveMFATicket: false };
  const ref = { kind: "security-preference", accountId, route: "Ims" } as const;
  const set = (as: string, over: object) =>
    account.as(as)("Ims", "SetSecurityPreference", { ...account.standing().securityPreference, ...over });
  const baseline = () => readBaseline(account.world().state, accountId, subjectKey(ref));

  it("does not excuse what else was changed, whose event comes late", async () => {
    await account.stop();
    await start(kept, { securityPreference: strict });
    await set("mallory", { LoginSessionDuration: 5 });
    const late = account.events("SetSecurityPreference").at(-1);
    account.clock.advance(60_000);
    account.skipAll();
    await set("provisioner", { LoginSessionDuration: 4 });
    await account.catchUp();
    expect(await baseline()).toMatchObject({ source: "first-sight" });
    await account.deliver(late);
    expect(await account.incidents()).toMatchObject([
      {
        outcome: { kind: "alerted" },
        actor: { name: "mallory" },
        findings: expect.arrayContaining([expect.objectContaining({ rule: "RAM.ChangeOutsidePipeline" })]),
      },
    ]);
  });
});
