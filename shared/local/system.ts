import { setTimeout as after } from "node:timers/promises";
import { v7 } from "uuid";
import type { Clock, NewId } from "../ports/world.ts";

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await after(ms);
  },
};

/** UUID version 7: sorts by the time it was made. */
export const newId: NewId = () => v7();
