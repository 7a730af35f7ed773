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

describe("a name that an exemption gives", () => {
  const rename = async (userName: string, newUserName: string) => {
    await account.as("mallory")("Ram", "UpdateUser", { UserName: userName, NewUserName: newUserName });
    await account.catchUp();
    const incidents = await account.incidents();
    return incidents.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  };

  it.each([
    ["as an actor", "actor: user/terraform-*"],
    ["as a subject", "subject: grant/user/terraform-bot/System/AdministratorAccess/account"],
    ["as a part of a subject", 'subject: "access-key/user/terraform-*/*"'],
  ])("is not taken silently: %s", async (_, scope) => {
    await account.sweep();
    exempt(`rules: [RAM.HighRiskPolicyOnUser]\n${scope}`);
    expect(await rename("alice", "terraform-bot")).toEqual(["RAM.ListedIdentityRenamed"]);
  });

  it("is another's where the exemption is about another name, or about a group", async () => {
    await account.sweep();
    exempt("rules: [RAM.HighRiskPolicyOnUser]\nsubject: grant/group/terraform-bot/System/*");
    expect(await rename("alice", "terraform-bot")).toEqual([]);
  });
});

describe("an exemption and a chain of changes", () => {
  const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  const login = (who: string) =>
    account.as(who)("Ims", "CreateLoginProfile", {
      UserPrincipalName: "eve@example.onaliyun.com",
      Password: "Aa1!aaaaaaaaaa",
      MFABindRequired: true,
    });
  const loginOfEve = () =>
    account.sandbox.dump().users?.find(({ userName }) => userName === "eve")?.loginProfile?.status;
  const chainOf = async () =>
    (await account.incidents()).find(({ findings }) => findings[0]?.rule === "RAM.BackdoorAdministrator");

  it("is not exempt by whoever comes last", async () => {
    exempt("rules: [RAM.BackdoorAdministrator]\nactor: user/administrator");
    await account.as("mallory")("Ram", "CreateUser", { UserName: "eve" });
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "eve" });
    await account.catchUp();
    await login("administrator");
    await account.catchUp();
    expect((await chainOf())?.findings[0]?.exemption).toBeUndefined();
    expect(loginOfEve()).not.toBe("Active");
  });

  it("is exempt where it covers each who made a piece", async () => {
    exempt("rules: [RAM.BackdoorAdministrator]\nactor: user/m*y");
    await account.as("mallory")("Ram", "CreateUser", { UserName: "eve" });
    await login("mallory");
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "eve" });
    await account.catchUp();
    expect((await chainOf())?.findings[0]?.exemption?.id).toBe("agreed");
    expect(loginOfEve()).toBe("Active");
    // What one piece breaks by itself nobody answers for: it is put back, and told at its own severity.
    await account.flush();
    const titles = account.messages().map(({ title }) => title);
    expect(titles.filter((title) => /critical/i.test(title))).toHaveLength(1);
    const single = (await account.incidents()).find(({ findings }) =>
      findings.some(({ rule }) => rule === "RAM.HighRiskPolicyOnUser"),
    );
    expect(single?.outcome?.kind).toBe("reverted");
  });
});
