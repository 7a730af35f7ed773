import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { OutcomeKind } from "../../shared/domain/plan.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountBefore,
  accountId,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  partner,
  stranger,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
afterEach(() => account.stop());

const permitting = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });
const allow = (Action: unknown, Resource: unknown = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = "*"): object => ({ ...allow(Action, Resource), Effect: "Deny" });

const reader = permitting(allow("oss:GetObject"));
const everything = permitting(allow(["*:*"], ["*"]));

const policyOf = (policyName: string, policyDocument: string) => ({
  policyName,
  policyType: "Custom" as const,
  versions: [{ versionId: "v1", policyDocument }],
});
const attachedTo = (principalType: "user" | "group" | "role", principalName: string, policyName: string) => ({
  policyType: "Custom" as const,
  policyName,
  principalType,
  principalName,
});

/** The account with a group of administrators, a guard, and policies that wait to be attached. */
const furnished = (): Snapshot => {
  const given = accountBefore();
  return {
    ...given,
    groups: [
      ...(given.groups ?? []),
      { groupName: "admins", members: [] },
      { groupName: "readers", members: [{ userName: "alice" }] },
      { groupName: "guarded", members: [{ userName: "alice" }, { userName: "break-glass" }] },
    ],
    policies: [
      ...(given.policies ?? []),
      policyOf("guard", permitting(deny("ram:*"))),
      policyOf("escalating", permitting(allow("ram:CreateLoginProfile"))),
      policyOf("passing", permitting(allow(["ram:PassRole", "fc:*"]))),
      policyOf("product", permitting(allow("rds:*"))),
      policyOf("assuming", permitting(allow("sts:AssumeRole"))),
    ],
    attachments: [
      ...(given.attachments ?? []),
      { ...attachedTo("group", "admins", "AdministratorAccess"), policyType: "System" },
      attachedTo("group", "readers", "harmless"),
      attachedTo("group", "guarded", "guard"),
      attachedTo("user", "alice", "guard"),
      attachedTo("user", "break-glass", "harmless"),
    ],
  };
};

beforeEach(async () => {
  account = await guardedAccount({ snapshot: furnished() });
});

/** Something that the guard sees and accepts: what is there afterwards is known to it. */
const accepted = async (change: () => Promise<unknown>): Promise<void> => {
  await change();
  await account.catchUp();
  expect(await account.incidents()).toEqual([]);
  account.clock.advance(60_000);
};

const mallory = (operation: string, parameters: object, service: "Ram" | "ResourceManager" = "Ram") =>
  account.as("mallory")(service, operation, parameters as never);
const administrator = (operation: string, parameters: object) =>
  account.as("administrator")("Ram", operation, parameters as never);

/** Plays a change, and answers the one incident that it led to, for the rule that is meant. */
const played = async (change: () => Promise<unknown>, outcome: OutcomeKind, rule: string): Promise<Incident> => {
  await change();
  await account.catchUp();
  const incidents = await account.incidents();
  expect(incidents.map(({ outcome: one, because }) => [one?.kind, because?.kind])).toEqual([
    [outcome, incidents[0]?.because?.kind],
  ]);
  const [incident] = incidents;
  if (incident === undefined) throw new Error("no incident");
  expect(incident.findings.map(({ rule: id }) => id)).toContain(rule);
  expect(account.sandbox.calls.list().filter(({ denied }) => denied === true)).toEqual([]);
  return incident;
};

const isPutBack = async (change: () => Promise<unknown>, rule: string): Promise<Incident> => {
  const before = account.standing();
  const incident = await played(change, "reverted", rule);
  expect(account.standing()).toEqual(before);
  return incident;
};

const isAsked = async (change: () => Promise<unknown>, rule: string): Promise<Incident> => {
  const incident = await played(change, "asked", rule);
  expect(incident.remediation?.calls.length).toBeGreaterThan(0);
  expect(account.actingWrites()).toEqual([]);
  return incident;
};

