import { expect, it } from "vitest";
import { differential } from "./differential.ts";

// A hundred thousand pairs are what CI tries; at the desk a tenth of that keeps the whole run short.
const runs = Number(process.env.WARDEN_ORACLE_RUNS ?? (process.env.CI === undefined ? "10000" : "100000"));
// A fixed seed is for runs that are compared with each other, such as mutation testing.
const seed = process.env.WARDEN_ORACLE_SEED === undefined ? undefined : Number(process.env.WARDEN_ORACLE_SEED);

it(`the comparer and brute force agree on ${runs} random pairs`, { timeout: 1_200_000 }, () => {
  const tally = differential(runs, seed);
  console.log(tally);
  // Few pairs cannot be asked to show the rare outcomes.
  if (runs < 5000) return;
  for (const outcome of ["new-access", "no-new-access", "hangs on A3", "hangs on A4", "no longer denied", "inexact"]) {
    expect(tally).toContain(`outcome ${outcome}`);
  }
});
