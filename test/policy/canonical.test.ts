import { describe, expect, it } from "vitest";
import { canonicalDocument, documentForm } from "../../shared/policy/canonical.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

const form = (value: unknown): string => {
  const parsed = parseDocument(JSON.stringify(value));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return canonicalDocument(parsed.value);
};

const allow = (members: object): object => ({ Effect: "Allow", Action: "oss:*", Resource: "*", ...members });
const of = (...statements: object[]): object => ({ Version: "1", Statement: statements });

describe("one form per meaning", () => {
  const plain = form(
    of(
      allow({ Action: ["oss:Get*", "ecs:*"], Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } } }),
    ),
  );

  it.each([
    [
      "key order",
      {
        Statement: [
          {
            Resource: "*",
            Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
            Action: ["oss:Get*", "ecs:*"],
            Effect: "Allow",
          },
        ],
        Version: "1",
      },
    ],
    [
      "list order and duplicates",
      of(
        allow({
          Action: ["ecs:*", "oss:Get*", "ecs:*"],
          Condition: { IpAddress: { "acs:SourceIp": ["1.2.3.4", "10.0.0.0/8"] } },
        }),
      ),
    ],
    [
      "list of one",
      of(
        allow({
          Action: ["oss:Get*", "ecs:*"],
          Resource: ["*"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
    [
      "case of actions and keys",
      of(
        allow({
          Action: ["OSS:get*", "ecs:*"],
          Condition: { IpAddress: { "ACS:sourceip": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
    [
      "spelling of addresses",
      of(
        allow({
          Action: ["oss:Get*", "ecs:*"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.9.9.9/8", "1.2.3.4/32"] } },
        }),
      ),
    ],
    [
      "what another pattern covers",
      of(
        allow({
          Action: ["oss:Get*", "ecs:*", "ecs:Stop*", "oss:GetObject"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
    [
      "a statement twice",
      of(
        ...[1, 2].map(() =>
          allow({
            Action: ["oss:Get*", "ecs:*"],
            Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
          }),
        ),
      ),
    ],
    [
      "a name for the statement",
      of(
        allow({
          Sid: "x",
          Action: ["oss:Get*", "ecs:*"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
  ])("%s does not matter", (_, other) => {
    expect(form(other)).toBe(plain);
  });

  it.each([
    [
      "the operator",
      of(
        allow({
          Action: ["oss:Get*", "ecs:*"],
          Condition: { NotIpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
    [
      "a value",
      of(
        allow({
          Action: ["oss:Get*", "ecs:*"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/9", "1.2.3.4"] } },
        }),
      ),
    ],
    ["no condition", of(allow({ Action: ["oss:Get*", "ecs:*"] }))],
    [
      "a blank, which RAM may read otherwise",
      of(
        allow({
          Action: ["oss: Get*", "ecs:*"],
          Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "1.2.3.4"] } },
        }),
      ),
    ],
  ])("%s matters", (_, other) => {
    expect(form(other)).not.toBe(plain);
  });

  it("keeps the case of resources, but not of role names", () => {
    expect(form(of(allow({ Resource: "acs:oss:*:*:B" })))).not.toBe(form(of(allow({ Resource: "acs:oss:*:*:b" }))));
    expect(form(of(allow({ Resource: "acs:ram:*:1:role/B" })))).toBe(
      form(of(allow({ Resource: "acs:ram:*:1:role/b" }))),
    );
  });
});

describe("one form per set of actions", () => {
  const action = (...Action: string[]): string => form(of(allow({ Action })));

  it.each<[string[], string[]]>([
    [["*"], ["*:*"]],
    [["*"], ["?*:?*"]],
    [["*"], ["?*"]],
    [["*"], ["*:?*", "ecs:*"]],
    [["ecs:*"], ["ECS:?*"]],
    [["ecs:*"], ["ecs:*?"]],
    [["ecs:?*Get"], ["ecs:*?Get"]],
    [["e:*"], ["e:?*"]],
    [
      ["ecs:*", "oss:*"],
      ["oss:?*", "ecs:?*", "ecs:Stop*"],
    ],
  ])("%j and %j", (one, other) => {
    expect(action(...one)).toBe(action(...other));
  });

  it("and another for each that differs", () => {
    const all: string[][] = [["*"], ["ecs:*"], ["oss:*"], ["e:*"], ["e?:?*"], ["e?:*"], ["?:?*"], ["?:*"]];
    const more: string[][] = [["a:b:*"], ["a:b:?*"], ["a:?*b"], ["a:*b"], ["a:b*"], ["a:b"], ["a:bc"], ["a:b", "a:bc"]];
    expect(new Set([...all, ...more].map((list) => action(...list))).size).toBe(all.length + more.length);
  });
});

describe("what a pattern of a list holds is left out", () => {
  const on = (...Resource: string[]): string => form(of(allow({ Resource })));

  it("where it does so under both readings of wildcards", () => {
    expect(on("acs:oss:*:*:b/*", "acs:oss:cn:1:b/c", "acs:oss:cn:*:b/c*")).toBe(on("acs:oss:*:*:b/*"));
    expect(on("acs:oss:*:b", "acs:oss:cn:1:b")).not.toBe(on("acs:oss:*:b"));
    expect(on("a*", "a*", "ab")).toBe(on("a*"));
    expect(on("a", "b")).not.toBe(on("a"));
  });

  it("but nothing of a list that is long beyond use, where only order and repeats do not matter", () => {
    const many = Array.from({ length: 300 }, (_, at) => `acs:oss:*:*:b${at}`);
    expect(on(...many, "x*", "xy")).not.toBe(on(...many, "x*"));
    expect(on(...many, "xy", "x*")).toBe(on("x*", ...many, "xy", "x*"));
    const long = Array.from({ length: 5 }, (_, at) => `${at}${"x".repeat(2000)}`);
    expect(on(...long, "x*", "xy")).not.toBe(on(...long, "x*"));
    expect(on(...long.slice(0, 2), "x*", "xy")).toBe(on(...long.slice(0, 2), "x*"));
    expect(on(...many.slice(0, 200), "x*", "xy")).toBe(on(...many.slice(0, 200), "x*"));
  });
});

describe("the form of a trust document", () => {
  const trust = (Principal: unknown, members: object = {}): string =>
    form(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal, ...members }));
  const [a, b] = ["acs:ram::1:user/a", "acs:ram::1:role/B"];

  it("is one for principals in any order, twice, or as a list of one", () => {
    const both = trust({ RAM: [a, b], Service: "ecs.aliyuncs.com" });
    expect(trust({ Service: ["ecs.aliyuncs.com"], RAM: [b, a, b] })).toBe(both);
    expect(trust({ RAM: [a, b.toLowerCase()], Service: "ecs.aliyuncs.com" })).toBe(both);
  });

  it("differs with the principal, its type and its complement", () => {
    const forms = [
      trust({ RAM: a }),
      trust({ RAM: b }),
      trust({ RAM: [a, b] }),
      trust({ Federated: a }),
      trust({ Service: a }),
      trust("*"),
      trust({ RAM: "*" }),
      form(of({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { RAM: a } })),
      form(of(allow({ Action: "sts:AssumeRole" }))),
    ];
    expect(new Set(forms).size).toBe(forms.length);
  });
});

describe("the form of a text", () => {
  it("of what is no document stands for itself, but for white space", () => {
    expect(documentForm('{"a": [1, 2]}')).toBe(documentForm(' {"a":[1,2]} '));
    expect(documentForm('{"a":1}')).not.toBe(documentForm('{"a":2}'));
    expect(documentForm(" no json { ")).toBe(documentForm("no json {"));
    expect(documentForm("[]")).not.toBe(documentForm("{}"));
  });

  it("sees through white space and escapes, and never throws", () => {
    const text = JSON.stringify(of(allow({})));
    expect(documentForm(JSON.stringify(of(allow({})), null, 2))).toBe(documentForm(text));
    expect(documentForm(JSON.stringify(text))).toBe(documentForm(text));
    expect(documentForm("no json {")).not.toBe(documentForm("no json ["));
    expect(documentForm('{"Version":"1","Version":"1","Statement":[]}')).not.toBe(documentForm(JSON.stringify(of())));
  });
});
