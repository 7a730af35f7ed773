import { existsSync } from "node:fs";
import type { Command } from "commander";
import { worldOf } from "../../functions/wire.ts";
import type { Snapshot } from "../../sandbox/index.ts";
import type { Config } from "../../shared/config.ts";
import { readConfig } from "../../shared/config.ts";
import type { Intake } from "../../shared/domain/trail-event.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import type { Judged } from "../../shared/judge.ts";
import { claimedCloud, judgeIntake } from "../../shared/judge.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { newId, systemClock } from "../../shared/local/system.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import type { Clock, World } from "../../shared/ports/world.ts";
import { loadConfig } from "../context.ts";
import { judgedAsJson } from "../decision-json.ts";
import { languageOption } from "../options.ts";
import { BadInput, exit, note, printJson, runCommand } from "../output.ts";
import { readInput, UnreadableInput } from "../read-input.ts";
import { printJudged } from "../show-decision.ts";
import { accountOf, readSnapshotText } from "../snapshot-account.ts";

type Options = {
  readonly state?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly lang: "en" | "zh-CN";
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
    .addOption(languageOption())
    .action((paths: readonly string[], options: Options) => runCommand(() => judge(paths, options)));
};

const judge = async (paths: readonly string[], options: Options): Promise<number> => {
  const config = settingsFor(options.config);
  const intake = merged(paths.map(takeInFile));
  const judged = await judgeOffline(config, intake, options);
  if (options.json === true) printJson(judgedAsJson(judged));
  else printJudged(judged, { language: options.lang, onlyJudged: true });
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

const nobody = async (): Promise<never> => {
  throw new Error("judging writes nothing");
};

/** As of the earliest event, so that the history of each is within reach; nobody waits for what cannot change. */
const clockAt = ({ events }: Intake): Clock => {
  const times = events.map(({ occurredAt }) => occurredAt);
  const earliest = times.length === 0 ? systemClock.now() : times.reduce((least, at) => Math.min(least, at));
  return { now: () => earliest, sleep: async () => undefined };
};

/** What a snapshot's account answers, by the adapters that a live one is read with. */
const snapshotCloud = (config: Config, snapshot: Snapshot, state: StateStore, clock: Clock): World => {
  const { credentials, sender } = accountOf(snapshot, clock.now());
  const silent = { ...config, channels: [] };
  return worldOf({ config: silent, credentials, state, log: () => undefined, clock, reach: { sender } });
};

const judgeOffline = async (given: Config, intake: Intake, options: Options): Promise<Judged> => {
  const snapshot = options.state === undefined ? undefined : snapshotIn(options.state);
  const config = snapshot === undefined ? given : onAccount(given, snapshot.accountId, options);
  const state = openSqliteStateStore(":memory:", systemClock);
  const clock = clockAt(intake);
  const world: World = {
    ...(snapshot === undefined ? claimedCloud(intake.events) : snapshotCloud(config, snapshot, state, clock)),
    accountId: config.rules.accountId,
    act: nobody,
    state,
    channels: [],
    clock,
    newId,
    log: () => undefined,
  };
  try {
    return await judgeIntake(world, config, intake, {
      anyAccount: options.config === undefined && snapshot === undefined,
    });
  } finally {
    state.close();
  }
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
