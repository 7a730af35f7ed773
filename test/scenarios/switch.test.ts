import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkedRows } from "../../shared/ledger/checked-rows.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { readKillSwitch, resumeWriting, stopWriting } from "../../shared/ledger/kill-switch.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { World } from "../../shared/ports/world.ts";
import { approveIncident } from "../../shared/response/approve.ts";
import { leaseMs } from "../../shared/under-lease.ts";
import { twoKeysInTheBin } from "../operations/identities-account.ts";
import { accountId, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount({ snapshot: twoKeysInTheBin() });
});
afterEach(() => account.stop());

const attach = (UserName: string) =>
  account.as("mallory")("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName,
  });
const restore = () => account.as("mallory")("Ims", "RestoreUserFromRecycleBin", { UserId: "204" });
const outcomes = async () =>
  (await account.incidents()).map(({ outcome, because }) => [outcome?.kind, because?.kind] as const);
const stop = () =>
  stopWriting(account.world().state, account.ledger, {
    by: "user administrator",
    because: "a migration",
    at: account.clock.now(),
  });

/** Does something whenever the acting session is opened, or when its `call`-th call has been answered. */
const meanwhile = (when: "session" | number, what: () => Promise<unknown>): void => {
  let calls = 0;
  account.wrap((world) => ({
    ...world,
    act: async (planId, planned) => {
      if (when === "session") await what();
      const session = await world.act(planId, planned);
      if (!session.ok) return session;
      const send: typeof session.value.send = async (call) => {
        const sent = await session.value.send(call);
        calls += 1;
        if (calls === when) await what();
        return sent;
      };
      return { ok: true, value: { ...session.value, send } };
    },
  }));
};

describe("the switch that stops all writing", () => {
  it("stops as well when its row is damaged, and can be taken off", async () => {
    const { state } = account.world();
    for (const damaged of [null, "", [], {}, { by: 1 }]) {
      await state.putIfAbsent(rowKey("switch", accountId, "writing"), damaged);
      expect(
        await readKillSwitch(
          checkedRows(state, () => undefined),
          accountId,
        ),
      ).toMatchObject({
        by: "somebody unknown",
        because: expect.stringContaining("warden resume"),
      });
      expect(await resumeWriting(state, account.ledger, "user administrator")).toBe(true);
    }
  });

  it("is in force at once, and until it is taken off", async () => {
    const { state } = account.world();
    await stop();
    await attach("alice");
    await account.catchUp();
    expect(await outcomes()).toEqual([["alerted", "kill-switch"]]);
    expect(account.actingWrites()).toEqual([]);
    expect(await resumeWriting(state, account.ledger, "user administrator")).toBe(true);
    expect(await resumeWriting(state, account.ledger, "user administrator")).toBe(false);
    await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
    await account.catchUp();
    expect((await outcomes()).at(-1)).toEqual(["contained", undefined]);
  });

  it("holds for what was planned before it, and says so", async () => {
    meanwhile("session", stop);
    await attach("alice");
    await account.catchUp();
    expect(await outcomes()).toEqual([["alerted", "kill-switch"]]);
    expect((await account.incidents())[0]?.because?.detail).toBe(
      "user administrator switched writing off: a migration",
    );
    expect(account.actingWrites()).toEqual([]);
    expect(account.messages().at(-1)?.text).toContain("writing is switched off");
  });

  it("holds where it is thrown while the subject is read just before the write", async () => {
    let isStopped = false;
    account.wrap((world) => ({
      ...world,
      read: async (ref) => {
        const seen = await world.read(ref);
        const isWriting = (await account.ledger.incidents()).some(({ status }) => status === "writing");
        if (isWriting && !isStopped) await stop();
        isStopped ||= isWriting;
        return seen;
      },
    }));
    await attach("alice");
    await account.catchUp();
    expect(isStopped).toBe(true);
    expect(account.actingWrites()).toEqual([]);
    expect(await outcomes()).toEqual([["alerted", "kill-switch"]]);
  });

  it("holds between two calls of one plan: what is done stands, and the rest is told", async () => {
    meanwhile(1, stop);
    await restore();
    await account.catchUp();
    expect(account.actingWrites()).toHaveLength(1);
    const [incident] = await account.incidents();
    expect(incident?.remediation?.calls).toHaveLength(2);
    expect(incident?.outcome).toEqual({
      kind: "failed",
      because:
        "1 of 2 calls are done; user administrator switched writing off: a migration, before the rest was written",
    });
  });

  it("holds for what an interrupted instance left half done", async () => {
    meanwhile(1, async () => {
      await stop();
      throw new StoreUnavailable("the instance was ended");
    });
    await restore();
    await account.deliver(account.events().at(-1));
    account.wrap(undefined);
    account.clock.advance(leaseMs + 1);
    await account.catchUp();
    expect(account.actingWrites()).toHaveLength(1);
    expect((await account.incidents())[0]?.outcome).toMatchObject({
      kind: "failed",
      because: expect.stringContaining("user administrator switched writing off: a migration"),
    });
  });
});

describe("a plan that a person approves", () => {
  const approver = { kind: "user", accountId, name: "administrator" } as const;
  const approve = (id: string, world: World = account.approving()) =>
    approveIncident(world, account.ledger, account.config.telling, id, { approver, openForMs: 3_600_000 });
  const asked = async (): Promise<string> => {
    await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
    await account.catchUp();
    const [incident] = await account.incidents();
    if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
    return incident.id;
  };
  const switchedOff = {
    ok: false,
    error: { kind: "refused", because: expect.stringContaining("switched writing off") },
  };

  it("waits while writing is switched off, and can be approved after", async () => {
    const id = await asked();
    await stop();
    expect(await approve(id)).toMatchObject(switchedOff);
    await resumeWriting(account.world().state, account.ledger, "user administrator");
    meanwhile("session", stop);
    expect(await approve(id)).toMatchObject(switchedOff);
    account.wrap(undefined);
    await resumeWriting(account.world().state, account.ledger, "user administrator");
    expect(account.actingWrites()).toEqual([]);
    expect(await approve(id)).toMatchObject({ ok: true, value: { outcome: { kind: "reverted" } } });
  });

  it("is decided before it is written, whoever dies in between", async () => {
    const id = await asked();
    meanwhile(1, async () => {
      throw new StoreUnavailable("the terminal was closed");
    });
    await expect(approve(id)).rejects.toThrow(StoreUnavailable);
    account.wrap(undefined);
    expect((await account.ledger.incident(id))?.decided).toMatchObject({ decision: "approved" });
    account.clock.advance(leaseMs + 1);
    expect(await approve(id)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringContaining("approved before") },
    });
    await account.sweep();
    const act = (await account.ledger.incident(id))?.decided?.incidentId ?? "";
    expect((await account.ledger.incident(act))?.outcome).toEqual({ kind: "reverted" });
  });
});
