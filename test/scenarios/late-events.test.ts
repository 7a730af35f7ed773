import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
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

  it("makes no state that breaks a rule the one to go back to", async () => {
    const ref = { kind: "policy", accountId, route: "Ram", policyName: "everything" } as const;
    const everything = '{"Version":"1","Statement":[{"Effect":"Allow","NotAction":["oss:*"],"Resource":["*"]}]}';
    const policy = {
      policyName: "everything",
      policyType: "Custom",
      createDate: "2026-01-02T03:04:05Z",
      versions: [{ versionId: "v1", policyDocument: everything }],
    };
    await account.stop();
    await start("", { policies: [...(accountBefore().policies ?? []), policy] });
    await account.as("provisioner")("Ram", "UpdatePolicyDescription", {
      PolicyName: "everything",
      NewDescription: "x",
    });
    await account.catchUp();
    expect(await readBaseline(account.world().state, accountId, subjectKey(ref))).toBeUndefined();
    expect(account.actingWrites()).toEqual([]);
  });
});

describe("a call that does one thing to a policy", () => {
  const ref = { kind: "policy", accountId, route: "Ram", policyName: "harmless" } as const;
  const everything = '{"Version":"1","Statement":[{"Effect":"Allow","Action":["*"],"Resource":["*"]}]}';
  const administrator = (operation: string, more: object) =>
    account.as("administrator")("Ram", operation, { PolicyName: "harmless", ...more });

  it("does not accept what another did to it, whose event comes late", async () => {
    await account.stop();
    await start("");
    const attach = { PolicyType: "Custom", UserName: "alice" };
    await administrator("AttachPolicyToUser", attach);
    account.skipAll();
    const seen = await takeFirstSight(account.world(), account.config);
    expect(seen.ok).toBe(true);
    account.clock.advance(60_000);
    await account.as("mallory")("Ram", "CreatePolicyVersion", {
      PolicyName: "harmless",
      PolicyDocument: everything,
      SetAsDefault: true,
    });
    const late = account.events("CreatePolicyVersion").at(-1);
    account.skipAll();
    for (const NewDescription of ["one", "two", "three"]) {
      account.clock.advance(60_000);
      await administrator("UpdatePolicyDescription", { NewDescription });
      await account.catchUp();
    }
    const baseline = await readBaseline(account.world().state, accountId, subjectKey(ref));
    expect(JSON.stringify(baseline)).not.toContain('\\"Action\\":[\\"*\\"]');
    await account.deliver(late);
    const incident = (await account.incidents()).at(-1);
    expect(incident?.events[0]?.operation).toBe("Ram.CreatePolicyVersion");
    expect(["reverted", "asked", "alerted"]).toContain(incident?.outcome?.kind);
  });
});
