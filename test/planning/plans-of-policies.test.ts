import { describe } from "vitest";
import { gone } from "../../shared/domain/subject.ts";
import type { AttachedTo, Policy, PolicyRef, Tags, TagsRef } from "../../shared/domain/subjects/permissions.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const allowing = (...actions: readonly string[]): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
const denying = (action: string): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Deny", Action: action, Resource: "*" }] });
const [read, write, ecs, vpc, slb, rds] = [
  allowing("oss:Get*"),
  allowing("oss:*"),
  allowing("ecs:*"),
  allowing("vpc:*"),
  allowing("slb:*"),
  allowing("rds:*"),
] as const;

const ref = (over: Partial<PolicyRef> = {}): PolicyRef => ({
  kind: "policy",
  accountId: own,
  route: "Ram",
  policyName: "shop",
  ...over,
});
/** A policy with these versions; the default is `v` with the number given. */
const policy = (
  versions: { readonly [id: string]: string },
  defaultVersion = "v1",
  over: Partial<Policy> = {},
): Policy => ({
  kind: "policy",
  policyName: "shop",
  description: "of the shop",
  createdAt: "2026-01-02T03:04:05Z",
  defaultVersion,
  versions: Object.entries(versions).map(([versionId, document]) => ({ versionId, document })),
  ...over,
});
const made = (versionId?: string, over: Partial<PolicyRef> = {}): PolicyRef =>
  ref({ did: "version-made", ...(versionId === undefined ? {} : { versionId }), ...over });
const lone = policy({ v1: read });
const five = { v1: read, v2: ecs, v3: vpc, v4: slb, v5: rds };
const fiveToo = { v2: ecs, v3: vpc, v4: slb, v5: rds, v6: write };

const alice: AttachedTo = { principal: { kind: "user", name: "alice" }, scope: "account" };
const inGroup: AttachedTo = { principal: { kind: "role", name: "deploy" }, scope: { resourceGroupId: "rg-1" } };
const many = Array.from(
  { length: 40 },
  (_, index): AttachedTo => ({ principal: { kind: "user", name: `user-number-${index}` }, scope: "account" }),
);

describe("a version that was made", () => {
  goldenPlans("policy-versions", {
    "and is the default": [changed(made("v2"), lone, policy({ v1: read, v2: write }, "v2"))],
    "and is the default, asked to ask": [changed(made("v2"), lone, policy({ v1: read, v2: write }, "v2")), "ask"],
    "and is the default, by ResourceManager": [
      changed(made("v2", { route: "ResourceManager" }), lone, policy({ v1: read, v2: write }, "v2")),
    ],
    "and is not the default": [changed(made("v2"), lone, policy({ v1: read, v2: write }))],
    "and allows less": [changed(made("v2"), policy({ v1: write }), policy({ v1: write, v2: read }, "v2"))],
    "and forbids less of what others allow": [
      changed(made("v2"), policy({ v1: denying("ram:*") }), policy({ v1: denying("ram:*"), v2: read }, "v2")),
    ],
    "and forbids more of what others allow": [
      changed(
        made("v2"),
        policy({ v1: denying("oss:Put*") }),
        policy({ v1: denying("oss:Put*"), v2: denying("oss:*") }, "v2"),
      ),
    ],
    "and nobody can compare": [changed(made("v2"), policy({ v1: "{" }), policy({ v1: "{", v2: write }, "v2"))],
    "and another is the default since": [changed(made("v2"), lone, policy({ v1: read, v2: write, v3: ecs }, "v3"))],
    "and the event does not name": [changed(made(), lone, policy({ v1: read, v2: write }, "v2"))],
    "and the event does not name among several": [
      changed(made(), lone, policy({ v1: read, v2: write, v3: ecs }, "v2")),
    ],
    "and the event does not name, and is gone": [changed(made(), lone, lone)],
    "and is gone again": [changed(made("v2"), lone, lone)],
    "with the document that was the default": [changed(made("v2"), lone, policy({ v1: read, v2: read }, "v2"))],
    "with the document that was the default, which is no more": [
      changed(made("v3"), policy({ v1: read, v2: ecs }), policy({ v2: ecs, v3: read }, "v3")),
    ],
    "with the document that was the default, which is no more, and which is not the default": [
      changed(made("v3"), policy({ v1: read, v2: ecs }), policy({ v2: ecs, v3: read }, "v2")),
    ],
    "with the document that was the default, which another version has as well": [
      changed(made("v3"), policy({ v1: read }), policy({ v2: ecs, v3: read, v4: read }, "v3")),
    ],
    "while two have the good document": [
      changed(made("v3"), policy({ v1: read, v2: read }, "v2"), policy({ v1: read, v2: read, v3: write }, "v3")),
    ],
    "while five others are there, of which only the new one was before": [
      changed(
        made("v7"),
        policy({ v1: read, v2: ecs }),
        policy({ v3: vpc, v4: slb, v5: rds, v6: write, v7: ecs }, "v7"),
      ),
    ],
    "while the good one is gone": [
      changed(made("v3"), policy({ v1: read, v2: ecs }), policy({ v2: ecs, v3: write }, "v3")),
    ],
    "while the good one is gone and would allow more": [
      changed(made("v3"), policy({ v1: write, v2: ecs }), policy({ v2: ecs, v3: read }, "v3")),
    ],
    "while the good one is there under another id": [
      changed(made("v3"), policy({ v1: read }), policy({ v2: read, v3: write }, "v3")),
    ],
    "in rotation, and the oldest was dropped": [
      changed(made("v6", { rotating: true }), policy(five, "v2"), policy(fiveToo, "v6")),
    ],
    "in rotation, and is not the default, and the oldest was dropped": [
      changed(made("v6", { rotating: true }), policy(five, "v2"), policy(fiveToo, "v2")),
    ],
    "and is the default, while others were dropped without a rotation": [
      changed(made("v6"), policy(five, "v2"), policy(fiveToo, "v6")),
    ],
    "while five are there, and the good one is not": [changed(made("v6"), policy(five), policy(fiveToo, "v6"))],
    "while five are there, and the good one is not, and it would allow more": [
      changed(made("v6"), policy({ ...five, v1: write }), policy({ ...fiveToo, v6: read }, "v6")),
    ],
    "while five others are there, none of which was before": [
      changed(made("v6"), policy({ v1: read }), policy({ v2: ecs, v3: vpc, v4: slb, v5: rds, v6: write }, "v6")),
    ],
    "where what was before was not known, and is not the default": [
      changed(made("v2"), undefined, policy({ v1: read, v2: write })),
    ],
    "where what was before was not known, and is the default": [
      changed(made("v2"), undefined, policy({ v1: read, v2: write }, "v2")),
    ],
    "in rotation, with the very text of the one that was dropped": [
      changed(made("v6", { rotating: true }), policy(five, "v2"), policy({ ...fiveToo, v6: read }, "v2")),
    ],
    "in rotation, while five are there, where what was before was not known": [
      changed(made("v6", { rotating: true }), undefined, policy(fiveToo, "v2")),
    ],
    "in rotation, while five are there, where what was before was not known, asked to ask": [
      changed(made("v6", { rotating: true }), undefined, policy(fiveToo, "v2")),
      "ask",
    ],
    "in rotation, while places are free, where what was before was not known": [
      changed(made("v2", { rotating: true }), undefined, policy({ v1: read, v2: write })),
    ],
    "where what was before was not known, and is gone": [changed(made("v3"), undefined, policy({ v1: read }))],
    "where what was before was not known, nor what was made": [
      changed(ref({ did: "default-set", versionId: "v2" }), undefined, policy({ v1: read, v2: write })),
    ],
    "where the former default is not known": [
      changed(made("v2"), policy({ v1: read }, "v9"), policy({ v1: read, v2: write }, "v2")),
    ],
  });
});

