import { claimsAgree } from "../domain/claim-text.ts";
import { actorKey } from "../domain/identity.ts";
import { subjectKey } from "../domain/kinds.ts";
import type { SubjectRef } from "../domain/subject.ts";
import type { Intake, PassedOver, Refusal, TrailEvent, UnreadWrite } from "../domain/trail-event.ts";
import { rememberRefused } from "./refused-records.ts";

/** Two services log one act with the same second, give or take the time that one call takes. */
const sameActMs = 2000;

/** How many earlier events of one name are compared: a flood on one subject must not make intake quadratic. */
const compared = 64;

/** One event of a key is the rule, and costs no list. */
type Index = Map<string, TrailEvent | TrailEvent[]>;

/** Gathers what a payload holds, in its order. Local to one call of `takeIn`. */
export type Collector = {
  readonly events: TrailEvent[];
  readonly passedOver: PassedOver[];
  readonly refusals: Refusal[];
  /** Made when a second event comes: most payloads hold one, or none. */
  known: Known | undefined;
};

/** Kept events by what the reports of one change have in common, whichever way they come. */
type Known = {
  readonly byEventId: Index;
  /** Only events whose request has another id than they have: mostly the two are one. */
  readonly byRequestId: Index;
  readonly byName: Index;
};

export const newCollector = (): Collector => ({
  events: [],
  passedOver: [],
  refusals: [],
  known: undefined,
});

export const intakeOf = ({ events, passedOver, refusals }: Collector): Intake => ({ events, passedOver, refusals });

const nameOf = (event: TrailEvent): string => event.operation.slice(event.operation.indexOf(".") + 1);
const serviceOf = (event: TrailEvent): string => event.operation.slice(0, event.operation.indexOf("."));

/** A cheap key that is the same for two spellings of one subject; `subjectKey` then decides. */
const nameUnder = (subject: SubjectRef): string => {
  switch (subject.kind) {
    case "role-trust":
      return subject.roleName.toLowerCase();
    case "access-key":
      return subject.accessKeyId ?? "";
    case "grant":
      return subject.principal.name.toLowerCase();
    default:
      return subjectKey(subject);
  }
};

const sameSubject = (a: TrailEvent, b: TrailEvent): boolean => subjectKey(a.subject) === subjectKey(b.subject);

/** Two records of one act tell the same of one subject. Where they differ they are two acts, and both are kept. */
const sameMatter = (a: TrailEvent, b: TrailEvent): boolean => sameSubject(a, b) && claimsAgree(a.claimed, b.claimed);

const sameCall = (a: TrailEvent, b: TrailEvent): boolean =>
  a.requestId === b.requestId && a.accountId === b.accountId && nameOf(a) === nameOf(b) && sameMatter(a, b);

const sameActInTwoServices = (a: TrailEvent, b: TrailEvent): boolean =>
  a.operation !== b.operation &&
  Math.abs(a.occurredAt - b.occurredAt) <= sameActMs &&
  a.effect === b.effect &&
  serviceOf(a) !== serviceOf(b) &&
  actorKey(a.actor) === actorKey(b.actor) &&
  sameMatter(a, b);

const find = (
  index: Index,
  key: string,
  event: TrailEvent,
  isSame: (a: TrailEvent, b: TrailEvent) => boolean,
): TrailEvent | undefined => {
  const among = index.get(key);
  if (among === undefined) return undefined;
  if (!Array.isArray(among)) return isSame(among, event) ? among : undefined;
  for (let at = Math.max(0, among.length - compared); at < among.length; at++) {
    const candidate = among[at];
    if (candidate !== undefined && isSame(candidate, event)) return candidate;
  }
  return undefined;
};

/** An id alone is no proof: whoever can put records into a feed can give one the id of another. */
const sameEvent = (a: TrailEvent, b: TrailEvent): boolean =>
  a.accountId === b.accountId && a.operation === b.operation && sameMatter(a, b);

/** The kept event that reports the same change: the same event, the same call, or one act that two services logged. */
const twin = (into: Known, event: TrailEvent, name: string): TrailEvent | undefined => {
  const { eventId, requestId } = event;
  return (
    find(into.byEventId, eventId, event, sameEvent) ??
    (requestId === eventId || requestId === "" ? undefined : find(into.byEventId, requestId, event, sameCall)) ??
    (into.byRequestId.size === 0 || requestId === ""
      ? undefined
      : find(into.byRequestId, requestId, event, sameCall)) ??
    find(into.byName, name, event, sameActInTwoServices)
  );
};

const append = (to: Index, key: string, event: TrailEvent): void => {
  const there = to.get(key);
  if (there === undefined) to.set(key, event);
  else if (Array.isArray(there)) there.push(event);
  else to.set(key, [there, event]);
};

const remember = (into: Known, event: TrailEvent, name: string): void => {
  append(into.byEventId, event.eventId, event);
  if (event.requestId !== event.eventId) append(into.byRequestId, event.requestId, event);
  append(into.byName, name, event);
};

const knowing = (events: readonly TrailEvent[]): Known => {
  const known = { byEventId: new Map(), byRequestId: new Map(), byName: new Map() };
  for (const event of events) remember(known, event, nameUnder(event.subject));
  return known;
};

/**
 * Keeps an event, unless an earlier record of this payload reported the same change already: two trails with one
 * destination deliver an event twice, two routes report one call, and two services may log one act.
 */
export const keep = (into: Collector, event: TrailEvent, where: string): void => {
  if (into.events.length === 0) {
    into.events.push(event);
    return;
  }
  into.known ??= knowing(into.events);
  const name = nameUnder(event.subject);
  const earlier = twin(into.known, event, name);
  if (earlier === undefined) {
    into.events.push(event);
    remember(into.known, event, name);
    return;
  }
  const reason = `reports the same change as event \`${earlier.eventId}\`, which is kept`;
  into.passedOver.push({ where, eventId: event.eventId, operation: event.operation, reason });
};

export const passOver = (into: Collector, where: string, record: Omit<PassedOver, "where">): void => {
  const { eventId, operation, reason, write } = record;
  into.passedOver.push(
    write === undefined ? { where, eventId, operation, reason } : { where, eventId, operation, reason, write },
  );
};

/** Refuses a record, which is kept to be looked at and taken in again. */
export const refuse = (into: Collector, where: string, reason: string, record: unknown, write?: UnreadWrite): void => {
  const refusal: Refusal = write === undefined ? { where, reason } : { where, reason, write };
  rememberRefused(refusal, record);
  into.refusals.push(refusal);
};
