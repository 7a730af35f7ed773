import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

// What somebody may do so that the guard loses an event or passes over it.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const attach = (UserName = "alice") => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName });
const held = (name = "alice") =>
  account.sandbox.dump().attachments?.some(({ principalName }) => principalName === name) === true;
const trustNow = (name: string) =>
  account.sandbox.dump().roles?.find(({ roleName }) => roleName === name)?.assumeRolePolicyDocument;
const makeRole = (RoleName: string, AssumeRolePolicyDocument = ciTrust) =>
  account.as("administrator")("Ram", "CreateRole", { RoleName, AssumeRolePolicyDocument });
const setTrust = (RoleName: string, NewAssumeRolePolicyDocument: string) =>
  account.as("mallory")("Ram", "UpdateRole", { RoleName, NewAssumeRolePolicyDocument });
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);

describe("doing it again", () => {
  it("within the second in which it was put back", async () => {
    await attach();
    await account.catchUp();
    expect(held()).toBe(false);
    await attach();
    await account.catchUp();
    expect(held()).toBe(false);
    expect(await outcomes()).toEqual(["reverted", "reverted"]);
  });

  it("within that second, while readings lag", async () => {
    await attach();
    await account.catchUp();
    await attach();
    const second = account.events("AttachPolicyToUser")[1];
    // The first reading still shows the account without the grant.
    account.sandbox.faults.inject({ match: { operation: "ListPoliciesForUser" }, kind: "stale-read", times: 2 });
    await account.deliver(second);
    expect(held()).toBe(false);
    expect(await outcomes()).toEqual(["reverted", "reverted"]);
  });

  it("while the guard is reading back", async () => {
    await attach();
    let reads = 0;
    account.wrap((world) => ({
      ...world,
      read: async (subject) => {
        reads += 1;
        if (reads === 3) await attach();
        return world.read(subject);
      },
    }));
    await account.deliver(account.events("AttachPolicyToUser")[0]);
    account.wrap(undefined);
    await account.catchUp();
    expect(held()).toBe(false);
    // The first could not be seen to hold, and said so; the second was.
    expect(await outcomes()).toEqual(["failed", "reverted"]);
  });

  it("many times over: each is put back, and people get digests that name each", async () => {
    const groups = Array.from({ length: 30 }, (_, index) => `group-${index}`);
    for (const GroupName of groups) {
      await account.as("administrator")("Ram", "CreateGroup", { GroupName });
      await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName });
    }
    await account.deliver(account.events("AttachPolicyToGroup"));
    expect(groups.filter(held)).toEqual([]);
    await account.flush();
    const told = account
      .messages()
      .map(({ text }) => text)
      .join("\n");
    for (const name of groups) expect(told).toContain(`group ${name}`);
    expect(account.messages().length).toBeLessThanOrEqual(15);
  });
});

describe("an old name for something new", () => {
  it("a role deleted and made anew is not given the trust of the one before it", async () => {
    await makeRole("job", ecsTrust);
    await account.catchUp();
    await account.as("administrator")("Ram", "DeleteRole", { RoleName: "job" });
    account.clock.advance(60_000);
    await makeRole("job", ciTrust);
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    // The creation is not known yet, and the baseline is that of the role before: the history tells.
    await account.deliver(account.events("UpdateRole")[0]);
    expect(trustNow("job")).toBe(ciTrust);
    expect(await outcomes()).toEqual(["reverted"]);
    expect((await account.incidents())[0]?.before).toMatchObject({ provenance: "history" });
  });

  it("an event about the role before does not touch the one that has its name now", async () => {
    await makeRole("job", ecsTrust);
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    const [about] = account.events("UpdateRole");
    await account.as("mallory")("Ram", "DeleteRole", { RoleName: "job" });
    await makeRole("job", ciTrust);
    await account.deliver(about);
    expect(trustNow("job")).toBe(ciTrust);
    expect(account.actingWrites()).toEqual([]);
  });

  it("another case of a role's name is the same role", async () => {
    await makeRole("Job");
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust("JOB", openTrust);
    await account.catchUp();
    expect(trustNow("Job")).toBe(ciTrust);
    await account.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "jOb" });
    await account.catchUp();
    expect(held("Job")).toBe(false);
    expect(await outcomes()).toEqual(["reverted", "reverted"]);
    expect((await account.incidents())[0]?.before).toMatchObject({ provenance: "baseline" });
  });

  it("another spelling of a user is the same user", async () => {
    const spellings = { alice: `alice@${accountId}.onaliyun.com`, provisioner: "provisioner@example.onaliyun.com" };
    for (const [owner, UserPrincipalName] of Object.entries(spellings)) {
      await account.as("mallory")("Ims", "CreateAccessKey", { UserPrincipalName });
      await account.catchUp();
      const keys = account.sandbox.dump().users?.find(({ userName }) => userName === owner)?.accessKeys;
      expect(keys?.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
    }
  });
});

