import { afterEach, beforeEach, expect, it } from "vitest";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
  partner,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

/** The calls that the guard makes for one change, all that follows from it included. */
const callsFor = async (change: () => Promise<unknown>): Promise<readonly string[]> => {
  await change();
  account.sandbox.calls.clear();
  await account.catchUp();
  return account.sandbox.calls.list().map(({ service, operation }) => `${service}.${operation}`);
};

it.each<[string, () => Promise<unknown>]>([
  [
    "a role for a service on the list",
    () =>
      account.as("mallory")("Ram", "CreateRole", {
        RoleName: "web",
        AssumeRolePolicyDocument: trustOf({ Service: ["ecs.aliyuncs.com"] }),
      }),
  ],
  ["a key made by a provisioner", () => account.as("provisioner")("Ram", "CreateAccessKey", { UserName: "alice" })],
  ["a user made by a provisioner", () => account.as("provisioner")("Ram", "CreateUser", { UserName: "bob" })],
  [
    "a change that no rule judges",
    () => account.as("mallory")("Ram", "CreateVirtualMFADevice", { VirtualMFADeviceName: "new" }),
  ],
])("%s costs no call", async (_, change) => {
  expect(await callsFor(change)).toEqual([]);
});

it("a description of a role costs one, as what else of the role is set by it is judged", async () => {
  const describe = () => account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewDescription: "else" });
  expect(await callsFor(describe)).toEqual(["Ram.GetRole"]);
});

it("a trust policy that gains a partner on the list costs a look at it, and at what the role holds", async () => {
  const NewAssumeRolePolicyDocument = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${partner}:root`] });
  const lend = () => account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument });
  expect(await callsFor(lend)).toEqual([
    "Ram.GetRole",
    "Ram.ListPoliciesForRole",
    "ResourceManager.ListPolicyAttachments",
  ]);
  expect(await account.incidents()).toEqual([]);
});

it("a policy that is not high-risk costs a look at the grant, and one at its text", async () => {
  const harmless = { PolicyType: "System", PolicyName: "AliyunOSSReadOnlyAccess", GroupName: "staff" };
  const attach = () => account.as("mallory")("Ram", "AttachPolicyToGroup", harmless);
  expect(await callsFor(attach)).toEqual(["Ram.ListPoliciesForGroup", "Ram.GetPolicy"]);
  expect(await account.incidents()).toEqual([]);
});

it("a policy that may give power with others costs a look at what its holder has besides", async () => {
  const piece = JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "fc:CreateFunction", Resource: "*" }],
  });
  await account.as("administrator")("Ram", "CreatePolicy", { PolicyName: "piece", PolicyDocument: piece });
  await account.catchUp();
  const attach = () =>
    account.as("mallory")("Ram", "AttachPolicyToGroup", {
      PolicyType: "Custom",
      PolicyName: "piece",
      GroupName: "staff",
    });
  expect(await callsFor(attach)).toEqual([
    "Ram.ListPoliciesForGroup",
    "Ram.GetPolicy",
    "Ram.ListPoliciesForGroup",
    "ResourceManager.ListPolicyAttachments",
    "Ram.GetPolicy",
  ]);
});

it.each<[string, () => Promise<unknown>, readonly string[]]>([
  [
    "a trust policy",
    () => account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust }),
    [
      "Ram.GetRole",
      "Sts.AssumeRole",
      "Ram.GetRole",
      "Ram.UpdateRole",
      "Ram.GetRole",
      // Who got in meanwhile.
      "Actiontrail.LookupEvents",
    ],
  ],
  [
    "a key",
    () => account.as("mallory")("Ims", "CreateAccessKey", {}),
    ["Ram.ListAccessKeys", "Sts.AssumeRole", "Ram.ListAccessKeys", "Ram.UpdateAccessKey", "Ram.ListAccessKeys"],
  ],
  [
    "a system policy on a user",
    () => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }),
    [
      "Ram.ListPoliciesForUser",
      "Ram.ListEntitiesForPolicy",
      "Sts.AssumeRole",
      "Ram.ListPoliciesForUser",
      "Ram.DetachPolicyFromUser",
      "Ram.ListPoliciesForUser",
    ],
  ],
  [
    "a custom policy on a group",
    () =>
      account.as("mallory")("Ram", "AttachPolicyToGroup", {
        PolicyType: "Custom",
        PolicyName: "disguised",
        GroupName: "staff",
      }),
    [
      "Ram.ListPoliciesForGroup",
      "Ram.GetPolicy",
      "Sts.AssumeRole",
      "Ram.ListPoliciesForGroup",
      "Ram.DetachPolicyFromGroup",
      "Ram.ListPoliciesForGroup",
    ],
  ],
  [
    "a policy in a resource group",
    () =>
      account.as("mallory")("ResourceManager", "AttachPolicy", {
        ...admin,
        PrincipalType: "ServiceRole",
        PrincipalName: "ci@role.example.onaliyunservice.com",
        ResourceGroupId: "rg-team",
      }),
    [
      "ResourceManager.ListPolicyAttachments",
      // Whether a service takes the role on.
      "Ram.GetRole",
      "Ram.ListEntitiesForPolicy",
      "Sts.AssumeRole",
      "ResourceManager.ListPolicyAttachments",
      "ResourceManager.DetachPolicy",
      "ResourceManager.ListPolicyAttachments",
      "Actiontrail.LookupEvents",
    ],
  ],
])(
  "putting back %s costs its readings, a look at who administers where it takes that away, one AssumeRole, one write and one reading back",
  async (_, change, calls) => {
    expect(await callsFor(change)).toEqual(calls);
  },
);

it("what was dealt with costs nothing when it comes again", async () => {
  await callsFor(() => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }));
  account.sandbox.calls.clear();
  for (const event of account.events()) await account.deliver(event);
  expect(account.sandbox.calls.list()).toEqual([]);
});
