import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeFirstSight } from "../../shared/first-sight.ts";
import type { World } from "../../shared/ports/world.ts";
import { settle } from "../../shared/response/settle.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  bothTrust,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const attach = (UserName = "alice") => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName });
const detach = (UserName = "alice") => account.as("mallory")("Ram", "DetachPolicyFromUser", { ...admin, UserName });
const setTrust = (document: string, RoleName = "job", by = "mallory") =>
  account.as(by)("Ram", "UpdateRole", { RoleName, NewAssumeRolePolicyDocument: document });
const makeRole = (document = ciTrust, RoleName = "job", by = "administrator") =>
  account.as(by)("Ram", "CreateRole", { RoleName, AssumeRolePolicyDocument: document });
const trustNow = (name = "job") =>
  account.sandbox.dump().roles?.find(({ roleName }) => roleName === name)?.assumeRolePolicyDocument;
const grantsOf = (name: string) =>
  account.sandbox.dump().attachments?.filter(({ principalName }) => principalName === name) ?? [];
const outcomes = async () => (await account.incidents()).map(({ outcome }) => outcome?.kind);
const reasons = async () => (await account.incidents()).map(({ because }) => because?.kind);

/** Runs `interfere` once, just before the given call of the world. */
const before = (name: "act" | "read" | "secondRead", interfere: () => Promise<unknown>) => {
  let reads = 0;
  let done = false;
  const once = async () => {
    if (done) return;
    done = true;
    await interfere();
  };
  account.wrap((world: World) => ({
    ...world,
    read: async (ref) => {
      reads += 1;
      if (name === "read" || (name === "secondRead" && reads === 2)) await once();
      return world.read(ref);
    },
    act: async (...given) => {
      if (name === "act") await once();
      return world.act(...given);
    },
  }));
};

