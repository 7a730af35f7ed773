import { type Collector, keep, passOver, refuse } from "./collector.ts";
import { classify, type Envelope, eventNameOf, otherEnvelope, serviceNameOf } from "./record.ts";
import { camelCased, isRaw, type Raw, scalar } from "./scalars.ts";

/** An envelope in an array in a body in a response: deeper than this nobody wraps, and a cycle has no end. */
const deepest = 8;

/** Where lists of records are found: LookupEvents, OSS triggers, SLS pulls. */
const lists: readonly string[] = ["events", "logs", "logGroups", "logGroupList"];

const envelopeOf = (raw: Raw, outer: Envelope): Envelope => ({
  accountId:
    scalar(raw.aliyunaccountid) ?? scalar(raw.aliyunoriginalaccountid) ?? scalar(raw.owner_id) ?? outer.accountId,
  time: raw.time ?? raw.__time__ ?? outer.time,
  type: scalar(raw.type) ?? outer.type,
});

/** A payload of Function Compute's own triggers: it says that there is something, and holds none of it. */
const emptyTrigger = (raw: Raw): string | undefined => {
  if (isRaw(raw.source) && scalar(raw.source.logstoreName) !== undefined)
    return "is an SLS trigger's payload: it names a range of logs and holds none, so they have to be pulled first";
  if (isRaw(raw.oss)) return "is an OSS trigger's record: it names an object and does not hold its events";
  if (scalar(raw.triggerName) !== undefined && scalar(raw.triggerTime) !== undefined)
    return "is a timer trigger's payload: it holds no audit event";
  if (scalar(raw.rawPath) !== undefined && isRaw(raw.requestContext))
    return "is an HTTP trigger's request: audit events are not taken from there";
  return undefined;
};

/** SLS's own list of pairs, `contents: [{key, value}]`, as one object. */
const fromPairs = (pairs: readonly unknown[]): Raw => {
  const members: { [key: string]: unknown } = Object.create(null);
  for (const pair of pairs) {
    if (!isRaw(pair)) continue;
    const key = scalar(pair.key ?? pair.Key);
    if (key !== undefined) members[key] = pair.value ?? pair.Value;
  }
  return members;
};

/** Members of an event that are objects of objects; in the others, what follows a point is part of a name (`Tag.1.Key`). */
const nested: readonly string[] = ["userIdentity", "responseElements", "additionalEventData", "insightDetails"];

/** A column of SLS, `event.userIdentity.accountId`, as the way to its value within the event. */
const wayOf = (column: string): readonly string[] => {
  const [, member = "", ...rest] = column.split(".");
  return rest.length === 0 || nested.includes(member) ? [member, ...rest] : [member, rest.join(".")];
};

const columnPrefix = "event.";

/** An event whose members came as columns of their own, as SLS shows and exports them; undefined where none did. */
const fromColumns = (raw: Raw): Raw | undefined => {
  if (raw["event.eventName"] === undefined && raw["event.serviceName"] === undefined) return undefined;
  const event: { [key: string]: unknown } = Object.create(null);
  for (const column of Object.keys(raw)) {
    if (!column.startsWith(columnPrefix)) continue;
    const way = wayOf(column);
    if (way.length > deepest || way.includes("__proto__")) continue;
    let at = event;
    for (const part of way.slice(0, -1)) {
      const there = at[part];
      const next = isRaw(there) ? (there as { [key: string]: unknown }) : {};
      at[part] = next;
      at = next;
    }
    const last = way.at(-1) ?? "";
    // A whole member beside its own parts says more than they do.
    if (!isRaw(at[last])) at[last] = raw[column];
  }
  return event;
};

/** `isTakenApart` of what holds a record in pieces: that is kept as it is. */
type Held = { readonly key: string; readonly value: unknown; readonly isTakenApart?: true };

/** What a record or its wrapping holds inside, by the name of the member that holds it. */
const inside = (raw: Raw): Held | undefined => {
  if (raw.data !== undefined && raw.data !== null) return { key: "data", value: raw.data };
  if (typeof raw.event === "string" || isRaw(raw.event)) return { key: "event", value: raw.event };
  const event = fromColumns(raw);
  if (event !== undefined) return { key: "event", value: event, isTakenApart: true };
  for (const key of lists) if (Array.isArray(raw[key])) return { key, value: raw[key] };
  if (Array.isArray(raw.contents)) return { key: "contents", value: fromPairs(raw.contents), isTakenApart: true };
  const isAnswer = raw.statusCode !== undefined || raw.headers !== undefined;
  return isAnswer && raw.body !== undefined && raw.body !== null && raw.rawPath === undefined
    ? { key: "body", value: raw.body }
    : undefined;
};

