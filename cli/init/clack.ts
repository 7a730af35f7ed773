import type { Readable, Writable } from "node:stream";
import { isCancel, select, text } from "@clack/prompts";
import { said } from "../said.ts";
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
        message: hint === undefined ? said(message) : `${said(message)} (${said(hint)})`,
        defaultValue: initial,
        ...(initial === "" ? {} : { placeholder: initial }),
        validate: (answer) => {
          const wrong = problem(answer === undefined || answer === "" ? initial : answer);
          return wrong === undefined ? undefined : said(wrong);
        },
        input,
        output,
      }),
    ),
  choice: async ({ message, initial, options }) =>
    answered(
      await select({
        message: said(message),
        initialValue: initial,
        options: options.map(({ value, label, hint }) => ({
          value,
          label: said(label),
          ...(hint === undefined ? {} : { hint: said(hint) }),
        })),
        input,
        output,
      }),
    ),
});
