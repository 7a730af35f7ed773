import { simulate } from "./simulate.ts";
import { violationsText } from "./text.ts";

/** Simulates each seed; the texts of those that found something wrong, each with what replays it. */
export const failuresOf = async (from: number, count: number): Promise<readonly string[]> => {
  const failures: string[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const simulated = await simulate(seed);
    if (simulated.violations.length > 0) failures.push(violationsText(simulated));
  }
  return failures;
};
