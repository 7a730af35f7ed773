import type { ConditionFamily } from "./document.ts";

export type Operator = {
  readonly operator: string;
  readonly family: ConditionFamily;
  readonly negated: boolean;
  readonly ifExists: boolean;
};

const entry = (operator: string, family: ConditionFamily): readonly [string, Operator] => [
  operator,
  { operator, family, negated: operator.includes("Not"), ifExists: false },
];

const comparisons = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];

/** The operators of https://help.aliyun.com/zh/ram/conditional-operator; names are compared as written there. */
const documented: ReadonlyMap<string, Operator> = new Map([
  ...["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map((name) =>
    entry(`String${name}`, "string"),
  ),
  ...comparisons.map((name) => entry(`Numeric${name}`, "numeric")),
  ...comparisons.map((name) => entry(`Date${name}`, "date")),
  entry("Bool", "bool"),
  entry("IpAddress", "ip"),
  entry("NotIpAddress", "ip"),
]);

const suffix = "IfExists";

/** What an operator's name stands for. An unknown one is opaque: it implies itself and nothing else. */
export const operatorNamed = (name: string): Operator => {
  const plain = documented.get(name);
  if (plain !== undefined) return plain;
  const bare = name.endsWith(suffix) ? documented.get(name.slice(0, -suffix.length)) : undefined;
  if (bare !== undefined) return { ...bare, ifExists: true };
  return { operator: name, family: "opaque", negated: false, ifExists: false };
};
