import type { TellingTime } from "./ports/world.ts";

/** So many milliseconds to send in, which each flush takes of. */
export const tellingTime = (ms: number): TellingTime => {
  let left = ms;
  return {
    left: () => left,
    spend: (spent) => {
      left = Math.max(0, left - spent);
    },
  };
};
