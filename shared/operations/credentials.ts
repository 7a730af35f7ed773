import type { Entries } from "./entry.ts";

export const credentialsOperations = {} as const satisfies Entries;
