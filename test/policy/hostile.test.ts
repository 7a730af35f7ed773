import { describe, expect, it } from "vitest";
import { documentForm } from "../../shared/policy/canonical.ts";
import { compareDocuments, defaultBudget } from "../../shared/policy/compare.ts";

// Documents written to be hard. What is asserted is the number of steps of search, never the time.

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
const many = <Item>(count: number, item: (at: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, at) => item(at));

const steps = (before: string, after: string): number => {
  const answer = compareDocuments([before], [after]);
  if (answer.result === "undecided") expect(answer.because).toBe(`more than ${defaultBudget} steps of search`);
  if (answer.result === "undecided") expect(answer.exact).toBe(false);
  // One long pattern may overrun by the steps between two looks at the budget.
  expect(answer.steps).toBeLessThan(defaultBudget + 200_000);
  return answer.steps;
};

describe("hostile documents end within the budget", () => {
  it("thousands of statements", () => {
    const before = text(...many(2000, (at) => allow(`s${at}:Get*`, `acs:s${at}:*:*:a/*`)));
    const after = text(allow("new:*"), ...many(2000, (at) => allow(`s${1999 - at}:Get*`, `acs:s${1999 - at}:*:*:a/*`)));
    expect(compareDocuments([before], [after]).result).toBe("new-access");
    steps(before, text(...many(2000, (at) => allow(`s${at}:Get?*`, `acs:s${at}:*:*:a/?*`))));
  });

  it("thousands of Denies that overlap", () => {
    steps(
      text(allow("*"), ...many(1500, (at) => deny(`*a${at}*`, `*b${at}*`))),
      text(allow("*"), ...many(1500, (at) => deny(`*a${at}*`, `*c${at}*`))),
    );
  });

  it("patterns of nothing but wildcards", () => {
    for (const run of ["*?*?*", "?*".repeat(50), "*".repeat(3000), "?".repeat(3000), "*?".repeat(1500)]) {
      steps(text(allow(`a:${run}`)), text(allow(`a:${run}b`), allow(`${run}`, run)));
    }
  });

  it("patterns that make matching by trial slow", () => {
    const slow = `${"*a".repeat(500)}*b`;
    steps(text(allow(`x:${slow}`)), text(allow(`x:${"a".repeat(2000)}`), allow(`x:${"*aa".repeat(500)}`)));
    const long = `*${"a".repeat(40_000)}b`;
    steps(text(allow(`x:${long}`)), text(allow(`x:${"a".repeat(50_000)}`)));
  });

  it("many patterns in the middle of NotAction, which is where the problem is hard", () => {
    const infix = (letter: string): readonly string[] => many(18, (at) => `*${letter}${String.fromCharCode(97 + at)}*`);
    const answer = compareDocuments(
      [text({ Effect: "Allow", NotAction: infix("x"), Resource: "*" })],
      [text({ Effect: "Allow", NotAction: infix("y"), Resource: "*" })],
    );
    expect(answer.result).not.toBe("no-new-access");
    steps(
      text(...infix("x").map((pattern) => ({ Effect: "Allow", NotAction: pattern, Resource: "*" }))),
      text({ Effect: "Allow", NotAction: "ram:*", Resource: "*" }),
    );
  });

  it("a small budget is kept and said", () => {
    const before = text(...many(50, (at) => allow(`*a${at}*b`)));
    const after = text(...many(50, (at) => allow(`*a${at}*`)));
    const answer = compareDocuments([before], [after], { budget: 10 });
    expect(answer).toMatchObject({
      result: "undecided",
      recommended: "undecided",
      exact: false,
      because: "more than 10 steps of search",
      inexactBecause: ["more than 10 steps of search"],
    });
    expect(answer.steps).toBeLessThan(5000);
  });

  it("as long as RAM takes, and far longer", () => {
    for (const length of [6144, 100_000]) {
      const count = Math.floor(length / 40);
      const before = text(
        allow(
          many(count, (at) => `svc${at}:Describe*`),
          many(20, (at) => `acs:svc:*:*:bucket-${at}/*`),
        ),
      );
      const after = text(
        allow(
          many(count, (at) => `svc${at}:Desc*`),
          many(20, (at) => `acs:svc:*:*:bucket-${at}/*`),
        ),
      );
      expect(compareDocuments([before], [after]).result).toBe("new-access");
      expect(steps(after, before)).toBeLessThan(defaultBudget);
    }
  });

  it("conditions of many keys and many values", () => {
    const keys = Object.fromEntries(many(3000, (at) => [`k:${at}`, [`${at}`, "a*", "?b"]]));
    steps(text(allow("*", "*", { StringLike: keys })), text(allow("*", "*", { StringNotLike: keys })));
    const ranges = many(1000, (at) => `10.${at % 250}.${Math.floor(at / 250)}.0/24`);
    steps(
      text(allow("*", "*", { IpAddress: { "acs:SourceIp": ranges } })),
      text(
        allow("*", "*", { IpAddress: { "acs:SourceIp": [...ranges].reverse() } }),
        deny("a:*", "*", { IpAddress: { "acs:SourceIp": ranges } }),
      ),
    );
  });

  it("blockers that have to be disarmed one by one", () => {
    const key = (at: number): string => `k:${at}`;
    const blockers = many(24, (at) =>
      deny("*", "*", { StringEquals: { [key(at % 12)]: `${at}`, [key((at * 7 + 3) % 12)]: "x" } }),
    );
    steps(
      text(...many(24, (at) => allow("*", "*", { StringEquals: { [key(at % 12)]: "x" } }))),
      text(allow("*"), ...blockers),
    );
  });

  it("deep nesting is refused, not followed", () => {
    const deep = `{"Version":"1","Statement":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    expect(compareDocuments([deep], [deep])).toMatchObject({ result: "undecided", exact: false });
    expect(documentForm(deep)).toBe(documentForm(` ${deep}`));
  });

  it("the form of a huge document is made in a single pass", () => {
    const patterns = many(9000, (at) => `a${at}*`);
    expect(documentForm(text(allow(patterns)))).toBe(documentForm(text(allow([...patterns].reverse()))));
  });
});
