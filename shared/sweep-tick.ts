import { StoreUnavailable } from "./ports/state-store.ts";
import type { World } from "./ports/world.ts";

/** What the steps of one tick share: their time, what went wrong in them, and what does not answer in time. */
export type Tick = {
  /** Whether something new may be begun. */
  readonly isTime: () => boolean;
  /** The same tick with a part of the time that is left, so that no step takes it all from those behind it. */
  readonly share: (part: number) => Tick;
  /**
   * Runs a step, or a part of one. A fault of our own in it is logged and said, and keeps nothing else from being done:
   * `otherwise` stands for what it would have come to. Rejects only when the state store does not answer.
   */
  readonly contained: <Value>(what: string, run: () => Promise<Value>, otherwise: Value) => Promise<Value>;
  /** What ended in faults, a line for each part. */
  readonly problems: () => readonly string[];
  /** Runs what asks the cloud for things of one sort, and notes where that took long and came to nothing. */
  readonly asking: <Value>(
    sort: string,
    run: () => Promise<Value>,
    isInVain: (value: Value) => boolean,
  ) => Promise<Value>;
  /** Whether a sort is left alone until the next tick: it has kept us waiting in vain twice. */
  readonly isOut: (sort: string) => boolean;
};

/** What takes so long and comes to nothing has waited for answers that did not come, milliseconds. */
const longMs = 5_000;
const mostInVain = 2;
/** A step that had less would not get to its first subject, and a tick of less is not divided, milliseconds. */
const leastMs = 15_000;

/** `goesOn` is asked each time that something new is to be begun, and at the beginning of each part. */
export const tickUntil = (
  world: Pick<World, "clock" | "log">,
  until: number,
  goesOn: () => boolean = () => true,
): Tick => {
  const { clock, log } = world;
  const faults = new Map<string, number>();
  const inVain = new Map<string, number>();
  const within = (end: number): Tick => ({
    isTime: () => goesOn() && clock.now() < end,
    share: (part) => {
      const left = end - clock.now();
      return within(clock.now() + Math.max(left * part, Math.min(left, leastMs)));
    },
    contained: async (what, run, otherwise) => {
      // Whoever is asked sees that the work goes on, also where a step asks for nothing itself for long.
      goesOn();
      try {
        return await run();
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        // What a fault says may hold anything; its kind is enough to look for it.
        const fault = error instanceof Error ? error.name : "an unknown fault";
        log("error", "a part of the sweep ended in a fault", { part: what, fault });
        const line = `${what} ended in a fault: ${fault}`;
        faults.set(line, (faults.get(line) ?? 0) + 1);
        return otherwise;
      }
    },
    problems: () => [...faults].map(([line, count]) => (count === 1 ? line : `${line}, ${count} times`)),
    asking: async (sort, run, isInVain) => {
      const from = clock.now();
      const value = await run();
      if (isInVain(value) && clock.now() - from >= longMs) inVain.set(sort, (inVain.get(sort) ?? 0) + 1);
      return value;
    },
    isOut: (sort) => (inVain.get(sort) ?? 0) >= mostInVain,
  });
  return within(until);
};
