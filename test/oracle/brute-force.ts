import {
  actionMatches,
  actionSide,
  isOpaque,
  principalMatches,
  principalSide,
  resourceMatches,
  resourceSide,
  type Side,
  testHolds,
} from "./meaning.ts";
import { list, type OracleReading, type RawDocument, type RawPair, type RawSide, type RawStatement } from "./model.ts";
import { actions, keyValues, type Principal, principals, resources } from "./universe.ts";

// Tries every request of the small world. A statement is one bit: for every action the statements that name it, for
// every resource, every principal and every context likewise; a request hits the statements that are in all of these.

type Numbered = { readonly statement: RawStatement; readonly bit: number; readonly group: string | undefined };

type Masks = {
  allow: number;
  deny: number;
  groupAllow: number;
  groupDeny: number;
  sessionAllow: number;
  sessionDeny: number;
  hasSession: boolean;
};

const statementsOf = (document: RawDocument): readonly RawStatement[] => list(document.Statement);

const number = (side: RawSide, numbered: Numbered[]): Masks => {
  const masks = { allow: 0, deny: 0, groupAllow: 0, groupDeny: 0, sessionAllow: 0, sessionDeny: 0, hasSession: false };
  const add = (statement: RawStatement, group: string | undefined): number => {
    const bit = 1 << numbered.length;
    numbered.push({ statement, bit, group });
    return bit;
  };
  for (const { document, group } of side.documents) {
    for (const statement of statementsOf(document)) {
      const bit = add(statement, group);
      if (group === undefined) masks[statement.Effect === "Allow" ? "allow" : "deny"] |= bit;
      else masks[statement.Effect === "Allow" ? "groupAllow" : "groupDeny"] |= bit;
    }
  }
  masks.hasSession = side.session !== undefined;
  for (const statement of side.session === undefined ? [] : statementsOf(side.session)) {
    masks[statement.Effect === "Allow" ? "sessionAllow" : "sessionDeny"] |= add(statement, undefined);
  }
  return masks;
};

const allowed = (masks: Masks, hit: number): boolean => {
  if (masks.hasSession && ((hit & masks.sessionDeny) !== 0 || (hit & masks.sessionAllow) === 0)) return false;
  if ((hit & masks.deny) !== 0) return false;
  if ((hit & masks.allow) !== 0) return true;
  return (hit & masks.groupDeny) === 0 && (hit & masks.groupAllow) !== 0;
};

/** A pattern's matches in the world are the same in every pair, so they are worked out once. */
const columns = new Map<string, Uint8Array>();

const column = (key: string, size: number, holds: (at: number) => boolean): Uint8Array => {
  const known = columns.get(key);
  if (known !== undefined) return known;
  const made = Uint8Array.from({ length: size }, (_, at) => (holds(at) ? 1 : 0));
  columns.set(key, made);
  return made;
};

type World = {
  readonly name: string;
  readonly size: number;
  readonly side: (statement: RawStatement) => Side;
  readonly matches: (pattern: string, at: number) => boolean;
};

const actionWorld: World = {
  name: "action",
  size: actions.length,
  side: actionSide,
  matches: (pattern, at) => actionMatches(pattern, actions[at] as string),
};

const resourceWorld = (segments: boolean): World => ({
  name: `resource ${segments}`,
  size: resources.length,
  side: resourceSide,
  matches: (pattern, at) => resourceMatches(pattern, resources[at] as string, segments),
});

const principalWorld = (segments: boolean): World => ({
  name: `principal ${segments}`,
  size: principals.length,
  side: principalSide,
  matches: (pattern, at) => principalMatches(pattern, principals[at] as Principal, segments),
});

/** The different sets of statements that one thing of the world lies in. */
const classes = ({ name, size, side, matches }: World, numbered: readonly Numbered[]): ReadonlySet<number> => {
  const hits = new Int32Array(size);
  for (const { statement, bit } of numbered) {
    const { patterns, negated } = side(statement);
    const own = patterns.map((pattern) => column(`${name} ${pattern}`, size, (at) => matches(pattern, at)));
    for (let at = 0; at < size; at += 1) {
      let within = false;
      for (const holds of own) within ||= holds[at] === 1;
      if (within !== negated) hits[at] = (hits[at] as number) | bit;
    }
  }
  return new Set(hits);
};

const values = (given: unknown): readonly string[] => list(given as string | readonly string[]).map(String);

type Test = { readonly operator: string; readonly values: readonly string[]; readonly bit: number };

/** An unknown operator is a coin of its own; the same test is the same coin. */
const coin = (operator: string, key: string, given: unknown): string =>
  `${operator} ${key.toLowerCase()} ${[...new Set(values(given))].sort()}`;

const testsByKey = (numbered: readonly Numbered[]): ReadonlyMap<string, readonly Test[]> => {
  const byKey = new Map<string, Test[]>();
  for (const { statement, bit } of numbered) {
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      for (const [key, given] of Object.entries(keys)) {
        const name = isOpaque(operator) ? coin(operator, key, given) : key.toLowerCase();
        const tests = byKey.get(name) ?? [];
        tests.push({ operator, values: values(given), bit });
        byKey.set(name, tests);
      }
    }
  }
  return byKey;
};

