import { expect, it } from "vitest";
import { failuresOf } from "./seeds.ts";

// Two files, so that two cores share the seeds.
it("500 seeds from 1: nothing is lost, and nothing is done twice", { timeout: 900_000 }, async () => {
  expect(await failuresOf(1, 500)).toEqual([]);
});
