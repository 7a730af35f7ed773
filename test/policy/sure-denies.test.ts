import { describe, expect, test } from "vitest";
import { trustDifference } from "../../shared/policy/trust-difference.ts";
import { trustEntities } from "../../shared/policy/trust-entities.ts";

const own = "1234567890123456";
const ci = `acs:ram::${own}:role/ci`;
const mallory = `acs:ram::${own}:user/mallory`;

const trust = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const allow = (...names: readonly string[]) => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { RAM: names },
});
const deny = (action: string, name = mallory) => ({ Effect: "Deny", Action: action, Principal: { RAM: [name] } });

const kindsOf = (before: string, after: string) => {
  const difference = trustDifference(before, after, own);
  return difference.ok
    ? difference.value.steps.filter(({ widens }) => widens).map(({ kind }) => kind)
    : difference.error;
};

describe("a Deny that is not read for certain holds nobody back", () => {
  for (const action of ["sts: AssumeRole", "sts:Assume\tRole", " sts:AssumeRole"])
    test(`its action is \`${JSON.stringify(action)}\``, () => {
      const after = trust(allow(ci, mallory), deny(action));
      expect(kindsOf(trust(allow(ci)), after)).toEqual(["entity-added"]);
      const entities = trustEntities(after);
      expect(entities.ok && entities.value.map(({ entity }) => "name" in entity && entity.name)).toEqual([
        "ci",
        "mallory",
      ]);
    });

  test("its principal has blanks around it", () => {
    expect(kindsOf(trust(allow(ci)), trust(allow(ci, mallory), deny("sts:AssumeRole", ` ${mallory}`)))).toEqual([
      "entity-added",
    ]);
  });

  test("but one that is read for certain does", () => {
    expect(kindsOf(trust(allow(ci)), trust(allow(ci, mallory), deny("sts:AssumeRole")))).toEqual([]);
  });

  test("and one that was there before, word for word, changes nothing", () => {
    const same = trust(allow(ci, mallory), deny("sts: AssumeRole"));
    expect(kindsOf(same, same)).toEqual([]);
  });

  test("one that was there before counts as having held, so that its loss is seen", () => {
    expect(kindsOf(trust(allow(ci, mallory), deny("sts: AssumeRole")), trust(allow(ci, mallory)))).not.toEqual([]);
  });
});
