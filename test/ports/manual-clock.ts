import type { Clock } from "../../shared/ports/world.ts";

/** A clock that stands still until it is moved; sleeping moves it. */
export type ManualClock = Clock & { readonly advance: (ms: number) => void; readonly slept: readonly number[] };

export const manualClock = (start = Date.UTC(2026, 10, 22)): ManualClock => {
  let now = start;
  const slept: number[] = [];
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    slept,
  };
};
