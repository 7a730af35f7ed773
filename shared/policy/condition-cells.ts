import { type Asks, type Atom, holdsWhenMissing, type Relation } from "./condition-atom.ts";
import { numberText } from "./condition-value.ts";
import type { Letters } from "./glob.ts";
import { compileGlob } from "./glob.ts";
import type { GlobSet } from "./glob-set.ts";
import { instantText } from "./instant.ts";
import { type IpRange, ipText } from "./ip-range.ts";
import { type Meter, spend } from "./meter.ts";
import { signatures } from "./signatures.ts";

/** The value of a key in a request: letters or a text, or none because the key is missing. */
export type CellValue =
  | { readonly letters: Letters }
  | { readonly text: () => string }
  | "missing"
  | { readonly holds: boolean };

/** A part of a key's values in which every test has the same answer: those of `atoms` that hold there. */
export type Cell = { readonly value: CellValue; readonly holding: ReadonlySet<number> };

const relates = (relation: Relation, value: number, bound: number): boolean => {
  switch (relation) {
    case "Equals":
      return value === bound;
    case "LessThan":
      return value < bound;
    case "LessThanEquals":
      return value <= bound;
    case "GreaterThan":
      return value > bound;
    case "GreaterThanEquals":
      return value >= bound;
  }
};

type Of<Family extends Asks["family"]> = Extract<Asks, { readonly family: Family }>;

/** The atoms of one dimension ask in one way. */
const asking = <Family extends Asks["family"]>(
  atoms: readonly Atom[],
  ...families: readonly Family[]
): readonly Of<Family>[] =>
  atoms.flatMap(({ asks }) => (families.some((family) => family === asks.family) ? [asks as Of<Family>] : []));

const cell = (value: CellValue, atoms: readonly Atom[], holds: (atom: Atom, at: number) => boolean): Cell => ({
  value,
  holding: new Set(atoms.filter((atom, at) => holds(atom, at) !== atom.negated).map(({ id }) => id)),
});

/** Each bound, something between any two, and something beyond either end. */
const lineCells = (
  atoms: readonly Atom[],
  show: (value: number) => string,
  unit: number,
  meter: Meter,
): readonly Cell[] => {
  const asked = asking(atoms, "numeric", "date");
  const bounds = [...new Set(asked.flatMap(({ bounds }) => bounds))].sort((a, b) => a - b);
  const points: number[] = [(bounds[0] ?? unit) - unit];
  bounds.forEach((bound, at) => {
    const next = bounds[at + 1];
    points.push(bound, next === undefined ? bound + unit : between(bound, next, unit));
  });
  spend(meter, points.length * bounds.length);
  return points.map((point) =>
    cell({ text: () => show(point) }, atoms, (_, at) => {
      const asks = asked[at] as Of<"numeric" | "date">;
      return asks.bounds.some((bound) => relates(asks.relation, point, bound));
    }),
  );
};

const between = (low: number, high: number, unit: number): number =>
  low + unit < high && Number.isInteger(low) ? low + unit : low + (high - low) / 2;

/** The first address of every stretch that lies in the same ranges. */
const ipCells = (atoms: readonly Atom[], meter: Meter): readonly Cell[] => {
  const asked = asking(atoms, "ip");
  const ranges = asked.flatMap(({ ranges }) => ranges);
  const cells: Cell[] = [];
  for (const family of [4, 6] as const) {
    const end = 1n << (family === 4 ? 32n : 128n);
    const starts = new Set<bigint>([family === 4 ? 0xcb007109n : 0x20010db8n << 96n, 0n]);
    for (const range of ranges) {
      if (range.family !== family) continue;
      starts.add(range.low);
      if (range.high + 1n < end) starts.add(range.high + 1n);
    }
    spend(meter, starts.size * ranges.length);
    const inside = (range: IpRange, address: bigint): boolean =>
      range.family === family && range.low <= address && address <= range.high;
    for (const address of starts) {
      cells.push(
        cell({ text: () => ipText(family, address) }, atoms, (_, at) =>
          (asked[at] as Of<"ip">).ranges.some((range) => inside(range, address)),
        ),
      );
    }
  }
  return cells;
};

const anyText = [compileGlob("*", "flat")];

/** For texts only the best cells are sought: all of `wanted` hold, and as few as can be of the others. */
const textCells = (atoms: readonly Atom[], wanted: ReadonlySet<number>, meter: Meter): readonly Cell[] => {
  const asked = asking(atoms, "string");
  const sets = (pick: (atom: Atom) => boolean): readonly GlobSet[] =>
    atoms.flatMap((atom, at) => (pick(atom) ? [(asked[at] as Of<"string">).set] : []));
  const others = atoms.filter(({ id }) => !wanted.has(id));
  const question = {
    inside: sets(({ id }) => wanted.has(id)),
    blockers: sets(({ id }) => !wanted.has(id)),
    universe: anyText,
  };
  return signatures(question, meter).map(({ blocked, letters }) => ({
    value: { letters },
    holding: new Set([...wanted, ...blocked.map((at) => (others[at] as Atom).id)]),
  }));
};

const presentCells = (atoms: readonly Atom[], wanted: ReadonlySet<number>, meter: Meter): readonly Cell[] => {
  switch (atoms[0]?.asks.family) {
    case "string":
      return textCells(atoms, wanted, meter);
    case "numeric":
      return lineCells(atoms, numberText, 1, meter);
    case "date":
      return lineCells(atoms, instantText, 1000, meter);
    case "bool": {
      const asked = asking(atoms, "bool");
      return [true, false].map((value) =>
        cell({ text: () => String(value) }, atoms, (_, at) => (asked[at] as Of<"bool">).values.includes(value)),
      );
    }
    case "ip":
      return ipCells(atoms, meter);
    default:
      return [true, false].map((holds) => cell({ holds }, atoms, () => holds));
  }
};

/** The cells of one dimension in which all `wanted` atoms hold, the key's absence last. */
export const cellsOf = (
  atoms: readonly Atom[],
  wanted: ReadonlySet<number>,
  negationHolds: boolean,
  meter: Meter,
): readonly Cell[] => {
  const cells = [...presentCells(atoms, wanted, meter)];
  if (atoms[0]?.asks.family !== "opaque") {
    const holding = atoms.filter((atom) => holdsWhenMissing(atom, negationHolds)).map(({ id }) => id);
    cells.push({ value: "missing", holding: new Set(holding) });
  }
  return cells.filter(({ holding }) => [...wanted].every((id) => holding.has(id)));
};