describe("an event that looks like one that was dealt with", () => {
  it("by its id alone is judged all the same", async () => {
    await attach();
    await account.catchUp();
    const [first] = account.events("AttachPolicyToUser");
    await account.as("mallory")("Ram", "AttachPolicyToGroup", { ...admin, GroupName: "staff" });
    const [other] = account.events("AttachPolicyToGroup");
    await account.deliver({ ...other, eventId: first?.eventId });
    expect(account.sandbox.dump().attachments?.filter(({ principalName }) => principalName === "staff")).toHaveLength(
      1,
    );
    // The same again on the same subject, later.
    account.clock.advance(5_000);
    await attach();
    await account.deliver({ ...account.events("AttachPolicyToUser")[1], eventId: first?.eventId });
    expect(held()).toBe(false);
    expect(await outcomes()).toEqual(["reverted", "reverted", "reverted"]);
  });

  it.each(["before it", "in one payload with it"])("by all but what it claims, %s", async (when) => {
    await makeRole("job");
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    const [real] = account.events("UpdateRole");
    const injected = {
      ...real,
      requestParameters: { RoleName: "job", NewAssumeRolePolicyDocument: ciTrust },
      requestParameterJson: undefined,
      responseElements: undefined,
    };
    if (when === "before it") {
      await account.deliver(injected);
      await account.deliver(real);
    } else await account.deliver([injected, real]);
    expect(trustNow("job")).toBe(ciTrust);
    expect(await outcomes()).toEqual(["reverted"]);
    // The real one again, by another way and with another white space, is the same event.
    const { receipt } = await account.deliver(JSON.stringify(real, null, 2));
    expect(receipt?.passedOver).toMatchObject([{ reason: "dealt with before: reverted" }]);
  });

  it("two in one second, the harmless one last, are both seen", async () => {
    await makeRole("job");
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    await setTrust("job", ciTrust);
    await account.catchUp();
    expect(await outcomes()).toEqual(["transient"]);
    expect(account.messages()).toHaveLength(1);
    await setTrust("job", ciTrust);
    await setTrust("job", openTrust);
    await account.catchUp();
    expect(trustNow("job")).toBe(ciTrust);
    expect(await outcomes()).toEqual(["transient", "reverted"]);
  });

  it("to have happened in times to come does not keep later states from being known", async () => {
    await makeRole("job");
    const [made] = account.events("CreateRole");
    await account.deliver({ ...made, eventTime: "2999-01-01T00:00:00Z" });
    account.clock.advance(60_000);
    const wider = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["ecs.aliyuncs.com"] });
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: wider });
    await account.deliver(account.events("UpdateRole")[0]);
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    await account.catchUp();
    expect(trustNow("job")).toBe(wider);
  });
});

it("two legitimate changes of one second, told in the wrong order, leave what stands as what is gone back to", async () => {
  await makeRole("job");
  await account.catchUp();
  account.clock.advance(60_000);
  const first = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["fc.aliyuncs.com"] });
  const last = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["fc.aliyuncs.com", "ecs.aliyuncs.com"] });
  for (const NewAssumeRolePolicyDocument of [first, last])
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument });
  const [earlier, later] = account.events("UpdateRole");
  await account.deliver(later);
  await account.deliver(earlier);
  account.clock.advance(60_000);
  await setTrust("job", openTrust);
  await account.deliver(account.events("UpdateRole")[2]);
  expect(trustNow("job")).toBe(last);
});

describe("too much of it", () => {
  it("a claim of a megabyte is not believed: the role itself is looked at", async () => {
    await makeRole("job");
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust("job", openTrust);
    const [event] = account.events("UpdateRole");
    const huge = trustOf({ Service: Array.from({ length: 40_000 }, () => "ecs.aliyuncs.com") });
    const { receipt, error } = await account.deliver({
      ...event,
      requestParameters: { RoleName: "job", NewAssumeRolePolicyDocument: huge },
      requestParameterJson: undefined,
      responseElements: undefined,
    });
    expect(error).toBeUndefined();
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    expect(trustNow("job")).toBe(ciTrust);
  });

  it("a thousand events of others do not hide one", async () => {
    await attach();
    const [event] = account.events();
    const noise = Array.from({ length: 1_000 }, (_, index) => ({
      ...event,
      eventId: `noise-${index}`,
      serviceName: "Ecs",
      eventName: "StopInstance",
    }));
    const { receipt } = await account.deliver([...noise, event, ...noise]);
    expect(receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
  });
});
