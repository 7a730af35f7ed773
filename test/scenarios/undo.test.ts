import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { actingAsCaller } from "../../shared/aliyun/sts.ts";
import type { World } from "../../shared/ports/world.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { listOf, type RoleDocument } from "../deploy/role-documents.ts";
import {
  accountBefore,
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
});
afterEach(() => account.stop());

const admin = { PolicyType: "System", PolicyName: "AdministratorAccess" };

/** The world of a person at a terminal, who writes in their own name. */
const personsWorld = (): World => {
  const credentials = account.sandbox.keyOf("administrator");
  const options = {
    credentials,
    clock: account.clock,
    region: "cn-hangzhou",
    endpoint: account.sandbox.endpoint,
    protocol: "http",
    timeoutMs: 500,
  } as const;
  return { ...account.world(), act: actingAsCaller(options) };
};
const undo = (id: string, world = personsWorld()) => undoIncident(world, account.ledger, account.config.telling, id);
const lastIncident = async () => {
  const last = (await account.incidents()).at(-1);
  if (last === undefined) throw new Error("no incident");
  return last;
};

/** The account of an installation that left out of the acting role what gives power. */
const withoutApprovals = (): Snapshot => {
  const given = accountBefore();
  const policies = (given.policies ?? []).map((policy) =>
    policy.policyName === "ram-warden-acting" ? { ...policy, versions: policy.versions.map(withoutAttaching) } : policy,
  );
  return { ...given, policies };
};
type Version = NonNullable<Snapshot["policies"]>[number]["versions"][number];
const withoutAttaching = (version: Version): Version => {
  const document = JSON.parse(String(version.policyDocument)) as RoleDocument;
  const left = document.Statement.filter(
    ({ Action }) => !listOf(Action).some((action) => action.startsWith("ram:Attach")),
  );
  return { ...version, policyDocument: JSON.stringify({ ...document, Statement: left }) };
};

type Kind = {
  readonly name: string;
  readonly prepare?: () => Promise<unknown>;
  readonly change: () => Promise<unknown>;
  readonly again: () => Promise<unknown>;
};

const kinds: readonly Kind[] = [
  {
    name: "a trust policy",
    prepare: async () => {
      await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
      await account.catchUp();
      account.clock.advance(60_000);
    },
    change: () =>
      account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust }),
    again: () =>
      account.as("administrator")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: ecsTrust }),
  },
  {
    name: "a key",
    change: () => account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" }),
    again: async () => {
      const made = account.sandbox.dump().users?.find(({ userName }) => userName === "alice")?.accessKeys?.[1];
      await account.as("administrator")("Ram", "DeleteAccessKey", {
        UserName: "alice",
        UserAccessKeyId: made?.accessKeyId,
      });
    },
  },
  {
    name: "a grant of Ram",
    change: () => account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }),
    again: () => account.as("administrator")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" }),
  },
  {
    name: "a grant of ResourceManager in a group",
    change: () =>
      account.as("mallory")("ResourceManager", "AttachPolicy", {
        ...admin,
        PrincipalType: "IMSGroup",
        PrincipalName: "staff@group.example.onaliyun.com",
        ResourceGroupId: "rg-team",
      }),
    again: () =>
      account.as("administrator")("ResourceManager", "AttachPolicy", {
        ...admin,
        PrincipalType: "IMSGroup",
        PrincipalName: "staff@group.example.onaliyun.com",
        ResourceGroupId: "rg-team",
      }),
  },
];

