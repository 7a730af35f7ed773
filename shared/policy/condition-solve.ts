import type { Atom } from "./condition-atom.ts";
import { type Cell, type CellValue, cellsOf } from "./condition-cells.ts";
import { type Meter, spend } from "./meter.ts";

/** A value for every key that matters, by the dimension of its tests. */
export type Assignment = ReadonlyMap<string, { readonly atoms: readonly Atom[]; readonly value: CellValue }>;

type Choice = { readonly dimension: string; readonly atoms: readonly Atom[]; readonly cells: readonly Option[] };

/** A cell, and which blockers it disarms because one of their tests does not hold there. */
type Option = { readonly cell: Cell; readonly disarms: readonly number[] };

const byDimension = (atoms: Iterable<Atom>): ReadonlyMap<string, readonly Atom[]> => {
  const groups = new Map<string, Map<number, Atom>>();
  for (const atom of atoms) {
    const group = groups.get(atom.dimension) ?? new Map<number, Atom>();
    groups.set(atom.dimension, group.set(atom.id, atom));
  }
  return new Map([...groups].map(([dimension, group]) => [dimension, [...group.values()]]));
};

/** Leaves out cells that disarm no more than another does; of equals the first stays. */
const best = (options: readonly Option[], meter: Meter): readonly Option[] => {
  const kept: Option[] = [];
  for (const option of [...options].sort((a, b) => b.disarms.length - a.disarms.length)) {
    spend(meter, kept.length * option.disarms.length);
    const better = kept.some(({ disarms }) => option.disarms.every((blocker) => disarms.includes(blocker)));
    if (!better) kept.push(option);
  }
  return kept;
};

/**
 * Values under which all tests of `wanted` hold and every blocker has a test that does not; `undefined` if there are
 * none. Blockers without tests cannot be disarmed.
 */
export const solveConditions = (
  wanted: readonly Atom[],
  blockers: readonly (readonly Atom[])[],
  negationHolds: boolean,
  meter: Meter,
): Assignment | undefined => {
  const wantedIds = new Set(wanted.map(({ id }) => id));
  const choices: Choice[] = [];
  for (const [dimension, atoms] of byDimension([...wanted, ...blockers.flat()])) {
    const here = new Set(atoms.filter(({ id }) => wantedIds.has(id)).map(({ id }) => id));
    const options = cellsOf(atoms, here, negationHolds, meter).map((cell) => {
      spend(meter, blockers.length);
      const disarms = blockers.flatMap((tests, blocker) =>
        tests.some((atom) => atom.dimension === dimension && !cell.holding.has(atom.id)) ? [blocker] : [],
      );
      return { cell, disarms };
    });
    if (options.length === 0) return undefined;
    choices.push({ dimension, atoms, cells: best(options, meter) });
  }
  const assignment = new Map<string, { readonly atoms: readonly Atom[]; readonly value: CellValue }>();
  const disarmed: number[] = blockers.map(() => 0);
  let left = blockers.length;

  // How many of the later choices could disarm a blocker at best: one that none could is a dead end at once.
  const hopes = blockers.map(() => 0);
  const hopeOf = choices.map(({ cells }) => [...new Set(cells.flatMap(({ disarms }) => disarms))]);
  const hope = (at: number, more: 1 | -1): void => {
    for (const blocker of hopeOf[at] as readonly number[]) hopes[blocker] = (hopes[blocker] as number) + more;
  };
  choices.forEach((_, at) => {
    hope(at, 1);
  });

  const choose = (at: number): boolean => {
    const choice = choices[at];
    if (choice === undefined) return left === 0;
    if (disarmed.some((count, blocker) => count === 0 && hopes[blocker] === 0)) return false;
    hope(at, -1);
    for (const { cell, disarms } of choice.cells) {
      spend(meter, blockers.length + 1);
      for (const blocker of disarms) {
        if (disarmed[blocker] === 0) left -= 1;
        disarmed[blocker] = (disarmed[blocker] as number) + 1;
      }
      assignment.set(choice.dimension, { atoms: choice.atoms, value: cell.value });
      if (choose(at + 1)) return true;
      for (const blocker of disarms) {
        disarmed[blocker] = (disarmed[blocker] as number) - 1;
        if (disarmed[blocker] === 0) left += 1;
      }
    }
    hope(at, 1);
    return false;
  };
  return choose(0) ? assignment : undefined;
};
