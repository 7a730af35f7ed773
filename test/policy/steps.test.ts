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
];

it.each(pairs)("%s", (_, steps, before, after) => {
  expect(compareDocuments(before, after, { allWitnesses: true }).steps).toBe(steps);
});
