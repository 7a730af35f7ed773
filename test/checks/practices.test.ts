import { describe, expect, test } from "vitest";
import { practices } from "../../shared/checks/practices.ts";
import { checkById, checks } from "../../shared/checks/registry.ts";
import { ruleById } from "../../shared/rules/registry.ts";

describe("the practices that are watched over", () => {
  test("are the sixteen of the guides", () => {
    expect(Object.keys(practices)).toEqual(Array.from({ length: 16 }, (_, index) => `P${index + 1}`));
  });

  test.each(Object.entries(practices))("%s is seen in the account as it stands", (_, { rules, checks: seenBy }) => {
    expect(seenBy.length).toBeGreaterThan(0);
    for (const id of rules) expect(ruleById(id)?.id, id).toBe(id);
    // A rule counts where it judges how a thing stands as well: one of trust, of a policy or of a grant.
    for (const id of seenBy) {
      const rule = ruleById(id);
      if (rule === undefined) expect(checkById(id)?.id, id).toBe(id);
      else {
        const judged = ["role-trust", "policy", "grant", "password-policy", "security-preference"];
        expect(
          [rule.subject].flat().some((kind) => judged.includes(kind)),
          id,
        ).toBe(true);
      }
    }
  });

  test("have each check for something", () => {
    const named = new Set(Object.values(practices).flatMap((one) => one.checks));
    expect(checks.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
  });
});