/** The statements that a context leaves standing, for every context: all values of all keys combined. */
const contexts = (numbered: readonly Numbered[], negationHolds: boolean): ReadonlySet<number> => {
  let found: ReadonlySet<number> = new Set([-1]);
  const combine = (masks: ReadonlySet<number>): void => {
    const next = new Set<number>();
    for (const one of found) for (const other of masks) next.add(one & other);
    found = next;
  };
  for (const [key, tests] of testsByKey(numbered)) {
    if (tests.some(({ operator }) => isOpaque(operator))) {
      combine(new Set([-1, tests.reduce((mask, { bit }) => mask & ~bit, -1)]));
      continue;
    }
    const world = keyValues[key] ?? [undefined];
    const masks = new Int32Array(world.length).fill(-1);
    for (const test of tests) {
      const holds = column(
        `${test.operator} ${key} ${negationHolds} ${JSON.stringify(test.values)}`,
        world.length,
        (at) => testHolds(test.operator, test.values, world[at], negationHolds),
      );
      for (let at = 0; at < world.length; at += 1) if (holds[at] === 0) masks[at] = (masks[at] as number) & ~test.bit;
    }
    combine(new Set(masks));
  }
  if (numbered.some(({ group }) => group !== undefined)) {
    const inGroup = (group: string | undefined): number =>
      numbered.reduce((mask, one) => (one.group === undefined || one.group === group ? mask : mask & ~one.bit), -1);
    combine(new Set([inGroup(undefined), inGroup("g1"), inGroup("g2"), inGroup("g3")]));
  }
  return found;
};

/** For each reading, whether some request of the small world is allowed after and was not before. */
export const findsNewAccess = (pair: RawPair, readings: readonly OracleReading[]): readonly boolean[] => {
  const numbered: Numbered[] = [];
  const before = number(pair.before, numbered);
  const after = number(pair.after, numbered);
  const byAction = classes(actionWorld, numbered);
  const world = pair.kind === "permission" ? resourceWorld : principalWorld;
  const hitsOf = (segments: boolean): ReadonlySet<number> => {
    const both = new Set<number>();
    const byOther = classes(world(segments), numbered);
    for (const one of byAction) for (const two of byOther) both.add(one & two);
    return both;
  };
  const hits = new Map([true, false].map((segments) => [segments, hitsOf(segments)]));
  const standing = new Map([true, false].map((negation) => [negation, contexts(numbered, negation)]));
  return readings.map(({ segments, negationHolds }) => {
    for (const hit of hits.get(segments) ?? []) {
      for (const context of standing.get(negationHolds) ?? []) {
        if (allowed(after, hit & context) && !allowed(before, hit & context)) return true;
      }
    }
    return false;
  });
};

export type OracleRequest = {
  readonly action: string;
  readonly resource?: string;
  readonly principal?: { readonly type: string; readonly value: string };
  readonly context: Readonly<Record<string, string>>;
};

const coins = (numbered: readonly Numbered[]): readonly string[] =>
  [...testsByKey(numbered)]
    .filter(([, tests]) => tests.some(({ operator }) => isOpaque(operator)))
    .map(([name]) => name);

/** Whether this one request, in the world or not, is allowed after and was not before, whatever unknown tests say. */
export const isNewRequest = (
  pair: RawPair,
  request: OracleRequest,
  { segments, negationHolds }: OracleReading,
): boolean => {
  const numbered: Numbered[] = [];
  const before = number(pair.before, numbered);
  const after = number(pair.after, numbered);
  const context = new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value]));
  const unknown = coins(numbered);
  const lies = ({ patterns, negated }: Side, matches: (pattern: string) => boolean): boolean =>
    patterns.some(matches) !== negated;
  const { action, resource = "", principal = { type: "", value: "" } } = request;
  const named = numbered.filter(
    ({ statement, group }) =>
      lies(actionSide(statement), (pattern) => actionMatches(pattern, action)) &&
      (pair.kind === "trust" ||
        lies(resourceSide(statement), (pattern) => resourceMatches(pattern, resource, segments))) &&
      (pair.kind === "permission" ||
        lies(principalSide(statement), (pattern) => principalMatches(pattern, principal, segments))) &&
      (group === undefined || context.get("resource group") === group),
  );
  for (let thrown = 0; thrown < 1 << unknown.length; thrown += 1) {
    const holds = (operator: string, key: string, given: unknown): boolean =>
      isOpaque(operator)
        ? ((thrown >> unknown.indexOf(coin(operator, key, given))) & 1) === 1
        : testHolds(operator, values(given), context.get(key.toLowerCase()), negationHolds);
    const standing = named.filter(({ statement }) =>
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, given]) => holds(operator, key, given)),
      ),
    );
    const hit = standing.reduce((mask, { bit }) => mask | bit, 0);
    if (allowed(after, hit) && !allowed(before, hit)) return true;
  }
  return false;
};
