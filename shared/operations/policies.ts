import type { Entries } from "./entry.ts";

export const policiesOperations = {} as const satisfies Entries;
