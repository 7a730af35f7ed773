import type { Reading, Scope, Witness } from "./comparison.ts";
import type { ConditionTest, Globs, PolicyDocument, Principals, Statement } from "./document.ts";

// This file decides one concrete request, and shares no code with the comparer on purpose: what the comparer finds is
// shown only if this agrees. Keep it plain.

/** The documents that hold for one principal, read. */
export type Effective = {
  readonly documents: readonly { readonly document: PolicyDocument; readonly scope: Scope }[];
  /** A session policy: what it does not allow is not allowed. */
  readonly session?: readonly PolicyDocument[];
};

export type EvaluateOptions = Reading & {
  /** The answer of a test that is not understood; false without it. */
  readonly opaqueHolds?: (test: ConditionTest) => boolean;
};

/** A letter beyond the first 65,536 takes two places in a text, and a list of letters has it in one. */
const characters = (text: string): string | readonly string[] => {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0xd800) return Array.from(text);
  return text;
};

type Text = string | readonly string[];

const fitsAt = (chunk: Text, text: Text, at: number): boolean => {
  for (let index = 0; index < chunk.length; index += 1) {
    if (chunk[index] !== "?" && chunk[index] !== text[at + index]) return false;
  }
  return at + chunk.length <= text.length;
};

/** Where the first wildcard is; -1 if there is none. */
const firstWildcard = (pattern: string): number => {
  const star = pattern.indexOf("*");
  const one = pattern.indexOf("?");
  return star === -1 || (one !== -1 && one < star) ? one : star;
};

const beginsAlike = (pattern: string, text: string, length: number): boolean => {
  for (let at = 0; at < length; at += 1) if (pattern.charCodeAt(at) !== text.charCodeAt(at)) return false;
  return true;
};

/** Cuts the pattern at its `*` and looks for the pieces from left to right. */
const matches = (pattern: string, plain: string): boolean => {
  if (pattern === "*") return true;
  const first = firstWildcard(pattern);
  if (first === -1) return pattern === plain;
  if (!beginsAlike(pattern, plain, first)) return false;
  if (first === pattern.length - 1 && pattern[first] === "*") return true;
  const text = characters(plain);
  const chunks = pattern.split("*").map(characters);
  const head = chunks[0] as Text;
  if (!fitsAt(head, text, 0)) return false;
  if (chunks.length === 1) return head.length === text.length;
  const last = chunks[chunks.length - 1] as Text;
  let at = head.length;
  for (const chunk of chunks.slice(1, -1)) {
    while (at + chunk.length <= text.length && !fitsAt(chunk, text, at)) at += 1;
    at += chunk.length;
  }
  return at + last.length <= text.length && fitsAt(last, text, text.length - last.length);
};

/** The first parts of a name, at most four, each for itself; then whatever is left of it as one. */
const matchesName = (pattern: string, name: string, wildcards: Reading["wildcards"]): boolean => {
  const first = firstWildcard(pattern);
  if (first === -1) return pattern === name;
  if (!beginsAlike(pattern, name, first)) return false;
  if (wildcards === "flat" || pattern === "*") return matches(pattern, name);
  const patternParts = pattern.split(":");
  const nameParts = name.split(":");
  const own = Math.min(4, patternParts.length - 1);
  if (nameParts.length <= own) return false;
  for (let part = 0; part < own; part += 1) {
    if (!matches(patternParts[part] as string, nameParts[part] as string)) return false;
  }
  return matches(patternParts.slice(own).join(":"), nameParts.slice(own).join(":"));
};

const roleInLowerCase = (name: string): string => {
  if (!name.includes(":role/")) return name;
  const parts = name.split(":");
  return parts[0] === "acs" && parts[1] === "ram" && parts.slice(4).join(":").startsWith("role/")
    ? name.toLowerCase()
    : name;
};

const actionIn = ({ complement, patterns }: Globs, lowerCase: string): boolean =>
  patterns.some((pattern) => matches(pattern.toLowerCase(), lowerCase)) !== complement;

const resourceIn = (globs: Globs | undefined, resource: string | undefined, wildcards: Reading["wildcards"]): boolean =>
  globs === undefined ||
  globs.patterns.some((pattern) => matchesName(roleInLowerCase(pattern), resource ?? "", wildcards)) !==
    globs.complement;

const principalIn = (
  principals: Principals | undefined,
  principal: Witness["principal"],
  wildcards: Reading["wildcards"],
): boolean => {
  if (principals === undefined) return true;
  if (principal === undefined) return principals.complement;
  const within = principals.patterns.some(({ type, value }) => {
    if (type === "*" && value === "*") return true;
    if (type !== "*" && type !== principal.type) return false;
    const parts = value.split(":");
    const isRoot =
      parts.length === 5 && parts[0] === "acs" && parts[1] === "ram" && parts[3] !== "" && parts[4] === "root";
    const pattern = isRoot ? `acs:ram:${parts[2]}:${parts[3]}:*` : roleInLowerCase(value);
    return matchesName(pattern, principal.value, wildcards);
  });
  return within !== principals.complement;
};

const numberOf = (text: string): number => {
  const plain = text.trim();
  return /^[-+]?[0-9]*\.?[0-9]+$/.test(plain) ? Number(plain) : Number.NaN;
};

/** Beyond 15 digits two numbers of a document could be one here; beyond milliseconds, two instants. */
const isPrecise = (family: "numeric" | "date", text: string): boolean =>
  family === "numeric" ? text.replace(/[^0-9]/g, "").length <= 15 : !/\.\d{4}/.test(text);

