// How long a comparison takes, beside Z3 on the same question in the same run. `npm run policy --prefix bench`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { init } from "z3-solver";
import { compareDocuments } from "../shared/policy/compare.ts";
import { type Pair, pairs } from "./policy-pairs.ts";
import { encode } from "./policy-z3.ts";

const z3Timeout = 15_000;

const quantile = (times: readonly number[], part: number): number =>
  [...times].sort((one, other) => one - other)[Math.min(times.length - 1, Math.floor(times.length * part))] ??
  Number.NaN;

/** Microseconds of each of `runs` calls, after as many to warm up. */
const measured = (runs: number, work: () => unknown): readonly number[] => {
  const times: number[] = [];
  for (let run = 0; run < 2 * runs; run += 1) {
    const begun = performance.now();
    work();
    if (run >= runs) times.push((performance.now() - begun) * 1000);
  }
  return times;
};

const { Z3 } = await init();

const z3 = async ({ before, after }: Pair): Promise<{ readonly answer: string; readonly time: number }> => {
  // A context of its own for each question, made before the clock starts.
  const context = Z3.mk_context(Z3.mk_config());
  const begun = performance.now();
  const answer = (await Z3.eval_smtlib2_string(context, encode(before, after, z3Timeout))).trim();
  const time = (performance.now() - begun) * 1000;
  Z3.del_context(context);
  return { answer, time };
};

const expected: Readonly<Record<string, string>> = { "new-access": "sat", "no-new-access": "unsat" };

const rounded = (value: number): string => (value < 100 ? value.toFixed(1) : Math.round(value).toString());

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores\n`);
console.log(
  "| pair | characters | JSON.parse of both, µs | ours, median µs | p95 | Z3, median µs | Z3 says | Z3 / ours |",
);
console.log("|---|---|---|---|---|---|---|---|");

// Z3's first question carries its own warming up, which is not what is compared.
await z3(pairs[0] as Pair);

const ratios: number[] = [];
const bySize = new Map<string, number[]>();
for (const pair of pairs) {
  const { before, after, name, size } = pair;
  const { result } = compareDocuments([before], [after]);
  const times = measured(size === "largest" ? 200 : 3000, () => compareDocuments([before], [after]));
  const solved = [await z3(pair)];
  while (solved.length < 5 && (solved[0]?.time ?? 0) < 2_000_000) solved.push(await z3(pair));
  const median = quantile(times, 0.5);
  // What the same machine needs in the same minute to read the two texts at all, since machines and minutes differ.
  const parsing = quantile(
    measured(1000, () => [JSON.parse(before), JSON.parse(after)]),
    0.5,
  );
  const other = quantile(
    solved.map(({ time }) => time),
    0.5,
  );
  const answer = solved[0]?.answer ?? "";
  if (answer !== expected[result] && answer !== "unknown") {
    throw new Error(`the two disagree on \`${name}\`: ${result}, ${answer}`);
  }
  ratios.push(other / median);
  bySize.set(size, [...(bySize.get(size) ?? []), ...times]);
  console.log(
    `| ${name} | ${before.length} + ${after.length} | ${rounded(parsing)} | ${rounded(median)} | ${rounded(quantile(times, 0.95))} | ${rounded(other)} | ${answer} | ${Math.round(other / median)} |`,
  );
}

console.log();
for (const [size, times] of bySize) {
  console.log(`${size}: median ${rounded(quantile(times, 0.5))} µs, p95 ${rounded(quantile(times, 0.95))} µs`);
}
console.log(`Z3 takes ${Math.round(quantile(ratios, 0.5))} times as long at the median pair`);

const folder = mkdtempSync(join(tmpdir(), "policy-bench-"));
const bundle = join(folder, "cold.mjs");
buildSync({
  entryPoints: [new URL("policy-cold.ts", import.meta.url).pathname],
  bundle: true,
  minify: true,
  platform: "node",
  format: "esm",
  outfile: bundle,
});
const typical = pairs.find(({ size }) => size === "typical") as Pair;
const cold = Array.from({ length: 21 }, () =>
  JSON.parse(execFileSync(process.execPath, [bundle, typical.before, typical.after], { encoding: "utf8" })),
) as readonly { readonly importing: number; readonly first: number }[];
rmSync(folder, { recursive: true });
const firsts = cold.map(({ first }) => first);
const imports = cold.map(({ importing }) => importing);
console.log(
  `first comparison in a new process: median ${quantile(firsts, 0.5).toFixed(2)} ms, p95 ${quantile(firsts, 0.95).toFixed(2)} ms, after ${quantile(imports, 0.5).toFixed(2)} ms of loading`,
);
process.exit(0);
