import { describe, expect, it } from "vitest";
import type { Statement } from "../../shared/policy/document.ts";
import { operatorNamed } from "../../shared/policy/operators.ts";
import { sameStatement } from "../../shared/policy/same-statement.ts";

const test = (operator: string, key: string, ...values: string[]) => ({ ...operatorNamed(operator), key, values });

const permission: Statement = {
  index: 0,
  sid: "one",
  effect: "Allow",
  action: { complement: false, patterns: ["ecs:*", "oss:*"] },
  resource: { complement: false, patterns: ["*"] },
  conditions: [test("Bool", "acs:MFAPresent", "true"), test("StringEquals", "a:b", "x", "y")],
};

const { resource: _, ...unnamed } = permission;
const trust: Statement = {
  ...unnamed,
  principal: {
    complement: false,
    patterns: [
      { type: "RAM", value: "a" },
      { type: "Service", value: "b" },
    ],
  },
};

const patterns = (...given: string[]) => ({ complement: false, patterns: given });
const principals = (...given: readonly (readonly [type: string, value: string])[]) => ({
  complement: false,
  patterns: given.map(([type, value]) => ({ type, value })),
});

describe("statements that say the same word for word", () => {
  it("wherever they stand and whatever they are called", () => {
    const { sid: _sid, ...plain } = permission;
    expect(sameStatement(permission, { ...plain, index: 3 })).toBe(true);
    expect(sameStatement(trust, { ...trust, sid: "other" })).toBe(true);
    expect(sameStatement(structuredClone(permission), permission)).toBe(true);
    expect(sameStatement(unnamed, { ...unnamed })).toBe(true);
  });

  it.each<[string, Statement, Statement]>([
    ["effect", permission, { ...permission, effect: "Deny" }],
    ["fewer actions", permission, { ...permission, action: patterns("ecs:*") }],
    ["more actions", permission, { ...permission, action: patterns("ecs:*", "oss:*", "x:y") }],
    ["another action", permission, { ...permission, action: patterns("ecs:*", "rds:*") }],
    ["all but these actions", permission, { ...permission, action: { ...permission.action, complement: true } }],
    ["another resource", permission, { ...permission, resource: patterns("acs:*") }],
    ["all but this resource", permission, { ...permission, resource: { complement: true, patterns: ["*"] } }],
    ["no resource", permission, unnamed],
    ["a principal for a resource", permission, trust],
    ["no principal", trust, unnamed],
    ["another principal", trust, { ...trust, principal: principals(["RAM", "a"], ["Service", "c"]) }],
    ["another type", trust, { ...trust, principal: principals(["RAM", "a"], ["RAM", "b"]) }],
    ["fewer principals", trust, { ...trust, principal: principals(["RAM", "a"]) }],
    ["more principals", trust, { ...trust, principal: principals(["RAM", "a"], ["Service", "b"], ["Service", "c"]) }],
    [
      "all but these",
      trust,
      { ...trust, principal: { ...principals(["RAM", "a"], ["Service", "b"]), complement: true } },
    ],
    ["a condition less", permission, { ...permission, conditions: permission.conditions.slice(0, 1) }],
    ["conditions in another order", permission, { ...permission, conditions: [...permission.conditions].reverse() }],
    [
      "another operator",
      permission,
      { ...permission, conditions: [test("Bool", "acs:MFAPresent", "true"), test("StringLike", "a:b", "x", "y")] },
    ],
    [
      "it may be missing",
      permission,
      {
        ...permission,
        conditions: [test("BoolIfExists", "acs:MFAPresent", "true"), test("StringEquals", "a:b", "x", "y")],
      },
    ],
    [
      "another key",
      permission,
      { ...permission, conditions: [test("Bool", "acs:MFAPresent", "true"), test("StringEquals", "a:c", "x", "y")] },
    ],
    [
      "another value",
      permission,
      { ...permission, conditions: [test("Bool", "acs:MFAPresent", "true"), test("StringEquals", "a:b", "x", "z")] },
    ],
    [
      "a value less",
      permission,
      { ...permission, conditions: [test("Bool", "acs:MFAPresent", "true"), test("StringEquals", "a:b", "x")] },
    ],
  ])("not: %s", (_name, one, other) => {
    expect(sameStatement(one, other)).toBe(false);
    expect(sameStatement(other, one)).toBe(false);
  });
});
