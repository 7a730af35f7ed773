import { expect } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import { actingAsCaller, actingSessions } from "../../shared/aliyun/sts.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import type { ReasonKind } from "../../shared/domain/plan.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { keepState } from "../../shared/ledger/baselines.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { releaseLease, takeLease } from "../../shared/ledger/lease.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import type { Act } from "../../shared/ports/cloud.ts";
import type { World } from "../../shared/ports/world.ts";
import { settle } from "../../shared/response/settle.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { type Written, writeRemediation } from "../../shared/response/write.ts";
import { accountId, type GuardedAccount, guardedAccount } from "./guarded-account.ts";

/** One operation, what somebody does by it, and what is to come of it. */
export type OperationCase = {
  readonly name: string;
  readonly snapshot?: Snapshot;
  /** What the administrator did before, which nobody is told of. */
  readonly prepare?: (account: GuardedAccount) => Promise<unknown>;
  /** What stands accepted before the attack. */
  readonly accepted?: readonly SubjectRef[];
  readonly attack: (account: GuardedAccount) => Promise<unknown>;
  readonly outcome: "reverted" | "contained" | "asked" | "alerted";
  readonly because?: ReasonKind;
  readonly detail?: RegExp;
  /** The calls of the plan, in their order; none for an alert. */
  readonly calls?: readonly string[];
  /** How the account stands when the calls have held; as before the attack unless given. */
  readonly leaves?: (before: Snapshot, attacked: Snapshot) => unknown;
  /** Whether the undo leads back to how the attack left it. */
  readonly undo?: "exact" | "none";
};

const settings = "rules: { RAM.ChangeOutsidePipeline: { response: revert } }";

const looseKeys = new Set(["userId", "roleId", "groupId", "createDate", "joinDate", "recycleDate", "trail", "reports"]);

type Version = { readonly versionId: string; readonly policyDocument: unknown };

/** Versions in their order, by document and not by id: RAM gives one that is made again another. */
const byDefault = (versions: readonly Version[], defaultVersion: unknown): readonly unknown[] =>
  [...versions]
    .sort((a, b) => Number(a.versionId.slice(1)) - Number(b.versionId.slice(1)))
    .map(({ versionId, policyDocument }) => ({ policyDocument, default: versionId === (defaultVersion ?? "v1") }));

/** A part of an account without ids, times and the order of lists: what is made again has others. */
export const loosely = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(loosely).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const { versions, defaultVersion, ...rest } = value as { versions?: unknown; defaultVersion?: unknown };
  if (Array.isArray(versions)) return { ...(loosely(rest) as object), versions: byDefault(versions, defaultVersion) };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !looseKeys.has(key))
      .map(([key, member]) => [key, loosely(member)]),
  );
};

const accept = async (account: GuardedAccount, refs: readonly SubjectRef[]): Promise<void> => {
  const world = account.world();
  for (const ref of refs) {
    const live = await world.read(ref);
    if (!live.ok) throw new Error(`${subjectKey(ref)} cannot be read: ${JSON.stringify(live.error)}`);
    await keepState(world.state, ref, { state: live.value, since: account.clock.now(), source: "first-sight" });
  }
};

/** An account in which the attack of a case has happened, and nobody was told of it yet. */
const attacked = async ({ snapshot, prepare, accepted = [], attack }: OperationCase) => {
  const account = await guardedAccount({ settings, ...(snapshot === undefined ? {} : { snapshot }) });
  await prepare?.(account);
  account.skipAll();
  await accept(account, accepted);
  account.clock.advance(60_000);
  const before = account.standing();
  await attack(account);
  account.clock.advance(5_000);
  return { account, before, during: account.standing() };
};

/**
 * Carries out what an incident plans, as an approval does: in the name of the acting role, under the subject's lease.
 * What held is settled, as an incident of its own with the id that is answered.
 */
export const approve = async (
  account: GuardedAccount,
  incident: Incident,
): Promise<Written & { readonly id?: string }> => {
  const { remediation } = incident;
  if (remediation === undefined) throw new Error("there is nothing to approve");
  const world = account.approving();
  const id = world.newId();
  await account.ledger.open({ ...incident, id, status: "intended", callsMade: [] });
  const taken = await takeLease(world.state, world.clock, accountId, subjectKey(incident.subject), id, 600_000);
  if (!taken.taken) throw new Error("somebody holds the lease");
  const { lease } = taken;
  const session = await world.act(id, remediation.calls);
  if (!session.ok) return { kind: "failed", because: JSON.stringify(session.error) };
  const context = { world, ledger: account.ledger, lease, incidentId: id, session: session.value };
  const written = await writeRemediation(context, remediation);
  await releaseLease(world.state, lease);
  if (written.kind !== "held") return written;
  const { telling } = account.config;
  await settle(world, account.ledger, telling, id, { kind: "reverted" }, "approved", written.state);
  return { ...written, id };
};

const denied = (account: GuardedAccount): readonly string[] =>
  account.sandbox.calls.list().flatMap((call) => (call.denied === true ? [`${call.service}.${call.operation}`] : []));

/** What the last attack led to: one incident. */
const incidentOf = async (account: GuardedAccount): Promise<Incident> => {
  const all = await account.incidents();
  expect(all.map(({ outcome, because }) => [outcome, because])).toHaveLength(1);
  return all[0] as Incident;
};

const callsIn = ({ remediation }: Incident): readonly string[] =>
  (remediation?.calls ?? []).map(({ service, operation }) => `${service}.${operation}`);

