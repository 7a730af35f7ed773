import { expect, it } from "vitest";
import { differential } from "../oracle/differential.ts";

const runs = Number(process.env.WARDEN_ORACLE_RUNS ?? "1000000");

it(`the comparer and brute force agree on ${runs} random pairs`, { timeout: 7_200_000 }, () => {
  const tally = differential(runs, undefined);
  console.log(tally);
  expect(tally).toContain("outcome new-access");
});
