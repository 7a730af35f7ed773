import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActingSession } from "../../shared/ports/cloud.ts";
import type { World } from "../../shared/ports/world.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { twoKeysInTheBin } from "../operations/identities-account.ts";
import {
  bothTrust,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";
import { interrupted } from "../support/interruptions.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
});
afterEach(() => account.stop());

const update = (by: string, more: { readonly [name: string]: string | number }) =>
  account.as(by)("Ram", "UpdateRole", { RoleName: "job", ...more });
const open = () => update("mallory", { NewAssumeRolePolicyDocument: openTrust });
const job = () => account.sandbox.dump().roles?.find(({ roleName }) => roleName === "job");
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);
const firstIncident = async () => {
  const [first] = await account.incidents();
  if (first === undefined) throw new Error("no incident");
  return first;
};
const titles = () => account.messages().map(({ title }) => title);

/** Runs `interfere` just before the readings of the given numbers. */
const beforeRead = (numbers: readonly number[], interfere: (reading: number) => Promise<unknown>): void => {
  let reads = 0;
  account.wrap((world: World) => ({
    ...world,
    read: async (ref) => {
      reads += 1;
      if (numbers.includes(reads)) await interfere(reads);
      return world.read(ref);
    },
  }));
};

/** Runs `interfere` once, when everything was read and the write is about to leave. */
const beforeSend = (interfere: () => Promise<unknown>): void => {
  let done = false;
  account.wrap((world: World) => ({
    ...world,
    act: async (...given) => {
      const opened = await world.act(...given);
      if (!opened.ok) return opened;
      const send: ActingSession["send"] = async (call) => {
        if (!done) await interfere();
        done = true;
        return opened.value.send(call);
      };
      return { ok: true, value: { ...opened.value, send } };
    },
  }));
};

describe("a subject that changes between judging and writing", () => {
  it("in what no rule looks at is put back all the same, with what changed", async () => {
    await open();
    beforeRead([2], () => update("mallory", { NewDescription: "x" }));
    await account.catchUp();
    expect(job()).toMatchObject({ assumeRolePolicyDocument: ciTrust, description: "x" });
    expect(await outcomes()).toEqual(["reverted"]);
    expect(account.events("UpdateRole").length).toBe(3);
    // The incident tells what was really written, so that undoing it goes back to what there was.
    expect((await firstIncident()).remediation?.was).toMatchObject({ document: openTrust, description: "x" });
    expect(titles()).toHaveLength(1);
  });

  it("each time is told as not put back, and never written over unread", async () => {
    await open();
    // A reading that finds a change is followed by three more before it is believed.
    beforeRead([2, 7, 12, 17, 22, 27, 32, 37], (reading) => update("mallory", { NewDescription: `x${reading}` }));
    await account.deliver(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["failed"]);
    expect(account.actingWrites()).toEqual([]);
    expect(titles()[0]).toMatch(/NOT put back/);
  });

  it("for the good is left as it is", async () => {
    await open();
    beforeRead([2], () => update("administrator", { NewAssumeRolePolicyDocument: bothTrust }));
    await account.deliver(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["superseded"]);
    expect(job()?.assumeRolePolicyDocument).toBe(bothTrust);
    expect(account.actingWrites()).toEqual([]);
  });

  it("while a throttled write waits is not written over", async () => {
    await open();
    account.sandbox.faults.inject({ match: { operation: "UpdateRole" }, kind: "throttle" });
    account.wrap((world) => ({
      ...world,
      clock: {
        ...world.clock,
        sleep: async (ms) => {
          if (job()?.assumeRolePolicyDocument === openTrust)
            await update("administrator", { NewAssumeRolePolicyDocument: bothTrust });
          await world.clock.sleep(ms);
        },
      },
    }));
    await account.deliver(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["superseded"]);
    expect(job()?.assumeRolePolicyDocument).toBe(bothTrust);
    expect(account.actingWrites()).toEqual([]);
  });

  it("while the acting session is opened is seen before the write", async () => {
    await open();
    account.wrap((world) => ({
      ...world,
      act: async (...given) => {
        await update("administrator", { NewAssumeRolePolicyDocument: bothTrust });
        return world.act(...given);
      },
    }));
    await account.deliver(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["superseded"]);
    expect(job()?.assumeRolePolicyDocument).toBe(bothTrust);
  });
});

