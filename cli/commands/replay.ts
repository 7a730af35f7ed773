import type { Command } from "commander";
import { believed } from "../../shared/believed.ts";
import { subjectKey } from "../../shared/domain/kinds.ts";
import type { Intake, PassedOver, TrailEvent } from "../../shared/domain/trail-event.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import { judgeIntake } from "../../shared/judge.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { overlayOn } from "../../shared/local/overlay-state-store.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import { handleIntake } from "../../shared/pipeline.ts";
import type { World } from "../../shared/ports/world.ts";
import type { Settings } from "../../shared/settings.ts";
import type { CommonOptions } from "../context.ts";
import { actingRoleOrCaller, openState, placeOf, worldAt } from "../context.ts";
import { receiptAsJson } from "../decision-json.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { CloudFailed, exit, note, printJson, runCommand } from "../output.ts";
import { readInput } from "../read-input.ts";
import { printJudged } from "../show-decision.ts";

type Options = CommonOptions & { readonly json?: boolean; readonly dryRun?: boolean };

export const addReplay = (program: Command): void => {
  program
    .command("replay")
    .description(
      "send recorded events through the whole pipeline, as if they were delivered now; what was dealt with before is passed over",
    )
    .argument("<file...>", "files with events in any form, or - for stdin")
    .option("--dry-run", "say what would be done; nothing is written to the account or the ledger, nobody is told")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((paths: readonly string[], options: Options) => runCommand(() => replay(paths, options)));
};

const replay = async (paths: readonly string[], options: Options): Promise<number> => {
  // All of it is read before anything is done about any of it.
  const intakes = paths.map((path) => {
    const intake = takeIn(readInput(path), `${path}:$`);
    if (intake.events.length + intake.passedOver.length + intake.refusals.length === 0)
      note(`there is no record in \`${path}\``);
    return intake;
  });
  const place = placeOf(options);
  const onlyJudged = options.dryRun === true;
  const state = await openState(place, onlyJudged);
  try {
    const world = worldAt(place, state, actingRoleOrCaller(place.config));
    const quiet = saidOnly(world);
    const receipts: Receipt[] = [];
    for (const intake of intakes)
      receipts.push(
        onlyJudged ? await sayOnly(quiet, place.config, intake) : await handleIntake(world, place.config, intake),
      );
    return report(merge(receipts), { ...options, onlyJudged });
  } finally {
    state.close();
  }
};

/**
 * The world for saying only: what one page of events teaches is known to the next, and none of it reaches the ledger.
 */
export const saidOnly = (world: World): World => ({ ...world, state: overlayOn(world.state, world.clock) });

/**
 * Judges against live state and the ledger as they are, in a world for saying only, which leaves both as they are. What
 * was dealt with before, in whatever way, is passed over, as it would be.
 */
export const sayOnly = async (world: World, settings: Settings, intake: Intake): Promise<Receipt> => {
  const ledger = openLedger(world.state, world.clock, world.accountId);
  const events: TrailEvent[] = [];
  const dealtWith: PassedOver[] = [];
  for (const event of intake.events) {
    const seen = await ledger.eventRecord({ ...believed(event), about: subjectKey(event.subject) });
    const { eventId, operation } = event;
    if (seen === undefined) events.push(event);
    else dealtWith.push({ where: "", eventId, operation, reason: `dealt with before: ${seen.outcome}` });
  }
  const judged = await judgeIntake(world, settings, { ...intake, events });
  return { ...judged, passedOver: [...dealtWith, ...judged.passedOver], deferred: [] };
};

export const merge = (receipts: readonly Receipt[]): Receipt => ({
  decisions: receipts.flatMap(({ decisions }) => decisions),
  passedOver: receipts.flatMap(({ passedOver }) => passedOver),
  refusals: receipts.flatMap(({ refusals }) => refusals),
  deferred: receipts.flatMap(({ deferred }) => deferred),
});

/** Prints what became of everything; 3 when something must be tried again, 2 when something was not understood. */
export const report = (
  receipt: Receipt,
  { json, onlyJudged }: { readonly json?: boolean; readonly onlyJudged: boolean },
): number => {
  if (json === true) printJson(receiptAsJson(receipt));
  else printJudged(receipt, { language: spoken(), onlyJudged });
  for (const { eventId, because } of receipt.deferred) note(`not done, try again: event \`${eventId}\`: ${because}`);
  if (receipt.deferred.length > 0)
    throw new CloudFailed(`${receipt.deferred.length} of the events must be tried again`);
  if (receipt.refusals.length > 0) return exit.badInput;
  return receipt.decisions.some(({ outcome }) => outcome !== "clear") ? exit.findings : exit.done;
};
