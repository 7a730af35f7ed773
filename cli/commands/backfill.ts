import type { Command } from "commander";
import { historyPages, reachMs } from "../../shared/backfill.ts";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import { handleIntake } from "../../shared/pipeline.ts";
import type { CommonOptions } from "../context.ts";
import { actingRoleOrCaller, openState, placeOf, worldAt } from "../context.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, CloudFailed, note, runCommand } from "../output.ts";
import { instantArgument } from "../time-argument.ts";
import { merge, report, saidOnly, sayOnly } from "./replay.ts";

type Options = CommonOptions & {
  readonly from: string;
  readonly to: string;
  readonly enforce?: boolean;
  readonly json?: boolean;
};

export const addBackfill = (program: Command): void => {
  program
    .command("backfill")
    .description(
      "put ActionTrail's history through the same rules; says what it would do, and does it only with --enforce",
    )
    .requiredOption("--from <time>", "2026-11-22T01:00:00Z, a date, or a span back such as 24h")
    .option("--to <time>", "the same; both ends are included, a date as that whole day", "now")
    .option("--enforce", "act as the settings say")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => backfill(options)));
};

const backfill = async (options: Options): Promise<number> => {
  const now = Date.now();
  const range = {
    from: instantArgument(options.from, "from", now),
    to: instantArgument(options.to, "to", now, "last"),
  };
  if (range.from > range.to) throw new BadInput("`--from` is after `--to`");
  if (range.from < now - reachMs)
    throw new BadInput("`--from` is more than 90 days ago; ActionTrail's history ends there");
  const place = placeOf(options);
  const state = await openState(place, options.enforce !== true);
  try {
    const world = worldAt(place, state, actingRoleOrCaller(place.config));
    const quiet = saidOnly(world);
    const receipts: Receipt[] = [];
    let pages = 0;
    for await (const page of historyPages(world.trail, range)) {
      if (!page.ok) throw new CloudFailed(`the history could not be read: ${cloudErrorText(page.error)}`);
      pages += 1;
      note(`page ${pages}: ${page.value.service}, ${page.value.events.length} events`);
      const intake = takeIn(page.value.events, `${page.value.service}, page ${pages}: $`);
      receipts.push(
        options.enforce === true
          ? await handleIntake(world, place.config, intake)
          : await sayOnly(quiet, place.config, intake),
      );
    }
    return report(merge(receipts), { ...options, onlyJudged: options.enforce !== true });
  } finally {
    state.close();
  }
};
