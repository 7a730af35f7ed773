import * as models from "@alicloud/ram20150501";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { subjectText } from "../../shared/domain/kinds.ts";
import { callerOf, trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
  partner,
  stranger,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const standing = (): Snapshot => account.standing();
const roleOf = (name: string) => account.sandbox.dump().roles?.find(({ roleName }) => roleName === name);
const keysOf = (name: string) => account.sandbox.dump().users?.find(({ userName }) => userName === name)?.accessKeys;

/** The one incident that one change led to, checked for what holds of each that was written about. */
const writtenIncident = async (outcome: "reverted" | "contained") => {
  const incidents = await account.incidents();
  expect(incidents).toHaveLength(1);
  const [incident] = incidents;
  if (incident === undefined) throw new Error("no incident");
  expect(incident).toMatchObject({ status: "settled", outcome: { kind: outcome } });
  const made = incident.callsMade.filter(({ effect }) => effect === undefined);
  expect(made).toHaveLength(1);
  // ActionTrail itself ties the write to its plan: who, under which session name, in which request.
  const own = account.events().filter(({ requestId }) => requestId === made[0]?.requestId);
  expect(own).toMatchObject([
    {
      eventName: made[0]?.call.operation,
      userIdentity: { type: "assumed-role", userName: `ram-warden-acting:warden-${incident.id}` },
    },
  ]);
  expect(account.actingWrites()).toHaveLength(1);
  expect(account.sandbox.calls.list().filter(({ denied }) => denied === true)).toEqual([]);
  const messages = account.messages();
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toContain(incident.id);
  // Round brackets are what a link is made of, so the channel does not let them through as they are.
  expect(messages[0]?.text).toContain(subjectText(incident.subject).replace("(", "（").replace(")", "）"));
  expect(messages[0]?.text).toContain(`npm run -s warden -- undo ${incident.id}`);
  return incident;
};

/** Makes a change, lets the guard see it and all that follows, and compares everything but what is expected to differ. */
const putsBackTo = async (change: () => Promise<unknown>): Promise<void> => {
  const before = standing();
  await change();
  expect(standing()).not.toEqual(before);
  await account.catchUp();
  expect(standing()).toEqual(before);
};

type Route = "Ram" | "ResourceManager";
const updateTrust = (route: Route, name: string, document: string, more: object = {}) =>
  account.as("mallory")(route, "UpdateRole", { RoleName: name, NewAssumeRolePolicyDocument: document, ...more });

describe("a role's trusted entities", () => {
  /** Gives the roles a baseline by a harmless change that the guard sees. */
  const seen = async (name: string): Promise<void> => {
    await account.as("administrator")("Ram", "CreateRole", { RoleName: name, AssumeRolePolicyDocument: ciTrust });
    await account.catchUp();
  };

  it.each<[string, Route, string]>([
    ["a foreign account", "Ram", openTrust],
    ["a foreign account", "ResourceManager", openTrust],
    ["everyone", "Ram", trustOf({ RAM: ["*"] })],
    ["the own account beside whom it trusted", "Ram", trustOf({ RAM: [`acs:ram::${accountId}:root`] })],
    ["a user of the own account", "ResourceManager", trustOf({ RAM: [`acs:ram::${accountId}:user/mallory`] })],
    ["a service that is not on the list", "Ram", trustOf({ Service: ["ros.aliyuncs.com"] })],
  ])("that gets %s through %s trusts again whom it did", async (_, route, document) => {
    await seen("job");
    await putsBackTo(() => updateTrust(route, "job", document, { NewDescription: "" }));
    const incident = await writtenIncident("reverted");
    expect(incident.before).toMatchObject({ known: true, provenance: "baseline" });
    expect(incident.callsMade[0]?.call.service).toBe(route);
  });

  it("is put back where the change's document names a member twice", async () => {
    await seen("job");
    const twice = openTrust.replace('"Version":"1"', '"Version":"1","Version":"1"');
    await putsBackTo(() => updateTrust("Ram", "job", twice, { NewDescription: "" }));
    await writtenIncident("reverted");
  });

  it("goes back to a document that its event held in percent-encoding", async () => {
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
    const [made] = account.events("CreateRole");
    const parameters = { RoleName: "job", AssumeRolePolicyDocument: encodeURIComponent(ciTrust) };
    await account.deliver({
      ...made,
      requestParameters: parameters,
      requestParameterJson: JSON.stringify(parameters),
      responseElements: undefined,
    });
    account.skipAll();
    account.clock.advance(60_000);
    await putsBackTo(() => updateTrust("Ram", "job", openTrust, { NewDescription: "" }));
    await writtenIncident("reverted");
    expect(roleOf("job")?.assumeRolePolicyDocument).toBe(ciTrust);
  });

  it("that loses its condition asks for it again", async () => {
    const strict = trustOf({ RAM: [`acs:ram::${partner}:root`] }, { StringEquals: { "sts:ExternalId": "q3" } });
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "audit", AssumeRolePolicyDocument: strict });
    await account.catchUp();
    await putsBackTo(() =>
      updateTrust("Ram", "audit", trustOf({ RAM: [`acs:ram::${partner}:root`] }), { NewDescription: "" }),
    );
    expect((await writtenIncident("reverted")).findings.map(({ rule }) => rule)).toContain(
      "RAM.TrustConditionWeakened",
    );
  });

  it("is put back from the history, with description, session length and the flag that no SDK knows", async () => {
    // Nobody watched when the role got its trust: only ActionTrail knows.
    await account.as("administrator")("Ram", "UpdateRole", {
      RoleName: "Deploy",
      NewAssumeRolePolicyDocument: ecsTrust,
      NewDescription: "of the pipeline",
      NewMaxSessionDuration: 7200,
    });
    account.clock.advance(60_000);
    await updateTrust("Ram", "deploy", openTrust, { NewDescription: "of the pipeline", NewMaxSessionDuration: 7200 });
    const { receipt } = await account.deliver(account.events("UpdateRole")[1]);
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    expect(roleOf("Deploy")).toMatchObject({
      assumeRolePolicyDocument: ecsTrust,
      description: "of the pipeline",
      maxSessionDuration: 7200,
      extra: { AllowConsoleLogin: true },
    });
    const incident = await writtenIncident("reverted");
    expect(incident.before).toMatchObject({ known: true, provenance: "history" });
    expect(incident.remediation?.calls[0]?.parameters).toMatchObject({
      NewDescription: "of the pipeline",
      NewMaxSessionDuration: 7200,
      NewAllowConsoleLogin: true,
    });
  });

  it("gets back the description and the length that the change lost by leaving them out", async () => {
    await account.as("administrator")("Ram", "UpdateRole", {
      RoleName: "plain",
      NewAssumeRolePolicyDocument: ecsTrust,
      NewDescription: "the plain one",
      NewMaxSessionDuration: 5400,
    });
    await account.catchUp();
    account.clock.advance(60_000);
    const before = standing();
    const knownIncidents = (await account.incidents()).length;
    await updateTrust("Ram", "plain", openTrust);
    await account.catchUp();
    expect((await account.incidents()).slice(knownIncidents)).toMatchObject([{ outcome: { kind: "reverted" } }]);
    expect(standing()).toEqual(before);
    expect(roleOf("plain")).toMatchObject({ description: "the plain one", maxSessionDuration: 5400 });
  });

  it("keeps the shorter length that somebody set before, and that the change sent along", async () => {
    const RoleName = "job";
    const administrator = account.as("administrator");
    await administrator("Ram", "CreateRole", {
      RoleName,
      AssumeRolePolicyDocument: ciTrust,
      Description: "the job",
      MaxSessionDuration: 7200,
    });
    account.clock.advance(60_000);
    await administrator("Ram", "UpdateRole", { RoleName, NewDescription: "the job", NewMaxSessionDuration: 3600 });
    await account.catchUp();
    account.clock.advance(60_000);
    await updateTrust("Ram", RoleName, openTrust, { NewDescription: "the job", NewMaxSessionDuration: 3600 });
    await account.catchUp();
    expect(roleOf(RoleName)).toMatchObject({
      assumeRolePolicyDocument: ciTrust,
      description: "the job",
      maxSessionDuration: 3600,
    });
  });

  it("that is new and open to a stranger is told, with the call that would delete it, and left alone", async () => {
    await account
      .ramAs("mallory")
      .createRole(new models.CreateRoleRequest({ roleName: "backdoor", assumeRolePolicyDocument: openTrust }));
    const before = standing();
    await account.catchUp();
    expect(standing()).toEqual(before);
    const [incident] = await account.incidents();
    expect(incident).toMatchObject({
      outcome: { kind: "asked" },
      because: { kind: "destructive" },
      remediation: { calls: [{ operation: "DeleteRole", parameters: { RoleName: "backdoor" } }] },
    });
    expect(account.messages()[0]?.text).toMatch(/Ram\.DeleteRole/);
    expect(account.messages()[0]?.text).toContain(stranger);
    expect(account.actingWrites()).toEqual([]);
  });

  it("may be given to whom the settings name, without a word and by looks alone", async () => {
    await seen("job");
    account.clock.advance(60_000);
    account.sandbox.calls.clear();
    await updateTrust("Ram", "job", trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${partner}:root`] }));
    await account.catchUp();
    expect(account.messages()).toEqual([]);
    expect(account.sandbox.calls.list().map(({ operation }) => operation)).toEqual([
      "UpdateRole",
      "GetRole",
      // What the partner gets with it.
      "ListPoliciesForRole",
      "ListPolicyAttachments",
    ]);
  });
});

describe("a new AccessKey", () => {
  it.each([
    ["for somebody else, by Ram", "Ram", { UserName: "alice" }, "alice", "RAM.AccessKeyForAnother"],
    [
      "for somebody else, by Ims",
      "Ims",
      { UserPrincipalName: "alice@example.onaliyun.com" },
      "alice",
      "RAM.AccessKeyForAnother",
    ],
    ["for oneself, without a UserName", "Ram", {}, "mallory", "RAM.AccessKeyUnapproved"],
    ["for oneself, by Ims, without a name", "Ims", {}, "mallory", "RAM.AccessKeyUnapproved"],
  ] as const)(
    "%s is switched off, and its owner's other keys stay as they are",
    async (_, route, named, owner, rule) => {
      const before = standing();
      await account.as("mallory")(route, "CreateAccessKey", { ...named });
      await account.catchUp();
      const [old, made, ...others] = keysOf(owner) ?? [];
      expect(others).toEqual([]);
      expect([old?.status, made?.status]).toEqual(["Active", "Inactive"]);
      const incident = await writtenIncident("contained");
      expect(incident.findings.map((finding) => finding.rule)).toContain(rule);
      expect(incident.callsMade[0]?.call.parameters).toEqual({
        UserName: owner,
        UserAccessKeyId: made?.accessKeyId,
        Status: "Inactive",
      });
      const without = (snapshot: Snapshot) => ({
        ...snapshot,
        users: snapshot.users?.map((user) => ({
          ...user,
          accessKeys: user.accessKeys?.filter(({ accessKeyId }) => accessKeyId !== made?.accessKeyId),
        })),
      });
      expect(without(standing())).toEqual(without(before));
    },
  );

  it("is found by its moment when the event carries no answer", async () => {
    await account.stop();
    account = await guardedAccount({ sandbox: { dropResponseElements: true } });
    await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
    await account.catchUp();
    expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
    await writtenIncident("contained");
  });

  it("made by a provisioner stays", async () => {
    await account.as("provisioner")("Ram", "CreateAccessKey", { UserName: "alice" });
    account.sandbox.calls.clear();
    await account.catchUp();
    expect(keysOf("alice")?.map(({ status }) => status)).toEqual(["Active", "Active"]);
    expect(await account.incidents()).toEqual([]);
    expect(account.sandbox.calls.list()).toEqual([]);
  });

  it("of the account owner is told at once, and nothing is tried", async () => {
    await account.asRoot("Ram", "CreateAccessKey");
    account.sandbox.calls.clear();
    await account.catchUp();
    expect(await account.incidents()).toMatchObject([
      { outcome: { kind: "alerted" }, because: { kind: "root-credential" }, findings: [{ rule: "RAM.RootAccessKey" }] },
    ]);
    expect(account.messages()).toHaveLength(1);
    expect(account.sandbox.calls.list()).toEqual([]);
  });
});

describe("a high-risk policy", () => {
  const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  const inResourceManager = (type: string, name: string, group = accountId, policy: object = admin) => ({
    ...policy,
    PrincipalType: type,
    PrincipalName: name,
    ResourceGroupId: group,
  });
  const team = "rg-team";
  it.each<[string, "Ram" | "ResourceManager", string, object]>([
    ["a user", "Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }],
    ["a group", "Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" }],
    ["a role", "Ram", "AttachPolicyToRole", { ...admin, RoleName: "ci" }],
    ["a user", "ResourceManager", "AttachPolicy", inResourceManager("IMSUser", "alice@example.onaliyun.com")],
    ["a group", "ResourceManager", "AttachPolicy", inResourceManager("IMSGroup", "staff@group.example.onaliyun.com")],
    [
      "a role",
      "ResourceManager",
      "AttachPolicy",
      inResourceManager("ServiceRole", "ci@role.example.onaliyunservice.com"),
    ],
    [
      "a user of a group",
      "ResourceManager",
      "AttachPolicy",
      inResourceManager("IMSUser", "alice@example.onaliyun.com", team),
    ],
    [
      "a group in a group",
      "ResourceManager",
      "AttachPolicy",
      inResourceManager("IMSGroup", "staff@group.example.onaliyun.com", team),
    ],
    [
      "a role in a group",
      "ResourceManager",
      "AttachPolicy",
      inResourceManager("ServiceRole", "ci@role.example.onaliyunservice.com", team),
    ],
  ])("given to %s through %s (%s) is taken away there, and nowhere else", async (_, route, operation, parameters) => {
    const given: { PrincipalType?: string; PrincipalName?: string; ResourceGroupId?: string } = parameters;
    if (given.ResourceGroupId !== undefined) {
      // The same grant in the other scope is another grant: it was there before, and nobody told the guard.
      const scope = given.ResourceGroupId === team ? accountId : team;
      await account.as("administrator")("ResourceManager", "AttachPolicy", { ...given, ResourceGroupId: scope });
      account.skipAll();
    }
    await putsBackTo(() => account.as("mallory")(route, operation, { ...parameters }));
    const incident = await writtenIncident("reverted");
    const { call } = incident.callsMade[0] ?? {};
    expect(call?.service).toBe(route);
    expect(call?.operation).toBe(operation.replace("Attach", "Detach").replace("To", "From"));
    expect(call?.parameters).toEqual(parameters);
  });

  it.each([
    ["that administers identities", { PolicyType: "System", PolicyName: "AliyunRAMFullAccess" }, "reverted"],
    ["that the settings name", { PolicyType: "System", PolicyName: "AliyunSTSAssumeRoleAccess" }, "reverted"],
    ["that allows everything under another name", { PolicyType: "Custom", PolicyName: "disguised" }, "reverted"],
    ["that is harmless", { PolicyType: "Custom", PolicyName: "harmless" }, "alerted"],
    ["that only reads", { PolicyType: "System", PolicyName: "ReadOnlyAccess" }, "alerted"],
  ] as const)("%s is judged for what it allows", async (_, policy, outcome) => {
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...policy, UserName: "alice" });
    const before = standing();
    await account.catchUp();
    if (outcome === "alerted") {
      // Only that it went to a user itself is said of it.
      expect(standing()).toEqual(before);
      const rules = (await account.incidents()).flatMap(({ findings }) => findings.map(({ rule }) => rule));
      expect(rules).toEqual(["RAM.PolicyAttachedToUser"]);
      return;
    }
    await writtenIncident(outcome);
    const held = standing().attachments?.filter(({ principalName }) => principalName === "alice");
    expect(held).toEqual([]);
  });
});

describe("the acting session", () => {
  it("may do its plan's one call and no other", async () => {
    await account.as("mallory")("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    await account.catchUp();
    const assumed = account.sandbox.calls.list().filter(({ operation }) => operation === "AssumeRole");
    expect(assumed).toHaveLength(1);
    const { RoleArn, RoleSessionName, DurationSeconds, Policy } = assumed[0]?.parameters ?? {};
    expect(DurationSeconds).toBe("900");
    // The same session once more, as somebody who got hold of the looking role's credentials would open it.
    const looking = callerOf(account.sandbox, account.sandbox.sessionOf("ram-warden-looking"));
    const answer = await looking("Sts", "AssumeRole", { RoleArn, RoleSessionName, DurationSeconds, Policy });
    const session = {
      accessKeyId: answer.Credentials.AccessKeyId,
      accessKeySecret: answer.Credentials.AccessKeySecret,
      securityToken: answer.Credentials.SecurityToken,
    };
    const acting = callerOf(account.sandbox, session);
    const refusedWith = async (service: "Ram" | "ResourceManager", operation: string, parameters: object) =>
      acting(service, operation, { ...parameters }).then(
        () => "accepted",
        (error: { code?: string }) => error.code,
      );
    const detach = { PolicyType: "System", PolicyName: "AdministratorAccess" };
    expect(await refusedWith("Ram", "DetachPolicyFromUser", { ...detach, UserName: "administrator" })).toBe(
      "NoPermission",
    );
    expect(
      await refusedWith("Ram", "DetachPolicyFromUser", {
        PolicyType: "System",
        PolicyName: "ReadOnlyAccess",
        UserName: "alice",
      }),
    ).toBe("NoPermission");
    expect(await refusedWith("Ram", "DetachPolicyFromGroup", { ...detach, GroupName: "staff" })).toBe("NoPermission");
    expect(await refusedWith("Ram", "AttachPolicyToUser", { ...detach, UserName: "alice" })).toBe("NoPermission");
    expect(await refusedWith("Ram", "UpdateRole", { RoleName: "ci", NewAssumeRolePolicyDocument: openTrust })).toBe(
      "NoPermission",
    );
    expect(await refusedWith("Ram", "GetUser", { UserName: "alice" })).toBe("NoPermission");
    // The plan's own call is allowed: it only finds nothing left to do.
    expect(await refusedWith("Ram", "DetachPolicyFromUser", { ...detach, UserName: "alice" })).toMatch(
      /^EntityNotExist/,
    );
  });
});
