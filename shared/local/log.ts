import { pino } from "pino";
import { redact, redactText } from "../domain/redact.ts";
import type { Log, LogLevel } from "../ports/world.ts";

/** Where log lines go; each ends with a line break. */
export type LogSink = { readonly write: (line: string) => void };

/**
 * One JSON line per entry, on stderr unless `sink` says otherwise, with secrets taken out of every field.
 * It writes before it returns: a function instance may be frozen right after.
 */
export const openLog = (options: { readonly level?: LogLevel; readonly sink?: LogSink } = {}): Log => {
  const logger = pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.sink ?? pino.destination({ dest: 2, sync: true }),
  );
  return (level, what, fields = {}) => {
    // Under a name of their own, so that no field can pass for the level or the time.
    logger[level]({ fields: redact(fields) }, redactText(what));
  };
};
