import { terminalJson, terminalJsonLine, terminalText } from "./policy/terminal-text.ts";
import { said } from "./said.ts";
import { terminalMessage } from "./state-failed.ts";

/** Exit codes of DESIGN §7: a contract with scripts. */
export const exit = { done: 0, findings: 1, badInput: 2, cloud: 3 } as const;

/** Something that the user can put right: said in one line, without a stack. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}

/** The cloud or the state store did not do its part. */
export class CloudFailed extends Error {
  override readonly name = "CloudFailed";
}

/** Machine output: one JSON document on stdout. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${terminalJson(value)}\n`);
};

/** Machine output: one value of many, each on a line of its own. */
export const printJsonLine = (value: unknown): void => {
  process.stdout.write(`${terminalJsonLine(value)}\n`);
};

export const print = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};

/** Text from outside, safe to show in a terminal. */
export const safe = terminalText;

/** A text of ours for people, in the language that is spoken; what it names from outside is made safe. */
export const say = (text: string): void => print(safe(said(text)));

/** The same beside the result: several lines, each a text. */
export const note = (lines: string): void => {
  process.stderr.write(
    `${lines
      .split("\n")
      .map((line) => safe(said(line)))
      .join("\n")}\n`,
  );
};

/** Runs a command and turns what it rejects with into one line and an exit code. */
export const runCommand = async (command: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof BadInput) {
      note(error.message);
      process.exitCode = exit.badInput;
    } else if (error instanceof CloudFailed || (error instanceof Error && error.name === "StoreUnavailable")) {
      note(terminalMessage(error));
      process.exitCode = exit.cloud;
    } else {
      // A fault of ours: one line for whoever runs the command; the stack for whoever looks for the fault.
      note(`unexpected: ${error instanceof Error ? error.message : String(error)}`);
      note(
        process.env.WARDEN_DEBUG && error instanceof Error && error.stack !== undefined
          ? error.stack
          : "set `WARDEN_DEBUG=1` to see where",
      );
      process.exitCode = exit.cloud;
    }
  }
};

/** An incident's id from the command line; anything else is refused before it is looked for. */
export const incidentId = (text: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    throw new BadInput(`no incident \`${safe(text.slice(0, 64))}\`: an id reads as \`warden incidents\` shows it`);
  return text;
};
