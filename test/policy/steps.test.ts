import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Attachments } from "../../shared/policy/comparison.ts";

// The steps of search are the same on every machine, so they stand for speed where a clock could not. A number that
// changes is a change of speed or of what the budget counts: look at it, then write the new one down.

const allow = (Action: unknown, Resource: unknown = "*", Condition: unknown = undefined): object => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const deny = (Action: unknown, Resource: unknown = "*", Condition: unknown = undefined): object => ({
  ...allow(Action, Resource, Condition),
  Effect: "Deny",
});
const text = (...statements: object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const not = (NotAction: unknown, Effect = "Allow"): object => ({ Effect, NotAction, Resource: "*" });
const trust = (RAM: unknown): string => text({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM } });
const like = (value: unknown): object => ({ StringLike: { "oss:Prefix": value } });
const net = (...blocks: string[]): object => ({ IpAddress: { "acs:SourceIp": blocks } });
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const names = range(40).map((at) => `svc:Do${at}*`);
const buckets = range(30).map((at) => `acs:oss:*:*:b${at}/*`);

const pairs: readonly (readonly [string, number, Attachments, Attachments])[] = [
  ["equal", 0, [text(allow("a:*"))], [text(allow("A:*"))]],
  ["a prefix of one action", 6, [text(allow("oss:GetObject"))], [text(allow("oss:Get*"))]],
  ["narrower", 11, [text(allow("oss:*"))], [text(allow(["oss:Get*", "oss:Put*"]))]],
  [
    "a split by length",
    1828,
    [text(allow("a:*", ["acs:o:*:*:b/", "acs:o:*:*:b/?", "acs:o:*:*:b/??*"]))],
    [text(allow("a:*", "acs:o:*:*:b/*"))],
  ],
  ["everything but", 652, [text(not(["ram:*", "sts:*"]))], [text(not("ram:*"))]],
  ["everything but, narrower", 8, [text(not("ram:*"))], [text(not(["ram:*", "sts:*"]))]],
  ["complements that meet", 1142, [text(not("ram:*"), not("sts:*"))], [text(allow("*"))]],
  [
    "a Deny that is gone",
    12,
    [text(allow("oss:*"), deny("oss:Delete*", "acs:oss:*:*:b/*"))],
    [text(allow("oss:*"), deny("oss:Delete*", "acs:oss:*:*:b/c*"))],
  ],
  ["a Deny in the way", 18, [text(allow("ecs:*"))], [text(allow(["ecs:*", "ram:*"]), deny(["*:Create*", "ram:*"]))]],
  [
    "wide, turned around",
    4113,
    [text(allow(names, buckets))],
    [text(allow([...names].reverse(), buckets.slice(0, 15)), allow(names.slice(5), buckets.slice(15)))],
  ],
  ["wide, and one more", 45, [text(allow(names, buckets))], [text(allow([...names, "ram:*"], buckets))]],
  [
    "across parts of a name",
    2337,
    [text(allow("oss:*", ["acs:oss:*:*:a/*", "acs:oss:*:*:b/*"]), deny("oss:D*", "acs:oss:*:*:a/*"))],
    [text(allow("oss:*", "acs:oss:*:*:b/*"))],
  ],
  ["a trust that opens", 8, [trust("acs:ram::1:user/a")], [trust("acs:ram::1:root")]],
  ["a trust that closes", 11, [trust("*")], [trust(["acs:ram::1:root", "acs:ram::*:role/b*"])]],
  ["a wider text", 20, [text(allow("*", "*", like(["a*", "b?"])))], [text(allow("*", "*", like(["a*", "b*"])))]],
  [
    "a wider network",
    33,
    [text(allow("*", "*", net("10.0.0.0/9")))],
    [text(allow("*", "*", net("10.0.0.0/9", "10.128.0.0/9")))],
  ],
  [
    "blockers with conditions",
    264,
    [
      text(
        ...range(4).map((at) => allow("*", "*", { StringEquals: { [`k:${at}`]: "x", [`k:${(at + 1) % 4}`]: "y" } })),
      ),
    ],
    [text(allow("*"), deny("*", "*", { StringNotEquals: { "k:0": ["x", "z"] } }))],
  ],
  [
    "a session",
    10,
    { documents: [text(allow("*"))], session: [text(allow("ecs:*"), deny("ecs:D*"))] },
    { documents: [text(allow("*"))], session: [text(allow("ecs:*"))] },
  ],
  ["equal, in another order", 0, [text(allow("a:*"), deny("b:*"))], [text(deny("B:*"), allow("a:*"))]],
  [
    "equal, with equal sessions in another order",
    0,
    { documents: [text(allow("*"))], session: [text(allow("a:*"), allow("b:*"), deny("a:b"))] },
    { documents: [text(allow("*"))], session: [text(allow("b:*")), text(deny("a:b"), allow("A:*"))] },
  ],
  [
    "a session that says less",
    0,
    { documents: [text(allow("*"))], session: [text(allow("a:*"), allow("b:*"))] },
    { documents: [text(allow("*"))], session: [text(allow("b:*"))] },
  ],
  [
    "a session, and a Deny that is there in both",
    11,
    { documents: [text(allow("*"))], session: [text(allow("a:*"), deny("a:b*"))] },
    { documents: [text(allow("*"), deny("a:b*"))], session: [text(allow("a:*"), allow("c:*"))] },
  ],
  [
    "one more beside many",
    22,
    [text(...range(9).map((at) => allow(`s${at}:*`)))],
    [text(...range(9).map((at) => allow(`s${at}:*`)), allow("t:*"))],
  ],
  ["an Allow that is split", 13, [text(allow("a:*"))], [text(allow("a:*"), allow("a:b*"), allow("a:c*"))]],
  [
    "a Deny of a resource group",
    23,
    [
      { document: text(allow("a:*"), deny("a:b*"), deny("a:c*")), scope: { resourceGroupId: "rg-1" } },
      text(allow("b:*")),
    ],
    [
      { document: text(allow("a:*"), deny("a:b*")), scope: { resourceGroupId: "rg-1" } },
      text(allow("b:*"), deny("b:x")),
    ],
  ],
  [
    "negations",
    19,
    [text(allow("*", "*", { StringNotEquals: { "a:b": "x" } }))],
    [text(allow("*", "*", { StringNotEquals: { "a:b": ["x", "y"] } }))],
  ],
  [
    "negations and parts of names",
    22,
    [text(allow("*", ["acs:oss:*:*:a", "acs:oss:*:*:b*"], { StringNotLike: { "a:b": ["x*", "?y"] } }))],
    [text(allow("*", ["acs:oss:*:*:b?*"], { StringNotLike: { "a:b": ["x*", "?y", "z"] } }))],
  ],
  ["new under one reading alone", 14, [text(allow("*", "acs:oss:*:a/*"))], [text(allow("*", "acs:oss:*:*:a/*"))]],
  [
    "everything but some actions, on parts of names",
    12,
    [text({ Effect: "Allow", NotAction: ["a:*", "b:*"], Resource: "acs:oss:*:*:b*" })],
    [text({ Effect: "Allow", NotAction: ["b:*", "c:*", "a:*"], Resource: ["acs:oss:*:*:ba*", "acs:oss:*:*:bb"] })],
  ],
  [
    "the same lists in another order",
    54,
    [text(allow("a:*", "acs:a:*:*:x*"), allow("a:b*", "acs:a:*:*:y*"), allow("a:*c", "acs:a:*:*:z*"))],
    [
      text(
        allow("a:b*c", ["acs:a:*:*:x1", "acs:a:*:*:y1", "acs:a:*:*:z1"]),
        allow("a:b1*c", ["acs:a:*:*:z1", "acs:a:*:*:y1", "acs:a:*:*:x1"]),
        allow("a:b*1c", ["acs:a:*:*:y1", "acs:a:*:*:x1"]),
      ),
    ],
  ],
  ["a narrower text", 16, [text(allow("*", "*", like(["a*", "b*"])))], [text(allow("*", "*", like(["a*", "b?"])))]],
  [
    "a narrower network, or none",
    117,
    [
      text(allow("*", "acs:a:*:*:b*", net("10.0.0.0/9"))),
      text(allow("c:*", "*", { NotIpAddress: { "acs:SourceIp": "11.0.0.0/8" } })),
    ],
    [
      text(allow("*", "acs:a:*:*:bc", net("10.0.0.0/10"))),
      text(allow("c:d", "*", { NotIpAddressIfExists: { "acs:SourceIp": ["11.0.0.0/8", "12.0.0.0/8"] } })),
    ],
  ],
  [
    "between what is left out",
    1043,
    [text({ Effect: "Allow", Action: "*", NotResource: ["acs:oss:*:*:a*", "acs:oss:*:*:*b"] })],
    [
      text(
        { Effect: "Allow", Action: "*", NotResource: ["acs:oss:*:*:a*b", "acs:oss:*:*:b"] },
        deny("*", "acs:oss:*:*:?*c"),
      ),
    ],
  ],
  [
    "between wildcards that overlap",
    14,
    [text(allow("*", ["acs:oss:*:*:a*b*", "acs:oss:*:*:*c*", "acs:oss:*:*:?b?"]))],
    [text(allow("*", ["acs:oss:*:*:a*c", "acs:oss:*:*:?b?*"]), deny("*", ["acs:oss:*:*:*cc*", "acs:oss:*:*:abc"]))],
  ],
  [
    "between complements that overlap",
    1130,
    [text(not(["a:b*", "a:*c"]), not(["a:*d*", "e:*"]))],
    [text(not(["a:b*c", "e:f*"]), not(["a:b*d", "a:c*"], "Deny"))],
  ],
  [
    "values that overlap",
    25,
    [text(allow("*", "*", like(["a*b", "?c*", "d"])), allow("*", "*", like(["*e"])))],
    [text(allow("*", "*", like(["a*", "*c", "d?"])), deny("*", "*", like(["*e*"])))],
  ],
];

it.each(pairs)("%s", (_, steps, before, after) => {
  expect(compareDocuments(before, after, { allWitnesses: true }).steps).toBe(steps);
});

it("all of the published vectors together", () => {
  const { cases } = JSON.parse(readFileSync(new URL("../fixtures/policy/cases.json", import.meta.url), "utf8")) as {
    readonly cases: readonly { readonly kind: string; readonly before: unknown; readonly after: unknown }[];
  };
  const texts = (given: unknown): readonly string[] =>
    (Array.isArray(given) ? given : [given]).map((document) => JSON.stringify(document));
  const steps = cases.map(({ kind, before, after }) => {
    const options = { kind: kind === "identity" ? "permission" : "trust" } as const;
    return compareDocuments(texts(before), texts(after), options).steps;
  });
  expect(steps.reduce((sum, one) => sum + one, 0)).toBe(17774);
});
