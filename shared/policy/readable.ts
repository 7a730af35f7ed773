import { knownActions } from "./catalogue/actions.ts";
import type { Witness } from "./comparison.ts";
import type { Statement } from "./document.ts";
import type { NewRegion } from "./effective-set.ts";
import { foldRoleName, literalGlob } from "./glob.ts";
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
const actions = (inside: readonly Ready[], action: string): readonly string[] => {
  for (const { statement } of inside) {
    const spelled = statement.action.patterns.find((pattern) => pattern.toLowerCase() === action);
    if (spelled !== undefined && !statement.action.complement) return spelled === action ? [] : [spelled];
  }
  const sets = inside.map(({ sets: { action: set } }) => set && compiledSet("action", set, "flat"));
  const matching = (service: string | undefined): readonly string[] => {
    const fitting: string[] = [];
    for (const name of namesOf(service)) {
      const letters = literalGlob(name.toLowerCase()).codes;
      const fits = sets.every((set) => set === undefined || someMatches(set, letters, unlimited) !== set.complement);
      if (fits) fitting.push(name);
      if (fitting.length === mostTries) return fitting;
    }
    return fitting;
  };
  // What was found names its service where a pattern does; otherwise any service will do.
  const own = matching(action.slice(0, action.indexOf(":")));
  return own.length > 0 ? own : matching(undefined);
};

const filled = (pattern: string, fillings: readonly string[]): string => {
  const parts = pattern.split(":");
  return parts
    .map((part, at) => part.replaceAll("?", "x").replaceAll("*", fillings[Math.min(at, fillings.length - 1)] ?? ""))
    .join(":");
};

const account = "1234567890123456";

const resources = (inside: readonly Ready[]): readonly string[] =>
  inside.flatMap(({ statement }) => {
    const { resource } = statement;
    if (resource === undefined || resource.complement) return ["*", `acs:ecs:cn-hangzhou:${account}:instance/example`];
    return resource.patterns.slice(0, mostTries).flatMap((pattern) => {
      if (pattern === "*") return ["*"];
      const name = foldRoleName(pattern);
      return [
        filled(name, ["acs", "ecs", "cn-hangzhou", account, "example"]),
        filled(name, ["acs", "ecs", "cn-hangzhou", account, ""]),
      ];
    });
  });

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
  const take = (candidates: Iterable<Witness>): void => {
    for (const candidate of candidates) {
      tries -= 1;
      if (tries < 0) return;
      if (isWitness(candidate)) {
        witness = candidate;
        return;
      }
    }
  };
  const { inside } = region;
  take(actions(inside, raw.action).map((action) => ({ ...witness, action })));
  if (raw.resource !== undefined) take(resources(inside).map((resource) => ({ ...witness, resource })));
  if (raw.principal !== undefined) {
    take(inside.flatMap(({ statement }) => principals(statement)).map((principal) => ({ ...witness, principal })));
  }
  for (const key of Object.keys(raw.context)) {
    const better = values[key.toLowerCase()] ?? [];
    take(better.map((value) => ({ ...witness, context: { ...witness.context, [key]: value } })));
  }
  return witness;
};