const asPerson = (account: GuardedAccount): World => ({
  ...account.world(),
  act: actingAsCaller({
    credentials: account.sandbox.keyOf("administrator"),
    clock: account.clock,
    region: "cn-hangzhou",
    endpoint: account.sandbox.endpoint,
    protocol: "http",
    timeoutMs: 500,
  }),
});

/** Plays a case from the write to the undo, and proves each part of what the case says. */
export const play = async (given: OperationCase): Promise<void> => {
  const { account, before, during } = await attacked(given);
  try {
    account.sandbox.calls.clear();
    await account.catchUp();
    let incident = await incidentOf(account);
    const { outcome, because, calls = [], leaves = (then) => then, detail } = given;
    const told = [incident.outcome?.kind, incident.because?.kind, callsIn(incident)];
    expect([...told, incident.because?.detail]).toEqual([outcome, because, calls, incident.because?.detail]);
    if (detail !== undefined) expect(incident.because?.detail).toMatch(detail);
    expect(account.messages().length).toBeGreaterThan(0);
    const wrote = (): readonly string[] => account.actingWrites().map(({ operation }) => operation);
    const names = calls.map((call) => call.slice(call.indexOf(".") + 1));
    if (outcome === "alerted") {
      expect([wrote(), account.standing()]).toEqual([[], during]);
    } else if (outcome === "asked") {
      expect([wrote(), account.standing()]).toEqual([[], during]);
      const approved = await approve(account, incident);
      expect(approved).toMatchObject({ kind: "held" });
      incident = { ...incident, id: approved.id ?? "" };
    }
    expect(denied(account)).toEqual([]);
    if (outcome !== "alerted") {
      expect(wrote()).toEqual(names);
      expect(loosely(account.standing())).toEqual(loosely(leaves(before, during)));
    }
    // Told again, by another route too, it does nothing.
    const left = account.standing();
    const writes = wrote().length;
    for (const event of account.events()) if (!account.isSkipped(event.eventId)) await account.deliver(event);
    expect([account.standing(), wrote().length]).toEqual([left, writes]);
    if (outcome !== "alerted") await playUndo(account, incident, given, during);
  } finally {
    await account.stop();
  }
};

const playUndo = async (
  account: GuardedAccount,
  incident: Incident,
  given: OperationCase,
  during: Snapshot,
): Promise<void> => {
  const undone = await undoIncident(asPerson(account), account.ledger, account.config.telling, incident.id);
  if (given.undo === "none") {
    expect(undone).toMatchObject({ ok: false, error: { because: expect.stringMatching(/no way back/) } });
    return;
  }
  expect(undone).toMatchObject({ ok: true });
  expect(loosely(account.standing())).toEqual(loosely(during));
};

type Document = { readonly Version: string; readonly Statement: readonly { readonly Action: readonly string[] }[] };

/** A session policy without one of its actions; which one counts over all statements. */
const without = (policy: string, index: number): string => {
  const document = JSON.parse(policy) as Document;
  let at = 0;
  const left = document.Statement.map((statement) => {
    const actions = statement.Action.filter(() => at++ !== index);
    return { ...statement, Action: actions };
  }).filter(({ Action }) => Action.length > 0);
  // A policy with no statement at all is no document that STS takes.
  const nothing = { Effect: "Allow", Action: ["ram:GetNothing"], Resource: ["*"] };
  return JSON.stringify({ ...document, Statement: left.length === 0 ? [nothing] : left });
};

const narrowed = (account: GuardedAccount, index: number, role: "acting" | "approving"): Act =>
  actingSessions({
    transport: {
      credentials:
        role === "acting"
          ? account.sandbox.sessionOf("ram-warden-looking", "narrow")
          : account.sandbox.keyOf("administrator"),
      clock: account.clock,
      region: "cn-hangzhou",
      endpoint: account.sandbox.endpoint,
      protocol: "http",
      timeoutMs: 500,
    },
    actingRoleArn: `acs:ram::${accountId}:role/ram-warden-${role}`,
    sessionPolicy: (calls) => {
      const policy = sessionPolicy(calls, accountId);
      return policy.ok ? { ok: true, value: without(policy.value, index) } : policy;
    },
  });

const actionCount = (calls: NonNullable<Incident["remediation"]>["calls"]): number => {
  const policy = sessionPolicy(calls, accountId);
  if (!policy.ok) throw new Error(policy.error);
  return (JSON.parse(policy.value) as Document).Statement.flatMap(({ Action }) => Action).length;
};

/** Proves that a case's session may do no more than it must: without any one of its actions the remedy fails. */
export const playNarrowed = async (given: OperationCase): Promise<void> => {
  if (given.outcome === "alerted") return;
  for (let index = 0, all = 1; index < all; index += 1) {
    const { account } = await attacked(given);
    try {
      account.wrap((world) => ({
        ...world,
        act: narrowed(account, index, given.outcome === "asked" ? "approving" : "acting"),
      }));
      await account.catchUp();
      const incident = await incidentOf(account);
      if (incident.remediation === undefined) throw new Error("the case has no remedy");
      all = actionCount(incident.remediation.calls);
      const end = given.outcome === "asked" ? (await approve(account, incident)).kind : incident.outcome?.kind;
      expect([given.name, index, end]).toEqual([given.name, index, "failed"]);
    } finally {
      await account.stop();
    }
  }
};