describe.each(kinds)("undoing what was done about $name", ({ prepare, change, again }) => {
  it("puts back what the guard took away, as an act of its own, and the guard leaves it alone", async () => {
    await prepare?.();
    await change();
    const changed = account.standing();
    await account.catchUp();
    const original = await lastIncident();
    const done = await undo(original.id);
    expect(done).toMatchObject({ ok: true, value: { undoes: original.id, outcome: { kind: "undone" } } });
    expect(account.standing()).toEqual(changed);
    expect((await account.ledger.incident(original.id))?.undoneBy).toBe((await lastIncident()).id);
    // The undo's own event, and the original one by another route.
    await account.catchUp();
    for (const event of account.events())
      await account.deliver({ ...event, eventId: `${event.eventId}-by-another-route` });
    expect(account.standing()).toEqual(changed);
    expect((await account.incidents()).filter(({ outcome }) => outcome?.kind === "undone")).toHaveLength(1);
    expect(await undo(original.id)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringMatching(/undone before/) },
    });
    await account.flush();
    expect(account.messages().at(-1)?.title ?? "").toMatch(/remediation taken back/);
  });

  it("is refused when somebody changed it since", async () => {
    await prepare?.();
    await change();
    await account.catchUp();
    const original = await lastIncident();
    await again();
    const standing = account.standing();
    const done = await undo(original.id);
    expect(done).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringMatching(/changed since/) },
    });
    expect(account.standing()).toEqual(standing);
  });
});

it("what nobody wrote about cannot be undone", async () => {
  await account.asRoot("Ram", "CreateAccessKey");
  await account.catchUp();
  expect(await undo((await lastIncident()).id)).toMatchObject({ ok: false, error: { kind: "refused" } });
  expect(await undo("01a20160-ec64-7364-bf2f-4a440d5e32d4")).toMatchObject({ ok: false, error: { kind: "unknown" } });
});

it("an undo in the acting role's name is refused where the role may not give power, and told as failed", async () => {
  await account.stop();
  account = await guardedAccount({ snapshot: withoutApprovals() });
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  await account.catchUp();
  const original = await lastIncident();
  expect(await undo(original.id, account.world())).toMatchObject({ ok: false, error: { kind: "cloud" } });
  expect(await lastIncident()).toMatchObject({ undoes: original.id, outcome: { kind: "failed" } });
  expect((await account.ledger.incident(original.id))?.undoneBy).toBeUndefined();
  // Having failed, it may be tried again by somebody who has the rights.
  expect(await undo(original.id)).toMatchObject({ ok: true });
});

it("after an undo a further change by anybody else is judged as ever, even within the same second", async () => {
  await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
  await account.catchUp();
  await undo((await lastIncident()).id);
  await account.catchUp();
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  await undo((await lastIncident()).id);
  await account.as("mallory")("Ram", "UpdateRole", {
    RoleName: "job",
    NewAssumeRolePolicyDocument: openTrust.replace("6660666066606660", "6660666066606661"),
  });
  await account.catchUp();
  expect(await lastIncident()).toMatchObject({ outcome: { kind: "reverted" } });
  // Back to what a person accepted with the undo.
  expect(account.sandbox.dump().roles?.find(({ roleName }) => roleName === "job")?.assumeRolePolicyDocument).toBe(
    openTrust,
  );
});

it("an undo that dies half way is finished by the next to come, and marked on what it undoes", async () => {
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  const original = await lastIncident();
  const { world } = interrupted(personsWorld(), { at: 1, of: "send", when: "after", kind: "death" });
  await expect(undo(original.id, world)).rejects.toThrow(/interrupted/);
  expect((await account.ledger.incident(original.id))?.undoneBy).toBeUndefined();
  account.clock.advance(600_000);
  expect(await undo(original.id)).toMatchObject({
    ok: false,
    error: { because: expect.stringMatching(/undone before/) },
  });
  expect((await account.ledger.incident(original.id))?.undoneBy).toBeDefined();
  const standing = account.standing();
  for (const event of account.events()) await account.deliver(event);
  expect(account.standing()).toEqual(standing);
});

