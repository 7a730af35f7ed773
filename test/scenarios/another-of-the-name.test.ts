import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { decideQuestion, type Wanted } from "../../shared/ask-anew.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { inLanguage } from "../../shared/response/messages/in-chinese.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { accountBefore, accountId, type GuardedAccount, guardedAccount } from "../support/guarded-account.ts";

let account: GuardedAccount;
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };
const guardLink = { PolicyType: "Custom", PolicyName: "guard" };
const administrator = { kind: "user", accountId, name: "administrator" } as const;

const begin = async (more: (before: Snapshot) => Partial<Snapshot> = () => ({}), settings = "", sight = true) => {
  const before = accountBefore();
  const users = [...(before.users ?? []), { userName: "bob", accessKeys: [] }];
  account = await guardedAccount({ settings, snapshot: { ...before, users, ...more({ ...before, users }) } });
  if (sight && !(await takeFirstSight(account.world(), account.config)).ok) throw new Error("no first sight");
  account.clock.advance(60_000);
};
const attached = (
  before: Snapshot,
  principalName: string,
  policy = admin,
  principalType: "user" | "group" = "user",
) => [
  ...(before.attachments ?? []),
  { policyType: policy.PolicyType as "System", policyName: policy.PolicyName, principalType, principalName },
];
/** A policy that only denies: whoever loses it is less guarded than before. */
const withGuard = (before: Snapshot): Partial<Snapshot> => ({
  policies: [
    ...(before.policies ?? []),
    {
      policyName: "guard",
      policyType: "Custom",
      versions: [
        {
          versionId: "v1",
          policyDocument: '{"Version":"1","Statement":[{"Effect":"Deny","Action":["ram:*"],"Resource":["*"]}]}',
        },
      ],
    },
  ],
});
const withBreakGlass = (before: Snapshot): Partial<Snapshot> => ({ attachments: attached(before, "break-glass") });

const ram = (operation: string, parameters: object, as = "mallory") =>
  account.as(as)("Ram", operation, { ...parameters });
const rename = (from: string, to: string) => ram("UpdateUser", { UserName: from, NewUserName: to });
/** One bears another name, and a second one the first one's. */
const swap = async (gives: string, takes: string) => {
  await rename(gives, "x");
  account.clock.advance(2_000);
  await rename(takes, gives);
  account.clock.advance(2_000);
};
const held = (name: string) =>
  (account.sandbox.dump().attachments ?? [])
    .filter(({ principalName }) => principalName === name)
    .map(({ policyName }) => policyName);
const asked = async (change: () => Promise<unknown>): Promise<string> => {
  await change();
  await account.catchUp();
  const incident = (await account.incidents()).at(-1);
  if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
  account.clock.advance(60_000);
  return incident.id;
};
const takenFromBreakGlass = () => asked(() => ram("DetachPolicyFromUser", { ...admin, UserName: "break-glass" }));
const decide = (id: string, wanted: Wanted = "approve") => {
  const world = account.approving();
  const ledger = openLedger(world.state, account.clock, accountId);
  return decideQuestion(world, account.config, ledger, id, wanted, administrator);
};
const undo = (id: string) =>
  undoIncident(account.approving(), account.ledger, account.config.telling, id, administrator);
const refusal = (because: string, more: object = {}) => ({
  ok: false,
  error: { because: expect.stringContaining(because), ...more },
});
/** As if the audit trail did not show yet what came after `at`. */
const lagBehind = (at: number) =>
  account.wrap((world) => ({
    ...world,
    trail: (query, token) => world.trail({ ...query, to: Math.min(query.to, at) }, token),
  }));
const writes = () => account.actingWrites().length;

