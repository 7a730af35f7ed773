import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBaseline } from "../../shared/ledger/baselines.ts";
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
});
