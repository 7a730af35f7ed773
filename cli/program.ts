import { Command, CommanderError } from "commander";
import { addAudit } from "./commands/audit.ts";
import { addBackfill } from "./commands/backfill.ts";
import { addBaseline } from "./commands/baseline.ts";
import { addCall } from "./commands/call.ts";
import { addDead } from "./commands/dead.ts";
import { addDecide } from "./commands/decide.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExempt } from "./commands/exempt.ts";
import { addIncidents } from "./commands/incidents.ts";
import { addInit } from "./commands/init.ts";
import { addJudge } from "./commands/judge.ts";
import { addLedger } from "./commands/ledger.ts";
import { addReplay } from "./commands/replay.ts";
import { addRules } from "./commands/rules.ts";
import { addSandbox } from "./commands/sandbox.ts";
import { addSnapshot } from "./commands/snapshot.ts";
import { addStop } from "./commands/stop.ts";
import { addSweep } from "./commands/sweep.ts";
import { addUndo } from "./commands/undo.ts";
import { speakInHelp } from "./help.ts";
import { speakAsAsked } from "./language.ts";
import { exit, note } from "./output.ts";
import { addPolicyCommands } from "./policy/index.ts";
import { said } from "./said.ts";

const commands = [
  addJudge,
  addPolicyCommands,
  addRules,
  addReplay,
  addBackfill,
  addBaseline,
  addAudit,
  addSweep,
  addIncidents,
  addDecide,
  addExempt,
  addUndo,
  addStop,
  addLedger,
  addDead,
  addInit,
  addDoctor,
  addSandbox,
  addCall,
  addSnapshot,
];

// A wrong argument is bad input; commander's own code for it is 1, which means findings here.
const refuse = (command: Command): void => {
  command.exitOverride();
  for (const one of command.commands) refuse(one);
};

/** All commands. Their help is in the language that is spoken, as what they print is. */
export const wardenProgram = (): Command => {
  const program = new Command("warden")
    .description("guards the identities of an Alibaba Cloud account")
    .addHelpText("after", () => `\n${said("each command speaks English or Chinese, its help as well: `--lang zh-CN`")}`)
    .showHelpAfterError(said("see `warden --help`"))
    .configureOutput({ outputError: (text) => note(text.trimEnd()) });
  for (const add of commands) add(program);
  speakInHelp(program);
  refuse(program);
  return program;
};

/** Runs one command line, without `node` and the script, and leaves the exit code in `process.exitCode`. */
export const runWarden = async (args: readonly string[]): Promise<void> => {
  speakAsAsked(args);
  const program = wardenProgram();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exit.done : exit.badInput;
  }
};
