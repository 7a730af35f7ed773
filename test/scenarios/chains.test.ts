import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failed } from "../../shared/domain/result.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Several changes that belong together are one incident, and leave nothing that works.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

type Service = "Ram" | "Ims" | "ResourceManager";
const call = (service: Service, operation: string, parameters: object, by = "mallory") =>
  account.as(by)(service, operation, { ...parameters });

const principal = "eve@example.onaliyun.com";
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const password = "Aa1!aaaaaaaaaa";

/** The steps of the public chain, in the spelling of each service that has one. */
const steps = {
  user: {
    Ram: (by?: string) => call("Ram", "CreateUser", { UserName: "eve" }, by),
    Ims: (by?: string) => call("Ims", "CreateUser", { UserPrincipalName: principal, DisplayName: "eve" }, by),
  },
  login: {
    Ram: (by?: string) => call("Ram", "CreateLoginProfile", { UserName: "eve", Password: password }, by),
    Ims: (by?: string) => call("Ims", "CreateLoginProfile", { UserPrincipalName: principal, Password: password }, by),
  },
  key: {
    Ram: (by?: string) => call("Ram", "CreateAccessKey", { UserName: "eve" }, by),
    Ims: (by?: string) => call("Ims", "CreateAccessKey", { UserPrincipalName: principal }, by),
  },
  grant: {
    Ram: (by?: string) => call("Ram", "AttachPolicyToUser", { ...admin, UserName: "eve" }, by),
    ResourceManager: (by?: string) =>
      call(
        "ResourceManager",
        "AttachPolicy",
        { ...admin, PrincipalType: "IMSUser", PrincipalName: principal, ResourceGroupId: account.sandbox.accountId },
        by,
      ),
  },
} as const;

const eve = () => account.sandbox.dump().users?.find(({ userName }) => userName === "eve");

/** What of it still works: nothing may. */
const access = (): readonly string[] => {
  const { attachments = [], groups = [] } = account.sandbox.dump();
  return [
    ...attachments.filter(({ principalName }) => principalName === "eve").map(({ policyName }) => policyName),
    ...groups
      .filter(({ members = [] }) => members.some(({ userName }) => userName === "eve"))
      .map(({ groupName }) => groupName),
    ...(eve()?.accessKeys ?? []).filter(({ status }) => status === "Active").map(({ accessKeyId }) => accessKeyId),
    ...(eve()?.loginProfile?.status === "Active" ? ["login"] : []),
  ];
};

/** Incidents that are no piece of another. */
const whole = async () => (await account.incidents()).filter(({ chain }) => chain === undefined);
const named = (name: string) => account.events(name)[0];
const chainMessages = () => account.messages().filter(({ title }) => title.includes("Back-door administrator"));

/** One incident, with every piece in it, told once. */
const expectOne = async (operations: readonly string[]) => {
  expect(access()).toEqual([]);
  const incidents = await whole();
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({
    subject: { kind: "user", userName: "eve" },
    outcome: { kind: "contained" },
    findings: [{ rule: "RAM.BackdoorAdministrator", control: "RAM-CHAIN-001", severity: "critical" }],
  });
  expect(incidents[0]?.pieces?.map(({ operation }) => operation).sort()).toEqual([...operations].sort());
  expect(incidents[0]?.pieces?.every(({ stands }) => stands === undefined)).toBe(true);
  expect(chainMessages()).toHaveLength(1);
  // The user is kept: it is evidence.
  expect(eve()).toBeDefined();
};

const orders = [
  ["CreateUser", "CreateLoginProfile", "grant"],
  ["CreateUser", "grant", "CreateLoginProfile"],
  ["CreateLoginProfile", "CreateUser", "grant"],
  ["CreateLoginProfile", "grant", "CreateUser"],
  ["grant", "CreateUser", "CreateLoginProfile"],
  ["grant", "CreateLoginProfile", "CreateUser"],
] as const;

const spellings = [
  ["Ram", "Ram", "Ram"],
  ["Ims", "Ims", "ResourceManager"],
  ["Ims", "Ram", "Ram"],
  ["Ram", "Ims", "ResourceManager"],
] as const;

