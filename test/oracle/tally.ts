import { list, type RawPair } from "./model.ts";

/** How often each outcome and construct occurred, so that a generator that leans to one side is seen. */
export type Tally = Map<string, number>;

const add = (tally: Tally, what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};

export const tallyPair = (tally: Tally, pair: RawPair): void => {
  add(tally, `kind ${pair.kind}`);
  for (const [name, side] of Object.entries({ before: pair.before, after: pair.after })) {
    if (side.session !== undefined) add(tally, `session ${name}`);
    if (side.documents.length > 1) add(tally, "several documents");
    for (const { document, group } of side.documents) {
      if (group !== undefined) add(tally, "resource group");
      if (!Array.isArray(document.Statement)) add(tally, "statement without a list");
      for (const statement of list(document.Statement)) {
        for (const member of Object.keys(statement)) {
          if (member !== "Effect" && member !== "Condition") add(tally, `element ${member}`);
        }
        add(tally, `effect ${statement.Effect}`);
        for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
          if (Object.keys(keys).length > 0) add(tally, `operator ${operator}`);
        }
      }
    }
  }
};

export const tallyOutcome = (tally: Tally, outcome: string): void => add(tally, `outcome ${outcome}`);

export const shown = (tally: Tally, of: number): string =>
  [...tally]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, count]) => `${String(count).padStart(9)}  ${((100 * count) / of).toFixed(1).padStart(6)} %  ${what}`)
    .join("\n");
