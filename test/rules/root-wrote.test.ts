import { describe, expect, test } from "vitest";
import { isJudged, judgeChange } from "../../shared/rules/registry.ts";
import { rootWrote } from "../../shared/rules/root-wrote.ts";
import { groupChange, keyChange, ramGroup, role, root, ruleTable, settings, user } from "./changes.ts";

const byRoot = groupChange("nothing", ramGroup("staff"), { actor: root });
const found = (actor: Parameters<typeof keyChange>[1]) =>
  judgeChange(groupChange(ramGroup("staff"), { ...ramGroup("staff"), comments: "x" }, { actor }), {
    settings: settings(),
  }).map(({ rule }) => rule);

describe("a change that the account owner made", () => {
  // Who made it is all that counts, and that is known or not: whose it is not is never asked.
  ruleTable(rootWrote, {
    violates: {
      "of a group": byRoot,
      "of a key": keyChange("alice", root),
      "that takes something away": groupChange(ramGroup("staff"), undefined, { actor: root }),
    },
    complies: {},
    undetermined: {},
  });

  test.each([
    ["a user", user("mallory")],
    ["a role", role("ci")],
    ["nobody who is known", undefined],
  ])("is not one that %s made", (_, actor) => {
    expect(found(actor)).toEqual([]);
    expect(found(root)).toEqual(["RAM.RootWrote"]);
  });

  test("is looked at of whatever kind it is, which costs nothing for anybody else", () => {
    expect(isJudged("tags", settings(), root)).toBe(true);
    expect(isJudged("tags", settings(), user("mallory"))).toBe(false);
    expect(isJudged("tags", settings())).toBe(false);
    expect(isJudged("tags", settings({ responses: { "RAM.RootWrote": "off" } }), root)).toBe(false);
  });
});