const isTold = async (change: () => Promise<unknown>, rule: string): Promise<Incident> => {
  const incident = await played(change, "alerted", rule);
  expect(account.actingWrites()).toEqual([]);
  return incident;
};

/** Told at least: other rules may have it put back. */
const isToldOrMore = async (change: () => Promise<unknown>): Promise<Incident> => {
  await change();
  await account.catchUp();
  const [incident, ...others] = await account.incidents();
  if (incident === undefined) throw new Error("no incident");
  expect(others).toEqual([]);
  return incident;
};

const staysSilent = async (change: () => Promise<unknown>): Promise<void> => {
  await change();
  await account.catchUp();
  expect(await account.incidents()).toEqual([]);
};

describe("a group", () => {
  const join = (GroupName: string) => () => mallory("AddUserToGroup", { UserName: "mallory", GroupName });

  it("of administrators is left again by whoever was added", async () => {
    await isPutBack(join("admins"), "RAM.UserAddedToPrivilegedGroup");
  });

  it("that a protected user is taken out of is put to a person", async () => {
    const leave = () => mallory("RemoveUserFromGroup", { UserName: "break-glass", GroupName: "guarded" });
    await isAsked(leave, "RAM.UserRemovedFromRequiredGroup");
  });

  it("of readers is joined in silence", () => staysSilent(join("readers")));
});

describe("a custom policy", () => {
  const versionOf = (PolicyDocument: string, SetAsDefault = true) => ({
    PolicyName: "work",
    PolicyDocument,
    SetAsDefault,
  });
  beforeEach(() => accepted(() => administrator("CreatePolicy", { PolicyName: "work", PolicyDocument: reader })));

  it("that is changed to full administration is what it was", async () => {
    await isPutBack(() => mallory("CreatePolicyVersion", versionOf(everything)), "RAM.CustomPolicyFullAdmin");
  });

  it("that is made as full administration is deleted", async () => {
    await isPutBack(
      () => mallory("CreatePolicy", { PolicyName: "another", PolicyDocument: everything }),
      "RAM.CustomPolicyFullAdmin",
    );
  });

  it("whose default is switched to a version of full administration has its former default again", async () => {
    await accepted(() => administrator("CreatePolicyVersion", versionOf(everything, false)));
    const change = () => mallory("SetDefaultPolicyVersion", { PolicyName: "work", VersionId: "v2" });
    const incident = await isPutBack(change, "RAM.DefaultPolicyVersionSwitched");
    expect(incident.callsMade.map(({ call }) => call)).toMatchObject([
      { operation: "SetDefaultPolicyVersion", parameters: { VersionId: "v1" } },
    ]);
  });

  it("that gets a way to escalate is what it was", async () => {
    const change = () =>
      mallory("CreatePolicyVersion", versionOf(permitting(allow(["oss:GetObject", "ram:AttachPolicyToUser"]))));
    await isPutBack(change, "RAM.PolicyAddsEscalation");
  });

  it("that gets an unlimited PassRole is what it was", async () => {
    const change = () =>
      mallory("CreatePolicyVersion", versionOf(permitting(allow(["oss:GetObject", "ram:PassRole", "fc:*"]))));
    await isPutBack(change, "RAM.PassRoleUnrestricted");
  });

  it("that loses its Deny denies again", async () => {
    await accepted(() => administrator("CreatePolicyVersion", versionOf(permitting(allow("oss:*"), deny("oss:Put*")))));
    await isPutBack(() => mallory("CreatePolicyVersion", versionOf(permitting(allow("oss:*")))), "RAM.GuardWeakened");
  });

  it("that is made to allow all but a list is told", async () => {
    const all = permitting({
      Effect: "Allow",
      NotAction: ["ram:*", "ims:*", "sts:*", "resourcemanager:*"],
      Resource: "*",
    });
    const incident = await isToldOrMore(() => mallory("CreatePolicy", { PolicyName: "wide", PolicyDocument: all }));
    expect(incident.findings.map(({ rule }) => rule)).toContain("RAM.AllowWithNotAction");
  });

  it("whose only other version is deleted is told", async () => {
    await accepted(() => administrator("CreatePolicyVersion", versionOf(everything, false)));
    const change = () => mallory("DeletePolicyVersion", { PolicyName: "work", VersionId: "v2" });
    await isTold(change, "RAM.PolicyOrVersionDeleted");
  });

  it("that is narrowed, or described anew, is let be", async () => {
    await staysSilent(() =>
      mallory("CreatePolicyVersion", versionOf(permitting(allow("oss:GetObject", "acs:oss:*:*:logs/*")))),
    );
    await staysSilent(() => mallory("UpdatePolicyDescription", { PolicyName: "work", NewDescription: "of work" }));
  });
});

