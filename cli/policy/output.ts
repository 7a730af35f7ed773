import { columns } from "../columns.ts";
import { said } from "../said.ts";
import { terminalJson, terminalText } from "./terminal-text.ts";

/** What a command has to say, and its exit code: 0 done, 1 findings or undecided, 2 bad input. */
export type Outcome = {
  readonly exit: 0 | 1 | 2;
  readonly out?: string;
  readonly err?: string;
};

export const badInput = (message: string): Outcome => ({ exit: 2, err: `warden: ${terminalText(said(message))}` });

/** Writes an outcome and returns its exit code. */
export const finish = ({ exit, out, err }: Outcome): Outcome["exit"] => {
  if (out !== undefined) process.stdout.write(`${out}\n`);
  if (err !== undefined) process.stderr.write(`${err}\n`);
  return exit;
};

export const asJson = (value: unknown): string => terminalJson(value);

/** Lines of `label  value`, the values in one column. */
export const table = (rows: readonly (readonly [label: string, value: string])[]): readonly string[] => {
  const width = Math.max(0, ...rows.map(([label]) => columns(label)));
  return rows.map(([label, value]) =>
    `  ${label}${" ".repeat(width - columns(label))}  ${terminalText(value)}`.trimEnd(),
  );
};
