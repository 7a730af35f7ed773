import { describe, expect, test } from "vitest";
import type { PolicyDocument } from "../../shared/policy/document.ts";
import { parseDocument } from "../../shared/policy/parse.ts";
import { withSureDenies } from "../../shared/policy/sure-denies.ts";
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

describe("what is left of a document", () => {
  const read = (text: string): PolicyDocument => {
    const parsed = parseDocument(text, "trust");
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return parsed.value;
  };
  const sids = (document: PolicyDocument) => withSureDenies(document).statements.map(({ index }) => index);

  test("the Denies whose own flaws make them unsure go, and no others", () => {
    const flawed = [allow(ci), deny("sts:AssumeRole"), deny("sts: AssumeRole"), deny("sts:*"), deny("sts :*")];
    expect(sids(read(trust(...flawed)))).toEqual([0, 1, 3]);
    const many = [...Array.from({ length: 11 }, () => allow(ci)), deny("sts: AssumeRole"), deny("sts:AssumeRole")];
    expect(sids(read(trust(...many)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]);
  });

  test("a single statement without a list around it", () => {
    expect(sids(read(JSON.stringify({ Version: "1", Statement: deny("sts: AssumeRole") })))).toEqual([]);
    expect(sids(read(JSON.stringify({ Id: "x", Version: "1", Statement: deny("sts:AssumeRole") })))).toEqual([0]);
  });

  test("is the same document where nothing goes", () => {
    for (const text of [
      trust(deny("sts:AssumeRole")),
      trust(allow(ci), { ...deny("*"), Extra: 1 }).replace("Extra", "Sid"),
    ]) {
      const document = read(text);
      expect(withSureDenies(document)).toBe(document);
    }
    const flawed = read(trust({ ...allow(ci), Action: "sts: AssumeRole" }, deny("sts:AssumeRole")));
    expect(withSureDenies(flawed)).toBe(flawed);
  });

  test("a Deny that already held stays", () => {
    const document = read(trust(deny("sts: AssumeRole"), deny("sts :*")));
    expect(withSureDenies(document, document.statements.slice(0, 1)).statements.map(({ index }) => index)).toEqual([0]);
  });
});

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
