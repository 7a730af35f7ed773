import { knownActions } from "./catalogue/actions.ts";
import type { Witness } from "./comparison.ts";
import type { Statement } from "./document.ts";
import type { NewRegion } from "./effective-set.ts";
import { foldRoleName, lettersOf } from "./glob.ts";
import { someMatches } from "./glob-set.ts";
import { newMeter } from "./meter.ts";
import { compiledSet, type Ready } from "./ready.ts";

const services: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(knownActions).map(([service, names]) => [service.toLowerCase(), names]),
);

/** The names of one service; without one, first the first of each service, so that few tries meet many services. */
const namesOf = function* (service: string | undefined): Generator<string> {
  if (service !== undefined) {
    for (const name of services.get(service) ?? []) yield `${service}:${name}`;
    return;
  }
  const longest = Math.max(...[...services.values()].map(({ length }) => length));
  for (let rank = 0; rank < longest; rank += 1) {
    for (const [own, names] of services) if (names[rank] !== undefined) yield `${own}:${names[rank]}`;
  }
};

const unlimited = newMeter(Number.POSITIVE_INFINITY);

const mostTries = 48;

/** Names that the documents themselves spell out, then names of the catalogue that lie inside all statements. */
const actions = function* (inside: readonly Ready[], action: string): Generator<string> {
  for (const { statement } of inside) {
    const spelled = statement.action.patterns.find((pattern) => pattern.toLowerCase() === action);
    if (spelled === undefined || statement.action.complement) continue;
    if (spelled !== action) yield spelled;
    return;
  }
  const sets = inside.map(({ sets: { action: set } }) => set && compiledSet("action", set, "flat"));
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

const resources = function* (inside: readonly Ready[]): Generator<string> {
  for (const { statement } of inside) {
    const { resource } = statement;
    if (resource === undefined || resource.complement) {
      yield "*";
      yield `acs:ecs:cn-hangzhou:${account}:instance/example`;
      continue;
    }
    for (const pattern of resource.patterns.slice(0, mostTries)) {
      const name = foldRoleName(pattern);
      if (pattern === "*") yield pattern;
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

const values: Readonly<Record<string, readonly string[]>> = {
  "acs:service": ["ecs.aliyuncs.com", "fc.aliyuncs.com"],
  "ram:servicename": ["ecs.aliyuncs.com"],
  "sts:externalid": ["example"],
  "saml:recipient": ["https://example.com/"],
  "oidc:iss": ["https://example.com/"],
  "oidc:aud": ["example"],
  "oidc:sub": ["repo:example/app:ref:refs/heads/main", "example"],
};

/**
 * The same request in words that a reader knows, as far as there are such: every change is kept only if the changed
 * request is a witness still.
 */
export const readable = (raw: Witness, region: NewRegion, isWitness: (witness: Witness) => boolean): Witness => {
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
  const { inside } = region;
  take(actions(inside, raw.action), (action) => ({ ...witness, action }));
  if (raw.resource !== undefined) take(resources(inside), (resource) => ({ ...witness, resource }));
  if (raw.principal !== undefined) {
    take(
      inside.flatMap(({ statement }) => principals(statement)),
      (principal) => ({ ...witness, principal }),
    );
  }
  for (const key of Object.keys(raw.context)) {
    take(values[key.toLowerCase()] ?? [], (value) => ({ ...witness, context: { ...witness.context, [key]: value } }));
  }
  return witness;
};
