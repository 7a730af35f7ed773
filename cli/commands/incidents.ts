import type { Command } from "commander";
import { consoleChannel } from "../../shared/channels/console.ts";
import { actorText } from "../../shared/domain/identity.ts";
import { subjectText } from "../../shared/domain/kinds.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf } from "../context.ts";
import { BadInput, exit, incidentId, print, printJson, runCommand, safe } from "../output.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addIncidents = (program: Command): void => {
  program
    .command("incidents")
    .description("what happened: all incidents, or one whole with evidence, calls and outcome")
    .argument("[id]", "an incident, whole")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .action((id: string | undefined, options: Options) => runCommand(() => incidents(id, options)));
};

const incidents = async (id: string | undefined, options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openState(place);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    if (id === undefined) {
      const all = await ledger.incidents();
      if (options.json === true) printJson(all);
      else if (all.length === 0) print("no incidents");
      else for (const incident of all) print(readable(() => lineOf(incident), incident));
      return exit.done;
    }
    const incident = await ledger.incident(incidentId(id));
    if (incident === undefined)
      throw new BadInput(`no incident \`${safe(id)}\` in the ledger; \`warden incidents\` lists them`);
    if (options.json === true) printJson(incident);
    else {
      const channel = consoleChannel({ write: print });
      const message = attempt(() => incidentMessage(incident, place.config.telling, incident.note));
      if (message === undefined)
        throw new BadInput(
          `incident \`${safe(id)}\` is not in a form that this version reads; \`--json\` prints it as it is`,
        );
      await channel.send(message);
    }
    return exit.done;
  } finally {
    state.close();
  }
};

/** Undefined where a row of the ledger is of another form than this version writes. */
const attempt = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const readable = (read: () => string, { id }: Incident): string =>
  attempt(read) ?? safe(`${String(id)}  not in a form that this version reads`);

const lineOf = (incident: Incident): string => {
  const when = new Date(incident.openedAt).toISOString().slice(0, 19);
  const outcome = incident.undoneBy === undefined ? (incident.outcome?.kind ?? incident.status) : "undone later";
  const who = incident.actor === undefined ? "" : ` by ${actorText(incident.actor)}`;
  return safe(`${incident.id}  ${when}Z  ${outcome.padEnd(12)}  ${subjectText(incident.subject)}${who}`);
};