/** Milliseconds; counted year by year and month by month, since the core has no calendar. */
const instantOf = (text: string): number => {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,4}))?)?(?:Z|([-+])(\d\d):?(\d\d))$/.exec(
    text.trim(),
  );
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) => Number(match[at] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leap = (of: number): boolean => of % 400 === 0 || (of % 4 === 0 && of % 100 !== 0);
  const lengths = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (month < 1 || month > 12 || day < 1 || day > (lengths[month - 1] as number)) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  let count = day - 1 + lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
  count += 365 * year + Math.ceil(year / 4) - Math.ceil(year / 100) + Math.ceil(year / 400);
  const zone = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === "-" ? -1 : 1);
  const fraction = Number((match[7] ?? "").padEnd(4, "0")) / 10;
  return ((count * 24 + hour) * 60 + minute - zone) * 60_000 + second * 1000 + fraction;
};

/** The bits of an address as text; empty if it is none. */
const bitsOf = (address: string): string => {
  if (!address.includes(":")) {
    const parts = address.split(".");
    if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return "";
    return parts.map((part) => Number(part).toString(2).padStart(8, "0")).join("");
  }
  const [head = "", tail, more] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = 8 - left.length - right.length;
  if (more !== undefined || (tail === undefined ? gap !== 0 : gap < 1)) return "";
  const groups = [...left, ...new Array<string>(gap).fill("0"), ...right];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return "";
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
};

/** The leading bits that a block fixes, and how long its addresses are; `undefined` if it is no block. */
const blockOf = (text: string): { readonly prefix: string; readonly length: number } | undefined => {
  const [address = "", size, more] = text.trim().split("/");
  const bits = bitsOf(address);
  if (bits === "" || more !== undefined) return undefined;
  if (size === undefined) return { prefix: bits, length: bits.length };
  if (!/^\d{1,3}$/.test(size) || Number(size) > bits.length) return undefined;
  return { prefix: bits.slice(0, Number(size)), length: bits.length };
};

const compares = (operator: string, value: number, bound: number): boolean => {
  if (operator.endsWith("LessThan")) return value < bound;
  if (operator.endsWith("LessThanEquals")) return value <= bound;
  if (operator.endsWith("GreaterThan")) return value > bound;
  return operator.endsWith("GreaterThanEquals") ? value >= bound : value === bound;
};

/** Whether the value satisfies one of the test's values; `undefined` if one of these cannot be understood. */
const satisfies = ({ family, operator, values }: ConditionTest, value: string | undefined): boolean | undefined => {
  const given = value ?? "";
  switch (family) {
    case "string":
      return values.some((one) => {
        if (operator.endsWith("IgnoreCase")) return one.toLowerCase() === given.toLowerCase();
        return operator.endsWith("Like") ? matches(one, given) : one === given;
      });
    case "numeric":
    case "date": {
      const read = family === "numeric" ? numberOf : instantOf;
      const bounds = values.map(read);
      if (bounds.some(Number.isNaN) || !values.every((one) => isPrecise(family, one))) return undefined;
      return bounds.some((bound) => compares(operator, read(given), bound));
    }
    case "bool": {
      const words: readonly string[] = values.map((one) => one.trim().toLowerCase());
      return words.every((word) => ["true", "false"].includes(word)) ? words.includes(given.toLowerCase()) : undefined;
    }
    case "ip": {
      const blocks = values.map(blockOf);
      const address = blockOf(given);
      if (blocks.some((block) => block === undefined)) return undefined;
      return blocks.some(
        (block) => block?.length === address?.length && address?.prefix.startsWith(block?.prefix ?? "-"),
      );
    }
    case "opaque":
      return undefined;
  }
};

const holds = (test: ConditionTest, context: ReadonlyMap<string, string>, options: EvaluateOptions): boolean => {
  const value = context.get(test.key.toLowerCase());
  const satisfied = satisfies(test, value);
  if (satisfied === undefined) return options.opaqueHolds?.(test) ?? false;
  if (value === undefined) return test.ifExists || (test.negated && options.negationHolds);
  return satisfied !== test.negated;
};

/** The document's resource group is a condition like any other: the resource asked for has to be in it. */
const inScope = (scope: Scope, context: ReadonlyMap<string, string>): boolean =>
  scope === "account" || context.get("resource group") === scope.resourceGroupId;

/**
 * Whether these documents allow the request: some Allow and no Deny. Policies of the account's scope decide first; those
 * of a resource group are asked only where the account's say nothing.
 * https://help.aliyun.com/zh/ram/policy-evaluation-process
 */
export const isAllowed = (effective: Effective, request: Witness, options: EvaluateOptions): boolean => {
  const context = new Map<string, string>();
  for (const key of Object.keys(request.context)) context.set(key.toLowerCase(), request.context[key] as string);
  const action = request.action.toLowerCase();
  const applies = (statement: Statement): boolean =>
    actionIn(statement.action, action) &&
    resourceIn(statement.resource, request.resource, options.wildcards) &&
    principalIn(statement.principal, request.principal, options.wildcards) &&
    statement.conditions.every((test) => holds(test, context, options));
  let allowed = false;
  let denied = false;
  const consult = ({ statements }: PolicyDocument): void => {
    for (const statement of statements) {
      if (denied || (statement.effect === "Allow" && allowed) || !applies(statement)) continue;
      if (statement.effect === "Deny") denied = true;
      else allowed = true;
    }
  };
  for (const { document, scope } of effective.documents) if (scope === "account") consult(document);
  if (!allowed && !denied) {
    for (const { document, scope } of effective.documents) {
      if (scope !== "account" && inScope(scope, context)) consult(document);
    }
  }
  if (!allowed || denied) return false;
  if (effective.session === undefined) return true;
  allowed = false;
  for (const document of effective.session) consult(document);
  return allowed && !denied;
};