describe("a question whose holder's name is another's by now", () => {
  it("gives nothing to the one who bears the name", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    await swap("break-glass", "bob");
    await account.catchUp();
    // Nothing protects the one who was break-glass by the present name, so nothing is asked of it, nor is it said to be well.
    expect(await decide(id)).toMatchObject(
      refusal("the user `break-glass` is named `x` since, so the plan is void: find out whom it was about"),
    );
    expect([held("x"), held("break-glass")]).toEqual([[], []]);
    expect((await account.ledger.incident(id))?.decided).toBeUndefined();
  });

  it("is asked anew under the present name, and can be approved there", async () => {
    await begin((before) => ({ ...withGuard(before), attachments: attached(before, "alice", guardLink) }));
    const id = await asked(() => ram("DetachPolicyFromUser", { ...guardLink, UserName: "alice" }));
    await swap("alice", "bob");
    await account.catchUp();
    expect(await decide(id)).toMatchObject(
      refusal("the user `alice` is named `x` since, so the plan is void: incident"),
    );
    expect([held("x"), held("alice")]).toEqual([[], []]);
    const old = await account.ledger.incident(id);
    const anew = (await account.incidents()).find(({ asksAnew }) => asksAnew === id);
    expect(old?.decided).toMatchObject({ decision: "void", incidentId: anew?.id });
    expect(anew).toMatchObject({ outcome: { kind: "asked" }, subject: { principal: { name: "x" } } });
    expect(await decide(anew?.id ?? "")).toMatchObject({ ok: true, value: { outcome: { kind: "reverted" } } });
    expect([held("x"), held("alice")]).toEqual([["guard"], []]);
  });

  it("is asked anew where an innocent would lose what another was given", async () => {
    await begin((before) => ({ attachments: attached(before, "bob") }), "pipelines: [user/provisioner]");
    const id = await asked(() => ram("AttachPolicyToUser", { ...admin, UserName: "alice" }, "provisioner"));
    await swap("alice", "bob");
    await account.catchUp();
    expect(await decide(id)).toMatchObject(refusal("asks anew"));
    expect([held("x"), held("alice")]).toEqual([["AdministratorAccess"], ["AdministratorAccess"]]);
  });

  it("puts nobody into a group that took the name of another", async () => {
    await begin((before) => ({
      ...withGuard(before),
      groups: [...(before.groups ?? []), { groupName: "admins", members: [] }],
      attachments: [
        ...attached(before, "staff", guardLink, "group"),
        { policyType: "System", policyName: "AdministratorAccess", principalType: "group", principalName: "admins" },
      ],
    }));
    const id = await asked(() => ram("RemoveUserFromGroup", { UserName: "alice", GroupName: "staff" }));
    await ram("UpdateGroup", { GroupName: "staff", NewGroupName: "old" });
    account.clock.advance(2_000);
    await ram("UpdateGroup", { GroupName: "admins", NewGroupName: "staff" });
    const before = writes();
    expect(await decide(id)).toMatchObject(refusal("the group `staff`", { kind: "changed" }));
    await account.catchUp();
    expect(await decide(id)).toMatchObject(refusal("the group `staff` is named `old` since"));
    expect(account.sandbox.dump().groups?.find(({ groupName }) => groupName === "staff")?.members).toEqual([]);
    expect(writes()).toBe(before);
  });
});

