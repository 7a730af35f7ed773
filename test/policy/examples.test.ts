import { describe, expect, test } from "vitest";
import type { Statement } from "../../shared/policy/document.ts";
import { examplesOf, settingOf, settingsIn } from "../../shared/policy/examples.ts";

const usual = { region: "cn-hangzhou", account: "1234567890123456" };

const allowOn = (patterns: readonly string[], more: Partial<Statement> = {}): Statement => ({
  index: 0,
  effect: "Allow",
  action: { complement: false, patterns: ["*"] },
  resource: { complement: false, patterns },
  conditions: [],
  ...more,
});

describe("where a resource pattern is", () => {
  test.each([
    ["acs:ecs:cn-beijing:1:instance/*", { region: "cn-beijing", account: "1" }],
    ["acs:ecs:*:*:instance/*", usual],
    ["acs:ecs::1:*", { region: "", account: "1" }],
    ["acs:ecs:cn-*:12*3:instance/*", { region: "cn-", account: "123" }],
    ["acs:ecs:cn-?x:1?*?:instance/*", { region: "cn-1x", account: "111" }],
    ["acs:ecs:*:1", undefined],
    ["acs:ecs:*", undefined],
    ["*", undefined],
  ])("%s", (pattern, setting) => {
    expect(settingOf(pattern)).toEqual(setting);
  });
});

describe("where the statements' resources are", () => {
  test("the usual place first, and each other once", () => {
    const there = ["acs:ecs:cn-beijing:1:instance/a", "acs:ecs:cn-beijing:1:instance/b", "acs:oss:cn-beijing:2:c", "*"];
    expect(settingsIn([allowOn(there), allowOn(there)])).toEqual([
      usual,
      { region: "cn-beijing", account: "1" },
      { region: "cn-beijing", account: "2" },
    ]);
    expect(settingsIn([])).toEqual([usual]);
  });

  test("not of a Deny, of everything but some, or of no resource at all", () => {
    const there = ["acs:ecs:cn-beijing:1:instance/a"];
    const { resource: _, ...without } = allowOn(there);
    expect(
      settingsIn([
        allowOn(there, { effect: "Deny" }),
        allowOn(there, { resource: { complement: true, patterns: there } }),
        without,
      ]),
    ).toEqual([usual]);
  });

  test("no more than a few", () => {
    const many = Array.from({ length: 40 }, (_, at) => `acs:ecs:r${at}:1:a`);
    const found = settingsIn([allowOn(many)]);
    expect(found).toHaveLength(6);
    expect(found.slice(0, 2)).toEqual([usual, { region: "r0", account: "1" }]);
    expect(settingsIn(many.map((one) => allowOn([one])))).toEqual(found);
  });
});

describe("requests of a kind", () => {
  const here = [{ region: "cn-x", account: "7" }];

  test.each([
    ["?", "*"],
    ["acs:kms:*", "acs:kms:cn-x:7:example"],
    ["acs:ram:*:*:role/*", "acs:ram:cn-x:7:role/example"],
    ["acs:ram:*:system:policy/AdministratorAccess", "acs:ram:cn-x:system:policy/AdministratorAccess"],
    ["acs:fc:*:?:services/*/functions/*", "acs:fc:cn-x:9876543210987654:services/example/functions/example"],
    ["acs:log:*:*:a:b", "acs:log:cn-x:7:a:b"],
    ["acs:fc:cn-?:*:x", "acs:fc:cn-1:7:x"],
  ])("on %s", (pattern, resource) => {
    expect(examplesOf({ action: "a:b", resources: [pattern] }, here)).toEqual([
      { action: "a:b", resource, context: {} },
    ]);
  });

  test("one for each resource in each place", () => {
    const found = examplesOf({ action: "kms:?", resources: ["acs:kms:*", "?"] }, [...here, usual]);
    expect(found.map(({ action, resource }) => [action, resource])).toEqual([
      ["kms:Example", "acs:kms:cn-x:7:example"],
      ["kms:Example", "*"],
      ["kms:Example", "acs:kms:cn-hangzhou:1234567890123456:example"],
      ["kms:Example", "*"],
    ]);
  });

  test.each([
    [["ecs.aliyuncs.com", "fc.aliyuncs.com"], "ecs.aliyuncs.com"],
    [["*"], "example"],
    [["?.aliyuncs.com"], "example.aliyuncs.com"],
    [["pai*.aliyuncs.com"], "pai.aliyuncs.com"],
  ])("with a key that is given as one of %j", (patterns, value) => {
    const probe = { action: "ram:PassRole", resources: ["?"], given: { key: "acs:Service", patterns } };
    expect(examplesOf(probe, here)).toEqual([
      { action: "ram:PassRole", resource: "*", context: { "acs:Service": value } },
    ]);
  });
});
