import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditAccount } from "../../shared/audit.ts";
import { keepState, readBaseline } from "../../shared/ledger/baselines.ts";
import { trustOf } from "../sandbox/client.ts";
import { accountId, type GuardedAccount, guardedAccount, stranger } from "../support/guarded-account.ts";

let account: GuardedAccount;

beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const dayMs = 86_400_000;

const exempt = (scope: string): void => {
  const day = (offset: number) => new Date(account.clock.now() + offset * dayMs).toISOString().slice(0, 10);
  const text = `exemptions:
  - id: agreed
    ${scope.trim().split("\n").join("\n    ")}
    owner: alice
    reason: agreed
    from: "${day(-1)}"
    until: "${day(30)}"
`;
  account.setExemptions({ kind: "text", text });
};

const ci = `acs:ram::${accountId}:role/ci`;
const agreed = "acs:ram::5555555555555555:root";
const open = `acs:ram::${stranger}:root`;
const trustRules = "rules: [RAM.TrustForeignAccount, RAM.TrustEntityAdded]";

const update = (who: string, trusted: readonly string[]) =>
  account.as(who)("Ram", "UpdateRole", {
    RoleName: "plain",
    NewAssumeRolePolicyDocument: trustOf({ RAM: [...trusted] }),
  });
const trustOfPlain = () =>
  JSON.stringify(account.sandbox.dump().roles?.find(({ roleName }) => roleName === "plain")?.assumeRolePolicyDocument);

describe("an exemption of an actor", () => {
  it("covers that one's change, and not what another adds to it later", async () => {
    await account.sweep();
    exempt(`${trustRules}\nactor: user/administrator`);
    await update("administrator", [ci, agreed]);
    await account.catchUp();
    expect(trustOfPlain()).toContain(agreed);
    account.clock.advance(2_000);
    await update("mallory", [ci, agreed, open]);
    await account.catchUp();
    expect(trustOfPlain()).toContain(agreed);
    expect(trustOfPlain()).not.toContain(stranger);
  });

  it("does not cover what another added before that one's event is judged", async () => {
    await account.sweep();
    exempt(`${trustRules}\nactor: user/administrator`);
    await update("administrator", [ci, agreed]);
    account.clock.advance(2_000);
    await update("mallory", [ci, agreed, open]);
    await account.catchUp();
    expect(trustOfPlain()).not.toContain(stranger);
    const baseline = await readBaseline(account.world().state, accountId, `${accountId}/role-trust/plain`);
    expect(JSON.stringify(baseline)).not.toContain(stranger);
    const [first] = await account.incidents();
    // What it did itself is told with the exemption that covers it.
    expect(first?.ofClaim?.map(({ exemption }) => exemption?.id)).toEqual(["agreed", "agreed"]);
    expect(first?.findings.some(({ exemption }) => exemption === undefined)).toBe(true);
  });

  it("makes no state of an unknown maker one to go back to", async () => {
    exempt("rules: [RAM.TrustForeignAccount]\nactor: role/terraform");
    await update("administrator", [ci, open]);
    account.skipAll();
    const ref = { kind: "role-trust", accountId, roleName: "plain", route: "Ram" } as const;
    const live = await account.world().read(ref);
    if (!live.ok) throw new Error("the role cannot be read");
    account.clock.advance(600_000);
    await update("administrator", [ci]);
    account.skipAll();
    const since = account.clock.now();
    await keepState(account.world().state, ref, { state: live.value, since, source: "event" });
    account.clock.advance(600_000);
    await update("mallory", [ci, agreed]);
    const [receipt] = await account.catchUp();
    expect(receipt?.decisions[0]?.plan.because?.kind).toBe("before-breaks-a-rule");
    expect(trustOfPlain()).not.toContain(stranger);
  });

  it("covers nothing of things as they stand, whose makers are not known", async () => {
    await update("administrator", [ci, open]);
    account.skipAll();
    const found = async () => {
      const audit = await auditAccount(account.world(), account.config);
      if (!audit.ok) throw new Error("no audit");
      return audit.value.findings.filter(({ finding }) => finding.rule === "RAM.TrustForeignAccount");
    };
    exempt("rules: [RAM.TrustForeignAccount]\nactor: role/terraform");
    const ofActor = await found();
    expect(ofActor.length).toBeGreaterThan(0);
    expect(ofActor.every(({ finding }) => finding.exemption === undefined)).toBe(true);
    exempt("rules: [RAM.TrustForeignAccount]\nsubject: role-trust/plain");
    expect((await found()).some(({ finding }) => finding.exemption?.id === "agreed")).toBe(true);
  });
});
