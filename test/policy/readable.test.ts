import { describe, expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Attachments, Witness } from "../../shared/policy/comparison.ts";

const allow = (Action: unknown = "*", members: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...members,
});
const text = (...statements: object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const trust = (Principal: unknown, members: object = {}): string =>
  text({ Effect: "Allow", Action: "sts:AssumeRole", Principal, ...members });
const witness = (before: Attachments, after: Attachments): Witness => {
  const found = compareDocuments(before, after).witness;
  if (found === undefined) throw new Error("no witness");
  return found;
};

describe("an action in known words", () => {
  const action = (before: unknown, after: unknown): string =>
    witness([text(allow(before))], [text(allow(after))]).action;

  it.each<[unknown, unknown, string]>([
    ["x:y", "oss:*", "oss:GetObject"],
    ["oss:GetObject", "oss:Get*", "oss:GetObjectAcl"],
    ["oss:Get*", "*", "ram:AttachPolicyToUser"],
    ["x:y", "OSS:PutBucketPOLICY", "OSS:PutBucketPOLICY"],
    ["x:y", ["ecs:Nothing*", "kms:decrypt"], "kms:Decrypt"],
    ["x:y", ["kms:DECRYPT"], "kms:DECRYPT"],
    ["x:y", "k?s:Decrypt", "kms:Decrypt"],
    ["x:y", "*:AttachPolicyToUser", "ram:AttachPolicyToUser"],
    ["x:y", "nosuch:Get*", "nosuch:getx"],
  ])("%j, then %j: %s", (before, after, name) => {
    expect(action(before, after)).toBe(name);
  });

  it("is one that the session lets through too", () => {
    const documents = [text(allow())];
    expect(witness([], { documents, session: [text(allow("oss:Put*"))] }).action).toBe("oss:PutBucketPolicy");
    expect(witness([], { documents: [text(allow("oss:*"))], session: [text(allow("*:DeleteObject"))] }).action).toBe(
      "oss:DeleteObject",
    );
  });

  it("spelled as the Deny that is gone spells it, or as the catalogue does", () => {
    const denied = { Effect: "Deny", Action: "ECS:stopInstance", Resource: "*" };
    expect(witness([text(allow(), denied)], [text(allow())]).action).toBe("ECS:stopInstance");
    expect(witness([text(allow(), { ...denied, Action: "ram:DeleteUse?" })], [text(allow())]).action).toBe(
      "ram:DeleteUser",
    );
    const all = { Effect: "Deny", NotAction: "ecs:*", Resource: "*" };
    expect(witness([text(allow(), all)], [text(allow())]).action).not.toMatch(/^ecs:/);
  });
});

describe("a resource in known words", () => {
  const resource = (before: readonly string[] | undefined, after: readonly string[]): string | undefined =>
    witness(before === undefined ? [] : [text(allow("a:b", { Resource: before }))], [
      text(allow("a:b", { Resource: after })),
    ]).resource;
  const here = "cn-hangzhou:1234567890123456";

  it.each<[readonly string[] | undefined, readonly string[], string]>([
    [undefined, ["*"], "*"],
    [undefined, ["acs:oss:*:*:b/*"], `acs:oss:${here}:b/example`],
    [undefined, ["acs:oss:cn-?:*:b"], "acs:oss:cn-x:1234567890123456:b"],
    [undefined, ["acs:*:*:*:*"], `acs:ecs:${here}:example`],
    [undefined, ["acs:oss:*:*:b/*:c*"], `acs:oss:${here}:b/example:cexample`],
    [["acs:oss:*:*:b/e*"], ["acs:oss:*:*:b/*"], `acs:oss:${here}:b/`],
    [["acs:oss:*:*:a/*"], ["acs:oss:*:*:a/*", "acs:kms:*:*:key/*"], `acs:kms:${here}:key/example`],
    [["acs:kms:*:*:key/*"], ["acs:oss:*:*:a/*", "acs:kms:*:*:key/*"], `acs:oss:${here}:a/example`],
    [undefined, ["acs:ram:*:*:role/App*"], `acs:ram:${here}:role/appexample`],
  ])("%j, then %j: %s", (before, after, name) => {
    expect(resource(before, after)).toBe(name);
  });

  it("of everything but some: no resource in particular, or one that may be there", () => {
    const but = (NotResource: unknown) => text({ Effect: "Allow", Action: "a:b", NotResource });
    expect(witness([], [but("acs:oss:*")]).resource).toBe("*");
    expect(witness([text(allow("a:b", { Resource: "?" }))], [but("acs:oss:*")]).resource).toBe(
      `acs:ecs:${here}:instance/example`,
    );
  });
});

describe("a principal in known words", () => {
  const principal = (before: string, after: string): Witness["principal"] => witness([before], [after]).principal;
  const user = (account: string) => ({ type: "RAM", value: `acs:ram::${account}:user/example` });

  it.each<[unknown, Witness["principal"]]>([
    [{ RAM: "*" }, user("9876543210987654")],
    [{ RAM: "acs:ram::*:root" }, user("9876543210987654")],
    [{ RAM: "acs:ram::*:user/*" }, user("9876543210987654")],
    [{ RAM: "acs:ram::1:user/ex?mple" }, { type: "RAM", value: "acs:ram::1:user/exxmple" }],
    [{ RAM: "acs:ram::1:role/App*" }, { type: "RAM", value: "acs:ram::1:role/appexample" }],
    [{ Service: ["a.com", "b.com"] }, { type: "Service", value: "a.com" }],
    [{ Federated: "acs:ram::1:saml-provider/*" }, { type: "Federated", value: "acs:ram::1:saml-provider/example" }],
  ])("%j", (Principal, expected) => {
    expect(principal(text(), trust(Principal))).toEqual(expected);
  });

  it("the second of a list, where the first is let in already", () => {
    expect(principal(trust({ Service: "a.com" }), trust({ Service: ["a.com", "b.com"] }))).toEqual({
      type: "Service",
      value: "b.com",
    });
  });

  it("of all but some, still one that is let in", () => {
    const but = text({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { RAM: "acs:ram::1:root" } });
    const found = witness([text()], [but]).principal;
    expect(found?.value).not.toMatch(/^acs:ram::1:/);
  });
});

describe("values of keys in known words", () => {
  const given = (operator: string, key: string, value: string | readonly string[]): string | undefined =>
    witness([text()], [trust("*", { Condition: { [operator]: { [key]: value } } })]).context[key];

  it.each<[string, string, string | readonly string[], string]>([
    ["StringLike", "acs:Service", "*", "ecs.aliyuncs.com"],
    ["StringLike", "ACS:SERVICE", "*", "ecs.aliyuncs.com"],
    ["StringLike", "acs:Service", "fc.*", "fc.aliyuncs.com"],
    ["StringEqualsIgnoreCase", "acs:Service", "FC.aliyuncs.com", "fc.aliyuncs.com"],
    ["StringLike", "ram:ServiceName", "*.aliyuncs.com", "ecs.aliyuncs.com"],
    ["StringLike", "sts:ExternalId", "ex*", "example"],
    ["StringLike", "saml:recipient", "https://*", "https://example.com/"],
    ["StringLike", "oidc:iss", "https://*", "https://example.com/"],
    ["StringLike", "oidc:aud", "*", "example"],
    ["StringLike", "oidc:sub", "repo:*", "repo:example/app:ref:refs/heads/main"],
    ["StringLike", "oidc:sub", "e*", "example"],
    ["StringLike", "oidc:sub", "other*", "otherx"],
    ["StringLike", "acs:Other", "a*", "ax"],
  ])("%s %s %j: %s", (operator, key, value, expected) => {
    expect(given(operator, key, value)).toBe(expected);
  });

  it("as all tests on the key take them", () => {
    const both = { StringLike: { "acs:Service": "*.aliyuncs.com" }, StringNotLike: { "ACS:service": "ecs.*" } };
    expect(Object.values(witness([text()], [trust("*", { Condition: both })]).context)).toEqual(["fc.aliyuncs.com"]);
    const more = { ...both, StringEquals: { "acs:SourceVpc": "v" } };
    expect(witness([text()], [trust("*", { Condition: more })]).context).toMatchObject({ "acs:SourceVpc": "v" });
  });

  it("as long as the request is new with them", () => {
    const on = (...values: string[]) => trust("*", { Condition: { StringLike: { "acs:Service": values } } });
    expect(witness([on("ecs.aliyuncs.com")], [on("*")]).context).toEqual({ "acs:Service": "fc.aliyuncs.com" });
    expect(witness([on("ecs.*", "fc.*")], [on("*.aliyuncs.com")]).context["acs:Service"]).toMatch(
      /^(?!ecs|fc).*\.aliyuncs\.com$/,
    );
  });
});
