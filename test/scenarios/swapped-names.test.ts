import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { accountBefore, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// Names that are taken from one and given to another, so that what goes by them is somebody else's.

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let account: GuardedAccount;
const begin = async (settings = "", more: (before: Snapshot) => Partial<Snapshot> = () => ({})): Promise<void> => {
  const before = accountBefore();
  account = await guardedAccount({ settings, snapshot: { ...before, ...more(before) } });
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error("the first sight failed");
  account.clock.advance(60_000);
};
afterEach(() => account.stop());

/** Carol has administered the account for long, by herself and by a group. */
const withCarol = (before: Snapshot): Partial<Snapshot> => ({
  users: [...(before.users ?? []), { userName: "carol" }],
  groups: [...(before.groups ?? []), { groupName: "admins", members: [{ userName: "carol" }] }],
  attachments: [
    ...(before.attachments ?? []),
    { ...{ policyType: "System", policyName: "AdministratorAccess" }, principalType: "group", principalName: "admins" },
    { ...{ policyType: "System", policyName: "AdministratorAccess" }, principalType: "user", principalName: "carol" },
  ],
});

const ram = (operation: string, parameters: object, as = "mallory") =>
  account.as(as)("Ram", operation, { ...parameters });
const rename = (from: string, to: string) => ram("UpdateUser", { UserName: from, NewUserName: to });
const attach = (name: string, as = "mallory") => ram("AttachPolicyToUser", { ...admin, UserName: name }, as);
const detach = (name: string) => ram("DetachPolicyFromUser", { ...admin, UserName: name });
const held = (name: string) =>
  (account.sandbox.dump().attachments ?? []).filter((one) => one.principalName === name).map((one) => one.policyName);
const membersOf = (name: string) =>
  account.sandbox
    .dump()
    .groups?.find(({ groupName }) => groupName === name)
    ?.members?.map(({ userName }) => userName);
/** Everything delivered, and the timer a few times. */
const settle = async () => {
  await account.catchUp();
  for (let tick = 0; tick < 3; tick += 1) {
    account.clock.advance(120_000);
    await account.sweep();
    await account.catchUp();
  }
};
const swap = async (from: string, by: string) => {
  account.clock.advance(2_000);
  await rename(from, "x");
  account.clock.advance(2_000);
  await rename(by, from);
};
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);

describe("what was given to somebody whose name another bears by now", () => {
  it("is taken from whom it was given to, and the other's own stays", async () => {
    await begin("", withCarol);
    await attach("alice");
    await swap("alice", "carol");
    await settle();
    expect(held("x")).toEqual([]);
    expect(held("alice")).toEqual(["AdministratorAccess"]);
  });

  it("is so although the names were swapped between judging and writing", async () => {
    await begin("", withCarol);
    await attach("alice");
    let isSwapped = false;
    account.wrap((world) => ({
      ...world,
      act: async (planId, planned) => {
        if (!isSwapped) await swap("alice", "carol");
        isSwapped = true;
        return world.act(planId, planned);
      },
    }));
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    account.wrap(undefined);
    await settle();
    expect(held("x")).toEqual([]);
    expect(held("alice")).toEqual(["AdministratorAccess"]);
  });

  it("is waited for where it cannot be read for a while", async () => {
    await begin("", withCarol);
    await attach("alice");
    const [given] = account.events("AttachPolicyToUser");
    await swap("alice", "carol");
    for (const event of account.events("UpdateUser")) await account.deliver(event);
    let reads = 0;
    account.wrap((world) => ({
      ...world,
      read: async (subject) => {
        reads += 1;
        if (reads > 1) return world.read(subject);
        return { ok: false, error: { kind: "throttled", operation: "Ram.ListPoliciesForUser" } };
      },
    }));
    expect((await account.deliver(given)).error).toBeDefined();
    expect(await account.incidents()).toEqual([]);
    account.wrap(undefined);
    await settle();
    expect(held("x")).toEqual([]);
    expect(held("alice")).toEqual(["AdministratorAccess"]);
  });

  it("is so of a membership", async () => {
    await begin("", withCarol);
    await ram("AddUserToGroup", { UserName: "alice", GroupName: "admins" });
    await swap("alice", "carol");
    await settle();
    expect(membersOf("admins")).toEqual(["alice"]);
  });

  it("is so within one second, whoever got the name first", async () => {
    await begin("", withCarol);
    await rename("administrator", "x");
    await rename("alice", "administrator");
    await attach("administrator");
    await settle();
    expect(held("x")).toEqual(["AdministratorAccess"]);
    expect(held("administrator")).toEqual([]);
    expect(await outcomes()).toContain("reverted");
  });
});

