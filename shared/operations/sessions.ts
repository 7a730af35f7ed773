import type { Entries } from "./entry.ts";

export const sessionsOperations = {} as const satisfies Entries;
