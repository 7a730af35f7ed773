import { BadInput } from "./output.ts";

const units: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * An instant from the command line, as epoch milliseconds: `2026-11-22T01:00:00Z`, a date, `now`, or a span back from
 * now such as `90m`, `24h`, `7d`. A date alone is the first or the last instant of that day in UTC. A time without a zone is refused: whose it is cannot be known.
 */
export const instantArgument = (text: string, name: string, now: number, end: "first" | "last" = "first"): number => {
  if (text === "now") return now;
  const span = /^(\d{1,5})([mhd])$/.exec(text);
  if (span !== null) return now - Number(span[1]) * (units[span[2] ?? ""] ?? 0);
  // Both ends are included, so a day as the end is included to its last millisecond.
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at = isDate || isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !isDay(text.slice(0, 10)))
    throw new BadInput(
      `\`--${name}\` is not a time: give \`2026-11-22T01:00:00Z\` (with its zone), a date, \`now\`, or a span back such as \`24h\``,
    );
  return isDate && end === "last" ? at + 86_400_000 - 1 : at;
};

/** `2026-02-30` is read as a day of March by some parsers. */
const isDay = (date: string): boolean => {
  const at = Date.parse(date);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
};
