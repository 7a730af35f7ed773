import type { Command } from "commander";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { flushOutbox } from "../../shared/response/tell.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import type { CommonOptions } from "../context.ts";
import { actingAsPerson, openState, placeOf, worldAt } from "../context.ts";
import { spoken } from "../language.ts";
import { asOption, settingsLanguageOption } from "../options.ts";
import { incidentId, runCommand } from "../output.ts";
import { personAt, tellDone } from "../persons-act.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addUndo = (program: Command): void => {
  program
    .command("undo")
    .description("put back what a remediation changed, in your own name, as an act of its own")
    .argument("<incident>")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .addOption(asOption())
    .action((id: string, options: Options) => runCommand(() => undo(id, options)));
};

const undo = async (given: string, options: Options): Promise<number> => {
  const id = incidentId(given);
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const world = worldAt(place, state, actingAsPerson(place.config));
    const ledger = openLedger(state, world.clock, world.accountId);
    const done = await undoIncident(world, ledger, place.config.telling, id, await personAt(place));
    await flushOutbox(world, place.config.telling.language);
    return tellDone(
      done,
      { ...options, lang: spoken() },
      {
        en: `undone: incident ${id} was taken back by incident`,
        "zh-CN": `已撤销：事件 ${id} 由以下事件撤销：`,
      },
    );
  } finally {
    state.close();
  }
};
