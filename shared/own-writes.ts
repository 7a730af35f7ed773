import type { Finding } from "./domain/finding.ts";
import type { AccountId, Actor } from "./domain/identity.ts";
import { actorText, samePrincipal } from "./domain/identity.ts";
import type { OperationId } from "./domain/operation-id.ts";
import type { Incident } from "./ledger/incident.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Writer } from "./ports/cloud.ts";
import { incidentOfSession } from "./response/carry-out.ts";
import type { Settings } from "./settings.ts";

/** A write as an event tells it, as much as it takes to know whether it was ours. */
export type WriteSeen = {
  readonly eventId: string;
  readonly requestId: string;
  readonly operation: OperationId;
  readonly accountId: AccountId;
  readonly actor: Actor;
  readonly occurredAt: number;
};

export type Ownership =
  | { readonly kind: "not-ours" }
  | { readonly kind: "ours"; readonly incidentId: string }
  /** A write in the name of our acting role of which the ledger knows nothing: an incident in itself. */
  | { readonly kind: "unrecorded" }
  /** A write of ours may be under way whose RequestId is not in the ledger yet: ask again. */
  | { readonly kind: "in-flight" };

const matches = (writer: Writer, actor: Actor): boolean =>
  "role" in writer
    ? actor.kind === "role" &&
      samePrincipal({ kind: "role", name: writer.role }, { kind: "role", name: actor.name }) &&
      actor.sessionName === writer.session
    : "accessKeyId" in actor && actor.accessKeyId === writer.accessKeyId;

/**
 * Tells our own writes by stored RequestId and by actor, never by actor alone: who assumes the acting role must not
 * become invisible (`ram-api.md` §9.23).
 */
export const ownershipOf = async (ledger: Ledger, settings: Settings, write: WriteSeen): Promise<Ownership> => {
  const own = write.requestId === "" ? undefined : await ledger.ownWrite(write.requestId);
  if (own !== undefined && own.operation === write.operation && matches(own.by, write.actor))
    return { kind: "ours", incidentId: own.incidentId };
  if (!isActingRole(write.actor, settings)) return { kind: "not-ours" };
  const incidentId = write.actor.kind === "role" ? incidentOfSession(write.actor.sessionName) : undefined;
  const incident = incidentId === undefined ? undefined : await ledger.incident(incidentId);
  if (incident === undefined) return { kind: "unrecorded" };
  if (hasUnknownCall(incident, write.operation)) return { kind: "ours", incidentId: incident.id };
  return incident.status === "writing" ? { kind: "in-flight" } : { kind: "unrecorded" };
};

const isActingRole = (actor: Actor, { rules, guardrails }: Settings): boolean =>
  actor.kind === "role" &&
  actor.accountId === rules.accountId &&
  guardrails.ownRoles.acting !== undefined &&
  samePrincipal({ kind: "role", name: guardrails.ownRoles.acting }, { kind: "role", name: actor.name });

/** A call whose answer never came has no RequestId in the ledger; the session's name and the operation tie it. */
const hasUnknownCall = (incident: Incident, operation: OperationId): boolean =>
  incident.callsMade.some(
    ({ call, requestId }) => requestId === undefined && `${call.service}.${call.operation}` === operation,
  );

/** The incident of a write in our name that we did not make. */
export const unrecordedIncident = (id: string, write: WriteSeen, settings: Settings, at: number): Incident => {
  const role = settings.guardrails.ownRoles.acting ?? "";
  const who = actorText(write.actor);
  const finding: Finding = {
    rule: "RAM.UnrecordedActingWrite",
    control: "RAM-PROT-001",
    severity: "critical",
    maturity: "stable",
    response: "alert",
    title: { en: "Write by our acting role without a record", "zh-CN": "以本系统执行角色名义进行的无记录写入" },
    verdict: {
      kind: "violation",
      evidence: [
        {
          sentence: {
            en: `\`${who}\` called \`${write.operation}\`, and the ledger has no plan for it: somebody else may act as RAM Warden`,
            "zh-CN": `\`${who}\` 调用了 \`${write.operation}\`，但账本中没有对应的计划：可能有人冒用 RAM Warden 的角色`,
          },
          facts: { actor: who, operation: write.operation, requestId: write.requestId },
        },
      ],
    },
  };
  return {
    id,
    accountId: write.accountId,
    openedAt: at,
    settledAt: at,
    status: "settled",
    events: [
      { eventId: write.eventId, requestId: write.requestId, operation: write.operation, occurredAt: write.occurredAt },
    ],
    actor: write.actor,
    subject: { kind: "role-trust", accountId: write.accountId, roleName: role, route: "Ram" },
    findings: [finding],
    response: "alert",
    because: { kind: "unrecorded-write", detail: `request ${write.requestId} is not in the ledger` },
    outcome: { kind: "alerted" },
    callsMade: [],
  };
};
