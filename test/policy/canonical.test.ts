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

describe("the form of a text", () => {
  it("sees through white space and escapes, and never throws", () => {
    const text = JSON.stringify(of(allow({})));
    expect(documentForm(JSON.stringify(of(allow({})), null, 2))).toBe(documentForm(text));
    expect(documentForm(JSON.stringify(text))).toBe(documentForm(text));
    expect(documentForm("no json {")).not.toBe(documentForm("no json ["));
    expect(documentForm('{"Version":"1","Version":"1","Statement":[]}')).not.toBe(documentForm(JSON.stringify(of())));
  });
});
