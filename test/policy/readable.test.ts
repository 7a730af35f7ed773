import { describe, expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Attachments, Witness } from "../../shared/policy/comparison.ts";
import type { NewRegion } from "../../shared/policy/effective-set.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { likeliest, readable } from "../../shared/policy/readable.ts";
import { makeReady, newStore } from "../../shared/policy/ready.ts";

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

/** A region inside all the statements. */
const inside = (...statements: readonly object[]): NewRegion => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const store = newStore();
  const list = parsed.value.statements.map((statement) => makeReady(store, statement, 0, undefined));
  const [allowedBy] = list;
  if (allowedBy === undefined) throw new Error("no statement");
  return { allowedBy, inside: list, outside: [] };
};
const raw: Witness = { action: "oss:getx", resource: "acs:oss:::x", context: {} };
const here = "cn-hangzhou:1234567890123456";
const assume = (Principal: unknown, members: object = {}): object => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal,
  ...members,
});

describe("the likeliest words all at once", () => {
  it.each<[string, object, Witness]>([
    ["a name of the service", allow("oss:Get*"), { action: "oss:GetObject", resource: "*", context: {} }],
    [
      "the pattern that the resource came from",
      allow("oss:Get*", { Resource: ["acs:kms:*:*:key/*", "acs:oss:*:*:*"] }),
      { action: "oss:GetObject", resource: `acs:oss:${here}:example`, context: {} },
    ],
    [
      "the first pattern, where the resource is of none",
      allow("oss:Get*", { Resource: ["acs:kms:*:*:key/*", "acs:oss:?:*:*"] }),
      { action: "oss:GetObject", resource: `acs:kms:${here}:key/example`, context: {} },
    ],
    [
      "a role's name in lower case",
      allow("oss:Get*", { Resource: "acs:ram:*:*:role/A?" }),
      { action: "oss:GetObject", resource: `acs:ram:${here}:role/ax`, context: {} },
    ],
    [
      "a name for each part that is open",
      allow("oss:Get*", { Resource: "*:*:*:*:*:*" }),
      { action: "oss:GetObject", resource: `acs:ecs:${here}:example:example`, context: {} },
    ],
  ])("%s", (_, statement, told) => {
    expect(likeliest(raw, inside(statement))).toEqual(told);
  });

  it("a name as it is spelled, unless it is spelled so already", () => {
    expect(likeliest({ ...raw, action: "oss:getobject" }, inside(allow("OSS:GetObject"))).action).toBe("OSS:GetObject");
    expect(likeliest({ ...raw, action: "nosuch:do" }, inside(allow("nosuch:do"))).action).toBe("nosuch:do");
    expect(likeliest({ ...raw, action: "nosuch:dox" }, inside(allow("nosuch:do*"))).action).toBe("nosuch:dox");
    const not = { Effect: "Allow", NotAction: ["oss:getobject", "ecs:*"], Resource: "*" };
    expect(likeliest({ ...raw, action: "kms:x" }, inside(not)).action).toMatch(/^kms:[A-Z]/);
  });

  it("a name that lies inside all statements, in the words of any service where it names none", () => {
    expect(likeliest(raw, inside(allow("oss:*"), allow("*:PutBucketAcl"))).action).toBe("oss:PutBucketAcl");
    const anyService = inside(allow("*:AttachPolicyToUser"));
    expect(likeliest({ ...raw, action: "xx:attachpolicytouser" }, anyService).action).toBe("ram:AttachPolicyToUser");
  });

  it.each<[unknown, Witness["principal"]]>([
    ["*", { type: "RAM", value: "acs:ram::9876543210987654:user/example" }],
    [{ Service: "*" }, { type: "Service", value: "ecs.aliyuncs.com" }],
    [{ Federated: "*" }, { type: "Federated", value: "acs:ram::1234567890123456:saml-provider/example" }],
    [{ RAM: "*" }, { type: "RAM", value: "acs:ram::9876543210987654:user/example" }],
    [{ RAM: "acs:ram::1:root" }, { type: "RAM", value: "acs:ram::1:user/example" }],
    [{ RAM: "acs:ram::*:role/App*" }, { type: "RAM", value: "acs:ram::9876543210987654:role/appexample" }],
    [{ RAM: "acs:*:*:*:user/a" }, { type: "RAM", value: "acs:ram::9876543210987654:user/a" }],
    [{}, { type: "T", value: "v" }],
  ])("a principal of %j", (Principal, principal) => {
    const given: Witness = { action: "sts:assumerole", principal: { type: "T", value: "v" }, context: {} };
    expect(likeliest(given, inside(assume(Principal)))).toEqual({ action: "sts:AssumeRole", principal, context: {} });
  });

  it("none of those that are left out", () => {
    const given: Witness = { action: "sts:assumerole", principal: { type: "T", value: "v" }, context: {} };
    const but = { Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { RAM: "acs:ram::1:root" } };
    expect(likeliest(given, inside(but)).principal).toEqual({ type: "T", value: "v" });
  });

  it("values that all tests on their key take, and as they came for keys that nobody knows", () => {
    const Condition = {
      StringLike: { "acs:Service": "*.aliyuncs.com", "oidc:sub": "nothing*", "a:b": "x*" },
      StringNotLike: { "ACS:service": "ecs.*" },
      NumericEquals: { "oidc:aud": "1" },
    };
    const context = { "acs:Service": "x.aliyuncs.com", "oidc:sub": "nothingx", "a:b": "xx", "oidc:aud": "1", none: "" };
    expect(likeliest({ ...raw, context }, inside(allow("oss:*", { Condition }))).context).toEqual({
      ...context,
      "acs:Service": "fc.aliyuncs.com",
      "oidc:aud": "example",
    });
  });
});

