import { expect } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import type { Call, OutcomeKind, ReasonKind, Remediation } from "../../shared/domain/plan.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { acceptBaseline } from "../../shared/ledger/baselines.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { releaseLease, takeLease } from "../../shared/ledger/lease.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { type Written, writeRemediation } from "../../shared/response/write.ts";
import { callerOf, refusal } from "../sandbox/client.ts";
import { accountId, type GuardedAccount, guardedAccount } from "./guarded-account.ts";

/** Turns on the rule that finds every change of every kind, but those of the provisioner. */
export const everyChange = (response = "revert"): string => `
pipelines: [user/provisioner]
rules: { RAM.ChangeOutsidePipeline: { response: ${response} } }
`;

/** Accepts a subject as it stands now, as a first sight of the account would. */
export const remember = async ({ world, clock }: GuardedAccount, subject: SubjectRef): Promise<void> => {
  const { read, state } = world();
  const found = await read(subject);
  if (!found.ok) throw new Error(`cannot be read: ${JSON.stringify(found.error)}`);
  const baseline = { state: found.value, since: clock.now(), source: "first-sight" } as const;
  await acceptBaseline(state, accountId, subjectKey(subject), baseline);
  // Events tell the time to the second: what comes now comes later.
  clock.advance(60_000);
};

/** The one incident that the events since the last call led to. */
export const theIncident = async (account: GuardedAccount): Promise<Incident> => {
  const seen = (await account.incidents()).length;
  await account.catchUp();
  const incidents = (await account.incidents()).slice(seen);
  expect(incidents.map(({ subject, outcome }) => [subjectKey(subject), outcome?.kind])).toHaveLength(1);
  return incidents[0] as Incident;
};

/** How an incident ended, and why no more was done. */
export const endOf = ({ outcome, because }: Incident): readonly [OutcomeKind | undefined, ReasonKind | undefined] => [
  outcome?.kind,
  because?.kind,
];

export const remediationOf = ({ remediation }: Incident): Remediation => {
  if (remediation === undefined) throw new Error("the incident has no remediation");
  return remediation;
};

/** `Ims.DeleteSAMLProvider` of each call. */
export const namesOf = (calls: readonly Call[]): readonly string[] =>
  calls.map(({ service, operation }) => `${service}.${operation}`);

/** Every call that the sandbox refused because its caller may not make it. */
export const denied = ({ sandbox }: GuardedAccount): readonly string[] =>
  sandbox.calls
    .list()
    .filter((call) => call.denied === true)
    .map(({ service, operation, caller }) => `${caller} ${service}.${operation}`);

/** Carries a waiting remediation out as an approval does: under a lease, in an acting session for its calls alone. */
export const approve = async (account: GuardedAccount, incident: Incident): Promise<Written["kind"]> => {
  const world = account.approving();
  const remediation = remediationOf(incident);
  const taken = await takeLease(
    world.state,
    world.clock,
    accountId,
    subjectKey(incident.subject),
    incident.id,
    120_000,
  );
  if (!taken.taken) throw new Error("somebody else holds the lease");
  const session = await world.act(incident.id, remediation.calls);
  if (!session.ok) throw new Error(JSON.stringify(session.error));
  const { ledger } = account;
  const context = { world, ledger, lease: taken.lease, incidentId: incident.id, session: session.value };
  const written = await writeRemediation(context, remediation);
  await releaseLease(world.state, taken.lease);
  return written.kind;
};

/** Takes a remediation back, with the acting role's own powers. */
export const undo = (account: GuardedAccount, { id }: Incident) =>
  undoIncident(account.approving(), account.ledger, account.config.telling, id);

type SessionStatement = { readonly Effect: string; readonly Action: readonly string[]; readonly Resource: unknown };

/**
 * Proves that a remediation's session policy allows no action too many: in a copy of the account, without any one of them,
 * some call of the remediation is refused. `account` must stand as the remediation expects it.
 */
