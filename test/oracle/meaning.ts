import { list, type RawPrincipal, type RawStatement } from "./model.ts";
import type { Principal } from "./universe.ts";

// What a document says, by regular expressions and plain loops: slow, short, and written apart from the comparer.

const cache = new Map<string, RegExp>();

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\/*?]/g, "\\$&");

const regex = (pattern: string, bounded: boolean): RegExp => {
  const key = `${bounded} ${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parts = pattern.split(":");
  const translate = (part: string, any: string): string =>
    [...part].map((letter) => (letter === "*" ? `${any}*` : letter === "?" ? any : escaped(letter))).join("");
  const first = bounded ? Math.min(4, parts.length - 1) : 0;
  const source = parts.map((part, at) => translate(part, at < first ? "[^:]" : "[^]")).join(":");
  const made = new RegExp(`^${source}$`, "u");
  cache.set(key, made);
  return made;
};

const arn = (text: string): string => (/^acs:ram:[^:]*:[^:]*:role\//.test(text) ? text.toLowerCase() : text);

/** What a statement says of one kind of thing: what any of these patterns matches or, negated, what none does. */
export type Side = { readonly patterns: readonly string[]; readonly negated: boolean };

export const actionSide = ({ Action, NotAction }: RawStatement): Side => ({
  patterns: list(NotAction ?? Action),
  negated: NotAction !== undefined,
});

export const resourceSide = ({ Resource, NotResource }: RawStatement): Side => ({
  patterns: list(NotResource ?? Resource),
  negated: NotResource !== undefined,
});

/** Principals as `type pattern`; a principal without a type is everyone. */
export const principalSide = ({ Principal, NotPrincipal }: RawStatement): Side => {
  const given: RawPrincipal = NotPrincipal ?? Principal ?? [];
  const patterns =
    typeof given === "string" || Array.isArray(given)
      ? list(given as string | readonly string[])
      : Object.entries(given).flatMap(([type, values]) =>
          list(values as string | readonly string[]).map((pattern) => `${type} ${pattern}`),
        );
  return { patterns, negated: NotPrincipal !== undefined };
};

export const actionMatches = (pattern: string, action: string): boolean =>
  regex(pattern.toLowerCase(), false).test(action.toLowerCase());

export const resourceMatches = (pattern: string, resource: string, segments: boolean): boolean =>
  regex(arn(pattern), segments).test(resource);

export const principalMatches = (typed: string, principal: Principal, segments: boolean): boolean => {
  if (typed === "*") return true;
  const [type = "", pattern = ""] = typed.split(" ");
  if (type !== principal.type) return false;
  const root = /^acs:ram:([^:]*):([^:]+):root$/.exec(pattern);
  return regex(root === null ? arn(pattern) : pattern.slice(0, -4).concat("*"), segments).test(principal.value);
};

const inBlock = (block: string, address: string): boolean => {
  const [base = "", size] = block.split("/");
  if (base.includes(":") !== address.includes(":")) return false;
  const groups = (text: string): readonly number[] => {
    if (!text.includes(":")) return text.split(".").map(Number);
    const [head = "", tail = ""] = text.split("::");
    const left = head.split(":").filter((group) => group !== "");
    const right = tail.split(":").filter((group) => group !== "");
    const middle = text.includes("::") ? new Array<string>(8 - left.length - right.length).fill("0") : [];
    return [...left, ...middle, ...right].map((group) => Number.parseInt(group, 16));
  };
  const width = base.includes(":") ? 16 : 8;
  const bit = (numbers: readonly number[], at: number): number =>
    ((numbers[Math.floor(at / width)] ?? 0) >> (width - 1 - (at % width))) & 1;
  const length = size === undefined ? (width === 8 ? 32 : 128) : Number(size);
  for (let at = 0; at < length; at += 1) if (bit(groups(base), at) !== bit(groups(address), at)) return false;
  return true;
};

const relation = (operator: string, value: number, bound: number): boolean => {
  const name = operator.replace(/^(Numeric|Date)/, "").replace("Not", "");
  if (name === "Equals") return value === bound;
  if (name === "LessThan") return value < bound;
  if (name === "LessThanEquals") return value <= bound;
  return name === "GreaterThan" ? value > bound : value >= bound;
};

const known =
  /^(String(Not)?(Equals|Like|EqualsIgnoreCase)|(Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?)|Bool|(Not)?IpAddress)(IfExists)?$/;

export const isOpaque = (operator: string): boolean => !known.test(operator);

/** One operator on one key. `value` is the request's, `undefined` if it has none. */
export const testHolds = (
  name: string,
  values: readonly string[],
  value: string | undefined,
  negationHolds: boolean,
): boolean => {
  const operator = name.replace("IfExists", "");
  const negated = operator.includes("Not");
  if (value === undefined) return name.endsWith("IfExists") || (negated && negationHolds);
  const satisfied = values.some((one) => {
    if (operator.startsWith("String")) {
      if (operator.endsWith("IgnoreCase")) return one.toLowerCase() === value.toLowerCase();
      return operator.endsWith("Like") ? regex(one, false).test(value) : one === value;
    }
    if (operator.startsWith("Numeric")) return relation(operator, Number(value), Number(one));
    if (operator.startsWith("Date")) return relation(operator, Date.parse(value), Date.parse(one));
    if (operator === "Bool") return one.toLowerCase() === value;
    return inBlock(one, value);
  });
  return satisfied !== negated;
};
