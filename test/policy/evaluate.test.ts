import { describe, expect, it } from "vitest";
import type { Scope, Witness } from "../../shared/policy/comparison.ts";
import { type Effective, isAllowed } from "../../shared/policy/evaluate.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

const read = (...statements: object[]) => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const allow = (members: object = {}): object => ({ Effect: "Allow", Action: "*", Resource: "*", ...members });
const deny = (members: object = {}): object => ({ ...allow(members), Effect: "Deny" });
const account = (...statements: object[]): Effective => ({
  documents: [{ document: read(...statements), scope: "account" }],
});
const request = (members: Partial<Witness> = {}): Witness => ({
  action: "ecs:StopInstance",
  resource: "*",
  context: {},
  ...members,
});
const likely = { wildcards: "segments", negationHolds: true } as const;
const allowed = (
  effective: Effective,
  members: Partial<Witness> = {},
  options: Parameters<typeof isAllowed>[2] = likely,
): boolean => isAllowed(effective, request(members), options);

describe("one request", () => {
  it("is allowed by some Allow and no Deny", () => {
    expect(allowed(account())).toBe(false);
    expect(allowed(account(allow()))).toBe(true);
    expect(allowed(account(allow(), deny()))).toBe(false);
    expect(allowed(account(deny(), allow()))).toBe(false);
    expect(allowed(account(allow({ Action: "oss:*" }), allow({ Action: "ecs:*" }), deny({ Action: "oss:*" })))).toBe(
      true,
    );
  });

  it.each([
    ["ECS:stopinstance", true],
    ["ecs:Stop*", true],
    ["*:*Instance", true],
    ["ecs:????Instance", true],
    ["ecs:???Instance", false],
    ["ecs:*t*p*I*e", true],
    ["ecs:*p*t*p*", false],
    ["ecs:Stop", false],
    ["cs:StopInstance", false],
    ["ecs:StopInstance*", true],
    ["ecs:StopInstance?", false],
    ["*ecs:StopInstanceecs:StopInstance", false],
    ["ecs:Stop*StopInstance", false],
  ])("the action %s is matched: %s", (Action, expected) => {
    expect(allowed(account(allow({ Action })))).toBe(expected);
    expect(allowed(account(allow({ Action: undefined, NotAction: Action })))).toBe(!expected);
  });

  it.each([
    ["acs:oss:*:*:b/*", "acs:oss:cn:1:b/k", true, true],
    ["acs:oss:*:*:b/*", "acs:oss:cn:1:a/k:b/x", false, true],
    ["acs:oss:*:b", "acs:oss:cn:1:b", false, true],
    ["acs:oss:*", "acs:oss:cn:1:b", true, true],
    ["acs:oss:cn:1:*", "acs:oss:cn:1:a:b", true, true],
    ["acs:oss:?:1:b", "acs:oss:::1:b", false, true],
    ["acs:oss:*:*:B", "acs:oss:cn:1:b", false, false],
    ["acs:ram::1:role/App", "acs:ram::1:role/app", true, true],
    ["acs:ram::1:user/App", "acs:ram::1:user/app", false, false],
    ["acs:oss::1:role/App", "acs:oss::1:role/app", false, false],
    ["*", "*", true, true],
    ["?", "*", true, true],
    ["acs:*:*:*:*", "*", false, false],
    ["a?", "a\u{1F600}", true, true],
    ["a??", "a\u{1F600}", false, false],
    ["acs:*:*:*:a:b", "acs:x:r:1:ab", false, false],
    ["acs:*:*:*:ab", "acs:x:r:1:a:b", false, false],
    ["acs:*:*:*:a*c", "acs:x:r:1:a:c", true, true],
    ["acs:*:*", "acs:x", false, false],
    ["acs:?*:", "acs:x:", true, true],
    ["xyz:ram::1:role/App*", "xyz:ram::1:role/app1", false, false],
    ["acs:ram::1:user/A:role/B*", "acs:ram::1:user/a:role/b1", false, false],
    ["acs:ram::1:role/App?", "acs:ram::1:role/app1", true, true],
    ["acs:ram:?:1:role/App*", "acs:ram:::1:role/app1", false, true],
  ])("the resource %s holds %s: %s in parts, %s flat", (Resource, resource, segments, flat) => {
    expect(allowed(account(allow({ Resource })), { resource })).toBe(segments);
    expect(allowed(account(allow({ Resource })), { resource }, { ...likely, wildcards: "flat" })).toBe(flat);
    expect(allowed(account(allow({ Resource: undefined, NotResource: Resource })), { resource })).toBe(!segments);
  });

  it.each([
    [{ RAM: "acs:ram::1:root" }, "RAM", "acs:ram::1:user/a", true],
    [{ RAM: "acs:ram::1:root" }, "RAM", "acs:ram::2:user/a", false],
    [{ RAM: "acs:ram::1:root" }, "Federated", "acs:ram::1:user/a", false],
    [{ RAM: "acs:ram::*:root" }, "RAM", "acs:ram::2:role/a", true],
    [{ RAM: "acs:ram::1:role/App" }, "RAM", "acs:ram::1:role/app", true],
    [{ RAM: "acs:ram::1:user/App" }, "RAM", "acs:ram::1:user/app", false],
    [{ RAM: "acs:ram:::root" }, "RAM", "acs:ram:::user/a", false],
    [{ Service: "ecs.aliyuncs.com" }, "Service", "1@ecs.aliyuncs.com", false],
    [{ Service: ["x", "*.aliyuncs.com"] }, "Service", "ecs.aliyuncs.com", true],
    ["*", "Federated", "anything", true],
    ["acs:ram::1:user/a", "RAM", "acs:ram::1:user/a", true],
    ["acs:ram::1:user/a", "RAM", "acs:ram::1:user/b", false],
    ["acs:ram::1:user/a", "Service", "x", false],
    [{ RAM: "xyz:ram::1:root" }, "RAM", "acs:ram::1:user/a", false],
    [{ RAM: "acs:oss::1:root" }, "RAM", "acs:ram::1:user/a", false],
    [{ RAM: "acs:ram::1:root:x" }, "RAM", "acs:ram::1:user/a", false],
    [{ RAM: "acs:ram::1:user/a" }, "RAM", "acs:ram::1:user/b", false],
    [{ RAM: "acs:ram:cn:1:root" }, "RAM", "acs:ram:cn:1:user/a", true],
    [{}, "RAM", "acs:ram::1:user/a", false],
  ])("the principal %j holds %s %s: %s", (Principal, type, value, expected) => {
    const members = { Resource: undefined, Principal };
    expect(allowed(account(allow(members)), { principal: { type, value } })).toBe(expected);
    expect(
      allowed(account(allow({ Resource: undefined, NotPrincipal: Principal })), { principal: { type, value } }),
    ).toBe(!expected);
  });

  it("without a principal is nobody's", () => {
    expect(allowed(account(allow({ Resource: undefined, Principal: { RAM: "*" } })))).toBe(false);
    expect(allowed(account(allow({ Resource: undefined, NotPrincipal: { RAM: "*" } })))).toBe(true);
  });
});

