import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rejectIncident } from "../../shared/response/approve.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Whoever knows how chains are told tries to get by them, or to have them end what others made.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

type Service = "Ram" | "Ims";
const call = (service: Service, operation: string, parameters: object, by = "mallory") =>
  account.as(by)(service, operation, { ...parameters });
const withSettings = async (settings: string) => {
  await account.stop();
  account = await guardedAccount({ settings });
};

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const password = "Aa1!aaaaaaaaaa";
const makeUser = (by?: string) => call("Ram", "CreateUser", { UserName: "eve" }, by);
const login = (by?: string, name = "eve") =>
  call(
    "Ims",
    "CreateLoginProfile",
    { UserPrincipalName: `${name}@example.onaliyun.com`, Password: password, MFABindRequired: true },
    by,
  );
const grant = (by?: string, name = "eve") => call("Ram", "AttachPolicyToUser", { ...admin, UserName: name }, by);
const ungrant = (by?: string) => call("Ram", "DetachPolicyFromUser", { ...admin, UserName: "eve" }, by);
const minutes = (count: number) => account.clock.advance(count * 60_000);

const user = (name = "eve") => account.sandbox.dump().users?.find(({ userName }) => userName === name);
const held = (name = "eve") =>
  (account.sandbox.dump().attachments ?? [])
    .filter(({ principalName }) => principalName === name)
    .map(({ policyName }) => policyName);
const chains = async () => (await account.incidents()).filter(({ pieces }) => pieces !== undefined);

const reject = async () => {
  const asked = (await account.incidents()).find(({ outcome }) => outcome?.kind === "asked");
  const approver = { kind: "user", accountId, name: "administrator", id: "" } as const;
  const rejected = await rejectIncident(account.approving(), account.ledger, asked?.id ?? "", {
    approver,
    openForMs: 86_400_000,
  });
  expect(rejected.ok).toBe(true);
};

describe("a chain does not end what others made", () => {
  it("a logon that a provisioner made for a new user of the name", async () => {
    await makeUser();
    await login();
    await account.catchUp();
    await call("Ram", "DeleteLoginProfile", { UserName: "eve" });
    await call("Ram", "DeleteUser", { UserName: "eve" });
    await account.catchUp();
    minutes(10);
    await makeUser("provisioner");
    await login("provisioner");
    await account.catchUp();
    minutes(10);
    await grant();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(user()?.loginProfile?.status).toBe("Active");
    expect(held()).toEqual([]);
  });

  it("the same, where all the events come late and in one payload", async () => {
    await makeUser();
    await login();
    await grant();
    await ungrant();
    await call("Ram", "DeleteLoginProfile", { UserName: "eve" });
    await call("Ram", "DeleteUser", { UserName: "eve" });
    minutes(10);
    await makeUser("provisioner");
    await login("provisioner");
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(user()?.loginProfile?.status).toBe("Active");
  });

  it("a logon that a provisioner made anew for the same user", async () => {
    await makeUser();
    await login();
    await account.catchUp();
    minutes(1);
    await call("Ram", "DeleteLoginProfile", { UserName: "eve" }, "provisioner");
    minutes(1);
    await login("provisioner");
    await account.catchUp();
    minutes(1);
    await grant();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(user()?.loginProfile?.status).toBe("Active");
  });

  it("a grant that an identity made whose job it is, after another's was taken away", async () => {
    await withSettings("rules: { RAM.HighRiskPolicyOnUser: { response: alert } }");
    await makeUser();
    await grant();
    await ungrant();
    await account.catchUp();
    minutes(1);
    await grant("provisioner");
    await account.catchUp();
    minutes(1);
    await login();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(held()).toEqual(["AdministratorAccess"]);
  });

  it("a grant that an exemption answers for", async () => {
    const day = (offset: number) => new Date(account.clock.now() + offset * 86_400_000).toISOString().slice(0, 10);
    account.setExemptions({
      kind: "text",
      text: `exemptions:
  - id: by-administrator
    rules: [RAM.HighRiskPolicyOnUser, RAM.PolicyAttachedToUser]
    actor: user/administrator
    owner: alice
    reason: the new administrator
    from: "${day(-1)}"
    until: "${day(30)}"
`,
    });
    await makeUser();
    await grant();
    await account.catchUp();
    minutes(1);
    await grant("administrator");
    await account.catchUp();
    minutes(1);
    await login();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(held()).toEqual(["AdministratorAccess"]);
  });

  it("what an identity changed whose job it is stands, and is told as standing", async () => {
    await makeUser();
    await login();
    await account.catchUp();
    minutes(1);
    const again = { UserPrincipalName: "eve@example.onaliyun.com", Password: `${password}b`, MFABindRequired: true };
    await call("Ims", "UpdateLoginProfile", again, "provisioner");
    await account.catchUp();
    minutes(1);
    await grant();
    await account.catchUp();
    expect(user()?.loginProfile?.status).toBe("Active");
    const [chain] = await chains();
    expect(chain?.outcome?.kind).toBe("alerted");
    const piece = chain?.pieces?.find(({ operation }) => operation === "Ims.CreateLoginProfile");
    expect(piece?.stands).toContain("Ims.UpdateLoginProfile");
  });

  it("but what the same hand took away and made again is ended", async () => {
    await makeUser();
    await login();
    await account.catchUp();
    minutes(1);
    await call("Ram", "DeleteLoginProfile", { UserName: "eve" });
    minutes(1);
    await login();
    await account.catchUp();
    minutes(1);
    await grant();
    await account.catchUp();
    expect(user()?.loginProfile?.status).toBe("Inactive");
    expect((await chains())[0]?.outcome?.kind).toBe("contained");
  });
});

