import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { Snapshot } from "../../sandbox/index.ts";
import type { Config } from "../../shared/config.ts";
import { readConfig } from "../../shared/config.ts";
import type { Intake } from "../../shared/domain/trail-event.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import type { Judged } from "../../shared/judge.ts";
import { loadConfig } from "../context.ts";
import { judgedAsJson } from "../decision-json.ts";
import { judgeOffline } from "../judge-offline.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, exit, note, printJson, runCommand } from "../output.ts";
import { readInput, UnreadableInput } from "../read-input.ts";
import { printJudged } from "../show-decision.ts";
import { readSnapshotText } from "../snapshot-account.ts";

type Options = {
  readonly state?: string;
  readonly config?: string;
  readonly json?: boolean;
};

export const addJudge = (program: Command): void => {
  program
    .command("judge")
    .description("say what recorded events mean and what would be done about them; no cloud, no writes")
    .argument("<payload...>", "files with events in any form, or - for stdin")
    .option("--state <snapshot.json>", "the account as it stands now, in the sandbox's snapshot format")
    .option(
      "--config <file>",
      "the settings, and the one account they guard; without it any account, by warden.yaml's other settings if there is one",
    )
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((paths: readonly string[], options: Options) => runCommand(() => judge(paths, options)));
};

const judge = async (paths: readonly string[], options: Options): Promise<number> => {
  const config = settingsFor(options.config);
  const intake = merged(paths.map(takeInFile));
  const judged = await judgeHere(config, intake, options);
  if (options.json === true) printJson(judgedAsJson(judged));
  else printJudged(judged, { language: spoken(), onlyJudged: true });
  return codeOf(judged);
};

/** What a file holds; one that cannot be read is refused beside what the others hold. */
const takeInFile = (path: string): Intake => {
  try {
    return takeIn(readInput(path), `${path}:$`);
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    note(error.message);
    return { events: [], passedOver: [], refusals: [{ where: path, reason: `cannot be read: ${error.because}` }] };
  }
};

/** Judging needs no installation: where there are no settings, the defaults serve. */
const settingsFor = (path: string | undefined): Config => {
  if (path !== undefined || existsSync("warden.yaml")) return loadConfig(path ?? "warden.yaml", "left-out");
  const defaults = readConfig('account: "0"', "the defaults", {});
  if (!defaults.ok) throw new Error("the defaults are refused");
  return defaults.value;
};

const merged = (intakes: readonly Intake[]): Intake => ({
  events: intakes.flatMap(({ events }) => events),
  passedOver: intakes.flatMap(({ passedOver }) => passedOver),
  refusals: intakes.flatMap(({ refusals }) => refusals),
});

/** 2 when a record could not be understood, else 1 when a rule is broken or undetermined, else 0. */
const codeOf = ({ decisions, refusals }: Judged): number => {
  if (refusals.length > 0) return exit.badInput;
  return decisions.some(({ outcome }) => outcome !== "clear") ? exit.findings : exit.done;
};

const judgeHere = async (given: Config, intake: Intake, options: Options): Promise<Judged> => {
  const snapshot = options.state === undefined ? undefined : snapshotIn(options.state);
  const config = snapshot === undefined ? given : onAccount(given, snapshot.accountId, options);
  const anyAccount = options.config === undefined && snapshot === undefined;
  return judgeOffline(config, intake, snapshot === undefined ? {} : { now: snapshot }, { anyAccount });
};

const snapshotIn = (path: string): Snapshot => {
  const snapshot = readSnapshotText(readInput(path).toString("utf8"));
  if (snapshot.ok) return snapshot.value;
  throw new BadInput(`\`${path}\` is not an account snapshot:\n${snapshot.error.slice(0, 10).join("\n")}`);
};

/** A snapshot tells of one account: in it, every subject of another one would seem to be gone. */
const onAccount = (config: Config, accountId: string, options: Options): Config => {
  if (options.config !== undefined && config.rules.accountId !== accountId)
    throw new BadInput(
      `\`${options.state}\` is of account \`${accountId}\`, and the settings guard \`${config.rules.accountId}\``,
    );
  return { ...config, rules: { ...config.rules, accountId } };
};
