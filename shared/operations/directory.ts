import type { Entries } from "./entry.ts";

export const directoryOperations = {} as const satisfies Entries;
