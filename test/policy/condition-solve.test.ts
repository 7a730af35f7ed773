import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Atom, atomOf, testKey } from "../../shared/policy/condition-atom.ts";
import { type CellValue, cellsOf } from "../../shared/policy/condition-cells.ts";
import { solveConditions } from "../../shared/policy/condition-solve.ts";
import type { ConditionTest } from "../../shared/policy/document.ts";
import { newMeter } from "../../shared/policy/meter.ts";

const test = (key: string, negated: boolean, values: readonly string[]): ConditionTest => ({
  operator: negated ? "StringNotEquals" : "StringEquals",
  family: "string",
  negated,
  ifExists: false,
  key,
  values,
});

/** Atoms with one number for each test, as the comparer makes them. */
const numbered = (): ((given: ConditionTest) => Atom) => {
  const known = new Map<string, Atom>();
  return (given) => {
    const key = testKey(given);
    const atom = known.get(key) ?? atomOf(known.size, given, key);
    known.set(key, atom);
    return atom;
  };
};

const values = ["u", "v", "w", undefined] as const;
type Value = (typeof values)[number];

const holdsAt = ({ test: { negated, values: listed } }: Atom, value: Value): boolean =>
  value === undefined ? negated : listed.includes(value) !== negated;

/** Every way of giving the three keys one of the values, or none. */
const everyContext = ((): readonly (readonly Value[])[] =>
  values.flatMap((one) => values.flatMap((two) => values.map((three) => [one, two, three]))))();

const keys = ["k:0", "k:1", "k:2"];
const anyTest = fc
  .tuple(fc.constantFrom(...keys), fc.boolean(), fc.subarray(["u", "v"]))
  .map(([key, negated, listed]) => test(key, negated, listed));

const spelled = (value: CellValue): string | undefined =>
  typeof value === "object" && "letters" in value
    ? String.fromCodePoint(...value.letters.map((code) => (code > 0x10ffff ? 119 : code)))
    : undefined;

describe("values for the keys of conditions", () => {
  it("are found exactly where trying all of them finds some, and are such", () => {
    fc.assert(
      fc.property(
        fc.array(anyTest, { maxLength: 3 }),
        fc.array(fc.array(anyTest, { maxLength: 3 }), { maxLength: 4 }),
        (wantedTests, blockerTests) => {
          const atomFor = numbered();
          const wanted = wantedTests.map(atomFor);
          const blockers = blockerTests.map((tests) => tests.map(atomFor));
          const fits = (context: readonly Value[]): boolean => {
            const holds = (atom: Atom): boolean => holdsAt(atom, context[keys.indexOf(atom.test.key)]);
            return wanted.every(holds) && blockers.every((tests) => !tests.every(holds));
          };
          const found = solveConditions(wanted, blockers, true, newMeter(1_000_000));
          expect(found !== undefined).toBe(everyContext.some(fits));
          if (found === undefined) return;
          const context = keys.map((key) => {
            const value = found.get(`string ${key}`)?.value;
            return value === undefined ? undefined : (spelled(value) as Value);
          });
          expect(fits(context)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const atoms = numbered();
  const equals = (key: string, ...listed: readonly string[]): Atom => atoms(test(key, false, listed));
  const differs = (key: string, ...listed: readonly string[]): Atom => atoms(test(key, true, listed));

  it("that leave a test of a blocker unmet, for each blocker its own", () => {
    const found = solveConditions([], [[equals("k:0", "u")], [differs("k:0", "u", "v")]], true, newMeter(1000));
    expect(spelled(found?.get("string k:0")?.value as CellValue)).toBe("v");
    expect(solveConditions([], [[equals("k:0", "u")], [differs("k:0", "u")]], true, newMeter(1000))).toBeUndefined();
    expect(solveConditions([], [[]], true, newMeter(1000))).toBeUndefined();
    expect(solveConditions([], [], true, newMeter(1000))?.size).toBe(0);
  });

  it("cost few steps where a blocker cannot be disarmed, however many other keys there are", () => {
    const other = Array.from({ length: 8 }, (_, at) => `o:${at}`);
    // Whatever stands in `k:0` holds for one of the two, which nothing else could disarm.
    const hopeless = [[equals("k:0", "u")], [differs("k:0", "u")]];
    const many = other.map((key) => [equals(key, "u"), equals(key, "u", "v")]);
    const first = newMeter(1_000_000);
    expect(solveConditions([], [...hopeless, ...many], true, first)).toBeUndefined();
    const last = newMeter(1_000_000);
    expect(solveConditions([], [...many, ...hopeless], true, last)).toBeUndefined();
    expect(first.spent).toBeLessThan(600);
    expect(last.spent).toBeLessThan(600);
  });

  it("cost few steps where a key has many values that do the same", () => {
    const listed = Array.from({ length: 12 }, (_, at) => `v${at}`);
    const meter = newMeter(1_000_000);
    const blockers = [
      ...listed.map((value) => [equals("k:0", value), equals("k:1", value)]),
      [differs("k:0", ...listed), differs("k:1", ...listed)],
      [equals("k:2", "u")],
      [differs("k:2", "u")],
    ];
    expect(solveConditions([], blockers, true, meter)).toBeUndefined();
    expect(meter.spent).toBeLessThan(15_000);
  });

  it("are none where the wanted tests exclude each other", () => {
    const meter = newMeter(1000);
    const wanted = [equals("k:0", "u"), equals("k:0", "v"), equals("k:1", "u")];
    expect(solveConditions(wanted, [[equals("k:1", "v")]], true, meter)).toBeUndefined();
    expect(meter.spent).toBeLessThan(2);
    expect(cellsOf([equals("k:0", "u")], new Set(), true, newMeter(1000)).length).toBeGreaterThan(1);
  });
});
