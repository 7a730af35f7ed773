import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import config from "../../vitest.policy.config.ts";
import { bundled } from "./bundle.ts";
import { instrumented } from "./instrument.ts";
import { digestOf, type Kept, keep, keptOf } from "./kept.ts";
import { readied, type Verdict } from "./run.ts";
import { shown, summary } from "./text.ts";

// `npm run mutants -- shared/policy/x.ts`: see docs/mutation.md.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Meets again what nothing killed: for after tests were added. */
    again: { type: "boolean", default: false },
    /** Forgets what was kept. */
    fresh: { type: "boolean", default: false },
    /** Processor time that one mutant may take. */
    seconds: { type: "string", default: "60" },
    results: { type: "string", default: "reports/mutants" },
    /** Shows every mutant that nothing killed. */
    survivors: { type: "boolean", default: false },
    /** Runs nothing. */
    summary: { type: "boolean", default: false },
  },
});

const refuse = (message: string): never => {
  console.error(`mutants: ${message}`);
  process.exit(2);
};

/** The folders that can be measured, and where the tests are that are to notice a change of them. */
const areas: { readonly [folder: string]: readonly string[] } = {
  "shared/policy": ["test/policy", "test/oracle"],
  "shared/rules": ["test/rules", "test/rules/kit"],
  "shared/planning": ["test/planning"],
};
const areaOf = (path: string): string =>
  Object.keys(areas).find((folder) => path === folder || path.startsWith(`${folder}/`)) ??
  refuse(`\`${path}\` is in none of ${Object.keys(areas).join(", ")}`);

const sourcesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => sourcesIn(join(path, name))) : [path];

const asked = positionals.length > 0 ? positionals : ["shared/policy"];
for (const path of asked) if (!existsSync(path)) refuse(`\`${path}\` is not there`);
const folder = areaOf(asked[0] ?? "");
if (asked.some((path) => areaOf(path) !== folder)) refuse("one folder at a time");
const files = asked
  .flatMap(sourcesIn)
  .filter((path) => path.endsWith(".ts") && !path.startsWith("shared/policy/catalogue/"))
  .sort();
const seconds = Number(values.seconds);
if (!(seconds > 0)) refuse("`--seconds` is how much processor time one mutant may take, above 0");

const excluded = new Set(config.test?.exclude);
const testFiles = (areas[folder] ?? [])
  .flatMap((place) => readdirSync(place).map((name) => `${place}/${name}`))
  .filter((path) => path.endsWith(".test.ts") && !excluded.has(path))
  .sort();
Object.assign(process.env, config.test?.env);
mkdirSync(values.results, { recursive: true });

const settled = new Set<Verdict["status"]>(["killed", "timed out", "only while loading"]);

/** Lets the tests meet every mutant of one file of which it is not known yet how it ends. */
const settle = async (path: string): Promise<Kept> => {
  const { text, mutants } = await instrumented(path);
  const known = values.fresh ? [] : (keptOf(values.results, path)?.verdicts ?? []);
  const verdicts = new Map(known.map((verdict) => [verdict.id, verdict]));
  const kept = (): Kept => ({
    path,
    source: digestOf(path),
    mutants: mutants.length,
    verdicts: [...verdicts.values()],
  });
  const isOpen = (verdict: Verdict | undefined): boolean =>
    verdict === undefined || (values.again && !settled.has(verdict.status));
  const open = mutants.filter(({ id }) => isOpen(verdicts.get(id)));
  if (open.length > 0) {
    const run = readied(await bundled(testFiles, path, text), testFiles);
    let saved = Date.now();
    for (const mutant of open) {
      verdicts.set(mutant.id, run.verdict(mutant, seconds));
      if (Date.now() - saved < 5000) continue;
      keep(values.results, kept());
      saved = Date.now();
    }
  }
  keep(values.results, kept());
  return kept();
};

const all: Kept[] = [];
for (const path of files) {
  const kept = values.summary ? keptOf(values.results, path) : await settle(path);
  if (kept === undefined) console.error(`mutants: nothing is kept of \`${path}\` as it is now`);
  else {
    all.push(kept);
    if (!values.summary || values.survivors) console.log(shown(kept, values.survivors));
  }
}
console.log(summary(all));
