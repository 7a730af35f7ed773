import type { JsonObject } from "../domain/json.ts";
import type { OperationId, Service } from "../domain/operation-id.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { SubjectKind } from "../domain/subject.ts";
import type { PassedOver, TrailEvent, UnreadWrite } from "../domain/trail-event.ts";
import { catalogued, serviceNamed } from "../operations/catalogue.ts";
import type { About, CallRecord, OperationEntry } from "../operations/entry.ts";
import { entryOf } from "../operations/understood.ts";
import { actorOf } from "./actor.ts";
import { type Draft, isRaw, objectOf, type Raw, scalar, shown } from "./scalars.ts";
import { instantOf } from "./time.ts";
import { nearestSubject } from "./unread.ts";

/** What the wrapping of a record says, for what the record itself leaves out. */
export type Envelope = {
  readonly accountId: string | undefined;
  readonly time: unknown;
  /** The CloudEvents type, `ram:ActionTrail:ApiCall`. */
  readonly type: string | undefined;
  /** What was received, with this in the place of what it held: so that a record is kept with all that came around it. */
  readonly around?: (record: unknown) => unknown;
};

export const noEnvelope: Envelope = { accountId: undefined, time: undefined, type: undefined };

/** Longer than any id of the cloud; what is longer is no id and may not become a key of the ledger. */
const longestId = 200;

/**
 * What RAM's request ids are made of. Another one, a redacted one too, ties no write to a record of ours, and text of any
 * form may not reach a terminal or a message by it.
 */
const requestIdForm = /^[A-Za-z0-9-]{1,128}$/;

export const serviceNameOf = (raw: Raw): string | undefined => scalar(raw.serviceName);
export const eventNameOf = (raw: Raw): string | undefined => scalar(raw.eventName);
const eventIdOf = (raw: Raw): string | undefined => scalar(raw.eventId)?.slice(0, longestId);

/** What became of one record. */
export type Outcome =
  | { readonly kind: "event"; readonly event: TrailEvent }
  /** One call that changed several subjects. */
  | { readonly kind: "events"; readonly events: readonly TrailEvent[] }
  | { readonly kind: "passed-over"; readonly record: Omit<PassedOver, "where"> }
  | { readonly kind: "refused"; readonly reason: string; readonly write?: UnreadWrite };

const refused = (reason: string): Outcome => ({ kind: "refused", reason });

const passedOver = (raw: Raw, operation: string | undefined, reason: string): Outcome => ({
  kind: "passed-over",
  record: { eventId: eventIdOf(raw), operation, reason },
});

/** Another product's event: most of a feed. The cheap look says the same words without parsing. */
export const foreign = (eventId: string | undefined, service: string, name: string): Omit<PassedOver, "where"> => {
  const shownService = shown(service);
  return {
    eventId: eventId?.slice(0, longestId),
    operation: `${shownService}.${shown(name)}`,
    reason: `\`${shownService}\` is not an identity service`,
  };
};

const isInsight = (raw: Raw): boolean =>
  raw.eventType === "ActionTrailInsight" || raw.eventCategory === "Insight" || raw.insightDetails !== undefined;

const isPlatformEvent = (raw: Raw): boolean =>
  raw.eventProduct !== undefined || scalar(raw.eventType)?.startsWith("ALIYUN_INITIATED_") === true;

/** The reason to pass over what comes in an envelope of another kind than ActionTrail's, or undefined. */
export const otherEnvelope = (envelope: Envelope): string | undefined =>
  envelope.type === undefined || envelope.type.includes(":ActionTrail:")
    ? undefined
    : `\`${shown(envelope.type)}\` is not an event of ActionTrail`;

/** A record that names no service or no operation: other streams that share a Logstore or a bus, or nothing we know. */
const nameless = (raw: Raw, envelope: Envelope): Outcome => {
  const name = eventNameOf(raw);
  const operation = name === undefined ? undefined : shown(name);
  if (isInsight(raw)) return passedOver(raw, operation, "is an Insight event, not a management event");
  if (isPlatformEvent(raw)) return passedOver(raw, operation, "is a platform event, not a management event");
  const other = otherEnvelope(envelope);
  if (other !== undefined) return passedOver(raw, operation, other);
  if (name !== undefined) return refused("names no service: `serviceName` is missing");
  if (serviceNameOf(raw) !== undefined) return refused("names no operation: `eventName` is missing");
  return refused("is not an audit event: it has neither `serviceName` nor `eventName`");
};

