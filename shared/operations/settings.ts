import type { Entries } from "./entry.ts";

export const settingsOperations = {} as const satisfies Entries;
