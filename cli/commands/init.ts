import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { readConfig } from "../../shared/config.ts";
import type { Answers, Ask } from "../init/answers.ts";
import { askForAnswers, Cancelled, exampleAccount, usualAnswers } from "../init/answers.ts";
import { settingsTextOf } from "../init/settings-text.ts";
import { slipsIn, withFlag } from "../init/slips.ts";
import { languageOption } from "../options.ts";
import { BadInput, exit, note, printJson, runCommand, say } from "../output.ts";

type Options = {
  readonly file: string;
  readonly account?: string;
  readonly region?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly mode?: string;
  readonly trusted?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly provisioner?: readonly string[];
  readonly protected?: readonly string[];
  readonly channel?: string;
  readonly state?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
};

export const addInit = (program: Command): void => {
  program
    .command("init")
    .description("write settings by asking; what is given is not asked for")
    .option("--file <file>", "the settings to write", "warden.yaml")
    .option("--account <id>", "the account that is guarded")
    .option("--region <region>", "where its global events are: cn-hangzhou or ap-southeast-1")
    .option("--language <language>", "of what people are told: en or zh-CN")
    .option("--time-zone <zone>", "such as Asia/Shanghai")
    .option("--mode <mode>", "observe or enforce")
    .option("--trusted <ids...>", "other accounts that roles may trust")
    .option("--pipeline <identities...>", "who deploys to the account, such as role/terraform")
    .option("--provisioner <identities...>", "whose job it is to create AccessKeys")
    .option("--protected <identities...>", "whom RAM Warden never writes to")
    .option("--channel <kind>", "who is told: dingtalk, webhook or console")
    .option("--state <kind>", "where the state is kept: sqlite or tablestore")
    .option("-y, --yes", "ask nothing: what is not given is as usual")
    .option("--force", "write over a file that is there")
    .option("--json", "one JSON document on stdout")
    .addOption(languageOption())
    .action((options: Options) => runCommand(() => init(options)));
};

const givenIn = (options: Options): Partial<Answers> =>
  Object.fromEntries(
    Object.entries({
      account: options.account,
      region: options.region,
      language: options.language,
      timeZone: options.timeZone,
      mode: options.mode,
      trustedAccounts: options.trusted,
      pipelines: options.pipeline,
      provisioners: options.provisioner,
      protectedOnes: options.protected,
      channel: options.channel,
      state: options.state,
    }).filter(([, value]) => value !== undefined),
  );

/** What is wrong with the settings that answers lead to, without the place: nobody has seen the file yet. */
const problemsOf = (answers: Answers): readonly string[] => {
  const slips = slipsIn(answers);
  if (slips.length > 0) return slips;
  const read = readConfig(settingsTextOf(answers), "warden.yaml", {}, "left-out");
  return read.ok ? [] : read.error.map(({ what }) => what);
};

/** What is wrong with what was given, before anybody is asked for the rest: each with its flag. */
const refuseGiven = (given: Partial<Answers>): void => {
  const problems = problemsOf({ ...usualAnswers, account: exampleAccount, ...given });
  if (problems.length > 0) throw new BadInput(problems.map(withFlag).join("\n"));
};

const answersBy = async (options: Options, ask: () => Promise<Ask>): Promise<Answers> => {
  const given = givenIn(options);
  refuseGiven(given);
  if (options.yes !== true) return askForAnswers(await ask(), given, problemsOf);
  if (given.account === undefined)
    throw new BadInput("`--account` is missing: nobody can guess which account is guarded");
  return { ...usualAnswers, ...given, account: given.account };
};

const atTerminal = async (): Promise<Ask> => {
  if (process.stdin.isTTY !== true)
    throw new BadInput("there is no terminal to ask at: give `--yes` and `--account`, and what else is not as usual");
  return (await import("../init/clack.ts")).askAtTerminal();
};

const write = (file: string, text: string, force: boolean): void => {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EEXIST") throw new BadInput(`\`${file}\` is there already: \`--force\` writes over it`);
    throw new BadInput(`\`${file}\` cannot be written: ${code === "ENOENT" ? "there is no such folder" : code}`);
  }
};

/** Writes settings that load, or nothing. */
export const init = async (options: Options, ask: () => Promise<Ask> = atTerminal): Promise<number> => {
  let answers: Answers;
  try {
    answers = await answersBy(options, ask);
  } catch (error) {
    if (error instanceof Cancelled) throw new BadInput("broken off: nothing was written");
    throw error;
  }
  const problems = problemsOf(answers);
  if (problems.length > 0) throw new BadInput(problems.join("\n"));
  write(options.file, settingsTextOf(answers), options.force === true);
  if (options.json === true) printJson({ file: options.file, answers });
  else {
    say(`written: ${options.file}, for account ${answers.account} in mode ${answers.mode}`);
    note("next: the secrets that `channels` names, then `warden doctor`; README, Deploying, has the rest");
  }
  return exit.done;
};
