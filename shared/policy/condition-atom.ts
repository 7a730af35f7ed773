import { canonicalValue, readBoolean, readNumber } from "./condition-value.ts";
import type { ConditionTest } from "./document.ts";
import { compileGlob, foldedGlob, literalGlob } from "./glob.ts";
import { type GlobSet, globSet } from "./glob-set.ts";
import { readInstant } from "./instant.ts";
import { type IpRange, readIpRange } from "./ip-range.ts";

export type Relation = "Equals" | "LessThan" | "LessThanEquals" | "GreaterThan" | "GreaterThanEquals";

/** What a test asks of the value of its key, where there is one. Negation is left to `negated`. */
export type Asks =
  | { readonly family: "string"; readonly set: GlobSet }
  | { readonly family: "numeric" | "date"; readonly relation: Relation; readonly bounds: readonly number[] }
  | { readonly family: "bool"; readonly values: readonly boolean[] }
  | { readonly family: "ip"; readonly ranges: readonly IpRange[] }
  /** Nothing is known of it but that the same test gives the same answer. */
  | { readonly family: "opaque" };

/** A test made ready for solving. Tests with equal `id` are one test. */
export type Atom = {
  readonly id: number;
  readonly test: ConditionTest;
  /** Tests of one dimension are decided by one value; those of different dimensions are taken to be independent. */
  readonly dimension: string;
  readonly asks: Asks;
  readonly negated: boolean;
};

const all = <Value>(values: readonly (Value | undefined)[]): readonly Value[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

const relationOf = (operator: string): Relation => operator.replace(/^(Numeric|Date)(Not)?/, "") as Relation;

const asksOf = (test: ConditionTest): Asks => {
  const { family, operator, values } = test;
  switch (family) {
    case "string": {
      const compile = operator.endsWith("IgnoreCase")
        ? foldedGlob
        : operator.endsWith("Like")
          ? (value: string) => compileGlob(value, "flat")
          : literalGlob;
      return { family, set: globSet(test.negated, values.map(compile)) };
    }
    case "numeric":
    case "date": {
      const bounds = all(values.map(family === "numeric" ? readNumber : readInstant));
      return bounds === undefined ? { family: "opaque" } : { family, relation: relationOf(operator), bounds };
    }
    case "bool": {
      const read = all(values.map(readBoolean));
      return read === undefined ? { family: "opaque" } : { family, values: read };
    }
    case "ip": {
      const ranges = all(values.map(readIpRange));
      return ranges === undefined ? { family: "opaque" } : { family, ranges };
    }
    case "opaque":
      return { family };
  }
};

/** One text per meaning of a test; the case of a key means nothing. */
export const testKey = (test: ConditionTest): string => {
  const values = test.values.map((value) => canonicalValue(test, value));
  const distinct = values.length < 2 ? values : [...new Set(values)].sort();
  return JSON.stringify([test.operator, test.ifExists, test.key.toLowerCase(), distinct]);
};

export const atomOf = (id: number, test: ConditionTest, key: string): Atom => {
  const asks = asksOf(test);
  const dimension = asks.family === "opaque" ? `opaque ${key}` : `${asks.family} ${test.key.toLowerCase()}`;
  return { id, test, dimension, asks, negated: test.negated && asks.family !== "opaque" };
};

/** Whether the test holds when its key is missing; `negationHolds` is the open reading A4. */
export const holdsWhenMissing = (atom: Atom, negationHolds: boolean): boolean =>
  atom.test.ifExists || (atom.negated && negationHolds);
