import { readFileSync } from "node:fs";
import { Instrumenter } from "@stryker-mutator/instrumenter";

/** One change of the source, as Stryker makes it. */
export type Mutant = {
  readonly id: string;
  readonly mutator: string;
  /** `line:column`, both from 1. */
  readonly at: string;
  readonly original: string;
  readonly replacement: string;
};

export type Instrumented = { readonly text: string; readonly mutants: readonly Mutant[] };

const silent = (): void => undefined;
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** A source file that holds all of its mutants, each behind a switch: what `stryker run` would test. */
export const instrumented = async (path: string): Promise<Instrumented> => {
  const content = readFileSync(path, "utf8");
  const { files, mutants } = await new Instrumenter(logger).instrument([{ name: path, mutate: true, content }], {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  const lines = content.split("\n");
  const between = (start: Position, end: Position): string =>
    start.line === end.line
      ? (lines[start.line]?.slice(start.column, end.column) ?? "")
      : [
          lines[start.line]?.slice(start.column),
          ...lines.slice(start.line + 1, end.line),
          lines[end.line]?.slice(0, end.column),
        ].join("\n");
  return {
    text: files[0]?.content ?? "",
    mutants: mutants.map(({ id, mutatorName, location, replacement }) => ({
      id,
      mutator: mutatorName,
      at: `${location.start.line + 1}:${location.start.column + 1}`,
      original: between(location.start, location.end),
      replacement: replacement ?? "",
    })),
  };
};

type Position = { readonly line: number; readonly column: number };