describe.each(spellings)("the public chain through %s, %s and %s", (user, login, grant) => {
  it.each(orders)("is one incident, and leaves no access: %s, %s, %s", async (...order) => {
    await steps.user[user]();
    await steps.login[login]();
    await steps.grant[grant]();
    const grantName = grant === "Ram" ? "AttachPolicyToUser" : "AttachPolicy";
    for (const name of order)
      expect((await account.deliver(named(name === "grant" ? grantName : name))).error).toBeUndefined();
    // Our own writes lead to nothing more.
    await account.catchUp();
    await expectOne([`${user}.CreateUser`, `${login}.CreateLoginProfile`, `${grant}.${grantName}`]);
    // Each of the first two may have been told before anybody knew; what completes the chain is told with it.
    expect(account.messages().length).toBeLessThanOrEqual(3);
  });
});

it.each(["Ram", "Ims"] as const)("an AccessKey by %s in place of a logon is contained too", async (service) => {
  await steps.user[service]();
  await steps.key[service]();
  await steps.grant.Ram();
  await account.catchUp();
  await expectOne([`${service}.CreateUser`, `${service}.CreateAccessKey`, "Ram.AttachPolicyToUser"]);
});

it("in one payload it is one incident as well, however often that comes", async () => {
  await steps.user.Ram();
  await steps.login.Ram();
  await steps.key.Ram();
  await steps.grant.Ram();
  const events = [...account.events()];
  await account.deliver(events);
  await account.deliver(events.toReversed());
  await account.deliver(events.map((event) => ({ ...event, eventId: `${event.eventId}-again` })));
  await account.catchUp();
  await expectOne(["Ram.CreateUser", "Ram.CreateLoginProfile", "Ram.CreateAccessKey", "Ram.AttachPolicyToUser"]);
});

it("is one incident where several guards are handed the events at the same time", async () => {
  await steps.user.Ram();
  await steps.login.Ram();
  await steps.key.Ims();
  await steps.grant.Ram();
  await Promise.all(account.events().map((event) => account.deliver(event)));
  await account.catchUp();
  await account.sweep();
  await expectOne(["Ram.CreateUser", "Ram.CreateLoginProfile", "Ims.CreateAccessKey", "Ram.AttachPolicyToUser"]);
});

it("is found by the sweep alone, where no event was delivered", async () => {
  await account.sweep();
  await steps.user.Ims();
  await steps.login.Ram();
  await steps.grant.ResourceManager();
  account.clock.advance(300_000);
  await account.sweep();
  await expectOne(["Ims.CreateUser", "Ram.CreateLoginProfile", "ResourceManager.AttachPolicy"]);
});

it("two who share the work are one chain, and both are named", async () => {
  await steps.user.Ram("administrator");
  await steps.login.Ims();
  await steps.grant.Ram("administrator");
  await account.catchUp();
  await expectOne(["Ram.CreateUser", "Ims.CreateLoginProfile", "Ram.AttachPolicyToUser"]);
  const [message] = chainMessages();
  expect(message?.text).toContain("user administrator, user mallory");
});

it("a member of a group that administers is taken out of it again", async () => {
  await account.stop();
  const before = accountBefore();
  account = await guardedAccount({
    snapshot: {
      ...before,
      groups: [...(before.groups ?? []), { groupName: "admins" }],
      attachments: [
        ...(before.attachments ?? []),
        { policyType: "System", policyName: "AdministratorAccess", principalType: "group", principalName: "admins" },
      ],
    },
  });
  await steps.user.Ram();
  await steps.key.Ram();
  await call("Ims", "AddUserToGroup", { UserPrincipalName: principal, GroupName: "admins" });
  await account.catchUp();
  await expectOne(["Ram.CreateUser", "Ram.CreateAccessKey", "Ims.AddUserToGroup"]);
});

it("a member of a group that does not administer is no chain", async () => {
  await steps.user.Ram();
  await steps.login.Ims();
  await call("Ram", "AddUserToGroup", { UserName: "eve", GroupName: "staff" });
  await account.catchUp();
  expect((await account.incidents()).flatMap(({ findings }) => findings.map(({ rule }) => rule))).not.toContain(
    "RAM.BackdoorAdministrator",
  );
  expect(access()).toContain("staff");
});

