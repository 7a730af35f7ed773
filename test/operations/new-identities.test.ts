import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepState } from "../../shared/ledger/baselines.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";
import { approve, loosely } from "../support/operation-cases.ts";
import { crowdedAccount, good, policyRef, upn, userRef, wider } from "./identities-account.ts";

let account: GuardedAccount;
const settings = "rules: { RAM.ChangeOutsidePipeline: { response: revert } }\npipelines: [user/provisioner]";
beforeEach(async () => {
  account = await guardedAccount({ settings, snapshot: crowdedAccount() });
});
afterEach(() => account.stop());

const mallory = (service: "Ram" | "Ims" | "ResourceManager", name: string, params: Record<string, unknown> = {}) =>
  account.as("mallory")(service, name, params);
/** The first event of that name, and no other. */
const deliver = (name: string, more: object = {}) => account.deliver({ ...account.events(name)[0], ...more });
const last = async () => {
  const incident = (await account.incidents()).at(-1);
  if (incident === undefined) throw new Error("no incident");
  return incident;
};
const callsOf = async () =>
  ((await last()).remediation?.calls ?? []).map(({ service, operation }) => `${service}.${operation}`);
const accept = async (ref: Parameters<typeof keepState>[1]) => {
  const world = account.world();
  const live = await world.read(ref);
  if (!live.ok) throw new Error("cannot be read");
  await keepState(world.state, ref, { state: live.value, since: account.clock.now(), source: "first-sight" });
};
const userNamed = (name: string) => account.sandbox.dump().users?.find(({ userName }) => userName === name);
const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

/** A user with everything that a user can have. */
const makeEve = async (): Promise<void> => {
  await mallory("Ram", "CreateUser", { UserName: "eve" });
  await mallory("Ram", "CreateAccessKey", { UserName: "eve" });
  await mallory("Ram", "CreateAccessKey", { UserName: "eve" });
  await mallory("Ram", "CreateLoginProfile", { UserName: "eve", Password: "password-1", MFABindRequired: true });
  await mallory("Ram", "AttachPolicyToUser", { ...admin, UserName: "eve" });
  await mallory("ResourceManager", "AttachPolicy", {
    ...admin,
    PrincipalType: "IMSUser",
    PrincipalName: upn("eve"),
    ResourceGroupId: "rg-team",
  });
  await mallory("Ram", "AddUserToGroup", { UserName: "eve", GroupName: "staff" });
  const { VirtualMFADevice: device } = await mallory("Ram", "CreateVirtualMFADevice", { VirtualMFADeviceName: "eve" });
  await mallory("Ram", "BindMFADevice", {
    UserName: "eve",
    SerialNumber: device.SerialNumber,
    AuthenticationCode1: "123456",
    AuthenticationCode2: "654321",
  });
};