export const needsEveryAction = async (account: GuardedAccount, { calls }: Remediation): Promise<void> => {
  const policy = sessionPolicy(calls, accountId);
  if (!policy.ok) throw new Error(policy.error);
  const statements = (JSON.parse(policy.value) as { Statement: readonly SessionStatement[] }).Statement;
  const snapshot = account.sandbox.dump();
  for (const [at, statement] of statements.entries())
    for (const action of statement.Action) {
      const Action = statement.Action.filter((other) => other !== action);
      const rest = statements.flatMap((one, index) => {
        if (index !== at) return [one];
        return Action.length === 0 ? [] : [{ ...one, Action }];
      });
      const nothing = { Effect: "Deny", Action: ["*"], Resource: ["*"] };
      const Statement = rest.length === 0 ? [nothing] : rest;
      const sandbox = await startSandbox({
        seed: 12,
        clock: account.clock,
        dateWindowMs: Number.POSITIVE_INFINITY,
        snapshot,
      });
      try {
        const session = await callerOf(sandbox, sandbox.keyOf("administrator"))("Sts", "AssumeRole", {
          RoleArn: `acs:ram::${accountId}:role/ram-warden-approving`,
          RoleSessionName: "too-little",
          Policy: JSON.stringify({ Version: "1", Statement }),
        });
        const { AccessKeyId, AccessKeySecret, SecurityToken } = session.Credentials;
        const send = callerOf(sandbox, {
          accessKeyId: AccessKeyId,
          accessKeySecret: AccessKeySecret,
          securityToken: SecurityToken,
        });
        const refused: string[] = [];
        for (const { service, operation, parameters } of calls)
          if (refused.length === 0)
            await send(service, operation, { ...parameters }).catch(async (error: unknown) => {
              refused.push(await refusal(Promise.reject(error)));
            });
        expect([action, refused]).toEqual([action, ["NoPermission"]]);
      } finally {
        await sandbox.stop();
      }
    }
};

/** Nothing more may come of what happened so far, however often it is told, and nobody was refused anything. */
export const nothingMore = async (account: GuardedAccount): Promise<void> => {
  const count = async () => [account.actingWrites().length, (await account.incidents()).length];
  const so = await count();
  for (const event of account.events()) await account.deliver(event);
  expect(await count()).toEqual(so);
  expect(denied(account)).toEqual([]);
};

/** An account as it stands, without what a thing gets anew when it is made again. */
export const butForIds = (standing: unknown, ids: readonly string[] = []): unknown =>
  JSON.parse(JSON.stringify(standing), (name, value: unknown) =>
    ["createDate", "delegationEnabledTime", "modifyTime", ...ids].includes(name) ? undefined : value,
  );

/** One write by an attacker, and what is to come of it. */
export type Story = {
  readonly service: "Ram" | "Ims" | "ResourceManager";
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Looked at first, where the write does not prove by itself what was before. */
  readonly known?: SubjectRef;
  readonly ends: readonly [OutcomeKind, ReasonKind?];
  /** The calls of the remediation, in order; empty where there is none. */
  readonly calls: readonly string[];
  /** How the account stands after the remediation, where it is not as before. */
  readonly leaves?: (before: ReturnType<GuardedAccount["standing"]>) => unknown;
  /** The ids that a thing which is made again gets anew. */
  readonly anew?: readonly string[];
  /** Nothing leads back from the remediation. */
  readonly final?: true;
};

/**
 * Plays a story to its end: the write, its event, the outcome, the account as it stood before, nothing more when it is
 * told again, the remediation in a session that allows nothing too much, and the way back. What waits for a person is
 * approved.
 */
export const play = async (account: GuardedAccount, story: Story): Promise<Incident> => {
  if (story.known !== undefined) await remember(account, story.known);
  const before = account.standing();
  await account.as("mallory")(story.service, story.operation, { ...story.parameters });
  const [changed, asItStands] = [account.standing(), account.sandbox.dump()];
  const writes = account.actingWrites().length;

  const incident = await theIncident(account);
  const [outcome, reason] = story.ends;
  expect(endOf(incident)).toEqual([outcome, reason]);
  expect(namesOf(incident.remediation?.calls ?? [])).toEqual(story.calls);
  if (outcome === "alerted") {
    expect(account.standing()).toEqual(changed);
    expect(account.actingWrites()).toHaveLength(writes);
    await nothingMore(account);
    return incident;
  }
  if (outcome === "asked") {
    expect(account.standing()).toEqual(changed);
    expect(account.actingWrites()).toHaveLength(writes);
    await nothingMore(account);
    expect(await approve(account, incident)).toBe("held");
  }
  expect(account.actingWrites().slice(writes)).toHaveLength(story.calls.length);
  const { anew } = story;
  expect(butForIds(account.standing(), anew)).toEqual(butForIds(story.leaves?.(before) ?? before, anew));
  await nothingMore(account);

  const copy = await guardedAccount({ snapshot: asItStands });
  await needsEveryAction(copy, remediationOf(incident)).finally(copy.stop);

  if (outcome === "asked") return incident;
  const undone = await undo(account, incident);
  expect(undone.ok).toBe(story.final !== true);
  if (undone.ok) expect(butForIds(account.standing())).toEqual(butForIds(changed));
  expect(denied(account)).toEqual([]);
  return incident;
};
