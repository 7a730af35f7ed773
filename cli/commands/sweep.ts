import type { Command } from "commander";
import type { Receipt } from "../../shared/pipeline.ts";
import type { SweepReport } from "../../shared/sweep.ts";
import { sweep } from "../../shared/sweep.ts";
import type { CommonOptions } from "../context.ts";
import { actingRoleOrCaller, openState, placeOf, worldAt } from "../context.ts";
import { receiptAsJson } from "../decision-json.ts";
import { spoken } from "../language.ts";
import { settingsLanguageOption } from "../options.ts";
import { exit, note, printJson, runCommand, say } from "../output.ts";
import { printJudged } from "../show-decision.ts";
import { merge } from "./replay.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addSweep = (program: Command): void => {
  program
    .command("sweep")
    .description(
      "do by hand what the timer does: finish what was left half done, judge what no event told, look at the account, send what waits",
    )
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => sweepByHand(options)));
};

/** Nobody waits longer at a terminal; what is left is for the next time. */
const longestMs = 10 * 60_000;

const sweepByHand = async (options: Options): Promise<number> => {
  const place = placeOf(options);
  const state = await openState(place);
  const signals = stopSignals();
  try {
    const world = worldAt(place, state, actingRoleOrCaller(place.config));
    const receipts: Receipt[] = [];
    const report = await sweep(world, place.config, {
      until: world.clock.now() + longestMs,
      // Whoever sweeps by hand wants to see it done.
      leftToGuardMs: 0,
      isStopped: () => signals.given() !== undefined,
      onReceipt: (receipt) => receipts.push(receipt),
    });
    if (report.kind === "busy") {
      if (options.json === true) printJson(report);
      note(`another sweep is at work; it is over or given up in ${Math.ceil(report.retryAfterMs / 1000)} s`);
      return exit.cloud;
    }
    const receipt = withoutKnown(merge(receipts));
    if (options.json === true) printJson({ ...report, ...receiptAsJson(receipt) });
    else show(report, receipt);
    for (const problem of report.problems) note(problem);
    if (report.exemptions.problems.length > 0)
      note(
        "put right what is said of the exemptions, and sweep again; until then what they may cover is told and not written",
      );
    const signal = signals.given();
    if (signal !== undefined) return exitBySignal[signal];
    if (report.problems.length > 0) return exit.cloud;
    const isFound = report.audit.found > 0 || receipt.decisions.some(({ outcome }) => outcome !== "clear");
    return isFound ? exit.findings : exit.done;
  } finally {
    signals.end();
    state.close();
  }
};

/** As a shell says that a command ended by a signal. */
const exitBySignal = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof exitBySignal;

/** A first signal lets what is under way come to its end, so that nothing is left half done and locked; a second ends it. */
const stopSignals = () => {
  let given: StopSignal | undefined;
  const stop = (signal: StopSignal): void => {
    given = signal;
    end();
    note(
      "ends once what is under way is done; once more ends it at once, and then the next sweep has to wait for minutes",
    );
  };
  const end = (): void => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  return { given: () => given, end };
};

/** Most of what the audit trail shows was dealt with when it happened, and is not worth a line. */
const withoutKnown = (receipt: Receipt): Receipt => ({ ...receipt, passedOver: [] });

const show = (report: SweepReport, receipt: Receipt): void => {
  const { caughtUp, late, leftovers, retried, exemptions, subjects, audit, drifts, questions, tidied, finished } =
    report;
  printJudged(receipt, { language: spoken(), onlyJudged: false });
  say(`audit trail  ${caughtUp.events} writes looked at, ${caughtUp.decided} had not been judged`);
  if (late.events > 0)
    say(`shown late   ${late.events} writes looked at once more, ${late.decided} had not been judged`);
  say(`half done    ${leftovers.found} found, ${leftovers.finished} finished`);
  say(`kept         ${retried.tried} tried again, ${retried.waiting} wait`);
  say(`account      ${subjects.looked} subjects looked at, ${subjects.accepted} taken as they stand`);
  say(`drift        ${drifts.open} open, ${drifts.judged} judged`);
  const { inForce, warned, judgedAnew } = exemptions;
  say(`exemptions   ${inForce} in force, ${warned} told of as they end soon, ${judgedAnew} over and judged anew`);
  say(`as it stands ${audit.looked} things looked at, ${audit.found} findings`);
  if (questions.reminded > 0) say(`questions    ${questions.reminded} that nobody answered in time, told once more`);
  if (tidied.entries + tidied.rows > 0)
    say(`given up     ${tidied.entries} old entries of the journal, ${tidied.rows} expired rows`);
  for (const name of subjects.broken) say(`without a baseline, it breaks a rule as it stands: ${name}`);
  for (const name of subjects.drifted) say(`not as it was accepted: ${name}`);
  if (!finished) say("there is more to do: sweep again");
};