describe("conditions of one request", () => {
  const holds = (
    Condition: object,
    context: Record<string, string>,
    options: Parameters<typeof isAllowed>[2] = likely,
  ): boolean => allowed(account(allow({ Condition })), { context }, options);

  it.each([
    ["StringEquals", "a*", "a*", true],
    ["StringEquals", "a*", "ab", false],
    ["StringEqualsIgnoreCase", "Ab", "aB", true],
    ["StringEqualsIgnoreCase", "Ab", "ac", false],
    ["StringLike", "a*c?", "abcd", true],
    ["StringLike", "a*c?", "abc", false],
    ["NumericEquals", "1.0", "1", true],
    ["NumericEquals", "1", "2", false],
    ["NumericLessThan", "2", "1", true],
    ["NumericLessThan", "2", "2", false],
    ["NumericLessThanEquals", "2", "2", true],
    ["NumericLessThanEquals", "2", "3", false],
    ["NumericGreaterThan", "2", "3", true],
    ["NumericGreaterThan", "2", "2", false],
    ["NumericGreaterThanEquals", "2", "2", true],
    ["NumericGreaterThanEquals", "2", "1", false],
    ["DateEquals", "2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z", true],
    ["DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59.9995Z", true],
    ["DateGreaterThan", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", true],
    ["DateGreaterThan", "2100-03-01T00:00:00Z", "2100-02-28T23:59:59Z", false],
    ["Bool", "true", "true", true],
    ["Bool", "TRUE", "false", false],
    ["IpAddress", "10.0.0.0/8", "10.255.0.1", true],
    ["IpAddress", "10.0.0.0/8", "11.0.0.1", false],
    ["IpAddress", "10.9.9.9", "10.9.9.9", true],
    ["IpAddress", "0.0.0.0/0", "2001:db8::1", false],
    ["IpAddress", "2001:db8::/33", "2001:db8:7fff::1", true],
    ["IpAddress", "2001:db8::/33", "2001:db8:8000::1", false],
  ])("%s %s of %s: %s", (operator, value, given, expected) => {
    expect(holds({ [operator]: { k: value } }, { K: given })).toBe(expected);
    expect(holds({ [operator]: { k: ["zz", value].slice(operator.startsWith("String") ? 0 : 1) } }, { k: given })).toBe(
      expected,
    );
    expect(holds({ [operator]: { k: value } }, {})).toBe(false);
    expect(holds({ [`${operator}IfExists`]: { k: value } }, {})).toBe(true);
    expect(holds({ [operator]: { k: [] } }, { k: given })).toBe(false);
    const negation = {
      StringEquals: "StringNotEquals",
      StringLike: "StringNotLike",
      StringEqualsIgnoreCase: "StringNotEqualsIgnoreCase",
      NumericEquals: "NumericNotEquals",
      DateEquals: "DateNotEquals",
      IpAddress: "NotIpAddress",
    }[operator];
    if (negation === undefined) return;
    expect(holds({ [negation]: { k: value } }, { k: given })).toBe(!expected);
    expect(holds({ [negation]: { k: value } }, {})).toBe(true);
    expect(holds({ [negation]: { k: value } }, {}, { ...likely, negationHolds: false })).toBe(false);
    expect(holds({ [`${negation}IfExists`]: { k: value } }, {}, { ...likely, negationHolds: false })).toBe(true);
    expect(holds({ [negation]: { k: [] } }, { k: given })).toBe(true);
  });

  it("are all to hold", () => {
    const both = { StringEquals: { a: "1", b: "2" }, Bool: { c: "true" } };
    expect(holds(both, { a: "1", b: "2", c: "true" })).toBe(true);
    expect(holds(both, { a: "1", b: "3", c: "true" })).toBe(false);
    expect(holds(both, { a: "1", b: "2", c: "false" })).toBe(false);
  });

  it.each([
    ["Null", "true"],
    ["NumericEquals", "x"],
    ["NumericEquals", "1234567890123456"],
    ["DateEquals", "2026-01-01"],
    ["DateEquals", "2026-01-01T00:00:00.1234Z"],
    ["DateEquals", "2026-02-30T00:00:00Z"],
    ["Bool", "maybe"],
    ["IpAddress", "10.0.0.300"],
    ["IpAddress", "::1::"],
    ["NotIpAddress", "10.0.0.0/33"],
  ])("that are not understood hold when they are said to: %s %s", (operator, value) => {
    const condition = { [operator]: { k: value } };
    expect(holds(condition, { k: "1" })).toBe(false);
    expect(holds(condition, { k: "1" }, { ...likely, opaqueHolds: () => true })).toBe(true);
    expect(holds(condition, {}, { ...likely, opaqueHolds: ({ key }) => key === "k" })).toBe(true);
  });
});

describe("scopes and sessions", () => {
  const at = (scope: Scope, ...statements: object[]) => ({ document: read(...statements), scope });
  const group = { resourceGroupId: "rg-1" };
  const inside = { context: { "resource group": "rg-1" } };

  it("a resource group's policies hold in the group only, and only where the account's are silent", () => {
    const effective = { documents: [at(group, allow())] };
    expect(allowed(effective)).toBe(false);
    expect(allowed(effective, inside)).toBe(true);
    expect(allowed(effective, { context: { "resource group": "rg-2" } })).toBe(false);
    expect(allowed({ documents: [at("account", allow()), at(group, deny())] }, inside)).toBe(true);
    expect(allowed({ documents: [at("account", deny()), at(group, allow())] }, inside)).toBe(false);
    expect(allowed({ documents: [at(group, allow()), at(group, deny())] }, inside)).toBe(false);
    expect(allowed({ documents: [at(group, allow()), at({ resourceGroupId: "rg-2" }, deny())] }, inside)).toBe(true);
  });

  it("a session policy only takes away", () => {
    const documents = [at("account", allow({ Action: "ecs:*" }))];
    expect(allowed({ documents, session: [read(allow())] })).toBe(true);
    expect(allowed({ documents, session: [read(allow({ Action: "oss:*" }))] })).toBe(false);
    expect(allowed({ documents, session: [read(allow(), deny())] })).toBe(false);
    expect(allowed({ documents, session: [] })).toBe(false);
    expect(allowed({ documents: [], session: [read(allow())] })).toBe(false);
  });
});
