import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decide } from "../../sandbox/access/evaluate.ts";
import { trusts } from "../../sandbox/access/trust.ts";
import type { JsonObject } from "../../sandbox/json.ts";

type Case = {
  readonly name: string;
  readonly kind: "identity" | "trust";
  readonly before: JsonObject | readonly JsonObject[];
  readonly after: JsonObject | readonly JsonObject[];
  readonly expect: string;
  readonly witness?: {
    readonly action: string;
    readonly resource?: string;
    readonly principal?: { readonly type: string; readonly value: string };
    readonly context?: Readonly<Record<string, string>>;
  };
};

const path = new URL("../fixtures/policy/cases.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(path, "utf8")) as { readonly cases: readonly Case[] };

const documents = (value: Case["before"]): readonly JsonObject[] =>
  Array.isArray(value) ? value : [value as JsonObject];

/** `...IfExists` is not documented for RAM: the sandbox refuses such documents, so it has no opinion on them. */
const undocumented = (each: Case): boolean =>
  /IfExists|ForA(ny|ll)Value|"Null"/.test(JSON.stringify([each.before, each.after]));

const witnessed = cases.filter((each) => each.witness !== undefined && !undocumented(each));

describe("the sandbox's own evaluator on vectors that others checked", () => {
  it("has enough of them", () => {
    expect(witnessed.length).toBeGreaterThan(50);
  });

  it.each(witnessed.map((each) => [each.name, each] as const))("%s: newly allowed, and only newly", (_name, each) => {
    const { action, resource = "*", principal, context = {} } = each.witness ?? { action: "" };
    const given = Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), String(value)]));
    const allowed = (value: Case["before"]): boolean => {
      if (each.kind === "identity") {
        return decide(documents(value), { action, resources: [resource], context: given }) === "allow";
      }
      const { type, value: name } = principal ?? { type: "RAM", value: "" };
      const who =
        type === "Service"
          ? ({ kind: type, host: name } as const)
          : ({ kind: type === "Federated" ? type : "RAM", arn: name } as const);
      return documents(value).some((document) => trusts(document, who, action, given));
    };
    expect([allowed(each.before), allowed(each.after)]).toEqual([false, true]);
  });
});