describe("one event", () => {
  it("delivered again and again is dealt with once", async () => {
    await attach();
    const [event] = account.events("AttachPolicyToUser");
    for (let time = 0; time < 4; time += 1) await account.deliver(event);
    const { receipt } = await account.deliver([event, event, { ...event }]);
    expect(receipt?.decisions).toEqual([]);
    expect(receipt?.passedOver.some(({ reason }) => reason === "dealt with before: reverted")).toBe(true);
    expect(account.actingWrites()).toHaveLength(1);
    expect(account.messages()).toHaveLength(1);
    expect(await outcomes()).toEqual(["reverted"]);
  });

  it("that comes by two routes, which write its document in two ways, is told once", async () => {
    await setTrust(openTrust, "plain");
    const [event] = account.events("UpdateRole");
    const { Version, Statement } = JSON.parse(openTrust) as { Version: string; Statement: unknown };
    const parameters = {
      RoleName: "plain",
      NewAssumeRolePolicyDocument: JSON.stringify({ Statement, Version }, undefined, 1),
    };
    const other = {
      ...event,
      requestParameters: parameters,
      requestParameterJson: JSON.stringify(parameters),
      responseElements: undefined,
    };
    await account.deliver(event);
    const { receipt } = await account.deliver(other);
    expect(receipt?.passedOver).toMatchObject([{ reason: "dealt with before: alerted" }]);
    expect(await outcomes()).toEqual(["alerted"]);
    expect(account.messages()).toHaveLength(1);
    // Two documents of which a reader may take one for the other are two claims.
    const twice = parameters.NewAssumeRolePolicyDocument.replace('"Version":', '"Version": "1", "Version":');
    await account.deliver({ ...other, requestParameters: { ...parameters, NewAssumeRolePolicyDocument: twice } });
    expect(await outcomes()).toHaveLength(2);
  });

  it("taken up by two instances at once is dealt with by one, and the other comes back to find it done", async () => {
    await attach();
    const [event] = account.events("AttachPolicyToUser");
    const ends = await Promise.all([1, 2, 3].map(() => account.deliver(event)));
    expect(ends.some(({ error }) => error === undefined)).toBe(true);
    for (const { error } of ends) if (error !== undefined) expect(error.name).toBe("Deferred");
    expect((await account.deliver(event)).error).toBeUndefined();
    expect(account.actingWrites()).toHaveLength(1);
    expect(await outcomes()).toEqual(["reverted"]);
    expect(account.messages()).toHaveLength(1);
  });

  it("beside another on the same subject waits for its turn", async () => {
    await attach();
    await account.as("mallory")("Ram", "DetachPolicyFromUser", { ...admin, UserName: "alice" });
    await attach();
    const [first, second] = account.events("AttachPolicyToUser");
    const ends = await Promise.all([account.deliver(first), account.deliver(second)]);
    for (const [index, { error }] of ends.entries())
      if (error !== undefined) expect((await account.deliver([first, second][index])).error).toBeUndefined();
    expect(grantsOf("alice")).toEqual([]);
    expect(account.actingWrites()).toHaveLength(1);
  });

  it("of an invocation that holds the lease and never ends is taken over when the lease is over", async () => {
    await attach();
    const [event] = account.events("AttachPolicyToUser");
    account.wrap((world) => ({ ...world, act: () => new Promise(() => undefined) }));
    void account.deliver(event);
    await expect
      .poll(() => account.sandbox.calls.list().filter(({ operation }) => operation === "ListPoliciesForUser").length)
      .toBe(1);
    account.wrap(undefined);
    expect((await account.deliver(event)).error?.message).toMatch(/somebody else is at work/);
    account.clock.advance(leaseMs + 1);
    expect((await account.deliver(event)).receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    expect(account.actingWrites()).toHaveLength(1);
  });
});

it("an incident is settled once: whoever comes late with another outcome changes nothing", async () => {
  await attach();
  await account.catchUp();
  const [incident] = await account.incidents();
  const { telling } = account.config;
  account.clock.advance(5_000);
  await settle(account.world(), account.ledger, telling, incident?.id ?? "", { kind: "failed", because: "too late" });
  expect(await account.incidents()).toEqual([incident]);
  await account.flush();
  expect(account.messages()).toHaveLength(1);
});

describe("the order of events", () => {
  it("does not matter: what the older one tells of before is used when it comes", async () => {
    await makeRole();
    account.clock.advance(5_000);
    await setTrust(openTrust);
    const [made] = account.events("CreateRole");
    const [changed] = account.events("UpdateRole");
    // ActionTrail takes its time, so the history does not tell either.
    account.wrap((world) => ({ ...world, trail: async () => ({ ok: true, value: { events: [] } }) }));
    expect((await account.deliver(changed)).receipt?.decisions).toMatchObject([
      { outcome: "alerted", plan: { because: { kind: "prior-state-unknown" } } },
    ]);
    expect(trustNow()).toBe(openTrust);
    expect((await account.deliver(made)).receipt?.decisions).toMatchObject([{ outcome: "clear" }]);
    expect(trustNow()).toBe(ciTrust);
    expect(await outcomes()).toEqual(["alerted", "reverted"]);
    expect(account.messages()).toHaveLength(2);
    expect(account.actingWrites()).toHaveLength(1);
    // And once more, to be sure.
    await account.deliver(made);
    await account.deliver(changed);
    expect(account.actingWrites()).toHaveLength(1);
  });

  it("keeps what waits when the older event cannot be finished yet", async () => {
    await makeRole();
    account.clock.advance(5_000);
    await setTrust(openTrust);
    account.wrap((world) => ({ ...world, trail: async () => ({ ok: true, value: { events: [] } }) }));
    await account.deliver(account.events("UpdateRole")[0]);
    account.sandbox.faults.inject({ match: { operation: "GetRole" }, kind: "throttle", times: 8 });
    expect((await account.deliver(account.events("CreateRole")[0])).error?.name).toBe("Deferred");
    account.sandbox.faults.clear();
    expect((await account.deliver(account.events("CreateRole")[0])).error).toBeUndefined();
    expect(trustNow()).toBe(ciTrust);
  });

  const withEcs = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["ecs.aliyuncs.com"] });
  const withBoth = trustOf({
    RAM: [`acs:ram::${accountId}:role/ci`, "acs:ram::6660666066606660:root"],
    Service: ["ecs.aliyuncs.com"],
  });

  it("that lets a harmless change be undone with a harmful one is told, with the call that brings it back", async () => {
    await makeRole();
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust(withEcs, "job", "administrator");
    account.clock.advance(5_000);
    await setTrust(withBoth);
    account.clock.advance(5_000);
    const [harmless, harmful] = account.events("UpdateRole");
    expect((await account.deliver(harmful)).receipt?.decisions).toMatchObject([{ outcome: "reverted" }]);
    expect(trustNow()).toBe(ciTrust);
    const [reverted] = await account.incidents();
    // Even before the other event comes, the incident says what else was undone.
    expect(reverted?.besides?.map(({ facts }) => facts)).toMatchObject([
      { entityKind: "service", name: "ecs.aliyuncs.com" },
    ]);
    expect(account.messages()[0]?.text).toContain("Undone as well");

    account.clock.advance(5_000);
    for (let time = 0; time < 2; time += 1) await account.deliver(harmless);
    const incidents = await account.incidents();
    expect(incidents).toMatchObject([
      { outcome: { kind: "reverted" } },
      {
        outcome: { kind: "alerted" },
        because: { kind: "undone-with-another", detail: `incident ${reverted?.id}` },
        findings: [{ rule: "RAM.ChangeUndone" }],
        remediation: {
          calls: [{ operation: "UpdateRole", parameters: { RoleName: "job", NewAssumeRolePolicyDocument: withEcs } }],
        },
      },
    ]);
    expect(account.messages()).toHaveLength(2);
    // It is no state to go back to: nobody knows whether it is wanted now.
    account.clock.advance(60_000);
    await setTrust(openTrust);
    await account.deliver(account.events("UpdateRole").at(-1));
    expect(trustNow()).toBe(ciTrust);
  });

  it("is no matter for a change that stands, or that was brought back, or that was there before", async () => {
    await makeRole(ecsTrust);
    account.clock.advance(60_000);
    await setTrust(ciTrust, "job", "administrator");
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust(withEcs, "job", "administrator");
    account.clock.advance(5_000);
    await setTrust(withBoth);
    const [, harmless, harmful] = account.events("UpdateRole");
    await account.deliver(harmful);
    await setTrust(withEcs, "job", "administrator");
    await account.deliver(harmless);
    await account.deliver({ ...account.events("CreateRole")[0], eventId: "again", requestId: "again" });
    expect((await outcomes()).filter((kind) => kind !== "reverted")).toEqual([]);
  });

  it("that the history does not tell yet lets a harmless change be told when it comes", async () => {
    await makeRole();
    account.clock.advance(600_000);
    await setTrust(withEcs, "job", "administrator");
    account.clock.advance(60_000);
    await setTrust(openTrust);
    account.wrap((world) => ({
      ...world,
      trail: async (query, token) => {
        const page = await world.trail(query, token);
        if (!page.ok) return page;
        const events = page.value.events.filter(
          (event) => (event as { eventName?: string }).eventName === "CreateRole",
        );
        return { ok: true, value: { ...page.value, events } };
      },
    }));
    const [harmless, harmful] = account.events("UpdateRole");
    await account.deliver(harmful);
    expect(await outcomes()).toEqual(["reverted"]);
    account.clock.advance(5_000);
    await account.deliver(harmless);
    expect(await outcomes()).toEqual(["reverted", "alerted"]);
    expect(await reasons()).toEqual([undefined, "undone-with-another"]);
  });

  it("makes no false alarm of an older harmless change that comes after a newer one", async () => {
    const two = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${accountId}:user/alice`] });
    const three = trustOf({
      RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${accountId}:user/alice`],
      Service: ["ecs.aliyuncs.com"],
    });
    await makeRole(two);
    await account.catchUp();
    account.clock.advance(60_000);
    await account.as("administrator")("Ram", "UpdateRole", {
      RoleName: "job",
      NewAssumeRolePolicyDocument: two,
      NewDescription: "x",
    });
    account.clock.advance(5_000);
    await setTrust(three, "job", "administrator");
    account.clock.advance(5_000);
    // Not even with a history that lags.
    account.wrap((world) => ({ ...world, trail: async () => ({ ok: true, value: { events: [] } }) }));
    const [older, newer] = account.events("UpdateRole");
    await account.deliver(newer);
    expect((await account.deliver(older)).receipt?.decisions).toMatchObject([{ outcome: "clear" }]);
    expect(await outcomes()).toEqual([]);
  });

  it("within one payload is that of time", async () => {
    await makeRole();
    account.clock.advance(5_000);
    await setTrust(openTrust);
    await account.deliver([...account.events()].reverse());
    expect(trustNow()).toBe(ciTrust);
    expect(await outcomes()).toEqual(["reverted"]);
  });
});