describe("a grant", () => {
  const attach = (PolicyName: string) => () =>
    mallory("AttachPolicyToRole", { PolicyType: "Custom", PolicyName, RoleName: "plain" });

  it("of a way to escalate is taken back", async () => {
    await isPutBack(attach("escalating"), "RAM.PolicyAddsEscalation");
  });

  it("of an unlimited PassRole is taken back", async () => {
    await isPutBack(attach("passing"), "RAM.PassRoleUnrestricted");
  });

  it("of the right to assume every role is taken back", async () => {
    await isPutBack(attach("assuming"), "RAM.AssumeAnyRole");
  });

  it("of a whole product is told", async () => {
    await isTold(attach("product"), "RAM.ProductAdminPolicy");
  });

  it("to a user itself is told", async () => {
    const change = () =>
      mallory("AttachPolicyToUser", { PolicyType: "Custom", PolicyName: "harmless", UserName: "alice" });
    await isTold(change, "RAM.PolicyAttachedToUser");
  });

  it("of administration to a role that a service works with is taken back, and says so", async () => {
    const change = () =>
      mallory("AttachPolicyToRole", { PolicyType: "System", PolicyName: "AdministratorAccess", RoleName: "ci" });
    await isPutBack(change, "RAM.HighRiskPolicyOnServiceRole");
  });

  it("of reading is let be", () => staysSilent(attach("harmless")));

  it("of a guard that is taken away is put to a person, who alone may attach", async () => {
    const detach = () =>
      mallory("DetachPolicyFromUser", { PolicyType: "Custom", PolicyName: "guard", UserName: "alice" });
    const incident = await isAsked(detach, "RAM.GuardWeakened");
    expect(incident.because?.kind).toBe("grants-privilege");
  });

  it("that a protected identity loses is put to a person", async () => {
    const detach = () =>
      mallory("DetachPolicyFromUser", { PolicyType: "Custom", PolicyName: "harmless", UserName: "break-glass" });
    await isAsked(detach, "RAM.ProtectedPermissionRemoved");
  });

  it("that anybody else loses is let be", () =>
    staysSilent(() =>
      mallory("DetachPolicyFromGroup", { PolicyType: "Custom", PolicyName: "harmless", GroupName: "readers" }),
    ));
});

