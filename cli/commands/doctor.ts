import type { Command } from "commander";
import { actorText } from "../../shared/domain/identity.ts";
import { padded } from "../columns.ts";
import type { LocalState, Place } from "../context.ts";
import {
  absentStateAt,
  hasCredentials,
  noCredentials,
  openState,
  placeOf,
  tablesWrongAt,
  transportOptionsAt,
  worldAt,
  worldWithoutCloud,
} from "../context.ts";
import { acts, writes } from "../doctor/acts.ts";
import { type Check, check, looked } from "../doctor/check.ts";
import { exempts } from "../doctor/exemptions.ts";
import { notJudged, notJudgedLines } from "../doctor/not-judged.ts";
import { lives, remembers, whole } from "../doctor/remembers.ts";
import { sees } from "../doctor/sees.ts";
import { tells, waits } from "../doctor/tells.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { exit, print, printJson, runCommand, safe } from "../output.ts";
import { personAt } from "../persons-act.ts";
import { said } from "../said.ts";
import { terminalMessage } from "../state-failed.ts";

type Options = {
  readonly config?: string;
  readonly cloud?: boolean;
  readonly json?: boolean;
  readonly deep?: boolean;
  readonly sendTest?: boolean;
};

export const addDoctor = (program: Command): void => {
  program
    .command("doctor")
    .description(
      "prove that an installation can see, act, remember and tell; 0 when all is well, 1 when something is not",
    )
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--deep", "verify the whole ledger as well")
    .option("--send-test", "send a test message to each channel")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => doctor(options)));
};

const doctor = async (options: Options): Promise<number> => {
  // What a channel lacks is one of the things to say; wrong settings end here.
  const place = placeOf(options, "tolerated");
  const settings = check("settings", "ok", `account ${place.config.rules.accountId}`);
  // What needs none is looked at without credentials as well.
  const canAsk = hasCredentials(place);
  const asked = (name: string, look: () => Promise<readonly Check[]>) =>
    canAsk ? looked(name, look) : [check(name, "skipped", "needs credentials")];
  const identity = canAsk
    ? await looked("credentials", () => whoIsAt(place))
    : [check("credentials", "bad", noCredentials)];
  const absent = absentStateAt(place);
  const rest = await withState(place, absent !== undefined, async (state) => {
    const world = canAsk ? worldAt(place, state) : worldWithoutCloud(place, state);
    return [
      ...(await looked("tables", () => tables(place))),
      ...(absent === undefined
        ? await looked("state store", () => remembers(world))
        : [
            check(
              "state store",
              "warning",
              `there is no file \`${absent}\` yet: the first command that writes makes it`,
            ),
          ]),
      ...(await asked("reading", () => sees(world))),
      ...(await asked("acting role", () => acts(world, place.config, transportOptionsAt(place)))),
      ...(await looked("kill switch", () => writes(world, place.config))),
      ...(await looked("exemptions", () => exempts(world, place.config))),
      ...(await looked("channels", () => tells(world, place.config, options.sendTest === true))),
      ...(await looked("outbox", () => waits(world))),
      ...(await looked("signs of life", () => lives(world))),
      ...(await looked("ledger", () => whole(world, options.deep === true))),
    ];
  });
  const checks = [settings, ...identity, ...rest];
  const code = codeOf(checks);
  if (options.json === true) printJson({ ok: code === exit.done, checks, notJudged });
  else {
    for (const one of checks) print(safe(lineOf(one)));
    print();
    for (const line of notJudgedLines(spoken())) print(line);
  }
  return code;
};

const withState = async (
  place: Place,
  toLook: boolean,
  work: (state: LocalState) => Promise<readonly Check[]>,
): Promise<readonly Check[]> => {
  let state: LocalState;
  try {
    state = await openState(place, toLook);
  } catch (error) {
    return [check("state store", "bad", error instanceof Error ? terminalMessage(error) : "it cannot be opened")];
  }
  try {
    return await work(state);
  } finally {
    state.close();
  }
};

const whoIsAt = async (place: Place): Promise<readonly Check[]> => {
  const actor = await personAt(place);
  const { accountId } = place.config.rules;
  return [
    "accountId" in actor && actor.accountId !== accountId
      ? check("credentials", "bad", `${actorText(actor)} is of account ${actor.accountId}, and ${accountId} is guarded`)
      : check("credentials", "ok", actorText(actor)),
  ];
};

const tables = async (place: Place): Promise<readonly Check[]> => {
  const wrong = await tablesWrongAt(place);
  if (wrong === undefined) return [];
  return wrong.length === 0
    ? [check("tables", "ok", "as they should be")]
    : wrong.map((sentence) => check("tables", "bad", sentence));
};

const codeOf = (checks: readonly Check[]): number => {
  if (checks.some(({ status }) => status === "failed")) return exit.cloud;
  return checks.some(({ status }) => status === "bad") ? exit.findings : exit.done;
};

const lineOf = ({ name, status, detail }: Check): string =>
  `${padded(said(status), 8)} ${said(name)}${spoken() === "en" ? ": " : "："}${said(detail)}`;
