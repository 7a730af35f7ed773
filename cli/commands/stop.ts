import type { Command } from "commander";
import { actorText } from "../../shared/domain/identity.ts";
import { subjectText } from "../../shared/domain/kinds.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { readKillSwitch, resumeWriting, stopWriting } from "../../shared/ledger/kill-switch.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { CommonOptions, Place } from "../context.ts";
import { openState, placeOf } from "../context.ts";
import { spoken } from "../language.ts";
import { asOption, settingsLanguageOption } from "../options.ts";
import { exit, printJson, runCommand, say } from "../output.ts";
import { personAt } from "../persons-act.ts";
import { reasonIn } from "../reason.ts";

type Options = CommonOptions & { readonly json?: boolean; readonly because?: string };

export const addStop = (program: Command): void => {
  program
    .command("stop")
    .description(
      "switch all writing off, at once and for every instance, approvals too; judging, telling and `undo` go on",
    )
    .requiredOption("--because <reason>", "why, for whoever finds it off")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(asOption())
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => stop(options)));
  program
    .command("resume")
    .description("switch writing on again; what was told and left meanwhile is listed, and stays for you to decide")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(asOption())
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => resume(options)));
};

/** Whose credentials are used: nobody switches without a name. */
const whoIsAt = async (place: Place): Promise<string> => actorText(await personAt(place));

const stop = async (options: Options): Promise<number> => {
  const because = reasonIn(options.because);
  const place = placeOf(options, "left-out");
  const by = await whoIsAt(place);
  const state = await openState(place);
  try {
    const asked = { by, because, at: systemClock.now() };
    const inForce = await stopWriting(state, openLedger(state, systemClock, place.config.rules.accountId), asked);
    if (options.json === true) printJson(inForce);
    else say(`writing is off since ${new Date(inForce.at).toISOString()}, by ${inForce.by}: ${inForce.because}`);
    return exit.done;
  } finally {
    state.close();
  }
};

/** What was told and not written as writing was off: nothing of it is done by itself later. */
const isLeft = ({ because, openedAt, settledAt = openedAt }: Incident, since: number): boolean =>
  because?.kind === "kill-switch" && settledAt >= since;

const resume = async (options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const by = await whoIsAt(place);
  const state = await openState(place);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    const stop = await readKillSwitch(state, ledger.accountId);
    const was = await resumeWriting(state, ledger, by);
    const left = was ? (await ledger.incidents()).filter((incident) => isLeft(incident, stop?.at ?? 0)) : [];
    if (options.json === true) printJson({ wasOff: was, left: left.map(({ id }) => id) });
    else {
      say(was ? "writing is on again" : "writing was not off");
      for (const { id, subject } of left)
        say(
          `told and left while it was off, and for you to look at: ${subjectText(subject, spoken())}, incident ${id}`,
        );
    }
    return exit.done;
  } finally {
    state.close();
  }
};
