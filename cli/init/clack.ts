import type { Readable, Writable } from "node:stream";
import { isCancel, select, text } from "@clack/prompts";
import type { Ask } from "./answers.ts";
import { Cancelled } from "./answers.ts";

const answered = (value: string | symbol): string => {
  if (typeof value !== "string" || isCancel(value)) throw new Cancelled("broken off");
  return value;
};

/** Asks at a terminal; what is asked goes to stderr, as stdout is for results. */
export const askAtTerminal = (input: Readable = process.stdin, output: Writable = process.stderr): Ask => ({
  text: async ({ message, initial, hint, problem }) =>
    answered(
      await text({
        message: hint === undefined ? message : `${message} (${hint})`,
        defaultValue: initial,
        ...(initial === "" ? {} : { placeholder: initial }),
        validate: (answer) => problem(answer === undefined || answer === "" ? initial : answer),
        input,
        output,
      }),
    ),
  choice: async ({ message, initial, options }) =>
    answered(
      await select({
        message,
        initialValue: initial,
        options: options.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) })),
        input,
        output,
      }),
    ),
});