describe("what was given within the second of a renaming", () => {
  it("is taken back after the name was given to another", async () => {
    await begin("", withCarol);
    await rename("alice", "x");
    await ram("CreateUser", { UserName: "alice" });
    await attach("alice");
    await settle();
    expect(held("alice")).toEqual([]);
    expect(await outcomes()).toContain("reverted");
  });

  it("is taken back after the name came back", async () => {
    await begin();
    await rename("alice", "x");
    await attach("x");
    await rename("x", "alice");
    await settle();
    expect(held("alice")).toEqual([]);
  });

  it("is taken back however often the name went to and fro, and told once until then", async () => {
    await begin();
    await attach("alice");
    for (let turn = 0; turn < 10; turn += 1) {
      account.clock.advance(1_000);
      await rename("alice", "b");
      account.clock.advance(1_000);
      await rename("b", "alice");
    }
    account.clock.advance(1_000);
    await rename("alice", "c");
    const [given, ...renamings] = [account.events("AttachPolicyToUser")[0], ...account.events("UpdateUser")];
    for (const event of renamings) await account.deliver(event);
    await account.deliver(given);
    await settle();
    expect(held("c")).toEqual([]);
  });

  it("is told once while it is looked for under one name after the other", async () => {
    await begin();
    await attach("alice");
    for (const [from, to] of [
      ["alice", "b"],
      ["b", "c"],
      ["c", "d"],
      ["d", "e"],
    ] as const) {
      account.clock.advance(1_000);
      await rename(from, to);
    }
    await settle();
    expect(held("e")).toEqual([]);
    expect((await outcomes()).filter((outcome) => outcome === "transient")).toHaveLength(1);
  });
});

it("a late event does not take what was given since by somebody whose job it is", async () => {
  await begin("rules: { RAM.ChangeOutsidePipeline: { response: revert } }\npipelines: [user/provisioner]");
  const link = { PolicyType: "Custom", PolicyName: "harmless", GroupName: "staff" };
  await ram("AttachPolicyToGroup", link);
  await ram("DetachPolicyFromGroup", link);
  account.clock.advance(60_000);
  await ram("AttachPolicyToGroup", link, "provisioner");
  const [byMallory, removal, byPipeline] = [
    account.events("AttachPolicyToGroup")[0],
    account.events("DetachPolicyFromGroup")[0],
    account.events("AttachPolicyToGroup")[1],
  ];
  for (const event of [byPipeline, removal, byMallory]) await account.deliver(event);
  await settle();
  expect(held("staff")).toContain("harmless");
});

describe("what is taken away, given back and taken away again", () => {
  const withHolder = (before: Snapshot): Partial<Snapshot> => ({
    attachments: [
      ...(before.attachments ?? []),
      {
        policyType: "System",
        policyName: "AdministratorAccess",
        principalType: "user",
        principalName: "break-glass",
      },
    ],
  });

  it("is asked about, whatever comes first, although all is of one second", async () => {
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
    ] as const) {
      await begin("", withHolder);
      await detach("break-glass");
      await attach("break-glass");
      await detach("break-glass");
      const all = [
        account.events("DetachPolicyFromUser")[0],
        account.events("AttachPolicyToUser")[0],
        account.events("DetachPolicyFromUser")[1],
      ];
      for (const place of order) await account.deliver(all[place]);
      expect(await outcomes()).toContain("asked");
      if (order[0] === 1) continue;
      await account.stop();
    }
  });

  it("is asked about where somebody put it back by hand meanwhile", async () => {
    await begin("", withHolder);
    await detach("break-glass");
    await account.catchUp();
    account.clock.advance(600_000);
    await attach("break-glass", "administrator");
    await account.catchUp();
    account.clock.advance(600_000);
    await detach("break-glass");
    await account.catchUp();
    expect((await outcomes()).at(-1)).toBe("asked");
  });

  it("is left where the one who took it gave it back", async () => {
    await begin("rules: { RAM.ChangeOutsidePipeline: { response: revert } }\npipelines: [user/provisioner]");
    await ram("RemoveUserFromGroup", { UserName: "alice", GroupName: "staff" });
    account.clock.advance(1_000);
    await ram("AddUserToGroup", { UserName: "alice", GroupName: "staff" });
    await settle();
    expect(membersOf("staff")).toEqual(["alice"]);
    expect(account.actingWrites()).toEqual([]);
  });
});