const two = { v1: read, v2: write };

describe("a policy", () => {
  goldenPlans("policies", {
    "whose default is another version": [
      changed(ref({ did: "default-set", versionId: "v2" }), policy(two), policy(two, "v2")),
    ],
    "whose default is another version that allows less": [
      changed(ref({ did: "default-set", versionId: "v1" }), policy(two, "v2"), policy(two, "v1")),
    ],
    "whose default is yet another version": [
      changed(ref({ did: "default-set", versionId: "v2" }), policy(two), policy({ ...two, v3: ecs }, "v3")),
    ],
    "whose default is another version, while the former one is gone": [
      changed(ref({ did: "default-set", versionId: "v2" }), policy(two), policy({ v2: write }, "v2")),
    ],
    "whose default is another version, while five are there and the former one is not": [
      changed(ref({ did: "default-set", versionId: "v6" }), policy(five), policy(fiveToo, "v6")),
    ],
    "whose default is another version with the same document": [
      changed(
        ref({ did: "default-set", versionId: "v2" }),
        policy({ v1: read, v2: read }),
        policy({ v1: read, v2: read }, "v2"),
      ),
    ],
    "whose default was set to what it was": [
      changed(ref({ did: "default-set", versionId: "v1" }), policy(two), policy(two)),
    ],
    "whose default is another version, where the former one is not known": [
      changed(ref({ did: "default-set", versionId: "v2" }), policy(two, "v9"), policy(two, "v2")),
    ],
    "that lost a version": [
      changed(ref({ did: "version-deleted", versionId: "v2" }), policy(two), policy({ v1: read })),
    ],
    "that lost a version in the middle": [
      changed(
        ref({ did: "version-deleted", versionId: "v2" }),
        policy({ v1: read, v2: ecs, v3: vpc }),
        policy({ v1: read, v3: vpc }),
      ),
    ],
    "that lost a version which is there": [
      changed(ref({ did: "version-deleted", versionId: "v2" }), policy(two), policy(two)),
    ],
    "that lost a version of which another has the document": [
      changed(ref({ did: "version-deleted", versionId: "v2" }), policy(two), policy({ v1: read, v3: write })),
    ],
    "that lost a version which nobody knew": [
      changed(ref({ did: "version-deleted", versionId: "v7" }), policy(two), policy(two)),
    ],
    "that lost a version nobody names": [changed(ref({ did: "version-deleted" }), policy(two), policy(two))],
    "that lost a version and has five again": [
      changed(ref({ did: "version-deleted", versionId: "v1" }), policy(five, "v2"), policy(fiveToo, "v2")),
    ],
    "that was described": [
      changed(ref({ did: "described" }), lone, policy({ v1: read }, "v1", { description: "other" })),
    ],
    "that is described as before": [changed(ref({ did: "described" }), lone, policy(two, "v2"))],
    "of which nobody knows what changed it": [changed(ref(), lone, policy(two, "v2"))],
    "that was made and changed since": [changed(ref({ did: "made" }), lone, policy(two, "v2"))],
    "that was deleted": [changed(ref({ createdAt: "2026-01-02T03:04:05Z" }), policy(five, "v3"), gone)],
    "that was deleted, by ResourceManager": [changed(ref({ route: "ResourceManager" }), lone, gone)],
    "that was deleted, of which no default is known": [changed(ref(), policy({ v1: read }, "v9"), gone)],
    "that never was": [changed(ref(), gone, gone)],
    "that was not known and is gone": [changed(ref(), undefined, gone)],
    "that is new and attached to nothing": [
      changed(
        ref({ did: "made", createdAt: "2026-01-02T03:04:05Z" }),
        gone,
        policy({ v1: read }, "v1", { attachedTo: [] }),
      ),
    ],
    "that is new and attached to nothing, by ResourceManager": [
      changed(ref({ did: "made", route: "ResourceManager" }), gone, policy({ v1: read }, "v1", { attachedTo: [] })),
    ],
    "that is new and attached to nothing, asked to ask": [
      changed(ref({ did: "made" }), gone, policy({ v1: read }, "v1", { attachedTo: [] })),
      "ask",
    ],
    "that is new, has further versions and is attached to nothing": [
      changed(ref({ did: "made" }), gone, policy({ v1: read, v2: write, v3: ecs }, "v2", { attachedTo: [] })),
    ],
    "that is new and attached": [
      changed(
        ref({ did: "made", createdAt: "2026-01-02T03:04:05Z" }),
        gone,
        policy({ v1: read, v2: write }, "v2", { attachedTo: [alice, inGroup] }),
      ),
    ],
    "that is new and attached to one": [
      changed(ref({ did: "made" }), gone, policy({ v1: read, v2: write }, "v2", { attachedTo: [alice] })),
    ],
    "that is new and attached to three": [
      changed(
        ref({ did: "made" }),
        gone,
        policy({ v1: read, v2: write }, "v2", {
          attachedTo: [alice, inGroup, { principal: { kind: "group", name: "ops" }, scope: "account" }],
        }),
      ),
    ],
    "that is new, and nobody looked to what it is attached": [
      changed(ref({ did: "made" }), gone, policy({ v1: read })),
    ],
    "that is new and attached to more than one session's policy can name": [
      changed(ref({ did: "made" }), gone, policy({ v1: read }, "v1", { attachedTo: many })),
    ],
  });
});

