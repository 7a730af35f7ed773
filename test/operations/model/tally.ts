import { type CataloguedId, catalogue } from "../../../shared/operations/catalogue.ts";
import type { Came } from "./check.ts";

/** How often each operation came to what, so that a lopsided generator is seen. */
export type Tally = {
  readonly add: (came: readonly Came[]) => void;
  readonly missing: () => readonly CataloguedId[];
  /** How many writes came to each end, by the end. */
  readonly ends: () => ReadonlyMap<string, number>;
  readonly text: () => string;
};

export const tallyOf = (): Tally => {
  const counts = new Map<CataloguedId, Map<string, number>>();
  const ends = new Map<string, number>();
  return {
    add: (came) => {
      for (const { operation, to } of came) {
        const of = counts.get(operation) ?? new Map<string, number>();
        counts.set(operation, of.set(to, (of.get(to) ?? 0) + 1));
        ends.set(to, (ends.get(to) ?? 0) + 1);
      }
    },
    missing: () => catalogue.filter((id) => !counts.has(id)),
    ends: () => ends,
    text: () =>
      [...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)), ["all", ends] as const]
        .map(([operation, of]) => `${operation}: ${[...of].map(([to, count]) => `${to} ${count}`).join(", ")}`)
        .join("\n"),
  };
};
