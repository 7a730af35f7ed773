import { knownActions } from "./catalogue/actions.ts";
import type { Witness } from "./comparison.ts";
import type { Statement } from "./document.ts";
import type { NewRegion } from "./effective-set.ts";
import { compileGlob, coversCodes, foldRoleName, lettersOf } from "./glob.ts";
import { someMatches } from "./glob-set.ts";
import { newMeter } from "./meter.ts";
import { atomsOf, compiledSet, type Ready, setOf } from "./ready.ts";

/** The names of one service; without one, first the first of each service, so that few tries meet many services. */
const namesOf = function* (service: string | undefined): Generator<string> {
  if (service !== undefined) {
    const names = Object.hasOwn(knownActions, service) ? knownActions[service] : undefined;
    for (const name of names ?? []) yield `${service}:${name}`;
    return;
  }
  const longest = Math.max(...Object.values(knownActions).map(({ length }) => length));
  for (let rank = 0; rank < longest; rank += 1) {
    for (const own of Object.keys(knownActions)) {
      const name = knownActions[own]?.[rank];
      if (name !== undefined) yield `${own}:${name}`;
    }
  }
};

const unlimited = newMeter(Number.POSITIVE_INFINITY);

const mostTries = 48;

/** Names that the documents themselves spell out, then names of the catalogue that lie inside all statements. */
const actions = function* (inside: readonly Ready[], action: string): Generator<string> {
  for (const {
    meaning: { statement },
  } of inside) {
    const spelled = statement.action.patterns.find((pattern) => pattern.toLowerCase() === action);
    if (spelled === undefined || statement.action.complement) continue;
    if (spelled !== action) yield spelled;
    return;
  }
  const sets = inside.map((ready) => {
    const set = setOf(ready, "action");
    return set && compiledSet(set, "flat");
  });
  // What was found names its service where a pattern does; otherwise any service will do.
  const own = action.slice(0, action.indexOf(":"));
  let fitting = 0;
  for (const service of [own, undefined]) {
    for (const name of namesOf(service)) {
      const letters = lettersOf(name.toLowerCase());
      if (!sets.every((set) => set === undefined || someMatches(set, letters, unlimited) !== set.complement)) continue;
      fitting += 1;
      yield name;
      if (fitting === mostTries) return;
    }
  }
};

const filled = (pattern: string, fillings: readonly string[]): string => {
  const parts = pattern.split(":");
  return parts
    .map((part, at) => part.replaceAll("?", "x").replaceAll("*", fillings[Math.min(at, fillings.length - 1)] ?? ""))
    .join(":");
};

const account = "1234567890123456";

/** The pattern that the found resource came from goes first. */
const nearest = (patterns: readonly string[], found: string): readonly string[] => {
  const letters = lettersOf(found);
  const near = patterns.find((pattern) => coversCodes(compileGlob(pattern, "flat").codes, letters, unlimited));
  return near === undefined || near === patterns[0] ? patterns : [near, ...patterns];
};

const resources = function* (inside: readonly Ready[], found: string): Generator<string> {
  for (const {
    meaning: { statement },
  } of inside) {
    const { resource } = statement;
    if (resource === undefined || resource.complement) {
      yield "*";
      yield `acs:ecs:cn-hangzhou:${account}:instance/example`;
      continue;
    }
    for (const name of nearest(resource.patterns.slice(0, mostTries).map(foldRoleName), found)) {
      if (name === "*") yield name;
      else {
        yield filled(name, ["acs", "ecs", "cn-hangzhou", account, "example"]);
        yield filled(name, ["acs", "ecs", "cn-hangzhou", account, ""]);
      }
    }
  }
};

