import { expect } from "vitest";
import { actingAsCaller, actingSessions } from "../../shared/aliyun/sts.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import type { Call } from "../../shared/domain/plan.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { releaseLease, takeLease } from "../../shared/ledger/lease.ts";
import { permissionsOf } from "../../shared/operations/permissions.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import type { World } from "../../shared/ports/world.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import { writeRemediation } from "../../shared/response/write.ts";
import { accountId, type GuardedAccount, type GuardedOptions, guardedAccount } from "./guarded-account.ts";

/**
 * `administrator` and `provisioner` are the pipelines: what they do is accepted, and what anybody else does is to be put
 * back.
 */
const settings = `
pipelines: [user/administrator, user/provisioner]
rules:
  RAM.ChangeOutsidePipeline: { response: revert }
`;

export type KeptAsCode = GuardedAccount & {
  /** Carries out what an incident asks a person about, as an approval would: in an acting session for these calls. */
  readonly approve: (incident: Incident) => ReturnType<typeof writeRemediation>;
  /** Undoes an incident in the name of `administrator`. */
  readonly undo: (incident: Incident) => ReturnType<typeof undoIncident>;
  /** The calls that were refused for want of a permission, but for those that were to be. */
  readonly denied: () => readonly string[];
};

const probe = "00000000-0000-7000-8000-000000000000";

/**
 * A guarded account that is kept as code. With each acting session it is proved that the session's policy is enough and no
 * more: with any one of its actions taken away, the call that needs it is denied.
 */
export const keptAsCode = async (options: GuardedOptions = {}): Promise<KeptAsCode> => {
  const account = await guardedAccount({ ...options, settings: `${settings}${options.settings ?? ""}` });
  const reach = { clock: account.clock, region: "cn-hangzhou", protocol: "http", timeoutMs: 500 } as const;
  const endpoint = account.sandbox.endpoint;

  const isNoMoreThanEnough = async (calls: readonly Call[]): Promise<void> => {
    const whole = sessionPolicy(calls, accountId);
    if (!whole.ok) throw new Error(whole.error);
    for (const call of calls) {
      for (const action of new Set(permissionsOf(call, accountId).map((needed) => needed.action))) {
        const act = actingSessions({
          transport: { ...reach, endpoint, credentials: account.sandbox.keyOf("administrator") },
          actingRoleArn: `acs:ram::${accountId}:role/ram-warden-approving`,
          sessionPolicy: () => ({ ok: true, value: without(whole.value, action) }),
        });
        const session = await act(probe, [call]);
        if (!session.ok) throw new Error(session.error.code);
        expect([action, await session.value.send(call)]).toMatchObject([action, { ok: false, error: denial }]);
      }
    }
  };

  account.wrap((world) => ({
    ...world,
    act: async (planId, calls) => {
      await isNoMoreThanEnough(calls);
      return world.act(planId, calls);
    },
  }));

  const personsWorld = (): World => ({
    ...account.world(),
    act: actingAsCaller({ ...reach, endpoint, credentials: account.sandbox.keyOf("administrator") }),
  });

  const approve: KeptAsCode["approve"] = async (incident) => {
    const { remediation } = incident;
    if (remediation === undefined) throw new Error("the incident has nothing to approve");
    const world = account.approving();
    const key = subjectKey(incident.subject);
    const taken = await takeLease(world.state, world.clock, accountId, key, incident.id, 120_000);
    if (!taken.taken) throw new Error("somebody is at work on the subject");
    const session = await world.act(incident.id, remediation.calls);
    if (!session.ok) throw new Error(session.error.code);
    const { lease } = taken;
    const context = { world, ledger: account.ledger, lease, incidentId: incident.id, session: session.value };
    const written = await writeRemediation(context, remediation);
    await releaseLease(world.state, lease);
    return written;
  };

  // `config` is a getter of the account: spreading would freeze it.
  return Object.assign(account, {
    approve,
    undo: (incident: Incident) => undoIncident(personsWorld(), account.ledger, account.config.telling, incident.id),
    denied: () =>
      account.sandbox.calls
        .list()
        .filter(({ denied, caller }) => denied === true && caller !== `ram-warden-approving:warden-${probe}`)
        .map(({ operation, caller }) => `${caller} ${operation}`),
  });
};

const denial = { kind: "forbidden", code: "NoPermission" };

/** The policy without an action; a policy must allow something, so what is left of nothing allows a thing that is none. */
const without = (policy: string, action: string): string => {
  const { Version, Statement } = JSON.parse(policy) as { Version: string; Statement: { Action: string[] }[] };
  const left = Statement.map((one) => ({ ...one, Action: one.Action.filter((each) => each !== action) })).filter(
    (one) => one.Action.length > 0,
  );
  const none = { Effect: "Allow", Action: ["ram:None"], Resource: ["*"] };
  return JSON.stringify({ Version, Statement: left.length === 0 ? [none] : left });
};
