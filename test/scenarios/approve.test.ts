import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actingAsCaller } from "../../shared/aliyun/sts.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import { failed } from "../../shared/domain/result.ts";
import { releaseLease, takeLease } from "../../shared/ledger/lease.ts";
import { approveIncident, rejectIncident } from "../../shared/response/approve.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { accountId, ciTrust, type GuardedAccount, guardedAccount, openTrust } from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const hourMs = 3_600_000;
const administrator: Actor = { kind: "user", accountId, name: "administrator" };
const mallory: Actor = { kind: "user", accountId, name: "mallory" };

const approve = (id: string, approver = administrator) =>
  approveIncident(account.world(), account.ledger, account.config.telling, id, { approver, openForMs: 72 * hourMs });
const reject = (id: string, approver = administrator) =>
  rejectIncident(account.world(), account.ledger, id, { approver, openForMs: 72 * hourMs });

/** A new role that lets in a stranger: a plan that waits for a person. */
const asked = async (): Promise<string> => {
  await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  const [incident] = await account.incidents();
  if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
  return incident.id;
};
const roles = () => account.sandbox.dump().roles?.map(({ roleName }) => roleName);

describe("a plan that waits", () => {
  // Deleting a role is for a person: the acting role itself may not, so the approval runs with the person's own rights.
  const personal = () =>
    account.wrap((world) => ({
      ...world,
      act: actingAsCaller({
        credentials: account.sandbox.keyOf("administrator"),
        clock: account.clock,
        region: "cn-hangzhou",
        endpoint: account.sandbox.endpoint,
        protocol: "http",
      }),
    }));

  it("is carried out when a person approves it, as an act of its own, and can be taken back", async () => {
    const before = account.standing();
    const id = await asked();
    personal();
    const done = await approve(id);
    expect(done).toMatchObject({
      ok: true,
      value: { approves: id, by: "user administrator", outcome: { kind: "reverted" }, status: "settled" },
    });
    expect(account.standing()).toEqual(before);
    expect(await account.ledger.incident(id)).toMatchObject({
      outcome: { kind: "asked" },
      decided: { decision: "approved", by: "user administrator", incidentId: done.ok ? done.value.id : "" },
    });
    expect(
      await undoIncident(account.world(), account.ledger, account.config.telling, done.ok ? done.value.id : ""),
    ).toMatchObject({ ok: true, value: { outcome: { kind: "undone" } } });
    expect(roles()).toContain("door");
  });

  it("is decided once", async () => {
    const id = await asked();
    personal();
    expect(await approve(id)).toMatchObject({ ok: true });
    expect(await approve(id)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringContaining("approved before") },
    });
    expect(await reject(id)).toMatchObject({
      ok: false,
      error: { because: expect.stringContaining("approved before") },
    });
  });

  it("is not decided by whoever made the change", async () => {
    const id = await asked();
    for (const decide of [approve, reject])
      expect(await decide(id, mallory)).toMatchObject({
        ok: false,
        error: { kind: "refused", because: expect.stringContaining("may not decide") },
      });
    expect(roles()).toContain("door");
  });

  it("is void when the subject has changed since", async () => {
    const id = await asked();
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "door", NewAssumeRolePolicyDocument: ciTrust });
    for (const decide of [approve, reject])
      expect(await decide(id)).toMatchObject({
        ok: false,
        error: { kind: "changed", because: expect.stringContaining("has changed since") },
      });
  });

  it("is void after its time", async () => {
    const id = await asked();
    account.clock.advance(73 * hourMs);
    expect(await approve(id)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringContaining("more than 72 h") },
    });
  });

  it("is told of once more when its time is over and the change stands, and once only", async () => {
    const id = await asked();
    const told = async () => {
      await account.sweep();
      await account.flush();
      return account.messages().filter(({ title }) => title.includes("undecided after 72 h"));
    };
    expect(await told()).toEqual([]);
    account.clock.advance(72 * hourMs);
    const [reminder, ...others] = await told();
    expect(others).toEqual([]);
    expect(reminder?.text).toContain("door");
    expect(reminder?.text).not.toContain("warden approve");
    expect(await told()).toHaveLength(1);
    expect((await account.ledger.incident(id))?.outcome).toEqual({ kind: "asked" });
    expect(roles()).toContain("door");
  });

  const reminders = () => account.messages().filter(({ title }) => title.includes("undecided")).length;

  it("is told of once more where an approval came to nothing", async () => {
    const id = await asked();
    account.wrap((world) => ({
      ...world,
      act: async () => failed({ kind: "forbidden", code: "NoPermission", operation: "Sts.AssumeRole" }),
    }));
    expect(await approve(id)).toMatchObject({ ok: false, error: { kind: "cloud" } });
    account.wrap(undefined);
    account.clock.advance(73 * hourMs);
    await account.sweep();
    await account.flush();
    expect(reminders()).toBe(1);
  });

  it("is told of once more though an older one cannot be read, and that one once it can", async () => {
    const id = await asked();
    account.clock.advance(60_000);
    await account.as("mallory")("Ram", "CreateRole", { RoleName: "gate", AssumeRolePolicyDocument: openTrust });
    await account.catchUp();
    account.clock.advance(73 * hourMs);
    account.wrap((world) => ({
      ...world,
      read: async (ref) =>
        ref.kind === "role-trust" && ref.roleName === "door"
          ? failed({ kind: "unreachable", operation: "Ram.GetRole" })
          : world.read(ref),
    }));
    for (let tick = 0; tick < 2; tick += 1) await account.sweep();
    await account.flush();
    expect(reminders()).toBe(1);
    account.wrap(undefined);
    await account.sweep();
    await account.flush();
    expect(reminders()).toBe(2);
    expect((await account.ledger.incident(id))?.outcome).toEqual({ kind: "asked" });
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["somebody decided", (id) => reject(id)],
    ["the change is gone", () => account.as("administrator")("Ram", "DeleteRole", { RoleName: "door" })],
  ])("is not told of once more where %s", async (_, meanwhile) => {
    const id = await asked();
    await meanwhile(id);
    account.clock.advance(73 * hourMs);
    await account.sweep();
    await account.flush();
    expect(account.messages().filter(({ title }) => title.includes("undecided"))).toEqual([]);
  });

  it("leaves the change as it is when a person rejects it, and accepts it", async () => {
    const id = await asked();
    expect(await reject(id)).toMatchObject({ ok: true, value: { decided: { decision: "rejected" } } });
    expect(roles()).toContain("door");
    // What a person accepted is what a later change goes back to.
    account.clock.advance(60_000);
    await account.as("mallory")("Ram", "UpdateRole", {
      RoleName: "door",
      NewAssumeRolePolicyDocument:
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}}]}',
    });
    await account.catchUp();
    expect((await account.incidents()).at(-1)?.outcome).toEqual({ kind: "reverted" });
    expect(account.sandbox.dump().roles?.find(({ roleName }) => roleName === "door")?.assumeRolePolicyDocument).toBe(
      openTrust,
    );
  });

  it("is not rejected while somebody is at work on its subject", async () => {
    const id = await asked();
    const { state } = account.world();
    const subject = (await account.ledger.incident(id))?.subject;
    if (subject === undefined) throw new Error("no subject");
    const taken = await takeLease(state, account.clock, accountId, subjectKey(subject), "another", 60_000);
    if (!taken.taken) throw new Error("not taken");
    expect(await reject(id)).toMatchObject({
      ok: false,
      error: { kind: "refused", because: expect.stringContaining("somebody is at work") },
    });
    await releaseLease(state, taken.lease);
    expect(await reject(id)).toMatchObject({ ok: true });
    expect(await takeLease(state, account.clock, accountId, subjectKey(subject), "another", 1)).toMatchObject({
      taken: true,
      left: [],
    });
  });

  it("refuses what no plan waits for", async () => {
    await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
    await account.catchUp();
    const [contained] = await account.incidents();
    expect(await approve(contained?.id ?? "")).toMatchObject({
      ok: false,
      error: { because: expect.stringContaining("nothing waits") },
    });
    expect(await approve("00000000-0000-7000-8000-000000000000")).toMatchObject({
      ok: false,
      error: { kind: "unknown" },
    });
  });
});
