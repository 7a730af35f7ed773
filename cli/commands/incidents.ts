import type { Command } from "commander";
import { consoleChannel } from "../../shared/channels/console.ts";
import type { Language } from "../../shared/domain/finding.ts";
import { actorText } from "../../shared/domain/identity.ts";
import { subjectText } from "../../shared/domain/kinds.ts";
import type { Telling } from "../../shared/domain/settings.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { severityOf } from "../../shared/ledger/incident.ts";
import type { Ledger } from "../../shared/ledger/ledger.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import { asItWaits } from "../../shared/response/approve.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import { standingWords } from "../../shared/response/messages/standing.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf } from "../context.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { BadInput, exit, incidentId, print, printJson, runCommand, safe, say } from "../output.ts";
import { said } from "../said.ts";
import { severityWords } from "../words.ts";

type Options = CommonOptions & { readonly json?: boolean; readonly all?: boolean };

export const addIncidents = (program: Command): void => {
  program
    .command("incidents")
    .description("what happened: all incidents, or one whole with evidence, calls and outcome")
    .argument("[id]", "an incident, whole")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--all", "those as well that are pieces of another, where several changes belong together")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((id: string | undefined, options: Options) => runCommand(() => incidents(id, options)));
};

const incidents = async (id: string | undefined, options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const telling: Telling = { ...place.config.telling, language: spoken() };
  const state = await openState(place, true);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    if (id === undefined) {
      const every = await ledger.incidents();
      const byId = new Map(every.map((incident) => [incident.id, incident]));
      const known: Ledger = { ...ledger, incident: async (given) => byId.get(given) };
      const all = options.all === true ? every : every.filter((incident) => !isPiece(incident, every));
      if (options.json === true) printJson(all);
      else if (all.length === 0) say("no incidents");
      else
        for (const incident of all) {
          const waiting = await asItWaits(known, incident);
          print(readable(() => lineOf(waiting, telling.language), incident));
        }
      return exit.done;
    }
    const incident = await ledger.incident(incidentId(id));
    if (incident === undefined)
      throw new BadInput(`no incident \`${safe(id)}\` in the ledger; \`warden incidents\` lists them`);
    if (options.json === true) printJson(incident);
    else {
      const channel = consoleChannel({ write: print, language: telling.language });
      const waiting = await asItWaits(ledger, incident);
      const message = attempt(() => incidentMessage(waiting, telling, incident.note, { whole: true }));
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

/** Whether an incident is listed with another, of which it is a piece. */
const isPiece = ({ chain }: Incident, all: readonly Incident[]): boolean =>
  chain !== undefined && all.some(({ id }) => id === chain);

/** Undefined where a row of the ledger is of another form than this version writes. */
const attempt = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const readable = (read: () => string, { id }: Incident): string =>
  attempt(read) ?? safe(said(`${String(id)}  not in a form that this version reads`));

const lineOf = (incident: Incident, language: Language): string => {
  const when = new Date(incident.openedAt).toISOString().slice(0, 19);
  const actors = [
    ...(incident.actor === undefined ? [] : [actorText(incident.actor, language)]),
    ...(incident.ofClaim === undefined ? [] : [language === "en" ? "somebody since" : "此后的操作者"]),
    ...(incident.later ?? []).map(({ actor }) => actorText(actor, language)),
    ...(incident.by === undefined ? [] : [incident.by]),
  ];
  const by = language === "en" ? " by " : "，操作者：";
  const who = actors.length === 0 ? "" : `${by}${[...new Set(actors)].join(", ")}`;
  const pieces = incident.pieces === undefined ? undefined : incident.pieces.length + (incident.morePieces?.count ?? 0);
  const many = language === "en" ? `, ${pieces} changes` : `，共 ${pieces} 项变更`;
  return safe(
    `${incident.id}  ${when}Z  ${severityWords[language][severityOf(incident)].padEnd(language === "en" ? 8 : 0)}  ${outcomeOf(incident, language)}  ${subjectText(incident.subject, language)}${pieces === undefined ? "" : many}${who}${rulesOf(incident)}`,
  );
};

/** The rules that found it, of what the change itself did and of what others made of it. */
const rulesOf = ({ findings, ofClaim = [], later = [] }: Incident): string => {
  const rules = new Set([...findings, ...ofClaim, ...later.flatMap((one) => one.findings)].map(({ rule }) => rule));
  return rules.size === 0 ? "" : `  [${[...rules].join(", ")}]`;
};

/** One word for scripts and eyes that go down a list; in Chinese the words of the messages. */
const outcomeOf = (incident: Incident, language: Language): string => {
  if (language !== "en") return standingWords(incident, language);
  if (incident.abandoned !== undefined) return "given up".padEnd(12);
  const settled = incident.outcome?.kind ?? incident.status;
  return (incident.undoneBy === undefined ? (incident.decided?.decision ?? settled) : "undone later").padEnd(12);
};
