import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chains } from "../../shared/chains/registry.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { rules } from "../../shared/rules/registry.ts";
import { type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

let account: GuardedAccount;
const start = async (settings: string): Promise<void> => {
  account = await guardedAccount({ settings });
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error("the account cannot be read");
  account.clock.advance(10 * 60_000);
};
afterEach(() => account.stop());

const allOnTrial = `rules:\n${[...rules, ...chains].map(({ id }) => `  ${id}: { maturity: trial }\n`).join("")}`;

/** What takeovers do, the chain of an administrator by the back door included. */
const attack = async (): Promise<void> => {
  const mallory = account.as("mallory");
  const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  await mallory("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
  await mallory("Ram", "CreateAccessKey", { UserName: "alice" });
  await mallory("Ram", "CreateUser", { UserName: "eve" });
  await mallory("Ram", "CreateLoginProfile", { UserName: "eve", Password: "Aa1!aaaaaaaaaa" });
  await mallory("Ram", "AttachPolicyToUser", { ...admin, UserName: "eve" });
  await account.catchUp();
};

describe("rules on trial, in mode enforce", () => {
  beforeEach(() => start(allOnTrial));

  it("write nothing, whatever comes, and neither does the sweep", async () => {
    await attack();
    account.clock.advance(3_600_000);
    await account.sweep(3_600_000);
    await account.catchUp();
    expect(account.actingWrites()).toEqual([]);
  });

  it("are told, and show the calls that they would make", async () => {
    await attack();
    const told = (await account.incidents()).filter(({ because }) => because?.kind === "trial");
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told.every(({ outcome }) => outcome?.kind === "alerted")).toBe(true);
    const calls = told.flatMap(({ remediation }) => remediation?.calls.map(({ operation }) => operation) ?? []);
    expect(calls).toEqual(expect.arrayContaining(["UpdateRole", "UpdateAccessKey", "DetachPolicyFromUser"]));
    await account.flush();
    const text = account
      .messages()
      .map((message) => message.text)
      .join("\n");
    expect(text).toContain("the rule is on trial");
    expect(text).toContain("Proposed call");
  });
});

const allObserved = allOnTrial.replaceAll("maturity: trial", "response: observe");

describe("rules that observe, in mode enforce", () => {
  beforeEach(() => start(allObserved));

  it("write nothing and ask nothing, whatever comes, and neither does the sweep", async () => {
    await attack();
    await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
    await account.catchUp();
    account.clock.advance(3_600_000);
    await account.sweep(3_600_000);
    await account.catchUp();
    expect(account.actingWrites()).toEqual([]);
    expect((await account.incidents()).filter(({ outcome }) => outcome?.kind === "asked")).toEqual([]);
  });

  it("are told, and show the calls that they would make by their own response", async () => {
    await attack();
    const told = (await account.incidents()).filter(({ because }) => because?.kind === "observe");
    expect(told.length).toBeGreaterThanOrEqual(3);
    const calls = told.flatMap(({ remediation }) => remediation?.calls.map(({ operation }) => operation) ?? []);
    expect(calls).toEqual(expect.arrayContaining(["UpdateRole", "UpdateAccessKey", "DetachPolicyFromUser"]));
    await account.flush();
    const text = account
      .messages()
      .map((message) => message.text)
      .join("\n");
    expect(text).toContain("the settings say observe");
    expect(text).toContain("Proposed call");
  });
});

describe("one rule that observes", () => {
  it("is alone in that: what another rule finds in the same change is put back", async () => {
    await start("rules: { RAM.TrustForeignAccount: { response: observe } }");
    await attack();
    expect(account.actingWrites().map(({ operation }) => operation)).toContain("UpdateRole");
    const trust = (await account.incidents()).find(({ subject }) => subject.kind === "role-trust");
    expect(trust?.findings.find(({ rule }) => rule === "RAM.TrustForeignAccount")).toMatchObject({ observed: true });
    expect(trust?.outcome).toEqual({ kind: "reverted" });
  });

  // A user made, a logon made, and a policy of one's own that only its rule knows to be one of an administrator.
  const takeover = async (): Promise<void> => {
    const mallory = account.as("mallory");
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "CreateLoginProfile", { UserName: "eve", Password: "Aa1!aaaaaaaaaa" });
    await mallory("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "disguised", UserName: "eve" });
    await account.catchUp();
    for (let tick = 0; tick < 3; tick += 1) {
      account.clock.advance(60_000);
      await account.sweep();
      await account.catchUp();
    }
  };
  const rest = rules
    .filter(({ id }) => id !== "RAM.HighRiskPolicyOnUser")
    .map(({ id }) => `  ${id}: { response: "off" }\n`)
    .join("");

  it.each([["response: observe"], ["maturity: trial"]])(
    "has no piece of a chain ended that only it makes one (%s)",
    async (held) => {
      await start(`rules:\n${rest}  RAM.HighRiskPolicyOnUser: { ${held} }\n`);
      await takeover();
      const chain = (await account.incidents()).find(({ pieces }) => pieces !== undefined);
      expect(chain).toMatchObject({ outcome: { kind: "alerted" }, findings: [{ rule: "RAM.BackdoorAdministrator" }] });
      expect(account.actingWrites()).toEqual([]);
    },
  );

  it("is what keeps the chain from being ended", async () => {
    await start(`rules:\n${rest}`);
    await takeover();
    expect(account.actingWrites()).not.toEqual([]);
  });

  it("keeps no chain from being ended that is one without it", async () => {
    await start(`rules:\n${rest}  RAM.HighRiskPolicyOnUser: { response: observe }\n`);
    const mallory = account.as("mallory");
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "CreateLoginProfile", { UserName: "eve", Password: "Aa1!aaaaaaaaaa" });
    await mallory("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "eve",
    });
    await account.catchUp();
    expect(account.actingWrites().map(({ operation }) => operation)).toContain("DetachPolicyFromUser");
  });
});

describe("the same rules taken off trial", () => {
  beforeEach(() => start(allOnTrial.replaceAll("trial", "stable")));

  it("put it back", async () => {
    await attack();
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["UpdateRole", "UpdateAccessKey", "DetachPolicyFromUser"]),
    );
  });
});
