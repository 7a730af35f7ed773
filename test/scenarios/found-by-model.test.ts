import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { approveIncident } from "../../shared/response/approve.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// What the long model test came upon, as the shortest stories that show it.

const kept = "pipelines: [user/provisioner]\nrules: { RAM.ChangeOutsidePipeline: { response: revert } }";
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ settings: kept });
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error("the first sight failed");
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const ram = (operation: string, parameters: object) => account.as("mallory")("Ram", operation, { ...parameters });
const ims = (operation: string, parameters: object) => account.as("mallory")("Ims", operation, { ...parameters });
const fullName = (name: string, domain = "example") => `${name}@${domain}.onaliyun.com`;
const held = (name: string) =>
  (account.sandbox.dump().attachments ?? []).filter((one) => one.principalName === name).map((one) => one.policyName);
const membersOf = (name: string) =>
  account.sandbox
    .dump()
    .groups?.find(({ groupName }) => groupName === name)
    ?.members?.map(({ userName }) => userName);
const keysOf = (name: string) => account.sandbox.dump().users?.find(({ userName }) => userName === name)?.accessKeys;
const event = (name: string) => account.events(name)[0];
const approver = { kind: "user", accountId: "1234567890123456", name: "administrator" } as const;
const approve = (id: string) =>
  approveIncident(account.approving(), account.ledger, account.config.telling, id, {
    approver,
    openForMs: 72 * 3_600_000,
  });
const askedAbout = async (kind: string) =>
  (await account.incidents()).find(({ subject, outcome }) => subject.kind === kind && outcome?.kind === "asked")?.id ??
  "";

it("what was given under a name that we took back within the same second is taken back under the former one", async () => {
  await ram("UpdateUser", { UserName: "alice", NewUserName: "alicia" });
  await ram("AttachPolicyToUser", { ...admin, UserName: "alicia" });
  await account.deliver(event("UpdateUser"));
  // The attachment goes along with the name.
  expect(held("alice")).toEqual(["AdministratorAccess"]);
  await account.deliver(event("AttachPolicyToUser"));
  await account.catchUp();
  expect(held("alice")).toEqual([]);
  expect(held("alicia")).toEqual([]);
});

describe("a link that somebody made against a rule, and took away again, is not put back", () => {
  const link = { PolicyType: "System", PolicyName: "AliyunSTSAssumeRoleAccess", GroupName: "staff" };
  beforeEach(async () => {
    await ram("AttachPolicyToGroup", link);
    account.clock.advance(2_000);
    await ram("DetachPolicyFromGroup", link);
  });

  it("where the making is known first", async () => {
    await account.deliver(event("AttachPolicyToGroup"));
    await account.deliver(event("DetachPolicyFromGroup"));
    const [made, removed] = await account.incidents();
    expect(made).toMatchObject({ outcome: { kind: "transient" } });
    expect(removed).toMatchObject({
      outcome: { kind: "alerted" },
      because: {
        kind: "before-breaks-a-rule",
        detail: `what was before was made by a change that broke RAM.HighRiskPolicyOnGroup: incident ${made?.id}`,
      },
    });
    expect(account.actingWrites()).toEqual([]);
  });

  it("where the making is known after somebody was asked", async () => {
    await account.deliver(event("DetachPolicyFromGroup"));
    const id = await askedAbout("grant");
    await account.deliver(event("AttachPolicyToGroup"));
    expect(await approve(id)).toMatchObject({
      ok: false,
      error: {
        kind: "refused",
        because: expect.stringContaining("made by a change that broke RAM.HighRiskPolicyOnGroup"),
      },
    });
    expect(held("staff")).toEqual(["ReadOnlyAccess"]);
  });

  it("but is on a person's word, where nothing is known of the making", async () => {
    await account.deliver(event("DetachPolicyFromGroup"));
    expect(await approve(await askedAbout("grant"))).toMatchObject({ ok: true });
    expect(held("staff")).toContain("AliyunSTSAssumeRoleAccess");
  });
});

it("a link that is made again in a way that breaks no rule is asked about when it is taken away", async () => {
  const link = { PolicyType: "Custom", PolicyName: "harmless", GroupName: "staff" };
  await ram("AttachPolicyToGroup", link);
  await ram("DetachPolicyFromGroup", link);
  await account.catchUp();
  account.clock.advance(2_000);
  await account.as("provisioner")("Ram", "AttachPolicyToGroup", link);
  await account.catchUp();
  account.clock.advance(2_000);
  await ram("DetachPolicyFromGroup", link);
  await account.catchUp();
  expect((await account.incidents()).at(-1)?.outcome).toEqual({ kind: "asked" });
});

