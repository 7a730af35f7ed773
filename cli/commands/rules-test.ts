import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { problemText } from "../../shared/config.ts";
import { systemClock } from "../../shared/local/system.ts";
import { padded } from "../columns.ts";
import { loadConfig } from "../context.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, exit, note, print, printJson, runCommand, safe, say } from "../output.ts";
import { readInput } from "../read-input.ts";
import { readRuleTests } from "../rule-tests/format.ts";
import { runRuleTest } from "../rule-tests/run.ts";
import { said } from "../said.ts";

type Options = { readonly config?: string; readonly json?: boolean };

type Reported = {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly passed: boolean;
  readonly differences: readonly string[];
};

export const addRulesTest = (rules: Command): void => {
  rules
    .command("test")
    .description("run tests of what RAM Warden makes of events and changes by your own settings; no cloud, no writes")
    .argument("<dir...>", "folders with files named *.test.yaml, *.test.yml or *.test.json, or such files")
    .option("--config <file>", "the settings of files that name none; warden.yaml unless given")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((paths: readonly string[], _: unknown, command: Command) =>
      runCommand(() => test(paths, command.optsWithGlobals<Options>())),
    );
};

const testName = /\.test\.(ya?ml|json)$/;

const filesIn = (path: string): readonly string[] => {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    throw new BadInput(`cannot read \`${path}\`: there is no such file or folder`);
  }
  if (!isFolder) return [path];
  const found = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => testName.test(name) && !name.includes("node_modules"))
    .map((name) => join(path, name))
    .sort();
  if (found.length === 0)
    throw new BadInput(
      `no tests in \`${path}\`: their files are named \`*.test.yaml\`, \`*.test.yml\` or \`*.test.json\``,
    );
  return found;
};

const test = async (paths: readonly string[], options: Options): Promise<number> => {
  const files = [...new Set(paths.flatMap(filesIn))];
  const tests: Reported[] = [];
  const problems: string[] = [];
  for (const file of files)
    try {
      tests.push(...(await runFile(file, options, problems)));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      problems.push(...error.message.split("\n"));
    }
  const failures = tests.filter(({ passed }) => !passed).length;
  if (options.json === true) printJson({ passed: tests.length - failures, failed: failures, tests, problems });
  else {
    for (const one of tests) printTest(one);
    say(`${tests.length - failures} passed, ${failures} failed`);
  }
  for (const problem of problems) note(problem);
  if (problems.length > 0) return exit.badInput;
  return failures > 0 ? exit.findings : exit.done;
};

const runFile = async (file: string, options: Options, problems: string[]): Promise<readonly Reported[]> => {
  const read = readRuleTests(readInput(file).toString("utf8"), file);
  if (!read.ok) throw new BadInput(read.error.map(problemText).join("\n"));
  const { settings, tests } = read.value;
  const config = loadConfig(
    settings === undefined ? (options.config ?? "warden.yaml") : join(dirname(file), settings),
    "left-out",
    // What the environment of whoever runs them says must not decide about tests.
    {},
  );
  const reported: Reported[] = [];
  for (const one of tests)
    try {
      const { name, line, differences } = await runRuleTest(one, { file, config, now: systemClock.now() });
      reported.push({ file, line, name, passed: differences.length === 0, differences });
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      problems.push(error.message);
    }
  return reported;
};

const printTest = ({ file, line, name, passed, differences }: Reported): void => {
  print(safe(`${padded(said(passed ? "ok" : "FAILED"), 6)} ${file}:${line}  ${name}`));
  for (const difference of differences)
    for (const text of difference.split("\n")) print(safe(`         ${said(text)}`));
};