const tagsRef = (over: Partial<TagsRef> = {}): TagsRef => ({
  kind: "tags",
  accountId: own,
  route: "Ram",
  resourceType: "role",
  resource: "deploy",
  namedBy: "ResourceNames",
  ...over,
});
const tags = (given: { readonly [key: string]: string }): Tags => ({ kind: "tags", tags: given });

describe("tags", () => {
  goldenPlans("tags", {
    "of which one was given": [changed(tagsRef({ keys: ["team"] }), tags({ a: "1" }), tags({ a: "1", team: "shop" }))],
    "of which one is another": [changed(tagsRef({ keys: ["team"] }), tags({ team: "ops" }), tags({ team: "shop" }))],
    "of which one was taken away": [changed(tagsRef({ keys: ["team"] }), tags({ team: "ops" }), tags({}))],
    "of which one is another and one was given": [
      changed(
        tagsRef({ keys: ["team", "stage", "zone"] }),
        tags({ team: "ops", zone: "a" }),
        tags({ team: "shop", stage: "test", zone: "a", other: "1" }),
      ),
    ],
    "of which all were taken away": [changed(tagsRef(), tags({ b: "2", a: "1" }), tags({}))],
    "of which some were given where there was nothing": [changed(tagsRef(), gone, tags({ team: "shop" }))],
    "of a user by Ims, by its id": [
      changed(
        tagsRef({ route: "Ims", resourceType: "user", resource: "200", namedBy: "ResourceId", keys: ["team"] }),
        tags({ team: "ops" }),
        tags({ team: "shop" }),
      ),
    ],
    "that are what they were": [changed(tagsRef({ keys: ["team"] }), tags({ team: "ops" }), tags({ team: "ops" }))],
    "that changed elsewhere only": [changed(tagsRef({ keys: ["team"] }), tags({ a: "1" }), tags({ a: "2" }))],
    "of which one is empty now and was not there": [changed(tagsRef({ keys: ["team"] }), tags({}), tags({ team: "" }))],
    "of what is gone": [changed(tagsRef(), tags({ a: "1" }), gone)],
    "that were not known": [changed(tagsRef(), undefined, tags({ a: "1" }))],
  });
});
