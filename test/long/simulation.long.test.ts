import { expect, it } from "vitest";
import { failuresOf } from "../scenarios/simulation/seeds.ts";

const seeds = Number(process.env.WARDEN_SIM_SEEDS ?? "100000");
const from = Number(process.env.WARDEN_SIM_FROM ?? "10000");

it(`${seeds} simulations from seed ${from} find nothing wrong`, { timeout: 0 }, async () => {
  expect(await failuresOf(from, seeds)).toEqual([]);
});
