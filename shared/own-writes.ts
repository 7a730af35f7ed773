import type { AccountId, Actor } from "./domain/identity.ts";
import { samePrincipal } from "./domain/identity.ts";
import { canonicalText } from "./domain/json.ts";
import { refTo, subjectKey } from "./domain/kinds.ts";
import type { OperationId } from "./domain/operation-id.ts";
import type { Call, CallMade } from "./domain/plan.ts";
import type { SubjectRef } from "./domain/subject.ts";
import type { Claim, Tells } from "./domain/trail-event.ts";
import type { Incident } from "./ledger/incident.ts";
import { lastRecordedAt } from "./ledger/incident.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { entryOf } from "./operations/understood.ts";
import { documentForm } from "./policy/canonical.ts";
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
  /** What it was about, where an entry understands it. */
  readonly subject?: SubjectRef;
  readonly claimed?: Claim;
  readonly tells?: Tells;
  /** The parameters that say what it was about, where none does. */
  readonly asked?: { readonly [name: string]: string };
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
  if (!isActingRole(write.actor, settings)) return personsWrite(ledger, write);
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

/** A write that a person made through us, an undo say, and whose answer was lost: their key and the subject tie it. */
const personsWrite = async (ledger: Ledger, write: WriteSeen): Promise<Ownership> => {
  const last = write.subject === undefined ? undefined : await ledger.lastOn(subjectKey(write.subject));
  const incident = last === undefined ? undefined : await ledger.incident(last.incidentId);
  if (incident?.callsMade.some((made) => made.byKey !== undefined && mayBe(made, write)) !== true)
    return { kind: "not-ours" };
  return (await claimUnanswered(ledger, incident, write))
    ? { kind: "ours", incidentId: incident.id }
    : { kind: "not-ours" };
};

/** Whether it is one of the roles in which plans are carried out. */
const isActingRole = (actor: Actor, { rules, guardrails }: Settings): boolean =>
  actor.kind === "role" &&
  actor.accountId === rules.accountId &&
  [guardrails.ownRoles.acting, guardrails.ownRoles.approving].some(
    (name) => name !== undefined && samePrincipal({ kind: "role", name }, { kind: "role", name: actor.name }),
  );

/** How far the cloud's time of a call may be from ours: the length of an acting session. */
const sameCallMs = 900_000;

/**
 * A call whose answer never came has no RequestId in the ledger; who made it, the operation, what it was about and the
 * time tie it.
 */
const mayBe = ({ call, effect, at, byKey }: CallMade, write: WriteSeen): boolean =>
  effect === "unknown" &&
  `${call.service}.${call.operation}` === write.operation &&
  Math.abs(at - write.occurredAt) <= sameCallMs &&
  (byKey === undefined ? write.actor.kind === "role" : matches({ accessKeyId: byKey }, write.actor)) &&
  isAbout(call, write);

/** Whether a write is about what a call of ours was about: who acts in our name may do the same to something else. */
const isAbout = (call: Call, write: WriteSeen): boolean => {
  const { accountId, actor, occurredAt, subject, claimed, tells, asked = {} } = write;
  if (subject === undefined)
    return Object.entries(asked).every(([name, value]) => isSameText(call.parameters[name], value));
  const reading = entryOf(write.operation)?.read({
    accountId,
    actor,
    occurredAt,
    request: call.parameters,
    response: undefined,
  });
  if (reading?.ok !== true || reading.value.kind === "beside") return false;
  const all = reading.value.kind === "subjects" ? reading.value.all : [reading.value];
  return all.some(
    (about) =>
      subjectKey(about.subject) === subjectKey(subject) &&
      !isOther(about.claimed, claimed) &&
      saysTheSame(about.tells, tells),
  );
};

/** Whether two claims are of two changes. A record's answer tells more than a call, so only what a call must hold counts. */
const isOther = (ours: Claim, seen: Claim): boolean => {
  if (ours?.kind === "role-trust" && seen?.kind === "role-trust")
    return documentForm(ours.document) !== documentForm(seen.document);
  return ours?.kind === "access-key" && seen?.kind === "access-key" && ours.status !== seen.status;
};

/** Whether a request that a record shows gives no other values than ours did. */
const saysTheSame = (ours: Tells | undefined, seen: Tells | undefined): boolean => {
  if (ours === undefined || seen === undefined) return true;
  const { fields = {}, document } = seen;
  if (document !== undefined && ours.document !== undefined && documentForm(document) !== documentForm(ours.document))
    return false;
  const sent = ours.fields ?? {};
  return Object.entries(fields).every(
    ([name, value]) => sent[name] === undefined || canonicalText(sent[name]) === canonicalText(value),
  );
};

/** A parameter that we did not send is noise of the transport; one that the record shows with stars may be ours. */
const isSameText = (sent: Call["parameters"][string] | undefined, seen: string): boolean =>
  sent === undefined || seen.includes("*") || String(sent).toLowerCase() === seen.toLowerCase();

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

const answered = ({ effect: _, note, ...made }: CallMade, { requestId }: WriteSeen): CallMade => ({
  ...made,
  requestId,
  note: `${note === undefined ? "" : `${note}; `}seen in the audit trail`,
});

/**
 * Keeps the cloud's own time of a write of ours: our clock may differ from the cloud's, and what happened before the write
 * and what after it is told by one clock alone.
 */
export const noteTimeOf = async (ledger: Ledger, incidentId: string, write: WriteSeen): Promise<void> => {
  if ((await ledger.incident(incidentId)) === undefined) return;
  const { callsMade, status, subject, found, remediation } = await ledger.update(incidentId, (incident) => ({
    ...incident,
    callsMade: incident.callsMade.map((made) =>
      made.requestId === write.requestId ? { ...made, recordedAt: write.occurredAt } : made,
    ),
  }));
  const left = found ?? remediation?.becomes;
  const wroteAt = lastRecordedAt(callsMade);
  // An incident that is not settled yet takes the time along when it is.
  if (status === "settled" && left !== undefined && wroteAt !== undefined)
    await ledger.noteWroteAt(subjectKey(refTo(subject, left)), incidentId, wroteAt);
};
