// The same question put to Z3, in the straightforward way: strings and regular expressions for actions, resources and
// principals, one constant and one "is there" for each condition key, and `after and not before` to be satisfied.

type Statement = Readonly<Record<string, unknown>>;

const list = (given: unknown): readonly string[] =>
  given === undefined ? [] : (Array.isArray(given) ? given : [given]).map(String);

const text = (value: string): string => `"${value.replaceAll('"', '""')}"`;

const regex = (pattern: string, lower: boolean): string => {
  const parts = (lower ? pattern.toLowerCase() : pattern)
    .split(/([*?])/)
    .filter((part) => part !== "")
    .map((part) => (part === "*" ? "re.all" : part === "?" ? "re.allchar" : `(str.to_re ${text(part)})`));
  if (parts.length === 0) return '(str.to_re "")';
  return parts.length === 1 ? (parts[0] ?? "") : `(re.++ ${parts.join(" ")})`;
};

const or = (terms: readonly string[]): string =>
  terms.length === 0 ? "false" : terms.length === 1 ? (terms[0] ?? "") : `(or ${terms.join(" ")})`;
const and = (terms: readonly string[]): string =>
  terms.length === 0 ? "true" : terms.length === 1 ? (terms[0] ?? "") : `(and ${terms.join(" ")})`;

const member = (name: string, patterns: readonly string[], lower: boolean): string =>
  or(patterns.map((pattern) => `(str.in_re ${name} ${regex(pattern, lower)})`));

const principals = (given: unknown): readonly string[] => {
  if (typeof given === "string" || Array.isArray(given)) return ["*"];
  return Object.entries(given as Record<string, unknown>).flatMap(([type, values]) =>
    list(values).map((value) => `${type}|${value.replace(/:root$/, ":*")}`),
  );
};

type Keys = Map<string, { readonly name: string; readonly sort: "String" | "Int" | "Bool" }>;

const constant = (keys: Keys, key: string, sort: "String" | "Int" | "Bool"): string => {
  const known = keys.get(key.toLowerCase());
  const made = known ?? { name: `k${keys.size}`, sort };
  keys.set(key.toLowerCase(), made);
  return made.name;
};

const address = (dotted: string): number => dotted.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const inBlock = (name: string, block: string): string => {
  const [base = "", size = "32"] = block.split("/");
  const width = 2 ** (32 - Number(size));
  const low = Math.floor(address(base) / width) * width;
  return `(and (<= ${low} ${name}) (<= ${name} ${low + width - 1}))`;
};

const test = (keys: Keys, operator: string, key: string, values: readonly string[]): string => {
  const holds = (): { readonly name: string; readonly any: string } => {
    if (operator === "Bool") {
      const name = constant(keys, key, "Bool");
      return { name, any: or(values.map((value) => (value === "true" ? name : `(not ${name})`))) };
    }
    if (operator.endsWith("IpAddress")) {
      const name = constant(keys, key, "Int");
      return { name, any: or(values.map((value) => inBlock(name, value))) };
    }
    const name = constant(keys, key, "String");
    return {
      name,
      any: operator.endsWith("Like")
        ? member(name, values, false)
        : or(values.map((value) => `(= ${name} ${text(value)})`)),
    };
  };
  const { name, any } = holds();
  return operator.includes("Not") ? `(or (not ${name}_there) (not ${any}))` : `(and ${name}_there ${any})`;
};

const statement = (keys: Keys, given: Statement): string => {
  const conditions = Object.entries((given.Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([operator, tests]) => Object.entries(tests).map(([key, values]) => test(keys, operator, key, list(values))),
  );
  const action =
    given.NotAction === undefined
      ? member("action", list(given.Action), true)
      : `(not ${member("action", list(given.NotAction), true)})`;
  const where =
    given.Principal === undefined
      ? member("resource", list(given.Resource), false)
      : member("principal", principals(given.Principal), false);
  return and([action, where, ...conditions]);
};

const allowed = (keys: Keys, document: string): string => {
  const statements = (JSON.parse(document) as { Statement: readonly Statement[] }).Statement;
  const those = (effect: string): readonly string[] =>
    statements.filter(({ Effect }) => Effect === effect).map((given) => statement(keys, given));
  return `(and ${or(those("Allow"))} (not ${or(those("Deny"))}))`;
};

/** The SMT-LIB text whose satisfiability is the answer: `sat` is new access. */
export const encode = (before: string, after: string, timeout: number): string => {
  const keys: Keys = new Map();
  const question = `(assert (and ${allowed(keys, after)} (not ${allowed(keys, before)})))`;
  const declared = [...keys.values()].map(
    ({ name, sort }) => `(declare-const ${name} ${sort})(declare-const ${name}_there Bool)`,
  );
  return [
    `(set-option :timeout ${timeout})`,
    "(declare-const action String)(declare-const resource String)(declare-const principal String)",
    ...declared,
    '(assert (str.in_re action (re.++ re.allchar re.all (str.to_re ":") re.allchar re.all)))',
    '(assert (not (= resource "")))',
    '(assert (str.in_re principal (re.union (re.++ (str.to_re "RAM|acs:ram::") re.allchar re.all (str.to_re ":") re.allchar re.all) (re.++ (str.to_re "Service|") re.allchar re.all) (re.++ (str.to_re "Federated|") re.allchar re.all))))',
    question,
    "(check-sat)",
  ].join("\n");
};