it("what whoever is declared sets up is no chain", async () => {
  await steps.user.Ram("provisioner");
  await steps.login.Ims("provisioner");
  await steps.grant.Ram("provisioner");
  await account.catchUp();
  expect((await account.incidents()).some(({ pieces }) => pieces !== undefined)).toBe(false);
  expect(access()).toEqual(["login"]);
});

it("who makes a change does not make it grave: the owner of the account sets a user up for little", async () => {
  await account.asRoot("Ram", "CreateUser", { UserName: "eve" });
  await account.asRoot("Ims", "CreateLoginProfile", { UserPrincipalName: principal, Password: password });
  await account.asRoot("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "ReadOnlyAccess",
    UserName: "eve",
  });
  await account.catchUp();
  expect((await account.incidents()).some(({ pieces }) => pieces !== undefined)).toBe(false);
  expect(access()).toEqual(["ReadOnlyAccess", "login"]);
});

it("what takes longer than an hour is no chain", async () => {
  await steps.user.Ram();
  await steps.login.Ims();
  await account.catchUp();
  account.clock.advance(3_601_000);
  await steps.grant.Ram();
  await account.catchUp();
  expect((await account.incidents()).some(({ pieces }) => pieces !== undefined)).toBe(false);
});

it("what joins later is contained as well, and told with the others, no more often than people can read", async () => {
  await steps.user.Ram();
  await steps.login.Ram();
  await steps.grant.Ram();
  await account.catchUp();
  for (const service of ["Ram", "Ims"] as const) {
    account.clock.advance(60_000);
    await steps.key[service]();
    await account.catchUp();
    expect(access()).toEqual([]);
  }
  expect(chainMessages()).toHaveLength(1);
  account.clock.advance(600_000);
  await account.sweep();
  expect(chainMessages()).toHaveLength(2);
  expect(chainMessages()[1]?.text).toContain("Ims.CreateAccessKey");
  const [incident, ...others] = await whole();
  expect(others).toEqual([]);
  expect(incident?.pieces).toHaveLength(5);
});

it("a mode that observes writes nothing, and tells it as one", async () => {
  account.setMode("observe");
  await steps.user.Ram();
  await steps.login.Ram();
  await steps.grant.Ram();
  await account.catchUp();
  expect(account.actingWrites()).toEqual([]);
  expect(await whole()).toMatchObject([{ outcome: { kind: "observed" }, pieces: [{}, {}, {}] }]);
  expect(chainMessages()).toHaveLength(1);
});

it("a budget that is spent is kept to, and what stands is told", async () => {
  await account.stop();
  account = await guardedAccount({ settings: "budgets: { account: 2 }" });
  await steps.user.Ram();
  await steps.key.Ram();
  await steps.login.Ims();
  await steps.grant.Ram();
  await account.catchUp();
  expect(account.actingWrites().length).toBeLessThanOrEqual(2);
  const incident = (await whole()).find(({ pieces }) => pieces !== undefined);
  expect(incident?.outcome).toEqual({ kind: "alerted" });
  expect(incident?.pieces?.some(({ stands }) => stands !== undefined)).toBe(true);
  expect(chainMessages()[0]?.text).toContain("still there");
});

it("what a person took back is not taken away again", async () => {
  await steps.user.Ram();
  await steps.key.Ram();
  await steps.grant.Ram();
  await account.catchUp();
  const piece = (await whole())[0]?.pieces?.find(({ operation }) => operation === "Ram.CreateAccessKey");
  const { ledger, config } = account;
  const back = await undoIncident(account.approving(), ledger, config.telling, piece?.incidentId ?? "");
  expect(back.ok).toBe(true);
  const [key] = eve()?.accessKeys ?? [];
  expect(key?.status).toBe("Active");
  account.clock.advance(60_000);
  await steps.login.Ims();
  await account.catchUp();
  await account.sweep();
  expect(eve()?.accessKeys?.[0]?.status).toBe("Active");
  expect(access()).toEqual([key?.accessKeyId]);
});

