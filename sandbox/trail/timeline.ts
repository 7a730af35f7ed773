import type { JsonObject } from "../json.ts";

/** Events in the order of their times, with where each is. */
export type Timeline = {
  readonly events: readonly JsonObject[];
  /** Epoch milliseconds, never falling. */
  readonly times: readonly number[];
  readonly places: ReadonlyMap<unknown, number>;
};

type Growing = { readonly times: number[]; readonly places: Map<unknown, number>; isOrdered: boolean };

const timeOf = ({ eventTime }: JsonObject): number => Date.parse(String(eventTime));

const known = new WeakMap<readonly JsonObject[], Growing>();

/**
 * The timeline of a trail that only grows. What was looked at once is not looked at again: an account that is under way for
 * long is asked for its newest events over and over.
 */
export const timelineOf = (trail: readonly JsonObject[]): Timeline => {
  const line: Growing = known.get(trail) ?? { times: [], places: new Map(), isOrdered: true };
  known.set(trail, line);
  for (const event of trail.slice(line.times.length)) {
    const at = timeOf(event);
    line.isOrdered &&= at >= (line.times.at(-1) ?? Number.NEGATIVE_INFINITY);
    line.places.set(event.eventId, line.times.length);
    line.times.push(at);
  }
  return line.isOrdered ? { events: trail, ...line } : inOrder(trail);
};

/** A trail that was loaded may have been written in any order. What has no time is not found by one. */
const inOrder = (trail: readonly JsonObject[]): Timeline => {
  const events = trail.filter((event) => !Number.isNaN(timeOf(event))).sort((a, b) => timeOf(a) - timeOf(b));
  return {
    events,
    times: events.map(timeOf),
    places: new Map(events.map(({ eventId }, place) => [eventId, place])),
  };
};

/** How many of rising numbers are below a limit. */
export const countBelow = (times: readonly number[], limit: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
