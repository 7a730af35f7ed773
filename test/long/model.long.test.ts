import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../shared/operations/catalogue.ts";
import { model } from "../operations/model/property.ts";
import { tallyOf } from "../operations/model/tally.ts";

/** Runs of each operation, and of stories of several: 12,220 in all. */
const runs = { each: 60, batches: 20, batch: 200 };
/** Another one each time, and printed with a failure; set it to have a run again. */
const seed = Number(process.env.WARDEN_MODEL_SEED ?? Date.now() % 1_000_000_000);
const tally = tallyOf();

afterAll(() => console.log(`seed ${seed}\n${tally.text()}`));

describe("one write in any account, told late, twice and in any order", () => {
  it.each(catalogue.map((id, at) => [id, at] as const))("%s", (id, at) => model(tally, id, runs.each, seed + at));
});

describe("two or three writes in any account, told in any order", () => {
  it.each(Array.from({ length: runs.batches }, (_, at) => at))("batch %i", (at) =>
    model(tally, undefined, runs.batch, seed + 1000 + at),
  );
});

it("came across each of the 137 operations", () => expect(tally.missing()).toEqual([]));