describe("a role", () => {
  const both = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["ecs.aliyuncs.com"] });
  const update = (more: object) => () => mallory("UpdateRole", { RoleName: "job", NewDescription: "", ...more });
  beforeEach(() => accepted(() => administrator("CreateRole", { RoleName: "job", AssumeRolePolicyDocument: both })));

  it("that trusts one less than before is put to a person", async () => {
    await isAsked(update({ NewAssumeRolePolicyDocument: ciTrust }), "RAM.TrustEntityRemoved");
  });

  it("whose sessions may last longer has its former length again", async () => {
    await isPutBack(
      update({ NewAssumeRolePolicyDocument: both, NewMaxSessionDuration: 43_200 }),
      "RAM.SessionLengthRaised",
    );
  });

  it("whose sessions may last longer, by a call that sets nothing else, has its former length again", async () => {
    await isPutBack(
      () => mallory("UpdateRole", { RoleName: "job", NewMaxSessionDuration: 43_200 }),
      "RAM.SessionLengthRaised",
    );
  });

  it("whose sessions last longer within the limit is let be", () =>
    staysSilent(update({ NewAssumeRolePolicyDocument: both, NewMaxSessionDuration: 7_200 })));

  it("that lets in all of an account where one role was is put back, and says why it matters", async () => {
    const incident = await isPutBack(
      update({
        NewAssumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${accountId}:root`], Service: ["ecs.aliyuncs.com"] }),
      }),
      "RAM.TrustTooBroad",
    );
    expect(incident.findings.find(({ rule }) => rule === "RAM.TrustTooBroad")?.response).toBe("alert");
  });

  it("that trusts an identity provider without a limit is told", async () => {
    const trust = trustOf({ Federated: [`acs:ram::${accountId}:oidc-provider/ci`] });
    await isTold(
      () => mallory("CreateRole", { RoleName: "deployer", AssumeRolePolicyDocument: trust }),
      "RAM.FederatedTrustUnlimited",
    );
  });

  it("that a service makes for itself is told", async () => {
    await isTold(
      () => mallory("CreateServiceLinkedRole", { ServiceName: "kms.aliyuncs.com" }, "ResourceManager"),
      "RAM.ServiceLinkedRoleChanged",
    );
  });

  it("that is protected and deleted is told", async () => {
    await isTold(() => mallory("DeleteRole", { RoleName: "break-glass" }), "RAM.ProtectedRoleDeleted");
  });

  it("of the guard itself that gets a policy is told, as the guard does not write to itself", async () => {
    const change = () =>
      mallory("AttachPolicyToRole", { PolicyType: "Custom", PolicyName: "harmless", RoleName: "ram-warden-looking" });
    const incident = await isTold(change, "RAM.OwnIdentityChanged");
    expect(incident.because?.kind).toBe("own-identity");
  });
});

describe("what a holder has besides", () => {
  const day = 24 * 3_600_000;
  const join = (UserName: string) => () => mallory("AddUserToGroup", { UserName, GroupName: "admins" });
  const give = (PolicyName: string) => () =>
    mallory("AttachPolicyToRole", { PolicyType: "Custom", PolicyName, RoleName: "plain" });
  const write = (PolicyName: string, PolicyDocument: string) =>
    administrator("CreatePolicy", { PolicyName, PolicyDocument });

  it("for long is nothing new, by whatever way it comes again", async () => {
    account.clock.advance(2 * day);
    await staysSilent(join("administrator"));
  });

  it("since a moment ago excuses nothing: both are put back", async () => {
    const before = account.standing();
    await mallory("AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    await join("alice")();
    await account.catchUp();
    expect(account.standing()).toEqual(before);
  });

  it("makes a way of two halves, whoever attached the other half and when", async () => {
    await accepted(() => write("makes", permitting(allow(["fc:CreateFunction", "fc:InvokeFunction"]))));
    await accepted(() => write("passes", permitting(allow("ram:PassRole"))));
    await accepted(() =>
      administrator("AttachPolicyToRole", { PolicyType: "Custom", PolicyName: "makes", RoleName: "plain" }),
    );
    account.clock.advance(2 * day);
    await isPutBack(give("passes"), "RAM.PassRoleUnrestricted");
  });

  it("does not make one of a half that has nothing to go with", async () => {
    await accepted(() => write("makes", permitting(allow(["fc:CreateFunction", "fc:InvokeFunction"]))));
    await staysSilent(give("makes"));
  });
});

describe("messages of a product, lent to another account", () => {
  const topic = permitting(allow(["mq:PUB", "mq:SUB"], "acs:mq:*:*:MQ_INST_1%orders"));
  const lendingTo = (account_: string) =>
    trustOf({ RAM: [`acs:ram::${account_}:root`] }, { StringEquals: { "sts:ExternalId": "orders-2026" } });
  const lend = (whom: string) =>
    administrator("CreateRole", { RoleName: "orders", AssumeRolePolicyDocument: lendingTo(whom) });
  const give = (PolicyName: string) => () =>
    mallory("AttachPolicyToRole", { PolicyType: "Custom", PolicyName, RoleName: "orders" });
  const write = (PolicyName: string, PolicyDocument: string) =>
    accepted(() => administrator("CreatePolicy", { PolicyName, PolicyDocument }));

  it("are let be where a known account gets one topic", async () => {
    await write("orders-topic", topic);
    await accepted(() => lend(partner));
    await staysSilent(give("orders-topic"));
  });

  it("are told where the role gets more than its product", async () => {
    await write("orders-topic", topic);
    await accepted(() => lend(partner));
    await accepted(give("orders-topic"));
    await isTold(give("harmless"), "RAM.DelegatedRoleHoldsMore");
  });

  it("are told where all of the product is granted", async () => {
    await accepted(() => lend(partner));
    await accepted(async () => undefined);
    await administrator("CreatePolicy", { PolicyName: "all-topics", PolicyDocument: permitting(allow(["mq:PUB"])) });
    await account.catchUp();
    const [incident] = await account.incidents();
    expect(incident?.findings.map(({ rule }) => rule)).toEqual(["RAM.MessagingGrantedWhole"]);
  });

  it("are not lent to an account that nobody knows", async () => {
    await lend(stranger);
    await account.catchUp();
    expect((await account.incidents()).flatMap(({ findings }) => findings.map(({ rule }) => rule))).toContain(
      "RAM.TrustForeignAccount",
    );
  });

  describe("seen from the account that borrows", () => {
    const borrow = (PolicyName: string) => () =>
      mallory("AttachPolicyToRole", { PolicyType: "Custom", PolicyName, RoleName: "plain" });

    it("are reached by the one role that is meant, in silence", async () => {
      await write("one-role", permitting(allow("sts:AssumeRole", `acs:ram::${partner}:role/orders`)));
      await staysSilent(borrow("one-role"));
    });

    it("are not reached by every role that trusts it", async () => {
      const incident = await isToldOrMore(() =>
        administrator("CreatePolicy", { PolicyName: "all-roles", PolicyDocument: permitting(allow("sts:AssumeRole")) }),
      );
      expect(incident.findings.map(({ rule }) => rule)).toContain("RAM.AssumeAnyRole");
    });

    it("are not reached by the system policy that lets its holder take on every role", async () => {
      const change = () =>
        mallory("AttachPolicyToRole", {
          PolicyType: "System",
          PolicyName: "AliyunSTSAssumeRoleAccess",
          RoleName: "plain",
        });
      await isPutBack(change, "RAM.HighRiskPolicyOnRole");
    });
  });
});

describe("a control policy", () => {
  const date = "2026-01-02T03:04:05Z";
  const directory: NonNullable<Snapshot["directory"]> = {
    directoryId: "rd-1",
    rootFolderId: "r-1",
    controlPolicyStatus: "Enabled",
    createTime: date,
    folders: [{ folderId: "fd-1", folderName: "core", parentFolderId: "r-1", createTime: date }],
    accounts: [{ accountId: "1001", folderId: "fd-1", joinTime: date }],
    controlPolicies: [
      {
        policyId: "cp-1",
        policyName: "guard",
        policyDocument: permitting(deny("ram:*")),
        createDate: date,
        updateDate: date,
      },
    ],
    controlPolicyAttachments: ["FullAliyunAccess", "cp-1"].map((policyId) => ({
      policyId,
      targetId: "fd-1",
      attachDate: date,
    })),
  };

  it("that is detached from an account or a folder is put to a person", async () => {
    await account.stop();
    account = await guardedAccount({ snapshot: { ...furnished(), directory } });
    const detach = () => mallory("DetachControlPolicy", { PolicyId: "cp-1", TargetId: "fd-1" }, "ResourceManager");
    await isAsked(detach, "RAM.ControlPolicyLoosened");
  });
});