/** A record in all that came around it, which it takes to be taken in again. */
const wrapped = (record: unknown, { around }: Envelope): unknown => (around === undefined ? record : around(record));

const wrapping =
  (given: Raw, key: string, { isTakenApart }: Held, outer: Envelope) =>
  (record: unknown): unknown =>
    wrapped(isTakenApart === true ? given : { ...given, [key]: record }, outer);

/** Puts one audit record into exactly one of events, passed over, refusals. */
const takeRecord = (raw: Raw, where: string, envelope: Envelope, into: Collector): void => {
  const outcome = classify(raw, envelope);
  if (outcome.kind === "event") keep(into, outcome.event, where);
  else if (outcome.kind === "events") for (const event of outcome.events) keep(into, event, where);
  else if (outcome.kind === "refused") refuse(into, where, outcome.reason, wrapped(raw, envelope), outcome.write);
  else passOver(into, where, outcome.record);
};

/** Whatever else it carries, what names a service and an operation is an audit event: unknown extras change nothing. */
const isEvent = (raw: Raw): boolean => serviceNameOf(raw) !== undefined && eventNameOf(raw) !== undefined;

const takeObject = (given: Raw, where: string, depth: number, envelope: Envelope, into: Collector): void => {
  if (isEvent(given)) {
    takeRecord(given, where, envelope, into);
    return;
  }
  const raw = camelCased(given);
  if (raw !== given && isEvent(raw)) takeRecord(raw, where, envelope, into);
  else takeWrapping(raw, given, where, depth, envelope, into);
};

/** What is no event by itself: an envelope, a list, a trigger's payload, or nothing we know. */
const takeWrapping = (
  raw: Raw,
  given: Raw,
  where: string,
  depth: number,
  envelope: Envelope,
  into: Collector,
): void => {
  const held = inside(raw);
  if (held !== undefined) {
    const key = held.key in given ? held.key : `${held.key[0]?.toUpperCase()}${held.key.slice(1)}`;
    // A list is no envelope: what stands beside it (a page token, a time range) is not about its records.
    const inner = lists.includes(held.key)
      ? envelope
      : { ...envelopeOf(raw, envelope), around: wrapping(given, key, held, envelope) };
    takeValue(held.value, `${where}.${key}`, depth + 1, inner, into);
    return;
  }
  const trigger = emptyTrigger(raw);
  if (trigger === undefined) takeRecord(raw, where, envelope, into);
  else refuse(into, where, trigger, wrapped(raw, envelope));
};

/** Said instead of what an error says, because that may quote the record. */
const unreadable = "could not be read";

/** Runs one step; what it throws becomes a refusal. */
export const guarded = (where: string, into: Collector, step: () => void): void => {
  try {
    step();
  } catch {
    refuse(into, where, unreadable, undefined);
  }
};

const takeArray = (
  list: readonly unknown[],
  where: string,
  depth: number,
  envelope: Envelope,
  into: Collector,
): void => {
  for (let index = 0; index < list.length; index++) {
    const at = `${where}[${index}]`;
    // A record that cannot even be read (a getter that throws, a revoked proxy) costs itself and nothing beside it.
    try {
      takeValue(list[index], at, depth + 1, envelope, into);
    } catch {
      refuse(into, at, unreadable, undefined);
    }
  }
};

/** A string inside a payload: JSON once more (`data`, `event`, `body`), or no record at all. */
const takeNestedText = (text: string, where: string, depth: number, envelope: Envelope, into: Collector): void => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const reason = otherEnvelope(envelope);
    if (reason === undefined) refuse(into, where, "is text that is not JSON", wrapped(text, envelope));
    else passOver(into, where, { eventId: undefined, operation: undefined, reason });
    return;
  }
  takeValue(value, where, depth, envelope, into);
};

/** Takes in a value that is parsed already, whatever it is. */
export const takeValue = (value: unknown, where: string, depth: number, envelope: Envelope, into: Collector): void => {
  if (depth > deepest) refuse(into, where, "is nested too deep to be a feed of audit events", value);
  else if (typeof value === "string") takeNestedText(value, where, depth + 1, envelope, into);
  else if (Array.isArray(value)) takeArray(value, where, depth, envelope, into);
  else if (isRaw(value)) takeObject(value, where, depth, envelope, into);
  else
    refuse(
      into,
      where,
      `is ${value === null ? "null" : `a value of type \`${typeof value}\``}, not an audit event`,
      value,
    );
};
