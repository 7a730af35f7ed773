import type { Entries } from "./entry.ts";

export const federationOperations = {} as const satisfies Entries;
