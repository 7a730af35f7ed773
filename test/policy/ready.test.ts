import { describe, expect, it } from "vitest";
import { effectiveSet, says } from "../../shared/policy/effective-set.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import {
  atomsOf,
  compiledSet,
  keyOf,
  makeReady,
  newStore,
  type Ready,
  type Store,
  setOf,
  universeOf,
} from "../../shared/policy/ready.ts";

const plain = { Effect: "Allow", Action: "ecs:*", Resource: "*" };

const read = (...statements: object[]) => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

const ready = (store: Store, statement: object, group?: string): Ready => {
  const [first] = read({ ...plain, ...statement }).statements;
  if (first === undefined) throw new Error("no statement");
  return makeReady(store, first, 0, group);
};

describe("statements of one comparison", () => {
  it("share what they mean where they say the same word for word", () => {
    const store = newStore();
    const [one, other] = [ready(store, { Sid: "one" }), ready(store, { Sid: "other" })];
    expect(other.meaning).toBe(one.meaning);
    expect(ready(store, {}, "rg").meaning).not.toBe(one.meaning);
    expect(ready(store, { Action: "ecs:?*" }).meaning).not.toBe(one.meaning);
    expect(ready(newStore(), {}).meaning).not.toBe(one.meaning);
  });

  it("share it also among many others, of permissions as of trust", () => {
    const store = newStore();
    const many = Array.from({ length: 60 }, (_, at) => ({ Action: [`a:${at}`, "b:*"] }));
    const first = many.map((statement) => ready(store, statement).meaning);
    for (const [at, statement] of many.entries()) expect(ready(store, statement).meaning).toBe(first[at]);
    const trusted = Array.from({ length: 60 }, (_, at) => ({
      index: at,
      effect: "Allow" as const,
      action: { complement: false, patterns: ["sts:AssumeRole"] },
      principal: { complement: false, patterns: [{ type: "RAM", value: `acs:ram::1:user/u${at}` }] },
      conditions: [],
    }));
    const meanings = trusted.map((statement) => makeReady(store, statement, 0, undefined).meaning);
    for (const [at, statement] of trusted.entries()) {
      expect(makeReady(store, statement, 1, undefined).meaning).toBe(meanings[at]);
    }
  });

  it("share it among as many as begin alike in documents that people write", () => {
    const store = newStore();
    const many = Array.from({ length: 16 }, (_, at) => ({ Action: ["a:*", `b:${at}`] }));
    const first = many.map((statement) => ready(store, statement).meaning);
    for (const [at, statement] of many.entries()) expect(ready(store, statement).meaning).toBe(first[at]);
  });

  it("are named by document, place and Sid, as far as there is one", () => {
    const store = newStore();
    expect(ready(store, {}).ref).toStrictEqual({ document: 0, statement: 0 });
    expect(ready(store, { Sid: "s" }).ref).toStrictEqual({ document: 0, statement: 0, sid: "s" });
  });

  it("share equal sets, compiled once, and equal tests", () => {
    const store = newStore();
    const one = ready(store, { Action: ["ecs:*", "oss:Get?*"], Condition: { Bool: { "a:b": "true" } } });
    const other = ready(store, {
      Action: ["OSS:get*?", "ecs:*"],
      Resource: "x",
      Condition: { Bool: { "A:b": "TRUE" } },
    });
    const [set, same] = [setOf(one, "action"), setOf(other, "action")];
    expect(set).toBe(same);
    expect(setOf(one, "action")).toBe(set);
    expect(setOf(one, "principal")).toBeUndefined();
    if (set === undefined) throw new Error("no set");
    expect(set.patterns).toEqual(["ecs:?*", "oss:get?*"]);
    expect(compiledSet(set, "flat")).toBe(compiledSet(set, "flat"));
    expect(compiledSet(set, "flat")).not.toBe(compiledSet(set, "segments"));
    expect(atomsOf(one)[0]).toBe(atomsOf(other)[0]);
    expect(universeOf("action", "flat")).toBe(universeOf("action", "flat"));
  });

  it("never take sets of two kinds, or a complement and its set, for one", () => {
    const store = newStore();
    const one = ready(store, { Action: "x", Resource: "x" });
    const trust = makeReady(
      store,
      {
        index: 0,
        effect: "Allow",
        action: { complement: true, patterns: ["x"] },
        principal: { complement: false, patterns: [{ type: "*", value: "*" }] },
        conditions: [],
      },
      0,
      undefined,
    );
    const star = ready(store, { Action: "*", Resource: "*" });
    const sets = [setOf(one, "action"), setOf(one, "resource"), setOf(trust, "action"), setOf(trust, "principal")];
    expect(new Set([...sets, setOf(star, "action"), setOf(star, "resource")]).size).toBe(6);
  });
});

