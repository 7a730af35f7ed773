import { describe, expect, test } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { logonNameUnclear } from "../../shared/rules/logon-name-unclear.ts";
import { evidenceOf, judged, ramUser, ruleTable, settings, userChange } from "./changes.ts";

const named = (name: string) => userChange("nothing", ramUser(name));
const naming = {
  settings: settings({
    practices: { ...usualPractices, naming: { users: ["?*.?*"], services: ["svc-*-*"] } },
    protected: [
      { kind: "user", name: "break-glass" },
      { kind: "user", name: "ops" },
    ],
  }),
};
const byTag = {
  settings: settings({
    practices: {
      ...usualPractices,
      naming: { users: ["?*.?*"], services: ["svc-*-*"] },
      classes: { service: [], serviceTags: [{ key: "usage", value: "service" }] },
    },
  }),
};
const inOrder = (name: string) => ({ change: named(name), facts: naming });

describe("a name that does not say who it is", () => {
  ruleTable(logonNameUnclear, {
    violates: {
      "of a program by its tag, and fit for a person's": {
        change: named("alice.smith"),
        facts: { ...byTag, userTags: { usage: "service" } },
      },
      "by no pattern, whosever it is": { change: named("alice"), facts: byTag },
      "anybody's": named("admin"),
      "anybody's, with a number": named("test-2"),
      "of a person, by no pattern": inOrder("alice"),
      "of a program, by no pattern": inOrder("svc-billing"),
      "nearly that of a protected user": inOrder("break-glas"),
      "looks like that of a protected user": inOrder("break_g1ass"),
      "changed to such a one": userChange(ramUser("alice"), ramUser("root"), { formerName: "alice" }),
      "changed to such a one, which the event alone tells": userChange("unknown", ramUser("root"), {
        formerName: "alice",
      }),
    },
    complies: {
      "of a person by its tags": { change: named("alice.smith"), facts: { ...byTag, userTags: {} } },
      "of a person": inOrder("alice.smith"),
      "of a program": inOrder("svc-billing-eu"),
      "any, where the settings have no pattern": named("alice"),
      "a word that begins like one": named("administrator"),
      "the protected user itself": {
        change: named("break-glass"),
        facts: { settings: settings({ protected: [{ kind: "user", name: "break-glass" }] }) },
      },
      "a short name beside a short protected one": { change: named("oba"), facts: {} },
      "an old one that was there before": userChange(ramUser("admin"), ramUser("admin", { comments: "new" })),
      "an old one of which nobody knows more": userChange("unknown", ramUser("admin")),
      "one that is gone": userChange(ramUser("admin"), undefined, { of: "admin" }),
    },
    undetermined: {
      "fit for a person's, and nobody knows whose it is": { change: named("alice.smith"), facts: byTag },
      "fit for a program's, and nobody knows whose it is": { change: named("svc-billing-eu"), facts: byTag },
    },
  });

  test("tells why, and the former name", () => {
    const change = userChange(ramUser("alice"), ramUser("root"), { formerName: "alice" });
    expect(evidenceOf(judged(logonNameUnclear, change))[0]?.facts).toEqual({
      user: "root",
      maker: "user mallory",
      formerName: "alice",
    });
    const [looksLike] = evidenceOf(judged(logonNameUnclear, inOrder("break_g1ass")));
    expect(looksLike?.sentence.en).toContain("looks like the protected `user/break-glass`");
  });

  test("takes no time over a name and a pattern that are made to", () => {
    const hard = settings({
      practices: { ...usualPractices, naming: { users: [`${"*a".repeat(30)}b`], services: [] } },
    });
    const started = performance.now();
    expect(judged(logonNameUnclear, { change: named("a".repeat(64)), facts: { settings: hard } }).kind).toBe(
      "violation",
    );
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
