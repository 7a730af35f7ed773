import { describe, expect, test } from "vitest";
import { breakGlassUsed } from "../../shared/rules/break-glass-used.ts";
import { judgeChange } from "../../shared/rules/registry.ts";
import { groupChange, ramGroup, role, ruleTable, settings, stranger, user } from "./changes.ts";

const by = (actor: ReturnType<typeof user> | undefined) =>
  groupChange(ramGroup("staff"), { ...ramGroup("staff"), comments: "x" }, { actor });
const found = (actor: ReturnType<typeof user> | undefined, given = settings()) =>
  judgeChange(by(actor), { settings: given }).map(({ rule }) => rule);

describe("a change that an identity for emergencies made", () => {
  // Who made it is all that counts, and that is known or not: whose it is not is never asked.
  ruleTable(breakGlassUsed, {
    violates: {
      "a user's": by(user("break-glass")),
      "a role's": by(role("Break-Glass")),
    },
    complies: {},
    undetermined: {},
  });

  test("is told, whichever way its name is written where it is a role's", () => {
    expect(found(user("break-glass"))).toEqual(["RAM.BreakGlassUsed"]);
    expect(found(role("break-GLASS"))).toEqual(["RAM.BreakGlassUsed"]);
  });

  test.each([
    ["anybody else", user("mallory"), settings()],
    ["one of that name in another account", user("break-glass", stranger), settings()],
    ["nobody who is known", undefined, settings()],
    [
      "a pipeline that is protected as well",
      user("break-glass"),
      settings({ pipelines: [{ kind: "user", name: "break-glass" }] }),
    ],
    ["one that nobody protects", user("break-glass"), settings({ protected: [] })],
  ] as const)("is not one of %s", (_, actor, given) => {
    expect(found(actor, given)).toEqual([]);
  });
});
