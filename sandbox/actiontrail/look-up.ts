import { createHash } from "node:crypto";
import { ApiError } from "../api-error.ts";
import { stamp } from "../instants.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import type { Work } from "../operation.ts";
import type { Params } from "../params.ts";
import { countBelow, timelineOf } from "../trail/timeline.ts";

const dayMs = 24 * 3600 * 1000;
const usualMs = 7 * dayMs;
const furthestMs = 90 * dayMs;

const bad = (code: string, message: string): ApiError => new ApiError(400, code, message);

type Attribute = { readonly key: string; readonly value: string };

/** Pairs of attributes that the service takes; the order in a pair does not matter (`payloads.md` §d). */
const pairs: Readonly<Record<string, readonly string[]>> = {
  ServiceName: [
    "EventName",
    "User",
    "PrincipalId",
    "RoleName",
    "ResourceName",
    "EventRW",
    "SensitiveAction",
    "EventType",
  ],
  ResourceName: ["ResourceType", "EventName", "User", "RoleName", "ServiceName"],
  EventType: ["EventName"],
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const names = (value: unknown): readonly string[] => text(value).split(/[,;]/);

const identity = (event: JsonObject): JsonObject => (isObject(event.userIdentity) ? event.userIdentity : {});

/** What each attribute compares, exactly and with case. */
const fields: Readonly<Record<string, (event: JsonObject) => readonly string[]>> = {
  ServiceName: (event) => [text(event.serviceName)],
  EventName: (event) => [text(event.eventName)],
  EventId: (event) => [text(event.eventId)],
  EventRW: (event) => [text(event.eventRW)],
  EventType: (event) => [text(event.eventType)],
  ResourceType: (event) => names(event.resourceType),
  ResourceName: (event) => names(event.resourceName),
  SourceIpAddress: (event) => [text(event.sourceIpAddress)],
  User: (event) => [text(identity(event).userName)],
  PrincipalId: (event) => [text(identity(event).principalId)],
  EventAccessKeyId: (event) => [text(identity(event).accessKeyId)],
  RoleName: (event) =>
    identity(event).type === "assumed-role" ? [text(identity(event).userName).split(":")[0] ?? ""] : [],
  SensitiveAction: (event) => [isObject(event.eventAttributes) ? text(event.eventAttributes.SensitiveAction) : ""],
};

/** At most two count; of the same key twice only the second does. */
const attributesIn = (params: Params): readonly Attribute[] => {
  const given: Attribute[] = [];
  for (const index of [1, 2]) {
    const key = params[`LookupAttribute.${index}.Key`];
    const value = params[`LookupAttribute.${index}.Value`];
    if (key === undefined && value === undefined) continue;
    if (key === undefined || value === undefined || !Object.hasOwn(fields, key)) {
      throw bad("InvalidQueryParameter", `The lookup attribute ${key ?? index} is not valid.`);
    }
    given.push({ key, value });
  }
  const [first, second] = given;
  if (first === undefined || second === undefined) return given;
  if (first.key === second.key) return [second];
  const paired = pairs[first.key]?.includes(second.key) || pairs[second.key]?.includes(first.key);
  if (!paired) throw bad("InvalidQueryParameter", `${first.key} and ${second.key} cannot be combined.`);
  return given;
};

const instant = (value: string, code: string): number => {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw bad(code, `The time ${value} is not of the form yyyy-MM-ddTHH:mm:ssZ.`);
  return at;
};

/** Both ends or neither; seven days unless told, and nothing older than ninety. */
const windowIn = ({ params, at }: Work): readonly [number, number] => {
  const { StartTime, EndTime } = params;
  if (StartTime === undefined && EndTime === undefined) return [at - usualMs, at];
  if (StartTime === undefined) throw bad("InvalidParameterStartTime", "StartTime is missing.");
  if (EndTime === undefined) throw bad("InvalidParameterEndTime", "EndTime is missing.");
  const [start, end] = [instant(StartTime, "InvalidParameterStartTime"), instant(EndTime, "InvalidParameterEndTime")];
  if (end < start) throw bad("InvalidParameterCombination", "EndTime is before StartTime.");
  return [Math.max(start, at - furthestMs), end];
};

const sizeIn = (params: Params): number => {
  const { MaxResults = "20" } = params;
  const size = Number(MaxResults);
  if (!/^\d+$/.test(MaxResults) || size < 1 || size > 50) {
    throw bad("InvalidQueryParameter", "MaxResults must be a text of 1 to 50.");
  }
  return size;
};

/** Ties a token to its query: the other parameters must be identical to the first request. */
const fingerprint = (params: Params): string => {
  const rest = Object.entries(params).filter(([name]) => name !== "NextToken");
  return createHash("sha256").update(JSON.stringify(rest.sort())).digest("hex").slice(0, 16);
};

const tokenFor = (params: Params, after: string): string =>
  Buffer.from(JSON.stringify({ query: fingerprint(params), after })).toString("base64url");

/** The id of the last event of the page before; undefined for the first page. */
const lastBefore = (params: Params): unknown => {
  const token = params.NextToken;
  if (token === undefined || token === "") return undefined;
  const read = parseJson(Buffer.from(token, "base64url").toString());
  if (!isObject(read) || read.query !== fingerprint(params)) {
    throw bad("InvalidQueryParameter", "NextToken does not belong to this query.");
  }
  return read.after;
};

/** LookupEvents over all that was recorded, a page at a time (`payloads.md` §d). */
export const lookUpEvents = (work: Work): JsonObject => {
  const { params, trail, visibleUntil } = work;
  const [start, end] = windowIn(work);
  const attributes = attributesIn(params);
  const size = sizeIn(params);
  const direction = params.Direction ?? "BACKWARD";
  if (direction !== "FORWARD" && direction !== "BACKWARD")
    throw bad("InvalidQueryParameter", "Direction is not valid.");
  const { events, times, places } = timelineOf(trail);
  const isMatch = (event: JsonObject): boolean =>
    attributes.every(({ key, value }) => fields[key]?.(event).includes(value) === true);
  const [first, beyond] = [
    countBelow(times, Math.floor(start / 1000) * 1000),
    countBelow(times, Math.min(end, visibleUntil) + 1),
  ];
  const step = direction === "FORWARD" ? 1 : -1;
  const last = places.get(lastBefore(params));
  const Events: JsonObject[] = [];
  let hasMore = false;
  let place = last === undefined ? (direction === "FORWARD" ? first : beyond - 1) : last + step;
  for (; !hasMore && place >= first && place < beyond; place += step) {
    const event = events[place];
    if (event === undefined || !isMatch(event)) continue;
    if (Events.length === size) hasMore = true;
    else Events.push(event);
  }
  return {
    StartTime: stamp(start),
    EndTime: stamp(end),
    Events,
    ...(hasMore ? { NextToken: tokenFor(params, text(Events.at(-1)?.eventId)) } : {}),
  };
};
