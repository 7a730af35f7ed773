import { describe, expect, it } from "vitest";
import type { PolicyDocument, Statement } from "../../shared/policy/document.ts";
import { alone, anyoneDoing, askWithin, withinReach } from "../../shared/policy/trust-comparison.ts";
import type { LetIn } from "../../shared/policy/trust-entities.ts";

const statement = (index: number, values: readonly string[], more: Partial<Statement> = {}): Statement => ({
  index,
  effect: "Allow",
  action: { complement: false, patterns: ["sts:AssumeRole"] },
  principal: { complement: false, patterns: values.map((value) => ({ type: "RAM", value })) },
  conditions: [],
  ...more,
});
const test = (key: string): Statement["conditions"][number] => ({
  operator: "StringEquals",
  family: "string",
  negated: false,
  ifExists: false,
  key,
  values: ["x"],
});
const trust = (...statements: readonly Statement[]): readonly PolicyDocument[] => anyoneDoing(statements);
const [alice, bob] = ["acs:ram::1:user/alice", "acs:ram::1:user/bob"];

describe("questions with one budget", () => {
  // Two principals, a condition and the statement itself, on either side of an equal pair: eight parts of 20 steps.
  const four = trust(statement(0, [alice, bob], { conditions: [test("a:b")] }));
  const answered = (budget: number, before: readonly PolicyDocument[], after: readonly PolicyDocument[]): number => {
    const ask = askWithin(budget);
    let count = 0;
    while (count < 50 && ask(before, after).result !== "undecided") count += 1;
    return count;
  };

  it.each([
    [0, 0],
    [1, 1],
    [160, 1],
    [161, 2],
    [480, 3],
    [481, 4],
  ])("with %d steps answer %d about two equal documents of four parts", (budget, count) => {
    expect(answered(budget, four, four)).toBe(count);
  });

  it("cost what both sides hold", () => {
    // A statement without principals is one part: nothing is spent on it beside the other side's four.
    const bare = anyoneDoing([{ ...statement(0, []), principal: { complement: false, patterns: [] } }]);
    const { principal: _, ...none } = statement(0, []);
    expect(answered(480, [], [])).toBe(50);
    expect(answered(100, bare, bare)).toBe(3);
    expect(answered(100, anyoneDoing([none]), anyoneDoing([none]))).toBe(3);
    const ask = askWithin(1000);
    const { steps } = ask([], four);
    expect(steps).toBeGreaterThan(0);
    expect(answered(2 * (steps + 80), [], four)).toBe(2);
    expect(answered(3 * (steps + 80), [], four)).toBe(3);
  });

  it("say so when they are spent", () => {
    const ask = askWithin(1);
    expect(ask(four, four).result).toBe("no-new-access");
    expect(ask(four, four)).toEqual({
      result: "undecided",
      recommended: "undecided",
      exact: false,
      ambiguous: [],
      because: "the documents are too intricate to be told apart part by part",
      steps: 0,
    });
    expect(ask([], []).result).toBe("undecided");
  });

  it("are read as trust, whatever they hold", () => {
    const { principal: _, ...none } = statement(0, []);
    expect(askWithin()(trust(statement(0, [alice])), anyoneDoing([none])).result).toBe("new-access");
  });
});

describe("one principal of one statement", () => {
  const entry = (at: number, value: string): LetIn => ({
    entity: { kind: "user", accountId: "1", name: value },
    allowed: {
      statement: at,
      principal: { type: "RAM", value },
      actions: { complement: false, patterns: ["sts:AssumeRole"] },
      conditions: [],
    },
  });
  const deny = statement(3, [bob], { effect: "Deny" });

  it("with the Denies, in places of their own", () => {
    const found = alone([statement(2, [alice, bob]), deny], entry(2, alice), [deny]);
    expect(found).toEqual([{ kind: "trust", flaws: [], statements: [statement(0, [alice]), { ...deny, index: 1 }] }]);
  });

  it("and all of them where the statement names those who are left out", () => {
    const but = statement(2, [bob], { principal: { complement: true, patterns: [{ type: "RAM", value: bob }] } });
    expect(alone([but], entry(2, "*"), [])).toEqual(trust(but));
  });

  it("none where there is no such statement", () => {
    expect(alone([statement(2, [alice])], entry(5, alice), [deny])).toEqual([]);
    expect(alone([], entry(0, alice), [])).toEqual([]);
  });

  it("of a statement without principals", () => {
    const { principal: _, ...none } = statement(0, []);
    expect(alone([none], entry(0, alice), [])).toEqual(trust(statement(0, [alice])));
  });
});

describe("what a Deny speaks of", () => {
  const ask = askWithin();
  const everything = { complement: false, patterns: ["*"] };
  const deny = statement(0, [bob], { effect: "Deny", conditions: [test("a:b")] });
  const within = (...statements: readonly Statement[]): readonly PolicyDocument[] =>
    withinReach(trust(...statements), deny);

  it("is left, whatever its conditions, and nothing else is", () => {
    expect(ask([], within(statement(0, [alice]))).result).toBe("no-new-access");
    expect(ask([], within(statement(0, [bob]))).result).toBe("new-access");
    expect(ask(within(statement(0, [bob])), trust(statement(0, [bob]))).result).toBe("no-new-access");
    const other = statement(0, [bob], { action: { complement: false, patterns: ["sts:SetSourceIdentity"] } });
    expect(ask([], within(other)).result).toBe("no-new-access");
    expect(ask([], within(other, statement(1, [alice, bob]))).witness).toMatchObject({
      action: "sts:AssumeRole",
      principal: { value: bob },
    });
  });

  it("is everybody where it names nobody", () => {
    const { principal: _, ...nobody } = deny;
    expect(ask([], withinReach(trust(statement(0, [alice])), nobody)).result).toBe("new-access");
    expect(ask([], withinReach(trust(statement(0, [alice], { action: everything })), nobody)).result).toBe(
      "new-access",
    );
  });
});
