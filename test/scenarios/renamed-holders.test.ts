import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { accountBefore, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

// A user or a group that is renamed between a change and our look at it.

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

let account: GuardedAccount;
const start = async (more: Partial<Snapshot> = {}): Promise<void> => {
  account = await guardedAccount({ snapshot: { ...accountBefore(), ...more } });
};
beforeEach(() => start());
afterEach(() => account.stop());

const call = (operation: string, parameters: object, as = "mallory") =>
  account.as(as)("Ram", operation, { ...parameters });
const rename = (from: string, to: string) => call("UpdateUser", { UserName: from, NewUserName: to });
const renameGroup = (from: string, to: string) => call("UpdateGroup", { GroupName: from, NewGroupName: to });
const held = (name: string) =>
  (account.sandbox.dump().attachments ?? []).filter((one) => one.principalName === name).map((one) => one.policyName);
const keysOf = (name: string) =>
  account.sandbox
    .dump()
    .users?.find(({ userName }) => userName === name)
    ?.accessKeys?.map(({ status }) => status);
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);
/** Each delivery again, and the timer: nothing more is to happen. */
const again = async () => {
  const writes = account.actingWrites().length;
  for (const event of account.events()) await account.deliver(event);
  account.clock.advance(300_000);
  await account.sweep();
  expect(account.actingWrites()).toHaveLength(writes);
};

describe("what was given to somebody who is renamed then", () => {
  it("is taken back under the new name", async () => {
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    await rename("alice", "alicia");
    await account.catchUp();
    expect(held("alicia")).toEqual([]);
    expect(await outcomes()).toContain("reverted");
    await again();
  });

  it("is taken back when the renaming is known first", async () => {
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    const [attach] = account.events("AttachPolicyToUser");
    account.clock.advance(2_000);
    await rename("alice", "alicia");
    const [renaming] = account.events("UpdateUser");
    await account.deliver(renaming);
    expect(held("alicia")).toEqual(["AdministratorAccess"]);
    await account.deliver(attach);
    expect(held("alicia")).toEqual([]);
    await account.catchUp();
    await again();
  });

  it("is taken back over several names", async () => {
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    for (const [from, to] of [
      ["alice", "b"],
      ["b", "c"],
      ["c", "d"],
    ] as const) {
      account.clock.advance(1_000);
      await rename(from, to);
    }
    await account.catchUp();
    expect(held("d")).toEqual([]);
  });

  it("is taken back though the renaming came between judging and writing", async () => {
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    let isRenamed = false;
    account.wrap((world) => ({
      ...world,
      act: async (planId, planned) => {
        if (!isRenamed) await rename("alice", "alicia");
        isRenamed = true;
        return world.act(planId, planned);
      },
    }));
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    account.wrap(undefined);
    await account.catchUp();
    expect(held("alicia")).toEqual([]);
    await again();
  });

  it("is out of use where it is a key", async () => {
    await call("CreateAccessKey", { UserName: "alice" });
    await rename("alice", "alicia");
    await account.catchUp();
    expect(keysOf("alicia")?.at(-1)).toBe("Inactive");
    expect(keysOf("alicia")?.[0]).toBe("Active");
    await again();
  });

  it("is out of use where it is a key, and the renaming is known first", async () => {
    await call("CreateAccessKey", { UserName: "alice" });
    const [made] = account.events("CreateAccessKey");
    account.clock.advance(2_000);
    await rename("alice", "alicia");
    await account.deliver(account.events("UpdateUser")[0]);
    await account.deliver(made);
    expect(keysOf("alicia")?.at(-1)).toBe("Inactive");
    await account.catchUp();
    const told = (await account.incidents()).length;
    await again();
    // What is told is told once, though its event comes again under the former name.
    expect(await account.incidents()).toHaveLength(told);
  });

  it("is ended with its chain where it was let be under the former name", async () => {
    await call("CreateUser", { UserName: "evo" });
    await account.as("mallory")("Ims", "CreateLoginProfile", {
      UserPrincipalName: "evo@example.onaliyun.com",
      Password: "Aa1!aaaaaaaaaa",
      MFABindRequired: true,
    });
    await account.catchUp();
    account.clock.advance(2_000);
    await rename("evo", "eve");
    await call("AttachPolicyToUser", { ...admin, UserName: "eve" });
    await account.catchUp();
    const eve = account.sandbox.dump().users?.find(({ userName }) => userName === "eve");
    expect([held("eve"), eve?.loginProfile?.status]).toEqual([[], "Inactive"]);
  });

  it("is taken back with all of a takeover", async () => {
    await call("CreateUser", { UserName: "eve" });
    await call("CreateAccessKey", { UserName: "eve" });
    await call("AttachPolicyToUser", { ...admin, UserName: "eve" });
    await rename("eve", "eva");
    await account.catchUp();
    expect(held("eva")).toEqual([]);
    expect(keysOf("eva")).toEqual(["Inactive"]);
  });
});

