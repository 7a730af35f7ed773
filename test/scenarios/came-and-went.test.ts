import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeFirstSight } from "../../shared/first-sight.ts";
import {
  accountBefore,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

// What was opened, used and closed again before its event came.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const keysOf = (name: string) => account.sandbox.dump().users?.find(({ userName }) => userName === name)?.accessKeys;
const newKeyOf = (name: string): string => {
  const id = keysOf(name)?.at(-1)?.accessKeyId;
  if (id === undefined) throw new Error(`\`${name}\` has no key`);
  return id;
};
const mallory = (operation: string, parameters: object) => account.as("mallory")("Ram", operation, { ...parameters });

/** The one incident, told, with nothing written. */
const told = async (rule: string) => {
  const incidents = await account.incidents();
  expect(incidents).toMatchObject([{ outcome: { kind: "transient" }, response: "alert" }]);
  expect(incidents[0]?.findings.map((finding) => finding.rule)).toContain(rule);
  expect(account.messages()).toHaveLength(1);
  expect(account.actingWrites()).toEqual([]);
  return incidents[0];
};

describe("is told", () => {
  it("when a key made for somebody else is deleted again", async () => {
    await mallory("CreateAccessKey", { UserName: "alice" });
    await mallory("DeleteAccessKey", { UserName: "alice", UserAccessKeyId: newKeyOf("alice") });
    await account.catchUp();
    expect(await told("RAM.AccessKeyForAnother")).toMatchObject({ because: { detail: "the subject is gone again" } });
    expect(account.messages()[0]?.title).toContain("was broken for a time");
  });

  it.each(["deleted", "switched off"])("when a key of which the event tells nothing is %s again", async (how) => {
    await account.stop();
    account = await guardedAccount({ sandbox: { dropResponseElements: true } });
    await mallory("CreateAccessKey", { UserName: "alice" });
    const key = { UserName: "alice", UserAccessKeyId: newKeyOf("alice") };
    if (how === "deleted") await mallory("DeleteAccessKey", key);
    else await mallory("UpdateAccessKey", { ...key, Status: "Inactive" });
    await account.catchUp();
    const incident = await told("RAM.AccessKeyForAnother");
    if (how !== "deleted") expect(incident?.after).toMatchObject({ accessKeyId: key.UserAccessKeyId });
  });

  it("when a new role that trusts a stranger is deleted again", async () => {
    await mallory("CreateRole", { RoleName: "backdoor", AssumeRolePolicyDocument: openTrust });
    await mallory("DeleteRole", { RoleName: "backdoor" });
    await account.catchUp();
    await told("RAM.TrustForeignAccount");
  });

  it("when a role is opened to a stranger and deleted after that", async () => {
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
    await account.catchUp();
    account.clock.advance(60_000);
    await mallory("UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
    await mallory("DeleteRole", { RoleName: "job" });
    await account.catchUp();
    await told("RAM.TrustForeignAccount");
  });
});

describe("is told although its event tells no state,", () => {
  const remembered = async (): Promise<void> => {
    const seen = await takeFirstSight(account.world(), account.config);
    if (!seen.ok) throw new Error(seen.error.kind);
    account.clock.advance(60_000);
  };

  it("when a setting is loosened for a moment", async () => {
    await account.stop();
    const good = { MinimumPasswordLength: 14, RequireNumbers: true, PasswordReusePrevention: 5, MaxPasswordAge: 90 };
    account = await guardedAccount({
      snapshot: { ...accountBefore(), passwordPolicy: good },
      sandbox: { dropResponseElements: true },
    });
    await remembered();
    await account.as("mallory")("Ims", "SetPasswordPolicy", { ...good, MinimumPasswordLength: 8 });
    await account.as("mallory")("Ims", "SetPasswordPolicy", good);
    await account.catchUp();
    await told("RAM.PasswordPolicyWeakened");
  });

  it("when a user bears a name that is on no list for a moment", async () => {
    await remembered();
    await mallory("UpdateUser", { UserName: "provisioner", NewUserName: "somebody" });
    await mallory("UpdateUser", { UserName: "somebody", NewUserName: "provisioner" });
    await account.catchUp();
    const rules = (await account.incidents()).flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules).toContain("RAM.ListedIdentityRenamed");
  });
});

it("is not told when it broke no rule", async () => {
  await account.as("provisioner")("Ram", "CreateAccessKey", { UserName: "alice" });
  await account.as("provisioner")("Ram", "DeleteAccessKey", { UserName: "alice", UserAccessKeyId: newKeyOf("alice") });
  await mallory("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: ecsTrust });
  await mallory("DeleteRole", { RoleName: "worker" });
  await account.catchUp();
  expect(await account.incidents()).toEqual([]);
});

it("is not told once more when it was ourselves who closed it", async () => {
  await mallory("CreateAccessKey", { UserName: "alice" });
  const [event] = account.events("CreateAccessKey");
  await account.catchUp();
  await mallory("DeleteAccessKey", { UserName: "alice", UserAccessKeyId: newKeyOf("alice") });
  await account.deliver({ ...event, eventId: "from-another-trail" });
  expect(await account.incidents()).toMatchObject([{ outcome: { kind: "contained" } }]);
});

it.each(["as the event tells it", "although its event tells nothing"])(
  "a new key that was out of use when it was looked at is contained once it is in use, %s",
  async (how) => {
    await account.stop();
    account = await guardedAccount({ sandbox: { dropResponseElements: how !== "as the event tells it" } });
    await mallory("CreateAccessKey", { UserName: "alice" });
    const key = { UserName: "alice", UserAccessKeyId: newKeyOf("alice") };
    await mallory("UpdateAccessKey", { ...key, Status: "Inactive" });
    await account.catchUp();
    account.clock.advance(60_000);
    await mallory("UpdateAccessKey", { ...key, Status: "Active" });
    await account.catchUp();
    expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
    expect(await account.incidents()).toMatchObject([
      { outcome: { kind: "transient" } },
      {
        outcome: { kind: "contained" },
        findings: [{ rule: "RAM.AccessKeyReenabled", verdict: { kind: "violation" } }],
      },
    ]);
  },
);

it("each of several comings and goings is told, in whatever order their events come", async () => {
  const grant = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };
  for (let time = 0; time < 2; time += 1) {
    await mallory("AttachPolicyToUser", grant);
    await mallory("DetachPolicyFromUser", grant);
    account.clock.advance(10_000);
  }
  const [first, second] = account.events("AttachPolicyToUser");
  await account.deliver(second);
  await account.deliver(first);
  expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).toEqual(["transient", "transient"]);
});