describe("a subject that changes again", () => {
  it("between judging and writing is not written over", async () => {
    await makeRole();
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust(openTrust);
    before("secondRead", () => setTrust(bothTrust, "job", "administrator"));
    const { receipt } = await account.deliver(account.events("UpdateRole")[0]);
    expect(receipt?.decisions).toMatchObject([{ outcome: "superseded" }]);
    expect(trustNow()).toBe(bothTrust);
    expect(account.actingWrites()).toEqual([]);
    expect(account.messages()[0]?.title).toMatch(/changed again, nothing written/);
  });

  it("and is good again by another hand is told as a change that was there for a time", async () => {
    await attach();
    await detach();
    const { receipt } = await account.deliver(account.events("AttachPolicyToUser")[0]);
    expect(receipt?.decisions).toMatchObject([{ outcome: "transient" }]);
    expect(account.messages()).toHaveLength(1);
    expect(account.actingWrites()).toEqual([]);
  });

  it("by another event than the one that tells of it is judged as it stands", async () => {
    // The event tells of a harmless trust that nobody knows the past of; the role stands open by now.
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "plain", NewAssumeRolePolicyDocument: ciTrust });
    const [harmless] = account.events("UpdateRole");
    await setTrust(openTrust, "plain");
    await account.deliver(harmless);
    expect(await account.incidents()).toMatchObject([
      { findings: expect.arrayContaining([expect.objectContaining({ rule: "RAM.TrustForeignAccount" })]) },
    ]);
    expect(account.messages()).toHaveLength(1);
  });

  it("until it is gone is told, and nothing is written", async () => {
    await makeRole();
    await account.catchUp();
    account.clock.advance(60_000);
    await setTrust(openTrust);
    await account.as("mallory")("Ram", "DeleteRole", { RoleName: "job" });
    const { receipt } = await account.deliver(account.events("UpdateRole")[0]);
    expect(receipt?.decisions).toMatchObject([{ outcome: "transient" }]);
    expect(account.actingWrites()).toEqual([]);
  });
});

