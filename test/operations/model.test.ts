import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../shared/operations/catalogue.ts";
import { model } from "./model/property.ts";
import { tallyOf } from "./model/tally.ts";
import { unwritten } from "./model/writes.ts";

/** Runs of each operation, and of stories of several: 537 in all. */
const runs = { each: 3, batches: 9, batch: 14 };
const tally = tallyOf();

afterAll(() => console.log(tally.text()));

it("knows how to write each of the 137 operations", () => expect(unwritten).toEqual([]));

describe("one write in any account, told late, twice and in any order", () => {
  it.each(catalogue.map((id, seed) => [id, seed] as const))("%s", (id, seed) => model(tally, id, runs.each, seed));
});

describe("two or three writes in any account, told in any order", () => {
  it.each(Array.from({ length: runs.batches }, (_, at) => at))("batch %i", (at) =>
    model(tally, undefined, runs.batch, 1000 + at),
  );
});

describe("what the runs came across", () => {
  it("is each of the 137 operations", () => expect(tally.missing()).toEqual([]));

  it("is each way in which a change can end, and not one alone", () => {
    const ends = [...tally.ends()];
    const of = (kind: string): number =>
      ends.reduce((sum, [end, count]) => (end.startsWith(kind) ? sum + count : sum), 0);
    expect(["reverted", "contained", "asked", "alerted"].map((kind) => [kind, of(kind) > 20])).toEqual([
      ["reverted", true],
      ["contained", true],
      ["asked", true],
      ["alerted", true],
    ]);
    expect(of("failed")).toBe(0);
  });
});