/** Failed = an error code, or an error message that is not sign-in's `success` (`payloads.md` a.6). Messages are never shown. */
const failureOf = (raw: Raw): string | undefined => {
  const code = raw.errorCode;
  if (code !== undefined && code !== null && code !== "") {
    const text = scalar(code);
    if (text !== undefined) return `the call failed with \`${shown(text)}\``;
    if (typeof code !== "string") return "the call failed";
  }
  const message = raw.errorMessage;
  if (message === undefined || message === null || message === "") return undefined;
  const text = typeof message === "string" ? message.trim().toLowerCase() : "an odd message";
  return text === "" || text === "success" ? undefined : "the call failed";
};

const accessOf = (raw: Raw): string | undefined => scalar(raw.eventRW)?.toLowerCase();

/** Why a record of an identity service is no business of ours, before anything else of it is read. */
const besideReason = (raw: Raw): string | undefined => {
  const category = raw.eventCategory;
  if (category !== undefined && category !== null && category !== "Management") {
    const text = scalar(category);
    if (text !== undefined && text.toLowerCase() !== "management")
      return `is a \`${shown(text)}\` event, not a management event`;
  }
  if (isInsight(raw)) return "is an Insight event, not a management event";
  const failure = failureOf(raw);
  if (failure !== undefined) return failure;
  return accessOf(raw) === "read" ? "is a read" : undefined;
};

const empty: JsonObject = {};

/** The parameters, from the object or from its text form, whichever is there and not empty. */
const requestOf = (raw: Raw): JsonObject => {
  const given = objectOf(raw.requestParameters);
  if (given !== undefined) for (const _ in given) return given;
  return objectOf(raw.requestParameterJson) ?? given ?? empty;
};

const accountIdOf = (raw: Raw, identity: unknown, envelope: Envelope): string | undefined =>
  scalar(raw.recipientAccountId) ?? (isRaw(identity) ? scalar(identity.accountId) : undefined) ?? envelope.accountId;

/** What every successful write tells, whatever it wrote. */
type Write = CallRecord & { readonly eventId: string; readonly requestId: string };

const writeOf = (raw: Raw, envelope: Envelope): Result<Write, string> => {
  const identity = raw.userIdentity;
  const accountId = accountIdOf(raw, identity, envelope);
  if (accountId === undefined)
    return failed(
      "names no account: neither `recipientAccountId` nor `userIdentity.accountId` nor an envelope tells it",
    );
  const response = objectOf(raw.responseElements);
  const givenId = scalar(raw.requestId) ?? scalar(response?.RequestId) ?? "";
  const requestId = requestIdForm.test(givenId) ? givenId : "";
  const eventId = scalar(raw.eventId) ?? givenId;
  if (eventId === "") return failed("has neither `eventId` nor `requestId`");
  if (eventId.length > longestId || givenId.length > longestId || accountId.length > longestId)
    return failed(`has an id of more than ${longestId} characters`);
  const occurredAt = instantOf(raw.eventTime) ?? instantOf(envelope.time);
  if (occurredAt === undefined) return failed("has no readable `eventTime`");
  const request = requestOf(raw);
  const actor = actorOf(identity, accountId, request, scalar(raw.sourceIpAddress));
  return ok({ accountId, actor, occurredAt, request, response, eventId, requestId });
};

/** Parameters that say what a call is about: names, ids and kinds, and nothing that may be a secret. */
const naming = /^(?!.*(?:Secret|Password|Token|Code)).*(?:Name|Id|Type|Number|Status)$/;

const namesIn = (request: JsonObject): { readonly [name: string]: string } => {
  const names: [string, string][] = [];
  for (const [name, value] of Object.entries(request)) {
    const text = scalar(value);
    if (text !== undefined && text.length <= longestId && naming.test(name)) names.push([name, text]);
  }
  return Object.fromEntries(names);
};

/** A write that no entry judges, with what is needed to see whether our own acting role was misused for it. */
const unjudged = (raw: Raw, operation: string, reason: string, write: Result<Write, string>): Outcome => {
  if (!write.ok) return passedOver(raw, operation, reason);
  const { accountId, actor, requestId, occurredAt, request } = write.value;
  const made = { accountId, actor, requestId, occurredAt };
  const about = actor.kind === "role" ? { ...made, asked: namesIn(request) } : made;
  return { kind: "passed-over", record: { eventId: eventIdOf(raw), operation, reason, write: about } };
};

