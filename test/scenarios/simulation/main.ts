import { parseArgs } from "node:util";
import { type Simulated, simulate } from "./simulate.ts";
import { violationsText } from "./text.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});
const [count, from] = [Number(values.seeds), Number(values.from)];
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(from) || from < 0) {
  console.error("`--seeds` is how many, from 1; `--from` is the first, from 0");
  process.exit(2);
}

const told = (simulated: Simulated): void => {
  console.log(violationsText(simulated));
  if (values.verbose) console.log(`  ${JSON.stringify(simulated.conditions)}`);
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
  } else if (values.verbose) told(simulated);
}
console.log(`${total.changes} changes, ${total.writes} writes of ours, ${total.steps} steps`);
console.log(`seeds ${count}, violations ${failed}`);
process.exitCode = failed === 0 ? 0 : 1;
