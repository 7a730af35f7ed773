import type { AccountId, Actor } from "./domain/identity.ts";
import { samePrincipal } from "./domain/identity.ts";
import type { OperationId } from "./domain/operation-id.ts";
import type { CallMade } from "./domain/plan.ts";
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
  | { readonly kind: "in-flight"; readonly incident: Incident };

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
  // Asked again: the answer may have come between the two readings of the ledger.
  if (isRecorded(incident, write)) return { kind: "ours", incidentId: incident.id };
  if (!incident.callsMade.some((made) => mayBe(made, write))) return { kind: "unrecorded" };
  if (incident.status !== "settled") return { kind: "in-flight", incident };
  return (await claimUnanswered(ledger, incident, write))
    ? { kind: "ours", incidentId: incident.id }
    : { kind: "unrecorded" };
};

const isActingRole = (actor: Actor, { rules, guardrails }: Settings): boolean =>
  actor.kind === "role" &&
  actor.accountId === rules.accountId &&
  guardrails.ownRoles.acting !== undefined &&
  samePrincipal({ kind: "role", name: guardrails.ownRoles.acting }, { kind: "role", name: actor.name });

/** How far the cloud's time of a call may be from ours: the length of an acting session. */
const sameCallMs = 900_000;

/** A call whose answer never came has no RequestId in the ledger; the session's name, the operation and the time tie it. */
const mayBe = ({ call, effect, at }: CallMade, write: WriteSeen): boolean =>
  effect === "unknown" &&
  `${call.service}.${call.operation}` === write.operation &&
  Math.abs(at - write.occurredAt) <= sameCallMs;

const isRecorded = ({ callsMade }: Incident, write: WriteSeen): boolean =>
  write.requestId !== "" &&
  callsMade.some(
    ({ call, requestId, effect }) =>
      effect !== "none" && requestId === write.requestId && `${call.service}.${call.operation}` === write.operation,
  );

/**
 * Ties a write to a call whose answer never came, and gives that call its RequestId: one call explains one write, so a
 * second write under the same session's name is not ours.
 */
const claimUnanswered = async (ledger: Ledger, incident: Incident, write: WriteSeen): Promise<boolean> => {
  const { callsMade } = await ledger.update(incident.id, (now) => {
    const index = isRecorded(now, write) ? -1 : now.callsMade.findIndex((made) => mayBe(made, write));
    return { ...now, callsMade: now.callsMade.map((made, at) => (at === index ? answered(made, write) : made)) };
  });
  return callsMade.some(({ requestId }) => requestId === write.requestId);
};

const answered = ({ call, at, note }: CallMade, { requestId }: WriteSeen): CallMade => ({
  call,
  at,
  requestId,
  note: `${note === undefined ? "" : `${note}; `}seen in the audit trail`,
});
