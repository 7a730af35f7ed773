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

describe("the same rules taken off trial", () => {
  beforeEach(() => start(allOnTrial.replaceAll("trial", "stable")));

  it("put it back", async () => {
    await attack();
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["UpdateRole", "UpdateAccessKey", "DetachPolicyFromUser"]),
    );
  });
});
