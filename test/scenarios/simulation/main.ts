import { type Asked, asked, usage } from "./arguments.ts";
import { type Simulated, simulate } from "./simulate.ts";
import { violationsText } from "./text.ts";

const run = async ({ count, from, verbose }: Extract<Asked, { kind: "run" }>): Promise<number> => {
  const told = (simulated: Simulated): void => {
    console.log(violationsText(simulated));
    if (verbose) console.log(`  ${JSON.stringify(simulated.conditions)}`);
  };
  let failed = 0;
  const total = { steps: 0, changes: 0, writes: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    const simulated = await simulate(seed);
    total.steps += simulated.steps;
    total.changes += simulated.changes;
    total.writes += simulated.writes;
    if (simulated.violations.length > 0) {
      failed += simulated.violations.length;
      told(simulated);
    } else if (verbose) told(simulated);
  }
  console.log(`${total.changes} changes, ${total.writes} writes of ours, ${total.steps} steps`);
  console.log(`seeds ${count}, violations ${failed}`);
  return failed === 0 ? 0 : 1;
};

const wanted = asked(process.argv.slice(2));
if (wanted.kind === "run") process.exitCode = await run(wanted);
else if (wanted.kind === "help") console.log(usage);
else {
  console.error(`${wanted.because}\n\n${usage}`);
  process.exitCode = 2;
}