describe("a question whose holder's name is another's, before any event tells it", () => {
  const stays = async (id: string, because: string) => {
    const before = writes();
    const done = await decide(id);
    expect(done).toMatchObject(refusal(because, { kind: "changed" }));
    expect(done).toMatchObject(refusal("so the plan is void: find out whom it was about, and make the change by hand"));
    if (!done.ok) expect(inLanguage(done.error.because, "zh-CN")).not.toMatch(/[a-z] [a-z]/);
    expect((await account.ledger.incident(id))?.decided).toBeUndefined();
    expect(held("break-glass")).toEqual([]);
    expect(writes()).toBe(before);
  };

  it("is refused for a user that was deleted and made again", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    await rename("break-glass", "x");
    await ram("DeleteUser", { UserName: "x" });
    await ram("CreateUser", { UserName: "break-glass" });
    lagBehind(account.clock.now() - 30_000);
    await stays(id, "the user `break-glass` was made since, so it is another one");
  });

  it("is refused as the audit trail shows the renaming", async () => {
    await begin(withBreakGlass, "", false);
    const id = await takenFromBreakGlass();
    await swap("break-glass", "bob");
    await stays(id, "the user `break-glass` is named `x` since");
  });

  it("is refused as the audit trail shows that another was given the name", async () => {
    await begin(withBreakGlass, "", false);
    const id = await takenFromBreakGlass();
    await account.as("mallory")("Ims", "UpdateUser", {
      UserPrincipalName: "break-glass@example.onaliyun.com",
      NewUserPrincipalName: "x@example.onaliyun.com",
    });
    account.clock.advance(2_000);
    const shownFrom = account.clock.now();
    await account.as("mallory")("Ims", "UpdateUser", {
      UserPrincipalName: "bob@example.onaliyun.com",
      NewUserPrincipalName: "break-glass@example.onaliyun.com",
    });
    account.wrap((world) => ({
      ...world,
      trail: (query, token) => world.trail({ ...query, from: Math.max(query.from, shownFrom) }, token),
    }));
    await stays(id, "the name of the user `break-glass` was given to another since");
  });

  it("is refused as the audit trail shows the deletion, whoever came back under the name", async () => {
    await begin(withBreakGlass, "", false);
    const id = await takenFromBreakGlass();
    await rename("break-glass", "x");
    await rename("x", "break-glass");
    account.wrap((world) => ({
      ...world,
      trail: (query, token) =>
        query.eventName === "UpdateUser"
          ? Promise.resolve({ ok: true, value: { events: [] } })
          : world.trail(query, token),
    }));
    await ram("DeleteUser", { UserName: "break-glass" });
    await rename("bob", "break-glass");
    await stays(id, "the user `break-glass` was deleted since");
  });

  it("is refused while the audit trail lags, as the name had another id before", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    const shownUntil = account.clock.now() - 1_000;
    await swap("break-glass", "bob");
    lagBehind(shownUntil);
    await stays(id, "the user `break-glass` has another id than before");
  });

  it("is refused as another is known to have been given the name, where the first renaming is not known", async () => {
    await begin(withBreakGlass, "", false);
    const id = await takenFromBreakGlass();
    const shownUntil = account.clock.now() - 1_000;
    await swap("break-glass", "bob");
    await account.deliver(account.events("UpdateUser").at(-1));
    lagBehind(shownUntil);
    await stays(id, "the name of the user `break-glass` was given to another since");
  });

  it("is asked anew once the events have come", async () => {
    await begin((before) => ({ ...withGuard(before), attachments: attached(before, "alice", guardLink) }));
    const id = await asked(() => ram("DetachPolicyFromUser", { ...guardLink, UserName: "alice" }));
    await swap("alice", "bob");
    expect(await decide(id)).toMatchObject(refusal("find out whom it was about"));
    await account.catchUp();
    expect(await decide(id)).toMatchObject(refusal("asks anew"));
  });

  it("is not accepted either", async () => {
    await begin((before) => ({ attachments: attached(before, "bob") }), "pipelines: [user/provisioner]");
    const id = await asked(() => ram("AttachPolicyToUser", { ...admin, UserName: "alice" }, "provisioner"));
    await swap("alice", "bob");
    expect(await decide(id, "reject")).toMatchObject(refusal("the user `alice` is named `x` since"));
    expect((await account.ledger.incident(id))?.decided).toBeUndefined();
  });
});

