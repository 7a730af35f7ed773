import type { Command } from "commander";
import { decideQuestion } from "../../shared/ask-anew.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { flushOutbox } from "../../shared/response/tell.ts";
import type { CommonOptions } from "../context.ts";
import { actingAsPerson, openState, placeOf, worldAt } from "../context.ts";
import { spoken } from "../language.ts";
import { asOption, settingsLanguageOption } from "../options.ts";
import { incidentId, runCommand } from "../output.ts";
import { personAt, tellDone } from "../persons-act.ts";

type Options = CommonOptions & { readonly json?: boolean };

const add = (
  program: Command,
  name: string,
  description: string,
  run: (id: string, options: Options) => Promise<number>,
): void => {
  program
    .command(name)
    .description(description)
    .argument("<incident>")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .addOption(asOption())
    .action((id: string, options: Options) => runCommand(() => run(incidentId(id), options)));
};

export const addDecide = (program: Command): void => {
  add(program, "approve", "carry out a plan that waits for a decision", approve);
  add(program, "reject", "leave a change as it is, and accept it", reject);
};

const approve = async (id: string, options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const approver = await personAt(place);
    const world = worldAt(place, state, actingAsPerson(place.config));
    const { telling } = place.config;
    const ledger = openLedger(state, world.clock, world.accountId);
    const done = await decideQuestion(world, place.config, ledger, id, "approve", approver);
    await flushOutbox(world, telling.language);
    return tellDone(
      done,
      { ...options, lang: spoken() },
      {
        en: `approved: the plan of incident ${id} was carried out by incident`,
        "zh-CN": `已批准：事件 ${id} 的方案由以下事件执行：`,
      },
    );
  } finally {
    state.close();
  }
};

const reject = async (id: string, options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const approver = await personAt(place);
    const world = worldAt(place, state);
    const ledger = openLedger(state, world.clock, world.accountId);
    const done = await decideQuestion(world, place.config, ledger, id, "reject", approver);
    // A question that takes the place of one that is void is told.
    await flushOutbox(world, place.config.telling.language);
    return tellDone(
      done,
      { ...options, lang: spoken() },
      { en: "rejected, and the change stands: incident", "zh-CN": "已拒绝，保留变更：事件" },
    );
  } finally {
    state.close();
  }
};
