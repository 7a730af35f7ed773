import fc from "fast-check";
import { type CataloguedId, catalogue } from "../../../shared/operations/catalogue.ts";
import { cameOf, faultsOf } from "./check.ts";
import { drawsOf } from "./draw.ts";
import { play } from "./play.ts";
import type { Tally } from "./tally.ts";

/**
 * One write, or two or three, in an account by chance, told late, twice and in any order: in the end each subject stands
 * as before, or an incident says by name why it does not, and nothing else has changed.
 */
export const model = (tally: Tally, first: CataloguedId | undefined, runs: number, seed: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.gen(), async (generate) => {
      const draw = drawsOf(generate);
      const more = first === undefined ? Array.from({ length: draw.int(2, 3) }, () => draw.pick(catalogue)) : [];
      const operations = first === undefined ? more : [first];
      const dropResponseElements = draw.flag(12);
      const played = await play(draw, { operations, dropResponseElements });
      if (played === undefined) return fc.pre(false);
      tally.add(await cameOf(played));
      const faults = await faultsOf(played);
      if (faults.length === 0) return;
      const writes = played.attacks.map(({ operation, parameters }) => `${operation} ${JSON.stringify(parameters)}`);
      throw new Error([`the model does not hold:`, ...writes, ...faults].join("\n  "));
    }),
    { numRuns: runs, seed, maxSkipsPerRun: 1000, endOnFailure: true },
  );
