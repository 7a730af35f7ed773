import { isJsonObject, type Json } from "../domain/json.ts";
import { failed, ok } from "../domain/result.ts";
import type { Trail, TrailQuery } from "../ports/cloud.ts";
import type { Clock } from "../ports/world.ts";
import { textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import type { Parameters, Transport } from "./transport.ts";

/** Every operation of ActionTrail that is called here; the looking role may do these and no others. */
export const actionTrailReads = ["LookupEvents"] as const;

const operation = `ActionTrail.${actionTrailReads[0]}`;

type Attribute = { readonly key: string; readonly value: string; readonly field: string };

/** What a query filters by, the narrowest first. */
const attributesOf = (query: TrailQuery): readonly Attribute[] => {
  const wanted: (Attribute | undefined)[] = [
    attribute("ResourceName", query.resourceName, "resourceName"),
    attribute("EventName", query.eventName, "eventName"),
    attribute("ServiceName", query.service, "serviceName"),
    attribute("EventRW", query.writesOnly === true ? "Write" : undefined, "eventRW"),
  ];
  return wanted.filter((one) => one !== undefined);
};

const attribute = (key: string, value: string | undefined, field: string): Attribute | undefined =>
  value === undefined ? undefined : { key, value, field };

/** The pairs that LookupEvents takes; any other pair is refused or half ignored (`payloads.md` §d). */
const pairs = new Set([
  "ResourceName+EventName",
  "ResourceName+ServiceName",
  "EventName+ServiceName",
  "ServiceName+EventRW",
]);

/** At most two attributes can be sent; what remains is filtered here. */
const divide = (wanted: readonly Attribute[]): { sent: readonly Attribute[]; kept: readonly Attribute[] } => {
  const [first] = wanted;
  if (first === undefined) return { sent: [], kept: [] };
  const second = wanted.find((one) => pairs.has(`${first.key}+${one.key}`));
  const sent = second === undefined ? [first] : [first, second];
  return { sent, kept: wanted.filter((one) => !sent.includes(one)) };
};

/** `2026-11-22T01:18:25Z`: the API takes whole seconds, so both ends are widened to hold the whole range. */
const second = (ms: number, round: (value: number) => number): string =>
  `${new Date(round(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;

const parametersOf = (query: TrailQuery, sent: readonly Attribute[], nextToken: string | undefined): Parameters => {
  const parameters: { [name: string]: string | undefined } = {
    StartTime: second(query.from, Math.floor),
    EndTime: second(query.to, Math.ceil),
    Direction: "FORWARD",
    // A string by the API's own definition, and 50 is the most.
    MaxResults: "50",
    NextToken: nextToken,
  };
  for (const [index, { key, value }] of sent.entries()) {
    parameters[`LookupAttribute.${index + 1}.Key`] = key;
    parameters[`LookupAttribute.${index + 1}.Value`] = value;
  }
  return parameters;
};

/** An event that does not say is kept: taking in decides, not this filter. */
const matches = (event: Json, kept: readonly Attribute[]): boolean =>
  !isJsonObject(event) || kept.every(({ field, value }) => event[field] === undefined || event[field] === value);

/** LookupEvents bears two calls a second and account. https://www.alibabacloud.com/help/en/actiontrail */
const defaultSpacingMs = 500;

/**
 * Pages of raw audit events by `LookupEvents`, no faster than the service bears. `spacingMs` is the least time between
 * two calls; 500 unless given.
 */
export const trail = (send: Transport, clock: Clock, options: { readonly spacingMs?: number } = {}): Trail => {
  const spacing = options.spacingMs ?? defaultSpacingMs;
  let free = 0;
  const takeTurn = async (): Promise<void> => {
    const now = clock.now();
    const turn = Math.max(now, free);
    free = turn + spacing;
    if (turn > now) await clock.sleep(turn - now);
  };
  return async (query, nextToken) => {
    const { sent, kept } = divide(attributesOf(query));
    await takeTurn();
    const result = await send({
      service: "ActionTrail",
      operation: actionTrailReads[0],
      parameters: parametersOf(query, sent, nextToken),
      effect: "read",
    });
    if (!result.ok) return result;
    const { Events: events } = result.value.body;
    if (!Array.isArray(events)) return failed(unexpectedAnswer(operation, "read", result.value.requestId));
    const next = textAt(result.value.body, "NextToken");
    const more = next !== undefined && next !== "" && next !== nextToken;
    return ok({ events: events.filter((event) => matches(event, kept)), ...(more ? { nextToken: next } : {}) });
  };
};