describe("the key of a statement", () => {
  const store = newStore();
  const key = (statement: object, group?: string): string => keyOf(ready(store, statement, group));

  it.each<[string, object, object]>([
    ["order and repeats of patterns", { Action: ["a:b", "c:d"] }, { Action: ["c:d", "A:b", "a:b"] }],
    ["a text and a list of one", { Resource: "x" }, { Resource: ["x"] }],
    ["runs of wildcards", { Resource: "x*?" }, { Resource: "x?**" }],
    ["the service's own `*`", { Action: "a:*" }, { Action: "a:?*" }],
    ["role names", { Resource: "acs:ram::1:role/A" }, { Resource: "acs:ram::1:role/a" }],
    [
      "order and repeats of tests",
      { Condition: { Bool: { "a:b": "true" }, StringEquals: { "c:d": ["x", "y"] } } },
      { Condition: { StringEquals: { "C:D": ["y", "x", "y"] }, Bool: { "a:b": "True", "A:b": "true" } } },
    ],
  ])("is the same whatever the %s", (_name, one, other) => {
    expect(key(one)).toBe(key(other));
  });

  it.each<[string, object, object]>([
    ["effect", {}, { Effect: "Deny" }],
    ["action", {}, { Action: "ecs:a*" }],
    ["a service of no letters", { Action: "a?:*" }, { Action: "a?:?*" }],
    ["resource", {}, { Resource: "x" }],
    ["complement", {}, { Action: undefined, NotAction: "ecs:*" }],
    ["condition", {}, { Condition: { Bool: { "a:b": "true" } } }],
    ["value", { Condition: { Bool: { "a:b": "false" } } }, { Condition: { Bool: { "a:b": "true" } } }],
    ["a pattern that holds a line break and two patterns", { Resource: "x\ny" }, { Resource: ["x", "y"] }],
    ["patterns that join to one text", { Resource: ["xy", "z"] }, { Resource: ["x", "yz"] }],
    ["a complement and a set that is spelled like one", { Action: undefined, NotAction: "=x" }, { Action: "x" }],
    ["line breaks in lists", { Resource: ["x\ny", "z"] }, { Resource: ["x", "y\nz"] }],
  ])("differs with the %s", (_name, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });

  it("differs with the resource group", () => {
    expect(key({}, "rg-1")).not.toBe(key({}));
    expect(key({}, "rg-1")).not.toBe(key({}, "rg-2"));
    expect(atomsOf(ready(store, {}, "rg-1")).map(({ test }) => test)).toEqual([
      {
        operator: "StringEquals",
        family: "string",
        negated: false,
        ifExists: false,
        key: "resource group",
        values: ["rg-1"],
      },
    ]);
  });
});

describe("whether a list says what a statement says", () => {
  const set = (store: Store, ...statements: object[]) =>
    effectiveSet({ documents: [{ document: read(...statements), scope: "account" }] }, store);

  it("word for word, or in other words", () => {
    const store = newStore();
    const { own } = set(store, plain, { ...plain, Action: ["a:b", "c:d"], Effect: "Deny" });
    expect(says(own, ready(store, {}))).toBe(true);
    expect(says(own, ready(store, { Action: "ECS:*" }))).toBe(true);
    expect(says(own, ready(store, { Action: ["c:d", "a:b"], Effect: "Deny" }))).toBe(true);
    expect(says(own, ready(store, { Action: ["c:d", "a:b"] }))).toBe(false);
    expect(says(own, ready(store, { Resource: "x" }))).toBe(false);
    expect(says(own, ready(store, { Action: "rds:*" }))).toBe(false);
  });

  it("what is there twice word for word counts once", () => {
    const { own, allows, denies } = set(newStore(), plain, plain, { ...plain, Effect: "Deny" });
    expect(own.list).toHaveLength(2);
    expect([allows.length, denies.length]).toEqual([1, 1]);
    expect(allows[0]?.ref.statement).toBe(0);
  });
});
