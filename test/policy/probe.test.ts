import { describe, expect, test } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Reading } from "../../shared/policy/comparison.ts";
import { isAllowed } from "../../shared/policy/evaluate.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { onlyThis, type Probe, probeKey } from "../../shared/policy/probe.ts";

const likely: Reading = { wildcards: "segments", negationHolds: true };
const all = parseDocument(
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
);
if (!all.ok) throw new Error("not read");

/** Whether the probe leaves a request through where everything is allowed. */
const through = (probe: Probe, action: string, resource: string, context: Record<string, string> = {}): boolean =>
  isAllowed(
    {
      documents: [
        { document: all.value, scope: "account" },
        { document: onlyThis(probe), scope: "account" },
      ],
    },
    { action, resource, context },
    likely,
  );

describe("a document that leaves only one kind of request", () => {
  const probe: Probe = { action: "ram:Update?ole", resources: ["acs:ram:*:*:role/*", "?"] };

  test("by action and resource", () => {
    expect(through(probe, "ram:UpdateRole", "acs:ram:*:1:role/a")).toBe(true);
    expect(through(probe, "ram:UpdateRole", "*")).toBe(true);
    expect(through(probe, "ram:UpdateUser", "acs:ram:*:1:role/a")).toBe(false);
    expect(through(probe, "ram:UpdateRole", "acs:ram:*:1:user/a")).toBe(false);
  });

  test("without what does not count", () => {
    const spared: Probe = { ...probe, except: ["acs:ram:*:*:role/a", "acs:ram:*:*:role/b"] };
    expect(through(spared, "ram:UpdateRole", "acs:ram::1:role/a")).toBe(false);
    expect(through(spared, "ram:UpdateRole", "acs:ram::1:role/b")).toBe(false);
    expect(through(spared, "ram:UpdateRole", "acs:ram::1:role/c")).toBe(true);
  });

  test("with a key that must be there with one of the values", () => {
    const given: Probe = { ...probe, given: { key: "acs:Service", patterns: ["ecs.aliyuncs.com", "f?.aliyuncs.com"] } };
    const role = "acs:ram::1:role/a";
    expect(through(given, "ram:UpdateRole", role, { "acs:Service": "ecs.aliyuncs.com" })).toBe(true);
    expect(through(given, "ram:UpdateRole", role, { "acs:Service": "fc.aliyuncs.com" })).toBe(true);
    expect(through(given, "ram:UpdateRole", role, { "acs:Service": "oss.aliyuncs.com" })).toBe(false);
    expect(through(given, "ram:UpdateRole", role)).toBe(false);
  });

  test("means the same to the comparer, and leaves nothing uncertain", () => {
    const given: Probe = { ...probe, given: { key: "acs:Service", patterns: ["f?.aliyuncs.com"] } };
    const found = compareDocuments([], [all.value, onlyThis(given)]);
    expect(found).toMatchObject({ result: "new-access", recommended: "new-access", exact: true });
    expect(found.witness?.context["acs:Service"]).toMatch(/^f.\.aliyuncs\.com$/);
    expect(through(given, found.witness?.action ?? "", found.witness?.resource ?? "", found.witness?.context)).toBe(
      true,
    );
  });
});

describe("the text by which answers to a probe are remembered", () => {
  const probe: Probe = { action: "ram:UpdateRole", resources: ["a", "b"] };
  const others: readonly Probe[] = [
    { ...probe, action: "ram:UpdateUser" },
    { ...probe, resources: ["a"] },
    { ...probe, except: ["a"] },
    { ...probe, except: ["b"] },
    { ...probe, given: { key: "k", patterns: ["x"] } },
    { ...probe, given: { key: "k", patterns: ["y"] } },
    { ...probe, given: { key: "l", patterns: ["x"] } },
  ];

  test("differs where the probe does", () => {
    expect(new Set([probe, ...others].map(probeKey)).size).toBe(others.length + 1);
  });

  test("is one for an action in any case", () => {
    expect(probeKey({ ...probe, action: "RAM:updaterole" })).toBe(probeKey(probe));
  });
});