describe("what was before", () => {
  it("is never a state that broke a rule itself, however often it was written", async () => {
    await makeRole();
    account.clock.advance(60_000);
    await setTrust(openTrust);
    account.clock.advance(60_000);
    await setTrust(trustOf({ RAM: [`acs:ram::6660666066606661:root`] }));
    await account.deliver(account.events("UpdateRole")[1]);
    expect(trustNow()).toBe(ciTrust);
    expect((await account.incidents()).map((incident) => incident.before)).toMatchObject([
      { known: true, provenance: "history" },
    ]);
  });

  it("that nobody knows is told, and nothing is written", async () => {
    await setTrust(openTrust, "plain");
    await account.catchUp();
    expect(await outcomes()).toEqual(["alerted"]);
    expect(await reasons()).toEqual(["prior-state-unknown"]);
    expect(trustNow("plain")).toBe(openTrust);
    expect(account.messages()).toHaveLength(1);
  });

  it("is not what was seen first after the change itself", async () => {
    await setTrust(trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${accountId}:user/mallory`] }), "plain");
    account.clock.advance(5_000);
    expect(await takeFirstSight(account.world(), account.config)).toMatchObject({ ok: true });
    await account.deliver(account.events("UpdateRole")[0]);
    expect(await outcomes()).toEqual(["alerted"]);
    expect(await reasons()).toEqual(["undetermined"]);
  });

  it("is not that of an earlier role of the same name", async () => {
    await makeRole(ecsTrust);
    await account.catchUp();
    await account.as("administrator")("Ram", "DeleteRole", { RoleName: "job" });
    account.clock.advance(60_000);
    // Made anew with a trust that is told and stays, then widened: what to go back to is not known.
    await makeRole(openTrust);
    account.clock.advance(60_000);
    await setTrust(trustOf({ RAM: ["*"] }));
    await account.catchUp();
    expect(account.actingWrites()).toEqual([]);
    expect(trustNow()).not.toBe(ecsTrust);
    expect((await outcomes()).every((kind) => kind === "asked" || kind === "alerted" || kind === "transient")).toBe(
      true,
    );
  });
});

describe("what is never written", () => {
  it.each([
    ["a protected user", () => attach("break-glass"), "protected"],
    [
      "a protected role",
      () => account.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "break-glass" }),
      "protected",
    ],
    [
      "our own acting role",
      () => account.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "ram-warden-acting" }),
      "own-identity",
    ],
    [
      "our own looking role, in another case",
      () => account.as("mallory")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "RAM-Warden-Looking" }),
      "own-identity",
    ],
  ])("%s is told about", async (_, change, reason) => {
    await change();
    await account.catchUp();
    expect(await outcomes()).toEqual(["alerted"]);
    expect(await reasons()).toEqual([reason]);
    expect(account.messages()).toHaveLength(1);
    expect(account.actingWrites()).toEqual([]);
  });

  it.each([
    ["AliyunServiceRoleForActionTrail", "service-linked"],
    ["AliyunReservedSSO-ops", "cloudsso-owned"],
  ])("%s is told about, whoever may change it", async (RoleName, reason) => {
    // RAM refuses such a change to anybody but the service, so the event is one that the service's own call would leave.
    await account.as("administrator")("Ram", "AttachPolicyToRole", { ...admin, RoleName: "ci" });
    const [event] = account.events("AttachPolicyToRole");
    const snapshot = account.sandbox.dump();
    account.sandbox.load({
      ...snapshot,
      attachments: [
        ...(snapshot.attachments ?? []).filter(({ principalName }) => principalName !== "ci"),
        { policyType: "System", policyName: "AdministratorAccess", principalType: "role", principalName: RoleName },
      ],
    });
    await account.deliver({
      ...event,
      requestParameters: { ...(event?.requestParameters as object), RoleName: RoleName.toLowerCase() },
    });
    expect(await reasons()).toEqual([reason]);
    expect(account.messages()).toHaveLength(1);
    expect(account.actingWrites()).toEqual([]);
  });
});

describe("mode observe", () => {
  it("writes nothing, asks STS for nothing, and says the exact call", async () => {
    account.setMode("observe");
    await attach();
    await account.as("mallory")("Ims", "CreateAccessKey", { UserPrincipalName: `alice@${accountId}.onaliyun.com` });
    const standing = account.standing();
    await account.catchUp();
    expect(account.standing()).toEqual(standing);
    expect(account.sandbox.calls.list().filter(({ operation }) => operation === "AssumeRole")).toEqual([]);
    expect(await outcomes()).toEqual(["observed", "observed"]);
    expect(account.messages()[0]?.text).toMatch(/Ram\.DetachPolicyFromUser/);
    expect(account.messages()[1]?.text).toMatch(/Ram\.UpdateAccessKey/);
  });
});