describe("a chain does not undo what a person decided", () => {
  it("a grant that was left as it is", async () => {
    await withSettings("rules: { RAM.HighRiskPolicyOnUser: { response: ask } }");
    await makeUser();
    await grant();
    await account.catchUp();
    await reject();
    minutes(5);
    await login();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(held()).toEqual(["AdministratorAccess"]);
    // Nobody decided about the logon.
    expect(user()?.loginProfile?.status).toBe("Inactive");
  });

  it("a key that was left as it is", async () => {
    await withSettings(
      "rules: { RAM.AccessKeyForAnother: { response: ask }, RAM.AccessKeyUnapproved: { response: alert } }",
    );
    await makeUser();
    await call("Ram", "CreateAccessKey", { UserName: "eve" });
    await account.catchUp();
    await reject();
    await grant();
    await account.catchUp();
    expect(await chains()).toHaveLength(1);
    expect(user()?.accessKeys?.map(({ status }) => status)).toEqual(["Active"]);
  });
});

it("what was granted and taken away again is no piece of an escalation", async () => {
  await account.stop();
  const before = accountBefore();
  const policy = (policyName: string, Action: readonly string[], Resource: string) => ({
    policyName,
    policyType: "Custom" as const,
    versions: [
      {
        versionId: "v1",
        policyDocument: { Version: "1", Statement: [{ Effect: "Allow", Action: [...Action], Resource: [Resource] }] },
      },
    ],
  });
  account = await guardedAccount({
    settings: "rules: { RAM.EscalationByPieces: { response: revert } }",
    snapshot: {
      ...before,
      policies: [
        ...(before.policies ?? []),
        policy("passes", ["ram:PassRole"], `acs:ram:*:${accountId}:role/deploy`),
        policy("makes", ["fc:CreateService", "fc:CreateFunction", "fc:InvokeFunction"], "*"),
      ],
    },
  });
  const toAlice = (operation: string, PolicyName: string) =>
    call("Ram", operation, { PolicyType: "Custom", PolicyName, UserName: "alice" }, "administrator");
  await toAlice("AttachPolicyToUser", "passes");
  await account.catchUp();
  minutes(1);
  await toAlice("DetachPolicyFromUser", "passes");
  await account.catchUp();
  minutes(1);
  await toAlice("AttachPolicyToUser", "makes");
  await account.catchUp();
  expect(await chains()).toEqual([]);
  expect(held("alice")).toEqual(["makes"]);
});

