import { parseArgs } from "node:util";

export type Asked =
  | { readonly kind: "run"; readonly count: number; readonly from: number; readonly verbose: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly because: string };

export const usage = `npm run test:sim -- [--seeds 100] [--from 1] [--verbose]: runs the simulation from other seeds

  --seeds    how many, from 1
  --from     the first, from 0
  --verbose  what each seed ran under as well
  --help     this

It prints each seed that found something, and ends with \`seeds N, violations V\`: 0 where that is none, else 1.`;

/** What the command line asks for. */
export const asked = (args: readonly string[]): Asked => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string", default: "100" },
        from: { type: "string", default: "1" },
        verbose: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    const [count, from] = [wholeNumber(values.seeds), wholeNumber(values.from)];
    return count < 1 || from < 0 || !Number.isSafeInteger(count + from)
      ? { kind: "wrong", because: "`--seeds` is how many, from 1; `--from` is the first, from 0" }
      : { kind: "run", count, from, verbose: values.verbose };
  } catch (error) {
    // The first line says what was not understood, the others how a shell takes it.
    const [because = "unknown"] = error instanceof Error ? error.message.split("\n") : [];
    return { kind: "wrong", because };
  }
};

/** -1 for what is none: an empty text is no number either. */
const wholeNumber = (text: string): number => (/^\d+$/.test(text) ? Number(text) : -1);
