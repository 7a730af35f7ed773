import { basename } from "node:path";
import type { Kept } from "./kept.ts";
import type { Status } from "./run.ts";

const count = ({ verdicts }: Kept, status: Status): number => verdicts.filter((one) => one.status === status).length;

const line = (name: string, all: readonly Kept[]): string => {
  const of = (status: Status): number => all.reduce((sum, kept) => sum + count(kept, status), 0);
  const detected = of("killed") + of("timed out");
  const valid = detected + of("survived") + of("not reached");
  const partly = all
    .flatMap((kept) => kept.verdicts)
    .filter(({ status, met, reachedBy }) => status === "survived" && met < reachedBy);
  const open = all.reduce((sum, kept) => sum + kept.mutants - kept.verdicts.length, 0);
  const score = valid === 0 ? "-" : ((100 * detected) / valid).toFixed(1);
  return `| ${[name, valid, of("killed"), of("timed out"), of("survived"), of("not reached"), partly.length, open, of("only while loading"), score].join(" | ")} |`;
};

/** The table of docs/mutation.md. */
export const summary = (all: readonly Kept[]): string =>
  [
    "| file | mutants | killed | timed out | survived | not reached | in part | not run | only while loading | score |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...all.filter(({ mutants }) => mutants > 0).map((kept) => line(basename(kept.path), [kept])),
    line("all", all),
  ].join("\n");

const inLine = (text: string): string => {
  const plain = text.replaceAll(/\s+/g, " ");
  return plain.length > 160 ? `${plain.slice(0, 160)}…` : plain;
};

/** One file's line and, where asked for, every mutant that nothing killed. */
export const shown = (kept: Kept, survivors: boolean): string =>
  [
    line(basename(kept.path), [kept]),
    ...(survivors ? kept.verdicts : [])
      .filter(({ status }) => status === "survived" || status === "not reached")
      .map(
        ({ id, at, mutator, original, replacement, status, met, reachedBy }) =>
          `  ${id} ${at} ${mutator}, ${status}, met ${met} of ${reachedBy}\n    - ${inLine(original)}\n    + ${inLine(replacement)}`,
      ),
  ].join("\n");