const principals = (statement: Statement): readonly NonNullable<Witness["principal"]>[] =>
  (statement.principal?.complement ? [] : (statement.principal?.patterns ?? []))
    .slice(0, mostTries)
    .flatMap(({ type, value }) => {
      if (value === "*") {
        const ram = { type: "RAM", value: "acs:ram::9876543210987654:user/example" };
        if (type === "Service") return [{ type, value: "ecs.aliyuncs.com" }];
        if (type === "Federated") return [{ type, value: `acs:ram::${account}:saml-provider/example` }];
        return [ram, { type: "Service", value: "ecs.aliyuncs.com" }];
      }
      const name = filled(foldRoleName(value), ["acs", "ram", "", "9876543210987654", "example"]);
      if (!name.endsWith(":root")) return [{ type, value: name }];
      const stem = name.slice(0, -"root".length);
      return [
        { type, value: `${stem}user/example` },
        { type, value: `${stem}role/example` },
      ];
    });

const principalsOf = function* (inside: readonly Ready[]): Generator<NonNullable<Witness["principal"]>> {
  for (const { meaning } of inside) yield* principals(meaning.statement);
};

const values: ReadonlyMap<string, readonly string[]> = new Map([
  ["acs:service", ["ecs.aliyuncs.com", "fc.aliyuncs.com"]],
  ["ram:servicename", ["ecs.aliyuncs.com"]],
  ["sts:externalid", ["example"]],
  ["saml:recipient", ["https://example.com/"]],
  ["oidc:iss", ["https://example.com/"]],
  ["oidc:aud", ["example"]],
  ["oidc:sub", ["repo:example/app:ref:refs/heads/main", "example"]],
]);

/** Values that a reader knows, as far as the tests on the key in `inside` take them. */
const valuesFor = (key: string, inside: readonly Ready[]): readonly string[] => {
  const known = values.get(key.toLowerCase());
  if (known === undefined) return [];
  const tests = inside.flatMap(atomsOf).filter(({ test }) => test.key.toLowerCase() === key.toLowerCase());
  return known.filter((value) => {
    const letters = lettersOf(value);
    return tests.every(
      ({ asks, negated }) => asks.family !== "string" || someMatches(asks.set, letters, unlimited) !== negated,
    );
  });
};

const firstOf = <Choice>(choices: Iterable<Choice>, otherwise: Choice): Choice => {
  for (const choice of choices) return choice;
  return otherwise;
};

/** The same request with the likeliest words all at once; whether it is a witness is not known. */
export const likeliest = (raw: Witness, { inside }: NewRegion): Witness => {
  const { action, resource, principal, context } = raw;
  const told = Object.keys(context).map((key) => [key, firstOf(valuesFor(key, inside), context[key] ?? "")]);
  return {
    action: firstOf(actions(inside, action), action),
    ...(resource === undefined ? {} : { resource: firstOf(resources(inside, resource), resource) }),
    ...(principal === undefined ? {} : { principal: firstOf(principalsOf(inside), principal) }),
    context: Object.fromEntries(told),
  };
};

/**
 * The same request in words that a reader knows, as far as there are such: every change is kept only if the changed
 * request is a witness still.
 */
export const readable = (raw: Witness, { inside }: NewRegion, isWitness: (witness: Witness) => boolean): Witness => {
  let witness = raw;
  let tries = 4 * mostTries;
  const take = <Choice>(choices: Iterable<Choice>, changed: (choice: Choice) => Witness): void => {
    for (const choice of choices) {
      tries -= 1;
      if (tries < 0) return;
      const candidate = changed(choice);
      if (isWitness(candidate)) {
        witness = candidate;
        return;
      }
    }
  };
  take(actions(inside, raw.action), (action) => ({ ...witness, action }));
  if (raw.resource !== undefined) take(resources(inside, raw.resource), (resource) => ({ ...witness, resource }));
  if (raw.principal !== undefined) take(principalsOf(inside), (principal) => ({ ...witness, principal }));
  for (const key of Object.keys(raw.context)) {
    take(valuesFor(key, inside), (value) => ({ ...witness, context: { ...witness.context, [key]: value } }));
  }
  return witness;
};
