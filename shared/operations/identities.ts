import type { Entries } from "./entry.ts";

export const identitiesOperations = {} as const satisfies Entries;