describe("a chain is not got by", () => {
  const expectEnded = async (name = "eve") => {
    await account.catchUp();
    expect(user(name)?.loginProfile?.status).toBe("Inactive");
    expect(held(name)).toEqual([]);
    expect((await chains()).flatMap(({ findings }) => findings.map(({ rule }) => rule))).toContain(
      "RAM.BackdoorAdministrator",
    );
  };
  const document = (action: string) =>
    JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: [action], Resource: ["*"] }] });

  it.each([
    ["by one", "mallory"],
    ["shared by two", "administrator"],
  ])("by giving the user another name in between, %s", async (_, other) => {
    await call("Ram", "CreateUser", { UserName: "evo" });
    await call("Ram", "UpdateUser", { UserName: "evo", NewUserName: "eve" });
    await login(other);
    await grant(other);
    await expectEnded();
    expect(await chains()).toHaveLength(1);
    expect((await chains())[0]?.pieces?.map(({ operation }) => operation)).toContain("Ram.UpdateUser");
  });

  it("by many harmless changes in between", async () => {
    await makeUser();
    for (let count = 0; count < 201; count += 1) {
      await call("Ram", "UpdateUser", { UserName: "eve", NewComments: `${count}` });
      account.clock.advance(1_000);
    }
    await account.catchUp();
    await login();
    await grant();
    await expectEnded();
  }, 60_000);

  it("because the rule on single grants is off", async () => {
    await withSettings("rules: { RAM.HighRiskPolicyOnUser: { response: off } }");
    await makeUser();
    await login();
    await grant();
    await expectEnded();
  });

  it("because the rule on single grants is off, and the policy is one's own", async () => {
    await withSettings(
      "rules: { RAM.HighRiskPolicyOnUser: { response: off }, RAM.CustomPolicyFullAdmin: { response: off } }",
    );
    await call("Ram", "CreatePolicy", { PolicyName: "tool", PolicyDocument: document("*") });
    await makeUser();
    await login();
    await call("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "tool", UserName: "eve" });
    await expectEnded();
  });

  it("by a group that another gives its power after the user was put into it", async () => {
    await call("Ram", "CreateGroup", { GroupName: "g" });
    await makeUser();
    await login();
    await call("Ram", "AddUserToGroup", { UserName: "eve", GroupName: "g" });
    await account.catchUp();
    account.clock.advance(5_000);
    await call("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "g" }, "administrator");
    await expectEnded();
  });

  it.each([
    ["by the same", "mallory"],
    ["by another", "administrator"],
  ])("by a policy that is attached while it is harmless, and changed %s", async (_, other) => {
    await call("Ram", "CreatePolicy", { PolicyName: "tool", PolicyDocument: document("oss:GetObject") });
    await makeUser();
    await login();
    await call("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "tool", UserName: "eve" });
    await account.catchUp();
    expect(await chains()).toEqual([]);
    const version = { PolicyName: "tool", PolicyDocument: document("*"), SetAsDefault: true };
    await call("Ram", "CreatePolicyVersion", version, other);
    await expectEnded();
  });

  it("by another name for a group that comes and goes", async () => {
    const readOnly = { PolicyType: "System", PolicyName: "ReadOnlyAccess" };
    await call("Ram", "CreateGroup", { GroupName: "passing" });
    await call("Ims", "AddUserToGroup", { GroupName: "passing", UserPrincipalName: "alice@example.onaliyun.com" });
    await call("Ram", "AttachPolicyToGroup", { GroupName: "passing", ...readOnly });
    await call("Ram", "UpdateGroup", { GroupName: "passing", NewGroupName: "other" });
    await call("Ram", "DetachPolicyFromGroup", { GroupName: "other", ...readOnly });
    await call("Ram", "RemoveUserFromGroup", { GroupName: "other", UserName: "alice" });
    await call("Ram", "DeleteGroup", { GroupName: "other" });
    await account.catchUp();
    const [incident, ...others] = await chains();
    expect(others).toEqual([]);
    expect(incident?.findings.map(({ rule }) => rule)).toEqual(["RAM.CameAndWent"]);
    // That it was renamed is no piece: the others are told under the name that it has by now.
    expect(incident?.pieces).toHaveLength(6);
  });
});