describe("one change after the other, each kept only if the request is a witness still", () => {
  const statement = allow("oss:*", {
    Resource: ["acs:oss:*:*:b/*"],
    Condition: { StringLike: { "acs:Service": "*" } },
  });
  const given: Witness = { ...raw, context: { "acs:Service": "x", "a:b": "y" } };

  it("all of them, where any request will do", () => {
    expect(readable(given, inside(statement), () => true)).toEqual({
      action: "oss:GetObject",
      resource: `acs:oss:${here}:b/example`,
      context: { "acs:Service": "ecs.aliyuncs.com", "a:b": "y" },
    });
  });

  it("none, where none will do but the one that was found", () => {
    expect(readable(given, inside(statement), () => false)).toEqual(given);
  });

  it("the first that will do, each beside what was changed before", () => {
    const seen: Witness[] = [];
    const told = readable(given, inside(statement), (witness) => {
      seen.push(witness);
      return (
        witness.action === "oss:PutBucketPolicy" &&
        witness.resource !== `acs:oss:${here}:b/example` &&
        witness.context["acs:Service"] !== "ecs.aliyuncs.com"
      );
    });
    expect(told).toEqual({
      action: "oss:PutBucketPolicy",
      resource: `acs:oss:${here}:b/`,
      context: { "acs:Service": "fc.aliyuncs.com", "a:b": "y" },
    });
    expect(seen.length).toBeLessThan(200);
  });

  it("a principal too, and nothing that the request does not have", () => {
    const who: Witness = { action: "sts:assumerole", principal: { type: "T", value: "v" }, context: {} };
    const region = inside(assume({ RAM: ["acs:ram::1:user/a", "acs:ram::2:root"] }));
    expect(readable(who, region, () => true)).toEqual({
      action: "sts:AssumeRole",
      principal: { type: "RAM", value: "acs:ram::1:user/a" },
      context: {},
    });
    expect(readable(who, region, ({ principal }) => principal?.value.endsWith("role/example") ?? false)).toMatchObject({
      principal: { type: "RAM", value: "acs:ram::2:role/example" },
    });
    const { resource: _, ...without } = raw;
    expect(readable(without, inside(allow("oss:*")), () => true)).toEqual({ action: "oss:GetObject", context: {} });
  });

  it("no more than some hundred tries, whatever a document holds", () => {
    let tries = 0;
    const many = Array.from({ length: 300 }, (_, at) => `acs:oss:*:*:b${at}/*`);
    const region = inside(...[1, 2, 3, 4].map(() => allow("*", { Resource: many })));
    const told = readable(raw, region, () => {
      tries += 1;
      return false;
    });
    expect(told).toEqual(raw);
    expect(tries).toBe(192);
  });
});