it("what cannot be ended at once is told as such, ended later, and told as ended", async () => {
  await steps.user.Ram();
  await steps.login.Ram();
  await account.deliver(named("CreateUser"));
  await account.deliver(named("CreateLoginProfile"));
  await steps.grant.Ram();
  // The logon cannot be read for a while.
  account.wrap((world) => ({
    ...world,
    read: async (subject) =>
      subject.kind === "login" ? failed({ kind: "throttled", operation: "Ims.GetLoginProfile" }) : world.read(subject),
  }));
  await account.deliver(named("AttachPolicyToUser"));
  account.wrap(undefined);
  expect(access()).toEqual(["login"]);
  expect(chainMessages()).toHaveLength(1);
  expect(chainMessages()[0]?.text).toContain("still there");
  account.clock.advance(600_000);
  await account.sweep();
  expect(access()).toEqual([]);
  expect(chainMessages()).toHaveLength(2);
  expect(chainMessages()[1]?.text).not.toContain("still there");
  expect((await whole())[0]?.outcome).toEqual({ kind: "contained" });
});

it("a guard that dies on the way is followed by the sweep", async () => {
  await steps.user.Ram();
  await steps.login.Ram();
  await account.deliver(named("CreateUser"));
  await account.deliver(named("CreateLoginProfile"));
  await steps.grant.Ram();
  // The state store goes away once the grant was put back, before anything else of the chain is ended.
  account.wrap((world) => ({
    ...world,
    state: {
      ...world.state,
      putIfAbsent: async (key, value, expiry) => {
        if (key.startsWith("lease/") && key.includes("/chain/")) throw new StoreUnavailable("gone");
        return world.state.putIfAbsent(key, value, expiry);
      },
    },
  }));
  expect((await account.deliver(named("AttachPolicyToUser"))).error).toBeDefined();
  account.wrap(undefined);
  expect(access()).toEqual(["login"]);
  expect(chainMessages()).toEqual([]);
  account.clock.advance(200_000);
  await account.sweep();
  await account.catchUp();
  await expectOne(["Ram.CreateUser", "Ram.CreateLoginProfile", "Ram.AttachPolicyToUser"]);
});

describe("what came and went", () => {
  it("a group that was made, given a member and a policy, and deleted again is told, in any order of its events", async () => {
    const group = { GroupName: "passing" };
    await call("Ram", "CreateGroup", group);
    await call("Ims", "AddUserToGroup", { ...group, UserPrincipalName: "alice@example.onaliyun.com" });
    const grant = { ...group, PolicyType: "System", PolicyName: "ReadOnlyAccess" };
    await call("Ram", "AttachPolicyToGroup", grant);
    await call("Ram", "DetachPolicyFromGroup", grant);
    await call("Ram", "RemoveUserFromGroup", { ...group, UserName: "alice" });
    await call("Ram", "DeleteGroup", group);
    for (const event of account.events().toReversed()) await account.deliver(event);
    expect(await whole()).toMatchObject([
      { outcome: { kind: "alerted" }, findings: [{ rule: "RAM.CameAndWent" }], subject: { kind: "group" } },
    ]);
    expect(account.messages()).toHaveLength(1);
    expect(account.actingWrites()).toEqual([]);
  });

  it("a group that held nothing is not told", async () => {
    await call("Ram", "CreateGroup", { GroupName: "passing" });
    await call("Ram", "DeleteGroup", { GroupName: "passing" });
    await account.catchUp();
    expect(await account.incidents()).toEqual([]);
  });

  it("a user who was renamed, given a key, and renamed back is told", async () => {
    await call("Ram", "UpdateUser", { UserName: "alice", NewUserName: "backup-job" });
    await call("Ram", "CreateAccessKey", { UserName: "backup-job" });
    await call("Ram", "UpdateUser", { UserName: "backup-job", NewUserName: "alice" });
    await account.catchUp();
    const told = (await whole()).flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(told).toContain("RAM.CameAndWent");
  });
});