describe("a question whose holder is who it was", () => {
  it("is carried out", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    // Another value of the user, and another user, change nothing about whose the name is.
    await ram("UpdateUser", { UserName: "break-glass", NewComments: "for the night" });
    await rename("bob", "bobby");
    expect(await decide(id)).toMatchObject({ ok: true, value: { outcome: { kind: "reverted" } } });
    expect(held("break-glass")).toEqual(["AdministratorAccess"]);
  });

  it("is not decided while the audit trail cannot be read", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    account.wrap((world) => ({
      ...world,
      trail: async () => ({
        ok: false,
        error: { kind: "forbidden", code: "NoPermission", operation: "ActionTrail.LookupEvents" },
      }),
    }));
    const because =
      "whether the user `break-glass` is still the same one cannot be looked up: ActionTrail.LookupEvents";
    const done = await decide(id);
    expect(done).toMatchObject(refusal(because, { kind: "refused" }));
    expect(done).toMatchObject(refusal("; try again once it can be, or make the change by hand"));
    expect(held("break-glass")).toEqual([]);
    account.wrap(undefined);
    expect(await decide(id)).toMatchObject({ ok: true });
  });

  it("is not decided where the audit trail leaves out whom a call renamed", async () => {
    await begin(withBreakGlass);
    const id = await takenFromBreakGlass();
    await ram("UpdateUser", { UserName: "alice", NewComments: "x" });
    account.wrap((world) => ({
      ...world,
      trail: async (query, token) => {
        const page = await world.trail(query, token);
        if (!page.ok) return page;
        const events = page.value.events.map((event) => ({
          ...(event as object),
          requestParameters: null,
          requestParameterJson: null,
        }));
        return { ok: true, value: { ...page.value, events } };
      },
    }));
    expect(await decide(id)).toMatchObject(refusal("shows a renaming and not whose", { kind: "refused" }));
  });
});

describe("a question about a role or a policy that was made again since", () => {
  it("gives another policy of the name to nobody", async () => {
    await begin((before) => ({ ...withGuard(before), attachments: attached(before, "alice", guardLink) }));
    const id = await asked(() => ram("DetachPolicyFromUser", { ...guardLink, UserName: "alice" }));
    await ram("DeletePolicy", { PolicyName: "guard" });
    await ram("CreatePolicy", {
      PolicyName: "guard",
      PolicyDocument: '{"Version":"1","Statement":[{"Effect":"Allow","Action":["ram:*"],"Resource":["*"]}]}',
    });
    expect(await decide(id)).toMatchObject(
      refusal("the policy `guard` was made since, so it is another one", { kind: "changed" }),
    );
    expect(held("alice")).toEqual([]);
  });

  it("gives nothing to another role of the name", async () => {
    await begin((before) => ({
      attachments: [
        ...(before.attachments ?? []),
        {
          policyType: "System",
          policyName: "AdministratorAccess",
          principalType: "role",
          principalName: "break-glass",
        },
      ],
    }));
    const role = { ...admin, RoleName: "break-glass" };
    const id = await asked(() => ram("DetachPolicyFromRole", role));
    const trust = account.sandbox.dump().roles?.find(({ roleName }) => roleName === "break-glass");
    await ram("DeleteRole", { RoleName: "break-glass" });
    await ram("CreateRole", {
      RoleName: "break-glass",
      AssumeRolePolicyDocument: trust?.assumeRolePolicyDocument ?? "",
    });
    expect(await decide(id)).toMatchObject(refusal("the role `break-glass` was made since", { kind: "changed" }));
    expect(held("break-glass")).toEqual([]);
  });
});

describe("taking back a write to a name that is another's by now", () => {
  const reverted = async () => {
    await begin();
    await ram("AttachPolicyToUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    const incident = (await account.incidents()).find(({ outcome }) => outcome?.kind === "reverted");
    account.clock.advance(60_000);
    return incident?.id ?? "";
  };

  it.each([
    ["whose events have come", true],
    ["whose events have not come", false],
  ])("is refused after renamings %s", async (_, isDelivered) => {
    const id = await reverted();
    await swap("alice", "bob");
    if (isDelivered) await account.catchUp();
    const before = writes();
    const done = await undo(id);
    expect(done).toMatchObject(
      refusal("the user `alice` is named `x` since, so undoing it may be about another; find out whom", {
        kind: "refused",
      }),
    );
    if (isDelivered && !done.ok) expect(inLanguage(done.error.because, "zh-CN")).not.toMatch(/[a-z] [a-z]/);
    expect(held("alice")).toEqual([]);
    expect(writes()).toBe(before);
    expect((await account.ledger.incident(id))?.undoneBy).toBeUndefined();
  });

  it("is done where nobody was renamed", async () => {
    const id = await reverted();
    expect(await undo(id)).toMatchObject({ ok: true, value: { outcome: { kind: "undone" } } });
    expect(held("alice")).toEqual(["AdministratorAccess"]);
  });
});
