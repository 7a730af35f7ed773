import fc from "fast-check";
import { expect, it } from "vitest";
import { lookUpEvents } from "../../sandbox/actiontrail/look-up.ts";
import type { JsonObject } from "../../sandbox/json.ts";
import type { Work } from "../../sandbox/operation.ts";

const start = Date.UTC(2026, 10, 22);
const textOf = (second: number): string => new Date(start + second * 1000).toISOString().replace(".000", "");

type Query = { readonly from: number; readonly to: number; readonly name?: string; readonly direction: string };

/** All pages of one look-up, one event after the other. */
const walk = (trail: readonly JsonObject[], query: Query, size: number, visibleUntil: number): readonly unknown[] => {
  const params = {
    StartTime: textOf(query.from),
    EndTime: textOf(query.to),
    MaxResults: String(size),
    Direction: query.direction,
    ...(query.name === undefined
      ? {}
      : { "LookupAttribute.1.Key": "EventName", "LookupAttribute.1.Value": query.name }),
  };
  const found: unknown[] = [];
  for (let token: unknown; ; ) {
    const given = token === undefined ? params : { ...params, NextToken: String(token) };
    const work = { params: given, trail, visibleUntil, at: start + 3_600_000 } as unknown as Work;
    const page = lookUpEvents(work);
    const events = page.Events as readonly JsonObject[];
    expect(events.length).toBeLessThanOrEqual(size);
    found.push(...events.map(({ eventId }) => eventId));
    token = page.NextToken;
    if (token === undefined) return found;
  }
};

/** The same by looking at each event. */
const plainly = (trail: readonly JsonObject[], { from, to, name, direction }: Query, until: number): unknown[] => {
  const timeOf = ({ eventTime }: JsonObject): number => Date.parse(String(eventTime));
  const matching = trail
    .filter((event) => timeOf(event) >= start + from * 1000 && timeOf(event) <= Math.min(start + to * 1000, until))
    .filter(({ eventName }) => name === undefined || eventName === name)
    .sort((a, b) => timeOf(a) - timeOf(b));
  return (direction === "FORWARD" ? matching : matching.reverse()).map(({ eventId }) => eventId);
};

const seconds = fc.integer({ min: 0, max: 30 });
const names = fc.constantFrom("CreateUser", "UpdateRole", "ListUsers");
const trails = fc
  .array(fc.tuple(seconds, names), { maxLength: 60 })
  .map((all) => all.map(([at, eventName], place) => ({ eventId: `E-${place}`, eventTime: textOf(at), eventName })));
const queries = fc.record(
  { from: seconds, more: seconds, name: names, direction: fc.constantFrom("FORWARD", "BACKWARD") },
  { requiredKeys: ["from", "more", "direction"] },
);

it("a look-up finds what looking at each event finds, in whatever order a trail was written, and while it grows", () => {
  fc.assert(
    fc.property(
      trails,
      trails,
      queries,
      fc.integer({ min: 1, max: 7 }),
      seconds,
      fc.boolean(),
      (first, then, { from, more, ...rest }, size, until, isInOrder) => {
        const trail: JsonObject[] = [];
        const query = { from, to: from + more, ...rest };
        const visibleUntil = start + until * 1000;
        for (const grown of [first, then]) {
          const renamed = grown.map((event) => ({ ...event, eventId: `${event.eventId}-${trail.length}` }));
          trail.push(...renamed);
          if (isInOrder) trail.sort((a, b) => (String(a.eventTime) < String(b.eventTime) ? -1 : 1));
          expect(walk([...trail], query, size, visibleUntil)).toEqual(plainly(trail, query, visibleUntil));
        }
        // One and the same list, that only grows.
        const growing: JsonObject[] = [];
        for (const event of trail) {
          growing.push(event);
          if (growing.length % 9 === 0)
            expect(walk(growing, query, size, visibleUntil)).toEqual(plainly(growing, query, visibleUntil));
        }
      },
    ),
    { numRuns: 200 },
  );
});