it("what is put back and made again is told as one, and named for what it is", async () => {
  const attach = (by: string) => call("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }, by);
  for (const by of ["mallory", "administrator", "mallory"]) {
    await attach(by);
    await account.catchUp();
    account.clock.advance(120_000);
  }
  const incidents = await whole();
  // The first time it was a change like any other, and was told as such.
  expect(incidents.map(({ findings }) => findings[0]?.rule)).toEqual(["RAM.HighRiskPolicyOnUser", "RAM.RevertUndone"]);
  expect(incidents[1]?.findings[0]?.verdict).toMatchObject({
    evidence: [{ facts: { makers: "user administrator, user mallory", times: "2" } }],
  });
  // The grant is worse than that it was made again, and is told for itself each time.
  expect(account.messages()).toHaveLength(4);
  expect(account.messages().at(-1)?.title).toContain("What was put back was made again");
});

describe("escalation by pieces", () => {
  const policyOf = (Action: readonly string[], Resource = "*") => ({
    versions: [
      {
        versionId: "v1",
        policyDocument: { Version: "1", Statement: [{ Effect: "Allow", Action: [...Action], Resource: [Resource] }] },
      },
    ],
  });
  const oneRole = `acs:ram:*:${accountId}:role/deploy`;
  const start = async (settings = "") => {
    await account.stop();
    const before = accountBefore();
    account = await guardedAccount({
      settings,
      snapshot: {
        ...before,
        policies: [
          ...(before.policies ?? []),
          { policyName: "passes", policyType: "Custom", ...policyOf(["ram:PassRole"], oneRole) },
          {
            policyName: "makes",
            policyType: "Custom",
            ...policyOf(["fc:CreateService", "fc:CreateFunction", "fc:InvokeFunction"]),
          },
        ],
      },
    });
    for (const PolicyName of ["passes", "makes"])
      await call("Ram", "AttachPolicyToUser", { PolicyType: "Custom", PolicyName, UserName: "alice" });
    await account.catchUp();
  };
  const held = () =>
    (account.sandbox.dump().attachments ?? [])
      .filter(({ principalName }) => principalName === "alice")
      .map(({ policyName }) => policyName)
      .sort();

  it("is told, with all its pieces, and left in place unless the settings say otherwise", async () => {
    await start();
    expect(await whole()).toMatchObject([
      { findings: [{ rule: "RAM.EscalationByPieces" }], outcome: { kind: "alerted" }, pieces: [{}, {}] },
    ]);
    expect(held()).toEqual(["makes", "passes"]);
    // That the first was attached to a user, and not to a group, was told by itself.
    expect(account.messages().map(({ title }) => title)).toEqual([
      expect.stringContaining("Policy attached directly to a user"),
      expect.stringContaining("Escalation by pieces"),
    ]);
  });

  it("loses its last piece where the settings have it put back", async () => {
    await start("rules: { RAM.EscalationByPieces: { response: revert } }");
    expect(held()).toEqual(["passes"]);
    expect(await whole()).toMatchObject([{ outcome: { kind: "contained" } }]);
  });
});

it("ends the strongest first, and all that no rule ends for itself", async () => {
  await account.stop();
  account = await guardedAccount({
    settings: `
rules:
  RAM.HighRiskPolicyOnUser: { response: alert }
  RAM.AccessKeyForAnother: { response: alert }
  RAM.AccessKeyUnapproved: { response: alert }
  RAM.LogonWithoutMfa: { response: off }
`,
  });
  await steps.user.Ram();
  await steps.login.Ims();
  await steps.key.Ram();
  await steps.grant.ResourceManager();
  await account.deliver([...account.events()]);
  await account.catchUp();
  expect(account.actingWrites().map(({ operation }) => operation)).toEqual([
    "DetachPolicy",
    "UpdateAccessKey",
    "UpdateLoginProfile",
  ]);
  await expectOne(["Ram.CreateUser", "Ims.CreateLoginProfile", "Ram.CreateAccessKey", "ResourceManager.AttachPolicy"]);
});

it.each([
  ["told and not ended where the settings say so", "rules: { RAM.BackdoorAdministrator: { response: alert } }", 1],
  ["told and not ended while it is on trial", "rules: { RAM.BackdoorAdministrator: { maturity: trial } }", 1],
  ["not looked for where the settings say so", "rules: { RAM.BackdoorAdministrator: { response: off } }", 0],
])("is %s", async (_, settings, told) => {
  await account.stop();
  account = await guardedAccount({ settings });
  await steps.user.Ram();
  await steps.login.Ims();
  await steps.grant.Ram();
  await account.catchUp();
  expect(access()).toEqual(["login"]);
  expect(chainMessages()).toHaveLength(told);
});

it("is put to a person where the settings say so, each piece with the command that decides it", async () => {
  await account.stop();
  account = await guardedAccount({ settings: "rules: { RAM.BackdoorAdministrator: { response: ask } }" });
  await steps.user.Ram();
  await steps.login.Ims();
  await steps.grant.Ram();
  await account.catchUp();
  expect(access()).toEqual(["login"]);
  const piece = (await whole())[0]?.pieces?.find(({ outcome }) => outcome === "asked");
  expect(piece?.operation).toBe("Ims.CreateLoginProfile");
  expect(chainMessages()[0]?.text).toContain(`approve ${piece?.incidentId}`);
});

it("what a protected identity is part of is told and left", async () => {
  await account.stop();
  account = await guardedAccount({ settings: "" });
  await call("Ram", "DeleteUser", { UserName: "break-glass" }, "administrator");
  account.skipAll();
  const made = { UserName: "break-glass" };
  await call("Ram", "CreateUser", made);
  await call("Ram", "CreateAccessKey", made);
  await call("Ram", "AttachPolicyToUser", { ...admin, ...made });
  await account.catchUp();
  expect(account.actingWrites()).toEqual([]);
  const incident = (await whole()).find(({ pieces }) => pieces !== undefined);
  expect(incident).toMatchObject({ outcome: { kind: "alerted" }, subject: { userName: "break-glass" } });
  expect(incident?.pieces?.filter(({ stands }) => stands !== undefined)).toHaveLength(2);
});

describe("what somebody answers for", () => {
  const exempt = (rule: string, subject: string) => {
    const day = (offset: number) => new Date(account.clock.now() + offset * 86_400_000).toISOString().slice(0, 10);
    account.setExemptions({
      kind: "text",
      text: `exemptions:
  - id: eve
    rules: [${rule}]
    subject: ${subject}
    owner: alice
    reason: the new administrator
    from: "${day(-1)}"
    until: "${day(30)}"
`,
    });
  };
  const setUp = async () => {
    await steps.user.Ram();
    await steps.key.Ram();
    await steps.grant.Ram();
    await account.catchUp();
  };

  it("is no part of a chain", async () => {
    exempt("RAM.HighRiskPolicyOnUser", "grant/user/eve/System/AdministratorAccess/account");
    await setUp();
    expect((await account.incidents()).some(({ pieces }) => pieces !== undefined)).toBe(false);
    expect(access()).toContain("AdministratorAccess");
  });

  it("is told as a chain and not ended, where the chain itself is meant", async () => {
    exempt("RAM.BackdoorAdministrator", "user/eve");
    await setUp();
    const [incident] = (await whole()).filter(({ pieces }) => pieces !== undefined);
    expect(incident).toMatchObject({ outcome: { kind: "alerted" }, findings: [{ exemption: { id: "eve" } }] });
    // Each piece is judged by its own rules all the same.
    expect(access()).toEqual([]);
  });

  it("may be anything where the exemptions cannot be read: the chain is told, and nothing written", async () => {
    account.setExemptions({ kind: "text", text: "exemptions: [nonsense" });
    await setUp();
    expect(account.actingWrites()).toEqual([]);
    const [incident] = (await whole()).filter(({ pieces }) => pieces !== undefined);
    expect(incident).toMatchObject({ outcome: { kind: "alerted" } });
    expect(incident?.pieces?.filter(({ stands }) => stands !== undefined)).toHaveLength(2);
  });
});
