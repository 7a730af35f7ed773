import { readInstant } from "./instant.ts";

const dayMs = 86_400_000;

/** For how many days a credential is valid, by when it was made and when it ends: both as RAM tells them. */
export const validDaysOf = (made: string | undefined, ends: string | undefined): number | "unlimited" | undefined => {
  if (made === undefined) return undefined;
  if (ends === undefined || ends === "") return "unlimited";
  const [first, last] = [readInstant(made), readInstant(ends)];
  return first === undefined || last === undefined ? undefined : (last - first) / dayMs;
};
