import { isIPv6 } from "node:net";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { matchesGlob } from "./globs.ts";

/** What a request brings along, by condition key in lower case. */
export type Context = Readonly<Record<string, string>>;

type Test = (given: string, wanted: string) => boolean;

const numbers =
  (compare: (a: number, b: number) => boolean): Test =>
  (given, wanted) => {
    const [a, b] = [Number(given), Number(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };

const dates =
  (compare: (a: number, b: number) => boolean): Test =>
  (given, wanted) => {
    const [a, b] = [Date.parse(given), Date.parse(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };

const v4 = (address: string): bigint | undefined => {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((all, part) => all * 256n + BigInt(part), 0n);
};

const v6 = (address: string): bigint | undefined => {
  if (!isIPv6(address)) return undefined;
  const [head = "", tail] = address.split("::");
  const groups = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const gap = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...gap, ...after].reduce((all, part) => all * 65536n + BigInt(`0x${part}`), 0n);
};

const inBlock: Test = (given, wanted) => {
  const [network = "", size] = wanted.split("/");
  const bits = given.includes(":") ? 128 : 32;
  const [address, base] = [v4(given) ?? v6(given), v4(network) ?? v6(network)];
  if (address === undefined || base === undefined || given.includes(":") !== network.includes(":")) return false;
  const shift = BigInt(bits - (size === undefined ? bits : Number(size)));
  return address >> shift === base >> shift;
};

/** The positive tests; their negations say "none of the values" and hold when the key is missing (A4). */
const tests: Readonly<Record<string, Test>> = {
  StringEquals: (given, wanted) => given === wanted,
  StringEqualsIgnoreCase: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  StringLike: (given, wanted) => matchesGlob(wanted, given),
  NumericEquals: numbers((a, b) => a === b),
  NumericLessThan: numbers((a, b) => a < b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  DateEquals: dates((a, b) => a === b),
  DateLessThan: dates((a, b) => a < b),
  DateLessThanEquals: dates((a, b) => a <= b),
  DateGreaterThan: dates((a, b) => a > b),
  DateGreaterThanEquals: dates((a, b) => a >= b),
  Bool: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  IpAddress: inBlock,
};

const negations: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

export const knownOperator = (operator: string): boolean =>
  Object.hasOwn(tests, operator) || Object.hasOwn(negations, operator);

/** A key or an operator may have any name, `constructor` too. */
const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const texts = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((each) => String(each));

/**
 * Whether all operators and keys of a `Condition` hold: values of a key are OR, keys and operators are AND.
 * An operator outside the documented table holds for nothing: an Allow gives nothing then, a Deny takes nothing.
 */
export const conditionsHold = (condition: JsonObject | undefined, context: Context): boolean =>
  Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).every(([key, values]) => {
      const given = own(context, key.toLowerCase());
      const negated = own(negations, operator);
      const test = own(tests, negated ?? operator);
      if (test === undefined) return false;
      if (given === undefined) return negated !== undefined;
      const hit = texts(values).some((wanted) => test(given, wanted));
      return negated === undefined ? hit : !hit;
    }),
  );
