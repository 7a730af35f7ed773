import type { Command } from "commander";
import { actorText } from "../../shared/domain/identity.ts";
import type { DeadLetter, DeadLetterRow } from "../../shared/ledger/dead-letters.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { Replayed } from "../../shared/replay-dead.ts";
import { replayDead } from "../../shared/replay-dead.ts";
import type { CommonOptions } from "../context.ts";
import { actingRoleOrCaller, openState, placeOf, worldAt } from "../context.ts";
import { receiptAsJson } from "../decision-json.ts";
import { spoken } from "../language.ts";
import { asOption, settingsLanguageOption } from "../options.ts";
import { BadInput, CloudFailed, exit, note, print, printJson, runCommand, safe, say } from "../output.ts";
import { personAt } from "../persons-act.ts";
import { reasonIn } from "../reason.ts";
import { said } from "../said.ts";
import { printJudged } from "../show-decision.ts";
import { merge } from "./replay.ts";

type Options = CommonOptions & { readonly json?: boolean };
type DiscardOptions = Options & { readonly because: string };

export const addDead = (program: Command): void => {
  const dead = program.command("dead").description("what could not be handled: list, replay, discard");
  const command = (name: string, description: string): Command =>
    dead
      .command(name)
      .description(description)
      .option("--config <file>", "the settings; warden.yaml unless given")
      .option("--cloud", "the account of the settings, even while `npm start` runs here")
      .option("--json", "one JSON document on stdout")
      .addOption(settingsLanguageOption());
  command("list", "what could not be handled, oldest first, with the reason").action((options: Options) =>
    runCommand(() => list(options)),
  );
  command("replay", "put it through the whole pipeline again; it leaves the list when all of it was handled")
    .argument("[id]", "one of the list; all unless given")
    .action((id: string | undefined, options: Options) => runCommand(() => replay(id, options)));
  command("discard", "take one off the list without handling it; the record says so")
    .argument("<id>")
    .requiredOption("--because <reason>", "why, for the record")
    .addOption(asOption())
    .action((id: string, options: DiscardOptions) => runCommand(() => discard(id, options)));
};

const list = async (options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openState(place, true);
  try {
    const letters = await openLedger(state, systemClock, place.config.rules.accountId).deadLetters();
    if (options.json === true) printJson(letters.map(({ letter }) => letter));
    else if (letters.length === 0) say("nothing that could not be handled");
    else
      for (const { letter } of letters) {
        print(safe(lineOf(letter)));
        print(safe(`  ${said(receivedOf(letter))}`));
      }
    return exit.done;
  } finally {
    state.close();
  }
};

const lineOf = ({ id, at, cause, count, records: [first] }: DeadLetter): string => {
  const when = new Date(at).toISOString().slice(0, 19);
  const more = count > 1 ? said(` and ${count - 1} more`) : "";
  return `${id}  ${when}Z  ${said(cause)}  ${first === undefined ? "" : `${first.where}: ${said(first.reason)}`}${more}`;
};

/** So much of a record shows what it is about; `--json` has the rest. */
const longestShown = 300;

/** What was received of the first record of a letter. */
const receivedOf = ({ records: [first] }: DeadLetter): string => {
  if (first?.value === undefined) return "received: too large to be kept, or nothing that could be read";
  const text = JSON.stringify(first.value);
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return first.altered ? `received, without its secrets: ${shown}` : `received: ${shown}`;
};

const replay = async (id: string | undefined, options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  try {
    const world = worldAt(place, state, actingRoleOrCaller(place.config));
    const letters = await wanted(openLedger(state, world.clock, world.accountId), id);
    const done: (Replayed & { readonly id: string })[] = [];
    for (const row of letters) done.push({ id: row.letter.id, ...(await replayDead(world, place.config, row)) });
    return report(done, options);
  } finally {
    state.close();
  }
};

const report = (done: readonly (Replayed & { readonly id: string })[], { json }: Options): number => {
  const receipt = merge(done.flatMap(({ receipts }) => receipts));
  if (json === true)
    printJson({ letters: done.map(({ id, handled, left }) => ({ id, handled, left })), ...receiptAsJson(receipt) });
  else if (done.length === 0) say("nothing that could not be handled");
  else {
    if (receipt.decisions.length + receipt.passedOver.length + receipt.refusals.length > 0)
      printJudged(receipt, { language: spoken(), onlyJudged: false });
    for (const { id, handled, left } of done)
      print(`${id}  ${said(`${left === 0 ? "off the list" : "still on the list"}: ${handled} handled, ${left} left`)}`);
  }
  for (const { eventId, because } of receipt.deferred) note(`not done, try again: event \`${eventId}\`: ${because}`);
  if (receipt.deferred.length > 0)
    throw new CloudFailed(`${receipt.deferred.length} of the events must be tried again`);
  return done.every(({ left }) => left === 0) ? exit.done : exit.findings;
};

const discard = async (id: string, options: DiscardOptions): Promise<number> => {
  const because = reasonIn(options.because);
  const place = placeOf(options, "left-out");
  const state = await openState(place);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    const [row] = await wanted(ledger, id);
    const by = actorText(await personAt(place));
    const gone = row !== undefined && (await ledger.discardDead(row, { by, because }));
    if (options.json === true) printJson({ id, discarded: gone });
    else say(gone ? `${id} is off the list, and was not handled` : `${id} changed meanwhile; look at it again`);
    return gone ? exit.done : exit.findings;
  } finally {
    state.close();
  }
};

/** All letters, or the one of an id. */
const wanted = async (
  ledger: ReturnType<typeof openLedger>,
  id: string | undefined,
): Promise<readonly DeadLetterRow[]> => {
  if (id === undefined) return ledger.deadLetters();
  const row = /^[0-9a-f]{32}$/.test(id) ? await ledger.deadLetterOf(id) : undefined;
  if (row === undefined)
    throw new BadInput(`no dead letter \`${safe(id.slice(0, 64))}\`; \`warden dead list\` shows what there is`);
  return [row];
};
