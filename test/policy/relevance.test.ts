import { describe, expect, test } from "vitest";
import type { Globs, PolicyDocument } from "../../shared/policy/document.ts";
import type { Probe } from "../../shared/policy/probe.ts";
import { mayInclude, relevantTo } from "../../shared/policy/relevance.ts";

const some = (...patterns: string[]): Globs => ({ complement: false, patterns });
const allBut = (...patterns: string[]): Globs => ({ complement: true, patterns });

describe("whether patterns can hold an action", () => {
  test.each<[string, Globs, string, boolean]>([
    ["its name", some("ram:UpdateRole"), "ram:UpdateRole", true],
    ["a pattern", some("ram:*Role"), "RAM:updaterole", true],
    ["another name", some("ram:UpdateUser"), "ram:UpdateRole", false],
    ["all but it", allBut("ram:*"), "ram:UpdateRole", false],
    ["all but another", allBut("oss:*"), "ram:UpdateRole", true],
    ["a name of the service, for any of its names", some("kms:Decrypt"), "kms:?", true],
    ["in any case", some("KMS:Decrypt"), "kms:?", true],
    ["in any case, the other way round", some("kms:decrypt"), "KMS:?", true],
    ["everything, for any name of a service", some("*"), "kms:?", true],
    ["part of the service's name", some("k*"), "kms:?", true],
    ["one letter of it open", some("k?s:x"), "kms:?", true],
    ["another service", some("oss:*", "ecs:*"), "kms:?", false],
    ["another service that begins alike", some("kbs:x"), "kms:?", false],
    ["one of several", some("oss:*", "kms:*"), "kms:?", true],
    ["all but some, for any name", allBut("kms:*"), "kms:?", true],
  ])("%s", (_name, globs, action, may) => {
    expect(mayInclude(globs, action)).toBe(may);
  });
});

describe("the statements that can have a say", () => {
  const probe: Probe = { action: "ram:UpdateRole", resources: ["acs:ram:*:*:role/*", "?"] };
  const onOne: Probe = { action: "ram:UpdateRole", resources: ["acs:ram:*:system:policy/Admin"] };
  const named: Probe = { action: "log:GetProject", resources: ["acs:log:*:*:project/a:b"] };
  const anyKey: Probe = { action: "kms:Decrypt", resources: ["acs:kms:*"] };
  const documentOf = (action: Globs, resource?: Globs): PolicyDocument => ({
    kind: "permission",
    flaws: [{ path: "$", what: "something" }],
    statements: [
      { index: 0, effect: "Allow", action, ...(resource === undefined ? {} : { resource }), conditions: [] },
    ],
  });
  const stays = (asked: Probe, action: Globs, resource?: Globs): boolean =>
    relevantTo(asked, documentOf(action, resource)).statements.length === 1;

  test.each<[string, Probe, Globs, Globs | undefined, boolean]>([
    ["everything", probe, some("*"), some("*"), true],
    ["another action", probe, some("ram:UpdateUser"), some("*"), false],
    ["no resource named", probe, some("ram:*"), undefined, true],
    ["all but some resources", probe, some("ram:*"), allBut("acs:ram:*:*:role/*"), true],
    ["its resources", probe, some("ram:*"), some("acs:ram::1:role/a"), true],
    ["its resources, in another case", probe, some("ram:*"), some("acs:RAM::1:Role/a"), true],
    ["one of several resources", probe, some("ram:*"), some("acs:oss:*:*:b", "acs:ram::1:role/a"), true],
    ["another service's resources", onOne, some("ram:*"), some("acs:oss:*:*:*"), false],
    ["another owner", onOne, some("ram:*"), some("acs:ram:*:1:policy/Admin"), false],
    ["an owner that is a pattern", onOne, some("ram:*"), some("acs:ram:*:s*:policy/Admin"), true],
    ["an owner that is another pattern", onOne, some("ram:*"), some("acs:ram:*:t*:policy/Admin"), false],
    ["another name", onOne, some("ram:*"), some("acs:ram:*:system:policy/Other"), false],
    ["a pattern of the name", onOne, some("ram:*"), some("acs:ram:*:system:policy/A*"), true],
    ["a pattern of another name", onOne, some("ram:*"), some("acs:ram:*:system:policy/B*"), false],
    ["a region that is named", onOne, some("ram:*"), some("acs:ram:cn-x:system:policy/Admin"), true],
    ["a star that could reach over the colons", onOne, some("ram:*"), some("acs:ram:*"), true],
    ["a star in fewer parts", onOne, some("ram:*"), some("acs:r*:x:y"), true],
    ["another service, by letters", onOne, some("ram:*"), some("acs:ra:*:system:policy/Admin"), false],
    ["an owner that begins alike", onOne, some("ram:*"), some("acs:ram:*:sys:policy/Admin"), false],
    ["one letter of the owner open", onOne, some("ram:*"), some("acs:ram:*:syste?:policy/Admin"), true],
    ["another service in fewer parts", onOne, some("ram:*"), some("acs:oss:*"), false],
    ["a name with a colon in it", onOne, some("ram:*"), some("acs:ram:*:system:policy/A:dmin"), false],
    ["a name without the colon", named, some("log:*"), some("acs:log:*:*:project/ab"), false],
    ["the name with its colon", named, some("log:*"), some("acs:log:*:*:project/a:b"), true],
    ["any resource of the service", anyKey, some("kms:*"), some("acs:kms:cn-x:1:key/x"), true],
    ["one letter of the service open", onOne, some("ram:*"), some("acs:ra?:*:system:policy/Admin"), true],
  ])("%s", (_name, asked, action, resource, kept) => {
    expect(stays(asked, action, resource)).toBe(kept);
  });

  test("nothing else of the document changes", () => {
    const document = documentOf(some("*"), some("*"));
    expect(relevantTo(probe, document)).toEqual(document);
    expect(relevantTo(probe, documentOf(some("oss:*"), some("*")))).toEqual({ ...document, statements: [] });
  });
});
