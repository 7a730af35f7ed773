import { actorKey } from "../domain/identity.ts";
import { subjectKey } from "../domain/subject.ts";
import type { Intake, PassedOver, Refusal, TrailEvent } from "../domain/trail-event.ts";

/** Two services log one act with the same second, give or take the time that one call takes. */
const sameActMs = 2000;

type Kept = { readonly event: TrailEvent; readonly subject: string };

/** Gathers what a payload holds, in its order. Local to one call of `takeIn`. */
export type Collector = {
  readonly events: TrailEvent[];
  readonly passedOver: PassedOver[];
  readonly refusals: Refusal[];
  readonly byEventId: Map<string, TrailEvent>;
  readonly byRequest: Map<string, Kept[]>;
  readonly bySubject: Map<string, Kept[]>;
};

export const newCollector = (): Collector => ({
  events: [],
  passedOver: [],
  refusals: [],
  byEventId: new Map(),
  byRequest: new Map(),
  bySubject: new Map(),
});

export const intakeOf = ({ events, passedOver, refusals }: Collector): Intake => ({ events, passedOver, refusals });

const nameOf = (event: TrailEvent): string => event.operation.slice(event.operation.indexOf("."));
const serviceOf = (event: TrailEvent): string => event.operation.slice(0, event.operation.indexOf("."));

/** Two records of one act tell the same trust policy. Where they differ they are two acts, and both are kept. */
const claimsAgree = (a: TrailEvent, b: TrailEvent): boolean => {
  if (a.claimed?.kind !== "role-trust" || b.claimed?.kind !== "role-trust") return true;
  return a.claimed.document.replace(/\s/g, "") === b.claimed.document.replace(/\s/g, "");
};

const sameActInTwoServices = (a: TrailEvent, b: TrailEvent): boolean =>
  a.effect === b.effect &&
  Math.abs(a.occurredAt - b.occurredAt) <= sameActMs &&
  serviceOf(a) !== serviceOf(b) &&
  actorKey(a.actor) === actorKey(b.actor) &&
  claimsAgree(a, b);

/** How many earlier events of one subject are compared: a flood of one subject must not make intake quadratic. */
const compared = 32;

const twin = (into: Collector, event: TrailEvent, subject: string, request: string): TrailEvent | undefined => {
  if (event.requestId !== "") {
    const sameCall = into.byRequest.get(request)?.find((kept) => kept.subject === subject);
    if (sameCall !== undefined) return sameCall.event;
  }
  return into.bySubject
    .get(subject)
    ?.slice(-compared)
    .find((kept) => sameActInTwoServices(kept.event, event))?.event;
};

const append = (to: Map<string, Kept[]>, key: string, kept: Kept): void => {
  const list = to.get(key);
  if (list === undefined) to.set(key, [kept]);
  else list.push(kept);
};

/**
 * Keeps an event, unless it reports a change that an earlier record of this payload reported already: the same event
 * (two trails with one destination), the same call (two routes), or one act that two services logged.
 */
export const keep = (into: Collector, event: TrailEvent, where: string): void => {
  const byId = `${event.accountId}/${event.eventId}`;
  const subject = subjectKey(event.subject);
  const request = `${event.accountId}/${event.requestId}/${nameOf(event)}`;
  const earlier = into.byEventId.get(byId) ?? twin(into, event, subject, request);
  if (earlier !== undefined) {
    const reason = `reports the same change as event \`${earlier.eventId}\`, which is kept`;
    into.passedOver.push({ where, eventId: event.eventId, operation: event.operation, reason });
    return;
  }
  into.events.push(event);
  into.byEventId.set(byId, event);
  const kept = { event, subject };
  if (event.requestId !== "") append(into.byRequest, request, kept);
  append(into.bySubject, subject, kept);
};

export const refuse = (into: Collector, where: string, reason: string): void => {
  into.refusals.push({ where, reason });
};