describe("a subject that changes between the last reading and the write", () => {
  const recreate = async () => {
    await account.as("administrator")("Ram", "DeleteRole", { RoleName: "job" });
    await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ecsTrust });
  };

  it("is told as written over, to be looked at", async () => {
    await open();
    beforeSend(recreate);
    await account.deliver(account.events("UpdateRole")[0]);
    expect(account.actingWrites()).toHaveLength(1);
    expect(await outcomes()).toEqual(["overtaken"]);
    expect(titles()[0]).toMatch(/written, and changed again: look at it/);
    expect(titles()[0]).not.toMatch(/nothing written/);
    expect(account.messages()[0]?.text).toMatch(/Ram\.UpdateRole/);
  });

  it("is told so as well when the writer died and another finds it", async () => {
    await open();
    const [event] = account.events("UpdateRole");
    account.wrap((world) => interrupted(world, { at: 1, of: "send", when: "after", kind: "death" }).world);
    expect((await account.deliver(event)).error?.name).toBe("StoreUnavailable");
    account.wrap(undefined);
    await recreate();
    account.clock.advance(leaseMs + 1);
    await account.deliver(event);
    expect(await outcomes()).toEqual(["overtaken"]);
    expect(titles()[0]).toMatch(/written, and changed again: look at it/);
  });

  it("is looked at again by the sweep: what still breaks a rule is dealt with", async () => {
    await account.stop();
    account = await guardedAccount({ snapshot: twoKeysInTheBin() });
    const dave = () => account.sandbox.dump().users?.find(({ userName }) => userName === "dave");
    await account.as("mallory")("Ims", "RestoreUserFromRecycleBin", { UserId: "204" });
    let changes = 0;
    account.wrap((world) => ({
      ...world,
      act: async (planId, planned) => {
        const session = await world.act(planId, planned);
        if (!session.ok) return session;
        const send: typeof session.value.send = async (call) => {
          const sent = await session.value.send(call);
          changes += 1;
          // After the first of two calls somebody makes the user stand as neither of them expects.
          if (changes === 1)
            await account.as("administrator")("Ram", "AddUserToGroup", { UserName: "dave", GroupName: "staff" });
          return sent;
        };
        return { ok: true, value: { ...session.value, send } };
      },
    }));
    await account.deliver(account.events("RestoreUserFromRecycleBin")[0]);
    expect(await outcomes()).toEqual(["overtaken"]);
    expect(
      dave()
        ?.accessKeys?.map(({ status }) => status)
        .sort(),
    ).toEqual(["Active", "Inactive"]);
    account.clock.advance(180_000);
    await account.sweep();
    expect((await account.incidents()).flatMap(({ outcome }) => outcome?.kind ?? [])).toContain("contained");
    expect(dave()?.accessKeys?.map(({ status }) => status)).toEqual(["Inactive", "Inactive"]);
  });

  it("can be undone while it is what the write left", async () => {
    await open();
    // Somebody changes the description while the write is read back, and takes that back later.
    let reads = 0;
    account.wrap((world) => ({
      ...world,
      read: async (ref) => {
        reads += 1;
        if (reads === 3)
          await update("administrator", { NewDescription: "else", NewAssumeRolePolicyDocument: ciTrust });
        return world.read(ref);
      },
    }));
    await account.deliver(account.events("UpdateRole")[0]);
    account.wrap(undefined);
    expect(await outcomes()).toEqual(["overtaken"]);
    const { id } = await firstIncident();
    const undo = () => undoIncident(account.world(), account.ledger, account.config.telling, id);
    expect(await undo()).toMatchObject({ ok: false, error: { kind: "refused" } });
    await update("administrator", { NewDescription: "", NewAssumeRolePolicyDocument: ciTrust });
    expect(await undo()).toMatchObject({ ok: true });
    expect(job()?.assumeRolePolicyDocument).toBe(openTrust);
  });
});

it("a write that cannot be read back now is found to have held at the next delivery", async () => {
  await open();
  const [event] = account.events("UpdateRole");
  let reads = 0;
  account.wrap((world) => ({
    ...world,
    read: async (ref) => {
      reads += 1;
      if (reads <= 2) return world.read(ref);
      return { ok: false, error: { kind: "unreachable", operation: "Ram.GetRole" } };
    },
  }));
  expect((await account.deliver(event)).error?.name).toBe("Deferred");
  expect(titles()).toEqual([]);
  account.wrap(undefined);
  // At once: the lease was let go, so nobody waits until it is over.
  expect((await account.deliver(event)).error).toBeUndefined();
  expect(await outcomes()).toEqual(["reverted"]);
  expect(account.actingWrites()).toHaveLength(1);
  expect(titles()[0]).toMatch(/\[put back\]/);
});

it("what is done and undone while our write is read back is told", async () => {
  const admin = { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" };
  await account.as("mallory")("Ram", "AttachPolicyToUser", admin);
  beforeRead([3], async () => {
    account.clock.advance(2_000);
    await account.as("mallory")("Ram", "AttachPolicyToUser", admin);
    account.clock.advance(2_000);
    await account.as("mallory")("Ram", "DetachPolicyFromUser", admin);
  });
  await account.catchUp();
  expect(await outcomes()).toEqual(["reverted", "transient"]);
  expect(titles()).toHaveLength(2);
});