/** A write of an identity service that came to be after this catalogue: somebody has to look at what it does. */
const unknownWrite = (outcome: Outcome, service: Service, raw: Raw): Outcome => {
  // Much of ResourceManager has nothing to do with identities, and the catalogue leaves that out on purpose.
  if (outcome.kind !== "passed-over" || outcome.record.write === undefined || service === "ResourceManager")
    return outcome;
  const { write } = outcome.record;
  const unknown = nearestSubject(requestOf(raw), write.accountId, write.actor, false);
  return { ...outcome, record: { ...outcome.record, write: { ...write, unknown } } };
};

const understood = (raw: Raw, operation: OperationId, entry: OperationEntry, envelope: Envelope): Outcome => {
  const unread = (error: string): Outcome => ({
    kind: "refused",
    reason: `\`${operation}\` ${error}`,
    ...(entry.subject === "none" ? {} : { write: unreadOf(raw, operation, entry.subject, envelope) }),
  });
  const write = writeOf(raw, envelope);
  if (!write.ok) return unread(write.error);
  const reading = entry.read(write.value);
  if (!reading.ok) return unread(reading.error);
  if (reading.value.kind === "beside") return unjudged(raw, operation, reading.value.because, write);
  const found = reading.value;
  const eventOf = (about: About): TrailEvent => eventAbout(raw, operation, entry, write.value, about);
  return found.kind === "subject"
    ? { kind: "event", event: eventOf(found) }
    : { kind: "events", events: found.all.map(eventOf) };
};

/** What can be told of a write that is understood by its operation, and whose record lacks something. */
const unreadOf = (raw: Raw, operation: OperationId, kind: SubjectKind, envelope: Envelope): UnreadWrite => {
  const identity = raw.userIdentity;
  const accountId = accountIdOf(raw, identity, envelope)?.slice(0, longestId);
  const request = requestOf(raw);
  const actor = actorOf(identity, accountId ?? "", request, scalar(raw.sourceIpAddress));
  const requestId = scalar(raw.requestId) ?? "";
  const named = request.UserName ?? request.UserPrincipalName;
  const mayBeRoot = kind === "access-key" && actor.kind === "other" && scalar(named) === undefined;
  return {
    eventId: eventIdOf(raw) ?? requestId.slice(0, longestId),
    requestId: requestIdForm.test(requestId) ? requestId : "",
    operation,
    kind,
    subject: nearestSubject(request, accountId ?? "", actor, mayBeRoot),
    accountId,
    actor,
    occurredAt: instantOf(raw.eventTime) ?? instantOf(envelope.time),
    mayBeRoot,
  };
};

const eventAbout = (
  raw: Raw,
  operation: OperationId,
  { effect }: OperationEntry,
  { eventId, requestId, occurredAt, accountId, actor }: Write,
  { subject, claimed, leftOut, unseen, tells }: About,
): TrailEvent => {
  const agent = scalar(raw.userAgent);
  const event: Draft<TrailEvent> = {
    eventId,
    requestId,
    operation,
    occurredAt,
    accountId,
    actor,
    subject,
    claimed,
    effect,
  };
  if (agent !== undefined) event.userAgent = agent;
  if (leftOut !== undefined) event.leftOut = leftOut;
  if (unseen !== undefined) event.unseen = unseen;
  if (tells !== undefined) event.tells = tells;
  return event;
};

const own = (raw: Raw, service: Service, name: string, envelope: Envelope): Outcome => {
  const id = catalogued(service, name);
  const operation = id ?? `${service}.${shown(name)}`;
  const beside = besideReason(raw);
  if (beside !== undefined) return passedOver(raw, operation, beside);
  if (id === undefined) {
    const reason = `\`${operation}\` is not in the catalogue of writes`;
    return accessOf(raw) === "write"
      ? unknownWrite(unjudged(raw, operation, reason, writeOf(raw, envelope)), service, raw)
      : passedOver(raw, operation, reason);
  }
  const entry = entryOf(id);
  return entry === undefined
    ? unjudged(raw, operation, `\`${operation}\` is a write that no rule judges`, writeOf(raw, envelope))
    : understood(raw, id, entry, envelope);
};

/** What one audit record is: an event, no business of ours, or not to be understood. */
export const classify = (raw: Raw, envelope: Envelope): Outcome => {
  const serviceName = serviceNameOf(raw);
  const name = eventNameOf(raw);
  if (serviceName === undefined || name === undefined) return nameless(raw, envelope);
  const service = serviceNamed(serviceName);
  return service === undefined
    ? { kind: "passed-over", record: foreign(scalar(raw.eventId), serviceName, name) }
    : own(raw, service, name, envelope);
};
