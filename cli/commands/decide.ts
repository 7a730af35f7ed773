import type { Command } from "commander";
import { callerIdentity } from "../../shared/aliyun/sts.ts";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import type { Deciding } from "../../shared/response/approve.ts";
import { approveIncident, rejectIncident } from "../../shared/response/approve.ts";
import { flushOutbox } from "../../shared/response/tell.ts";
import type { CommonOptions, Place } from "../context.ts";
import { actingAsPerson, openState, placeOf, transportAt, worldAt } from "../context.ts";
import { CloudFailed, incidentId, runCommand } from "../output.ts";
import { tellDone } from "../persons-act.ts";

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
    .action((id: string, options: Options) => runCommand(() => run(incidentId(id), options)));
};

export const addDecide = (program: Command): void => {
  add(program, "approve", "carry out a plan that waits for a decision", approve);
  add(program, "reject", "leave a change as it is, and accept it", reject);
};

/** Whoever's credentials are used is the one who decides. */
const decidingAt = async (place: Place): Promise<Deciding> => {
  const caller = await callerIdentity(transportAt(place));
  if (!caller.ok) throw new CloudFailed(`who decides is not known: ${cloudErrorText(caller.error)}`);
  return { approver: caller.value, openForMs: place.config.approvals.openForMs };
};

const approve = async (id: string, options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const deciding = await decidingAt(place);
    const world = worldAt(place, state, actingAsPerson(place.config));
    const { telling } = place.config;
    const ledger = openLedger(state, world.clock, world.accountId);
    const done = await approveIncident(world, ledger, telling, id, deciding);
    await flushOutbox(world, telling.language);
    return tellDone(done, options, `approved: the plan of incident ${id} was carried out by incident`);
  } finally {
    state.close();
  }
};

const reject = async (id: string, options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const deciding = await decidingAt(place);
    const world = worldAt(place, state);
    const ledger = openLedger(state, world.clock, world.accountId);
    return tellDone(
      await rejectIncident(world, ledger, id, deciding),
      options,
      "rejected, and the change stands: incident",
    );
  } finally {
    state.close();
  }
};
