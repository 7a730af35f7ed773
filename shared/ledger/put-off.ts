/** How often something was tried in vain, and from when on it is tried again, epoch milliseconds. */
export type PutOff = { readonly tries?: number; readonly dueAt?: number };

const firstMs = 30_000;
const longestMs = 30 * 60_000;

/** Puts off what was tried in vain, twice as long each time, so that it does not keep the time of a tick from the rest. */
export const putOff = ({ tries = 0 }: PutOff, now: number): Required<PutOff> => ({
  tries: tries + 1,
  dueAt: now + Math.min(firstMs * 2 ** tries, longestMs),
});

/** Whether it is to be tried now. A clock that was ahead once must not put anything off for longer than is meant. */
export const isDue = ({ dueAt = 0 }: PutOff, now: number): boolean => dueAt <= now || dueAt > now + longestMs;