it("what is no link, and was made against a rule, is not made again either", async () => {
  await ram("CreateGroup", { GroupName: "night" });
  await ram("DeleteGroup", { GroupName: "night" });
  await account.catchUp();
  expect(account.sandbox.dump().groups?.map(({ groupName }) => groupName)).toEqual(["staff"]);
  expect((await account.incidents()).map(({ outcome }) => outcome?.kind)).not.toContain("asked");
});

it("a key that was made against a rule is not brought back from the recycle bin", async () => {
  await ram("CreateAccessKey", { UserName: "alice" });
  const made = keysOf("alice")?.at(-1)?.accessKeyId;
  account.clock.advance(2_000);
  await ram("DeleteAccessKey", { UserName: "alice", UserAccessKeyId: made });
  await account.catchUp();
  expect(await account.incidents()).toMatchObject([
    { subject: { kind: "access-key" }, outcome: { kind: "transient" } },
    { subject: { kind: "recycled-key" }, outcome: { kind: "alerted" }, because: { kind: "before-breaks-a-rule" } },
  ]);
});

it("a key that was made before its user went to the recycle bin is put out of use when the user is back", async () => {
  await ram("CreateAccessKey", { UserName: "alice" });
  account.clock.advance(2_000);
  await ims("DeleteUser", { UserPrincipalName: fullName("alice") });
  await account.deliver(event("DeleteUser"));
  await account.deliver(event("CreateAccessKey"));
  expect(await approve(await askedAbout("user"))).toMatchObject({ ok: true });
  expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Active"]);
  await account.catchUp();
  expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
});

it("and so it is where somebody else brings the user back", async () => {
  await ram("CreateAccessKey", { UserName: "alice" });
  account.clock.advance(2_000);
  const { userId = "" } = account.sandbox.dump().users?.find(({ userName }) => userName === "alice") ?? {};
  await ims("DeleteUser", { UserPrincipalName: fullName("alice") });
  await account.deliver(event("CreateAccessKey"));
  account.clock.advance(2_000);
  await account.as("provisioner")("Ims", "RestoreUserFromRecycleBin", { UserId: userId });
  await account.deliver(event("RestoreUserFromRecycleBin"));
  expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
});

describe("after the account's alias was changed", () => {
  it("somebody who was put into a group by the former full name is taken out", async () => {
    await ims("AddUserToGroup", { UserPrincipalName: fullName("mallory"), GroupName: "staff" });
    await ram("SetAccountAlias", { AccountAlias: "other" });
    await account.deliver(event("AddUserToGroup"));
    expect(membersOf("staff")).toEqual(["alice"]);
  });

  it("what was attached by the former full name is detached", async () => {
    const attached = { PolicyType: "Custom", PolicyName: "harmless", ResourceGroupId: "rg-team" };
    const name = "staff@group.example.onaliyun.com";
    await account.as("mallory")("ResourceManager", "AttachPolicy", {
      ...attached,
      PrincipalType: "IMSGroup",
      PrincipalName: name,
    });
    await ram("ClearAccountAlias", {});
    await account.deliver(event("AttachPolicy"));
    expect(held("staff")).toEqual(["ReadOnlyAccess"]);
    const [incident] = await account.incidents();
    expect(incident?.callsMade.map(({ call, effect }) => [call.parameters.PrincipalName, effect])).toEqual([
      [name, "none"],
      ["staff@group.1234567890123456.onaliyun.com", undefined],
    ]);
  });

  it("a logon that was made by the former full name is seen, and dealt with", async () => {
    await ims("CreateLoginProfile", {
      UserPrincipalName: fullName("alice"),
      Password: "Aa1!aaaaaaaaaa",
      MFABindRequired: false,
    });
    await ram("SetAccountAlias", { AccountAlias: "other" });
    await account.deliver(event("CreateLoginProfile"));
    const [incident] = await account.incidents();
    expect(incident?.after).toMatchObject({ kind: "login", status: "Active" });
    expect(["reverted", "contained", "asked"]).toContain(incident?.outcome?.kind);
  });
});