describe("a contained key that is enabled again", () => {
  const enable = (as: string, service: "Ram" | "Ims" = "Ram") => {
    const id = account.sandbox
      .dump()
      .users?.find(({ userName }) => userName === "alice")
      ?.accessKeys?.at(-1)?.accessKeyId;
    const owner = service === "Ram" ? { UserName: "alice" } : { UserPrincipalName: "alice@example.onaliyun.com" };
    return account.as(as)(service, "UpdateAccessKey", { ...owner, UserAccessKeyId: id, Status: "Active" });
  };
  const status = () =>
    account.sandbox
      .dump()
      .users?.find(({ userName }) => userName === "alice")
      ?.accessKeys?.at(-1)?.status;

  beforeEach(async () => {
    await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
    await account.catchUp();
    expect(status()).toBe("Inactive");
    account.clock.advance(60_000);
  });

  for (const service of ["Ram", "Ims"] as const)
    it(`is contained again when ${service} enables it`, async () => {
      await enable("mallory", service);
      await account.catchUp();
      expect(status()).toBe("Inactive");
      const last = await lastIncident();
      expect(last.outcome).toEqual({ kind: "contained" });
      expect(last.findings.map(({ rule }) => rule)).toEqual(["RAM.AccessKeyReenabled"]);
    });

  it("may not be undone by whoever made the change", async () => {
    const { id, actor } = await lastIncident();
    expect(await undoIncident(personsWorld(), account.ledger, account.config.telling, id, actor)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringContaining("may not take back") },
    });
    expect(status()).toBe("Inactive");
  });

  it("is left alone when a person undid the containment", async () => {
    const done = await undo((await lastIncident()).id);
    expect(done.ok).toBe(true);
    await account.catchUp();
    expect(status()).toBe("Active");
    account.clock.advance(60_000);
    await enable("mallory");
    await account.catchUp();
    expect(status()).toBe("Active");
  });

  it("is told about and not touched when nobody knows how it was before", async () => {
    await account.as("mallory")("Ram", "UpdateAccessKey", {
      UserName: "alice",
      UserAccessKeyId: "LTAIalice",
      Status: "Active",
    });
    await account.catchUp();
    expect((await lastIncident()).outcome).toEqual({ kind: "alerted" });
    expect(account.actingWrites()).toHaveLength(1);
  });
});

describe("an undo whose answer was lost", () => {
  const slowly = (world: World, waitMs: number): World => ({
    ...world,
    act: async (id, calls) => {
      const session = await world.act(id, calls);
      if (!session.ok) return session;
      const send: typeof session.value.send = (call) => {
        account.clock.advance(waitMs);
        return session.value.send(call);
      };
      return { ok: true, value: { ...session.value, send } };
    },
  });
  const grants = () =>
    account.sandbox.dump().attachments?.filter(({ principalName }) => principalName === "alice") ?? [];

  it("and that took its time is known as the person's own, and stands", async () => {
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    account.clock.advance(60_000);
    const { id } = await lastIncident();
    account.sandbox.faults.inject({ match: { operation: "AttachPolicyToUser" }, kind: "timeout-after" });
    expect(await undo(id, slowly(personsWorld(), 1_200))).toMatchObject({ ok: true });
    expect(grants()).toHaveLength(1);
    const receipts = await account.catchUp();
    expect(receipts.flatMap(({ passedOver }) => passedOver)).toMatchObject([
      { reason: expect.stringMatching(/^our own write/) },
    ]);
    expect(grants()).toHaveLength(1);
    // The key alone is no excuse: the same by the same hand, once more, is judged.
    account.clock.advance(60_000);
    await account.as("administrator")("Ram", "DetachPolicyFromUser", { ...admin, UserName: "alice" });
    await account.as("administrator")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    expect(grants()).toHaveLength(0);
  });

  it("by its own record or another's, while it was read back, leaves what a person put there", async () => {
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...admin, UserName: "alice" });
    await account.catchUp();
    account.clock.advance(60_000);
    const { id } = await lastIncident();
    account.sandbox.faults.inject({ match: { operation: "AttachPolicyToUser" }, kind: "timeout-after" });
    expect(await undo(id, slowly(personsWorld(), 1_200))).toMatchObject({ ok: true });
    const [, event] = account.events("AttachPolicyToUser");
    // The record does not tell the key.
    const identity = { ...(event?.userIdentity as object), accessKeyId: undefined };
    const { receipt } = await account.deliver({ ...event, userIdentity: identity });
    expect(receipt?.decisions).toMatchObject([
      { outcome: "clear", note: expect.stringMatching(/accepted by the undo/) },
    ]);
    expect(grants()).toHaveLength(1);
  });
});