describe("a new user", () => {
  it("is stopped, the strongest credential first, and nothing of it is deleted", async () => {
    await makeEve();
    await deliver("CreateUser");
    expect(await last()).toMatchObject({ outcome: { kind: "contained" }, because: { kind: "destructive" } });
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual([
      "UpdateAccessKey",
      "UpdateAccessKey",
      "UpdateLoginProfile",
    ]);
    const eve = userNamed("eve");
    expect(eve?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive", "Inactive"]);
    expect(eve?.loginProfile).toMatchObject({ status: "Inactive", mfaBindRequired: true });
    expect(account.sandbox.dump().groups?.find(({ groupName }) => groupName === "staff")?.members).toHaveLength(2);
  });

  it("that is stopped is deleted by a person in the order that RAM demands, and leaves nothing", async () => {
    const before = account.standing();
    await makeEve();
    const ids = userNamed("eve")?.accessKeys?.map(({ accessKeyId }) => accessKeyId) ?? [];
    for (const UserAccessKeyId of ids)
      await mallory("Ram", "UpdateAccessKey", { UserName: "eve", UserAccessKeyId, Status: "Inactive" });
    await mallory("Ims", "UpdateLoginProfile", { UserPrincipalName: upn("eve"), Status: "Inactive" });
    await deliver("CreateUser");
    const incident = await last();
    expect(incident).toMatchObject({ outcome: { kind: "asked" }, because: { kind: "destructive" } });
    expect(await callsOf()).toEqual([
      "Ram.DeleteAccessKey",
      "Ram.DeleteAccessKey",
      "Ram.DetachPolicyFromUser",
      "ResourceManager.DetachPolicy",
      "Ram.RemoveUserFromGroup",
      "Ram.DeleteLoginProfile",
      "Ram.UnbindMFADevice",
      "Ram.DeleteUser",
    ]);
    expect(incident.remediation?.undo).toEqual([]);
    expect(await approve(account, incident)).toMatchObject({ kind: "held" });
    const { mfaDevices: _, ...left } = account.standing();
    const { mfaDevices: __, ...wanted } = before;
    expect(loosely(left)).toEqual(loosely(wanted));
  });

  it("is found by its id under whatever name it is by now", async () => {
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "CreateAccessKey", { UserName: "eve" });
    await mallory("Ram", "UpdateUser", { UserName: "eve", NewUserName: "adam" });
    await deliver("CreateUser");
    expect((await last()).outcome?.kind).toBe("contained");
    expect(userNamed("adam")?.accessKeys).toMatchObject([{ status: "Inactive" }]);
    await deliver("UpdateUser");
    expect((await last()).outcome?.kind).toBe("reverted");
    expect(userNamed("adam")).toBeUndefined();
    expect(userNamed("eve")?.accessKeys).toMatchObject([{ status: "Inactive" }]);
  });

  it("is not another one that was given its name since", async () => {
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "DeleteUser", { UserName: "eve" });
    await account.as("provisioner")("Ram", "CreateUser", { UserName: "eve" });
    await account.as("provisioner")("Ram", "CreateAccessKey", { UserName: "eve" });
    const wanted = account.standing();
    await deliver("CreateUser");
    expect((await last()).outcome?.kind).toBe("transient");
    expect(account.standing()).toEqual(wanted);
    expect(account.actingWrites()).toEqual([]);
  });

  it("of a record without an answer is looked up by its name", async () => {
    await mallory("Ram", "CreateUser", { UserName: "eve" });
    await mallory("Ram", "CreateAccessKey", { UserName: "eve" });
    await deliver("CreateUser", { responseElements: undefined });
    expect((await last()).outcome?.kind).toBe("contained");
  });

  it("made by a declared pipeline is left alone", async () => {
    await account.as("provisioner")("Ram", "CreateUser", { UserName: "eve" });
    await account.catchUp();
    expect(await account.incidents()).toEqual([]);
  });

  it("half stopped is stopped to the end by whoever comes next", async () => {
    await makeEve();
    let sent = 0;
    account.wrap((world) => ({
      ...world,
      act: async (...given) => {
        const session = await world.act(...given);
        if (!session.ok) return session;
        const send: typeof session.value.send = async (call) => {
          sent += 1;
          if (sent === 2) throw new StoreUnavailable("the instance died");
          return session.value.send(call);
        };
        return { ok: true, value: { ...session.value, send } };
      },
    }));
    await deliver("CreateUser").catch(() => undefined);
    expect(userNamed("eve")?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive", "Active"]);
    account.wrap(undefined);
    account.clock.advance(600_000);
    await deliver("CreateUser", { eventId: "again" });
    expect(userNamed("eve")?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive", "Inactive"]);
    expect(userNamed("eve")?.loginProfile?.status).toBe("Inactive");
  });
});

describe("a new group", () => {
  it("that has members and policies by now is emptied and deleted by a person", async () => {
    const before = account.standing();
    await mallory("Ims", "CreateGroup", { GroupName: "shadow", DisplayName: "Shadow" });
    await mallory("Ims", "AddUserToGroup", { UserPrincipalName: upn("bob"), GroupName: "shadow" });
    await mallory("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "shadow" });
    await deliver("CreateGroup");
    expect(await last()).toMatchObject({ outcome: { kind: "asked" }, because: { kind: "destructive" } });
    expect(await callsOf()).toEqual(["Ims.RemoveUserFromGroup", "Ram.DetachPolicyFromGroup", "Ims.DeleteGroup"]);
    expect(await approve(account, await last())).toMatchObject({ kind: "held" });
    expect(loosely(account.standing())).toEqual(loosely(before));
  });

  it("is not another one that was given its name since", async () => {
    await mallory("Ram", "CreateGroup", { GroupName: "shadow" });
    await mallory("Ram", "DeleteGroup", { GroupName: "shadow" });
    await account.as("provisioner")("Ram", "CreateGroup", { GroupName: "shadow" });
    const wanted = account.standing();
    await deliver("CreateGroup");
    expect(account.standing()).toEqual(wanted);
  });

  it("that somebody joins between judging and writing is not deleted", async () => {
    await mallory("Ram", "CreateGroup", { GroupName: "shadow" });
    let once = true;
    account.wrap((world) => ({
      ...world,
      act: async (...given) => {
        if (once) await mallory("Ram", "AddUserToGroup", { UserName: "bob", GroupName: "shadow" });
        once = false;
        return world.act(...given);
      },
    }));
    await deliver("CreateGroup");
    expect((await last()).outcome?.kind).toBe("asked");
    expect(account.actingWrites()).toEqual([]);
  });
});

describe("a policy", () => {
  const mine = { PolicyName: "mine" };

  it("is not rolled back behind a fix that was published since (gotcha 9)", async () => {
    await accept(policyRef());
    await mallory("Ram", "CreatePolicyVersion", { ...mine, PolicyDocument: wider, SetAsDefault: true });
    await account.as("provisioner")("Ram", "CreatePolicyVersion", {
      ...mine,
      PolicyDocument: good,
      SetAsDefault: true,
    });
    await deliver("CreatePolicyVersion");
    const policy = account.sandbox.dump().policies?.find(({ policyName }) => policyName === "mine");
    expect(policy?.defaultVersion).toBe("v4");
    expect(policy?.versions.map(({ versionId }) => versionId)).toEqual(["v1", "v2", "v4"]);
    expect(account.actingWrites().map(({ operation }) => operation)).toEqual(["DeletePolicyVersion"]);
  });

  it("whose default was set again by somebody else since is left as it is", async () => {
    await accept(policyRef());
    await mallory("Ram", "SetDefaultPolicyVersion", { ...mine, VersionId: "v2" });
    await account.as("provisioner")("Ram", "CreatePolicyVersion", {
      ...mine,
      PolicyDocument: good,
      SetAsDefault: true,
    });
    await deliver("SetDefaultPolicyVersion");
    expect(await last()).toMatchObject({ outcome: { kind: "alerted" }, because: { kind: "changed-again" } });
    expect(account.actingWrites()).toEqual([]);
  });

  it("is not another one that was given its name since", async () => {
    await mallory("Ram", "CreatePolicy", { PolicyName: "shadow", PolicyDocument: wider });
    await mallory("Ram", "DeletePolicy", { PolicyName: "shadow" });
    account.clock.advance(2_000);
    await account.as("provisioner")("Ram", "CreatePolicy", { PolicyName: "shadow", PolicyDocument: good });
    const wanted = account.standing();
    await deliver("CreatePolicy");
    expect(account.standing()).toEqual(wanted);
  });

  it("half put back has the good version as its default, and is put back to the end by whoever comes next", async () => {
    await accept(policyRef());
    const before = account.standing();
    await mallory("Ram", "CreatePolicyVersion", { ...mine, PolicyDocument: wider, SetAsDefault: true });
    account.wrap((world) => ({
      ...world,
      act: async (...given) => {
        const session = await world.act(...given);
        if (!session.ok) return session;
        const send: typeof session.value.send = async (call) => {
          if (call.operation === "DeletePolicyVersion") throw new StoreUnavailable("the instance died");
          return session.value.send(call);
        };
        return { ok: true, value: { ...session.value, send } };
      },
    }));
    await deliver("CreatePolicyVersion").catch(() => undefined);
    const half = account.sandbox.dump().policies?.find(({ policyName }) => policyName === "mine");
    expect([half?.defaultVersion, half?.versions.length]).toEqual(["v1", 3]);
    account.wrap(undefined);
    account.clock.advance(600_000);
    await deliver("CreatePolicyVersion", { eventId: "again" });
    expect(loosely(account.standing())).toEqual(loosely(before));
  });
});

describe("what nobody may be taken for another", () => {
  it("a user that was made again under its name is not given the values of the first", async () => {
    await accept(userRef("bob"));
    await account.as("administrator")("Ram", "DeleteUser", { UserName: "bob" });
    await account.as("administrator")("Ram", "CreateUser", { UserName: "bob" });
    await mallory("Ram", "UpdateUser", { UserName: "bob", NewComments: "x" });
    await deliver("UpdateUser");
    expect(await last()).toMatchObject({ outcome: { kind: "alerted" }, because: { kind: "prior-state-unknown" } });
  });
});
