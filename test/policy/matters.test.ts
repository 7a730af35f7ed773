import { describe, expect, test } from "vitest";
import { matters } from "../../shared/policy/matters.ts";

const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const allow = (Action: unknown, Resource: unknown = "*"): object => ({ Effect: "Allow", Action, Resource });
const custom = { type: "Custom", name: "mine" } as const;

describe("whether it counts what the holder of a policy has besides", () => {
  test.each<[string, "System" | "Custom", string, boolean]>([
    ["an administrator's", "System", "AdministratorAccess", false],
    ["one that gives power with others", "System", "AliyunCloudSSOFullAccess", true],
    ["one of power that is no administrator's", "System", "PowerUserAccess", true],
    ["one of no power that is known", "System", "AliyunOSSReadOnlyAccess", false],
    ["one that nobody knows", "System", "AliyunNothing", false],
    ["a name that every object has", "System", "constructor", false],
    ["one of the account's own", "Custom", "mine", true],
    ["one of the account's own, called like a system policy", "Custom", "AdministratorAccess", true],
  ])("%s, without its text", (_name, type, name, counts) => {
    expect(matters({ type, name }, undefined)).toBe(counts);
  });

  test.each<[string, string, boolean]>([
    ["everything on everything", document(allow("*")), false],
    ["everything on one thing", document(allow("*", "acs:oss:*:*:b")), true],
    ["some of a product", document(allow(["oss:GetObject", "oss:Put*"])), false],
    ["a whole product", document(allow(["oss:GetObject", "oss:*"])), true],
    ["a whole product with more stars than it needs", document(allow("oss:**")), true],
    ["some of every product", document(allow("*:ListBuckets")), false],
    ["a product by a pattern", document(allow("cdn-?:*")), false],
    ["a piece of a way to more power", document(allow(["oss:GetObject", "ram:PassRole"])), true],
    ["a piece by a pattern", document(allow("ram:Pass*")), true],
    ["reading of identities", document(allow(["ram:Get*", "ram:List*"])), false],
    ["everything but some", document({ Effect: "Allow", NotAction: "oss:*", Resource: "acs:oss:*:*:b" }), true],
    ["a Deny", document(allow("oss:GetObject"), { ...allow("oss:PutObject"), Effect: "Deny" }), true],
    ["nothing", document(), false],
    ["no document", "{", true],
  ])("one that says %s", (_name, text, counts) => {
    expect(matters(custom, text)).toBe(counts);
  });

  test("one of known power, whatever its text", () => {
    const none = document(allow("oss:GetObject"));
    expect(matters({ type: "System", name: "AliyunCloudSSOFullAccess" }, none)).toBe(true);
    expect(matters({ type: "System", name: "AdministratorAccess" }, none)).toBe(false);
    expect(matters({ type: "System", name: "AliyunCloudSSOFullAccess" }, document(allow("*")))).toBe(false);
    expect(matters({ type: "System", name: "AliyunOSSReadOnlyAccess" }, none)).toBe(false);
  });
});
