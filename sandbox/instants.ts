/** Instants as RAM writes them: UTC, to the second, without a fraction. Takes epoch milliseconds. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