describe("who was put into a group that is renamed then", () => {
  const withAdmins = (): Partial<Snapshot> => {
    const before = accountBefore();
    return {
      groups: [...(before.groups ?? []), { groupName: "admins" }],
      attachments: [
        ...(before.attachments ?? []),
        { policyType: "System", policyName: "AdministratorAccess", principalType: "group", principalName: "admins" },
      ],
    };
  };
  const membersOf = (name: string) =>
    account.sandbox
      .dump()
      .groups?.find(({ groupName }) => groupName === name)
      ?.members?.map(({ userName }) => userName);

  it.each(["alice", "alicia"])("is taken out of it under its new name, as %s", async (name) => {
    await account.stop();
    await start(withAdmins());
    await call("AddUserToGroup", { UserName: "alice", GroupName: "admins" });
    await renameGroup("admins", "adm");
    if (name !== "alice") await rename("alice", name);
    await account.catchUp();
    expect(membersOf("adm") ?? []).toEqual([]);
    expect(account.messages().length).toBeGreaterThan(0);
    await again();
  });
});

describe("what is of somebody else who bears the former name, or another's new name", () => {
  it("is let be", async () => {
    await call(
      "AttachPolicyToUser",
      { PolicyType: "System", PolicyName: "ReadOnlyAccess", UserName: "alice" },
      "administrator",
    );
    await account.catchUp();
    account.clock.advance(60_000);
    await rename("alice", "alicia");
    await call("CreateUser", { UserName: "alice" }, "provisioner");
    await account.catchUp();
    expect(held("alicia")).toEqual(["ReadOnlyAccess"]);
    account.clock.advance(60_000);
    // The new one is made an administrator, and deleted again before we look: the former one has nothing to do with it.
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    await call("DetachPolicyFromUser", { ...admin, UserName: "alice" });
    await call("AttachPolicyToUser", { ...admin, UserName: "alicia" }, "administrator");
    const [late] = account.events("AttachPolicyToUser").slice(-2);
    account.skipAll();
    await account.deliver(late);
    expect(held("alicia")).toEqual(["ReadOnlyAccess", "AdministratorAccess"]);
    expect(account.actingWrites()).toEqual([]);
  });

  it("whose names were swapped since is let be, and the other is not", async () => {
    await call("CreateUser", { UserName: "bob" }, "provisioner");
    await call("AttachPolicyToUser", { ...admin, UserName: "bob" }, "administrator");
    account.skipAll();
    account.clock.advance(60_000);
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    for (const [from, to] of [
      ["bob", "aside"],
      ["alice", "bob"],
      ["aside", "alice"],
    ] as const) {
      account.clock.advance(2_000);
      await rename(from, to);
    }
    // Taken away again under the new name, so that nothing of it stands.
    await call("DetachPolicyFromUser", { ...admin, UserName: "bob" });
    const [attack] = account.events("AttachPolicyToUser").slice(-1);
    for (const event of account.events("UpdateUser")) await account.deliver(event);
    const { error } = await account.deliver(attack);
    expect(error).toBeUndefined();
    expect(account.actingWrites().filter(({ operation }) => operation.startsWith("Detach"))).toEqual([]);
  });

  it("and one that bears its former name again is looked for there, and does not come back for ever", async () => {
    await call("AttachPolicyToUser", { ...admin, UserName: "alice" });
    const [attack] = account.events("AttachPolicyToUser");
    account.clock.advance(1_000);
    await rename("alice", "b");
    account.clock.advance(1_000);
    await rename("b", "alice");
    await call("DetachPolicyFromUser", { ...admin, UserName: "alice" });
    for (const event of account.events("UpdateUser")) await account.deliver(event);
    const { error, receipt } = await account.deliver(attack);
    expect(error).toBeUndefined();
    expect(receipt?.decisions.map(({ outcome }) => outcome)).toEqual(["transient"]);
    expect((await account.deliver(attack)).receipt?.passedOver).toHaveLength(1);
  });

  it("and a user that is deleted is over, and told once", async () => {
    await call("CreateUser", { UserName: "eve" });
    await call("AttachPolicyToUser", { ...admin, UserName: "eve" });
    await call("DetachPolicyFromUser", { ...admin, UserName: "eve" });
    await call("DeleteUser", { UserName: "eve" });
    await account.catchUp();
    expect(await outcomes()).toContain("transient");
    await again();
  });
});
