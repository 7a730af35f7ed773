import { describe, expect, test } from "vitest";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import { account, attachPolicy, byRoot, byUser, createAccessKey, event, type Raw } from "./synthetic.ts";

const subjectOf = (payload: Raw) => {
  const subject = takeIn(payload).events[0]?.subject;
  if (subject === undefined) throw new Error(`no event: ${JSON.stringify(takeIn(payload))}`);
  return subject;
};

describe("one principal, however it is spelt", () => {
  const grant = (kind: string, name: string, parameter: string): string =>
    subjectKey(
      subjectOf(
        event("Ram", `AttachPolicyTo${kind}`, {
          requestParameters: { PolicyType: "System", PolicyName: "AdministratorAccess", [parameter]: name },
        }),
      ),
    );

  test.each([
    ["IMSUser", "alice@corp.onaliyun.com", grant("User", "alice", "UserName")],
    ["IMSUser", `alice@${account}.onaliyun.com`, grant("User", "alice", "UserName")],
    ["IMSUser", "alice@login.corp.example", grant("User", "alice", "UserName")],
    ["IMSUser", "alice", grant("User", `alice@${account}.onaliyun.com`, "UserName")],
    ["imsuser", "alice@corp.onaliyun.com", grant("User", "alice", "UserName")],
    ["IMSGroup", "ops@group.corp.onaliyun.com", grant("Group", "ops", "GroupName")],
    ["ServiceRole", "Deploy@role.corp.onaliyunservice.com", grant("Role", "Deploy", "RoleName")],
    ["ServiceRole", "deploy@role.corp.onaliyunservice.com", grant("Role", "DEPLOY", "RoleName")],
  ])("%s %s", (PrincipalType, PrincipalName, key) => {
    expect(subjectKey(subjectOf(attachPolicy({ PrincipalType, PrincipalName })))).toBe(key);
  });

  test("users that differ in case, and kinds that share a name, stay apart", () => {
    expect(grant("User", "alice", "UserName")).not.toBe(grant("User", "Alice", "UserName"));
    expect(grant("User", "ops", "UserName")).not.toBe(grant("Group", "ops", "GroupName"));
  });

  test("the principal name is kept as the event gave it, for the call that takes the grant away", () => {
    expect(subjectOf(attachPolicy({}))).toMatchObject({
      route: "ResourceManager",
      scope: "account",
      principalName: "alice@corp.onaliyun.com",
    });
    expect(subjectOf(attachPolicy({ ResourceGroupId: "rg-9gLOoK0000" }))).toMatchObject({
      scope: { resourceGroupId: "rg-9gLOoK0000" },
    });
  });
});

describe("whose key it is", () => {
  const alice = { kind: "user", name: "alice" };
  test.each<[string, Raw, object]>([
    ["Ram names the user", createAccessKey("Ram", { UserName: "alice" }), alice],
    ["Ims names the user in full", createAccessKey("Ims", { UserPrincipalName: "alice@corp.onaliyun.com" }), alice],
    ["Ims with a domain of one's own", createAccessKey("Ims", { UserPrincipalName: "alice@corp.example" }), alice],
    ["nobody is named: the caller", createAccessKey("Ram", {}), { kind: "user", name: "mallory" }],
    ["a blank name: the caller", createAccessKey("Ims", { UserPrincipalName: " " }), { kind: "user", name: "mallory" }],
    [
      "no request at all: the caller",
      createAccessKey("Ram", {}, { requestParameters: undefined }),
      { kind: "user", name: "mallory" },
    ],
    ["the caller is root", createAccessKey("Ims", {}, { userIdentity: byRoot }), { kind: "root" }],
    [
      "root for a user",
      createAccessKey("Ims", { UserPrincipalName: "alice@x.onaliyun.com" }, { userIdentity: byRoot }),
      alice,
    ],
    [
      "the caller's name with a domain",
      createAccessKey("Ram", {}, { userIdentity: { ...byUser, userName: "alice@corp.onaliyun.com" } }),
      alice,
    ],
  ])("%s", (_, payload, owner) => {
    expect(subjectOf(payload)).toMatchObject({ kind: "access-key", owner, accessKeyId: "LTAI5tSyntheticKey0001" });
  });

  test("a key whose id is missing or starred is known by its owner and its time", () => {
    for (const responseElements of [undefined, {}, { AccessKey: { AccessKeyId: "LTAI********" } }]) {
      const taken = takeIn(createAccessKey("Ram", { UserName: "alice" }, { responseElements })).events[0];
      expect(taken?.subject).toEqual({
        kind: "access-key",
        accountId: account,
        owner: alice,
        createdAt: Date.UTC(2026, 10, 1, 8),
      });
      expect(taken?.claimed).toBeUndefined();
    }
  });
});
