// How long a comparison takes, beside Z3 on the same question in the same run. `npm run policy --prefix bench`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { init } from "z3-solver";
import { type Pair, pairs } from "./policy-pairs.ts";
import { encode } from "./policy-z3.ts";

type Compare = typeof import("../shared/policy/compare.ts");

const folder = mkdtempSync(join(tmpdir(), "policy-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Bundled as it is deployed: what runs TypeScript directly wraps every function in another. */
const bundled = (name: string): string => {
  const outfile = join(folder, `${name.replaceAll("/", "-")}.mjs`);
  const entry = new URL(`${name}.ts`, import.meta.url).pathname;
  buildSync({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", target: "node20", outfile });
  return outfile;
};

const compareFile = bundled("../shared/policy/compare");
const { compareDocuments } = (await import(compareFile)) as Compare;

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

const z3Once = async ({ before, after }: Pair): Promise<{ readonly answer: string; readonly time: number }> => {
  // A context of its own for each question, made before the clock starts.
  const context = Z3.mk_context(Z3.mk_config());
  const begun = performance.now();
  const answer = (await Z3.eval_smtlib2_string(context, encode(before, after, z3Timeout))).trim();
  const time = (performance.now() - begun) * 1000;
  Z3.del_context(context);
  return { answer, time };
};

/** The text goes to another thread, where it was seen to arrive torn on a busy machine: then it is asked again. */
const z3 = async (pair: Pair): Promise<{ readonly answer: string; readonly time: number }> => {
  for (let left = 5; ; left -= 1) {
    const solved = await z3Once(pair);
    if (left === 0 || !solved.answer.startsWith("(error")) return solved;
  }
};

const expected: Readonly<Record<string, string>> = { "new-access": "sat", "no-new-access": "unsat" };

const rounded = (value: number): string => (value < 100 ? value.toFixed(1) : Math.round(value).toString());

const load = loadavg()[0]?.toFixed(1);
console.log(
  `node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, load ${load}\n`,
);
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

const typical = pairs.find(({ size }) => size === "typical") as Pair;
const coldFile = bundled("policy-cold");
const cold = Array.from({ length: 41 }, () =>
  JSON.parse(
    execFileSync(process.execPath, [coldFile, compareFile, typical.before, typical.after], { encoding: "utf8" }),
  ),
) as readonly { readonly importing: number; readonly first: number; readonly firstOfProcessor: number }[];
const ms = (part: number, of: (one: (typeof cold)[number]) => number): string =>
  quantile(cold.map(of), part).toFixed(2);
console.log(
  [
    `first comparison in a new process: median ${ms(0.5, ({ first }) => first)} ms`,
    `p95 ${ms(0.95, ({ first }) => first)} ms`,
    `${ms(0.5, ({ firstOfProcessor }) => firstOfProcessor)} ms of the processor`,
    `after ${ms(0.5, ({ importing }) => importing)} ms of loading`,
  ].join(", "),
);
process.exit(0);
