import { describe, expect, test } from "vitest";
import { escalationByPieces } from "../../shared/chains/escalation-by-pieces.ts";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import type { PolicyName } from "../../shared/domain/subject.ts";
import { own } from "../rules/changes.ts";
import { facts, grantTo, joined } from "./changes.ts";

const allowing = (...Action: readonly string[]): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action, Resource: ["*"] }] });

const documents: { readonly [name: string]: string } = {
  passes: allowing("ram:PassRole"),
  makes: allowing("fc:CreateFunction", "fc:InvokeFunction", "fc:CreateService"),
  "passes-one": JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: ["ram:PassRole"], Resource: [`acs:ram:*:${own}:role/deploy`] }],
  }),
  reads: allowing("oss:GetObject"),
  lists: allowing("oss:ListObjects"),
  "all-of-it": allowing("ram:*"),
};
const given = facts({ documentOf: ({ name }: PolicyName) => documents[name] });
const grant = (policy: string, minute = 0, kind: "user" | "group" = "user", name = "eve") =>
  grantTo(kind, name, { policy, type: "Custom", minute, broke: [] });
const found = (changes: readonly RecentChange[]) => escalationByPieces.recognise(changes, given);

describe("grants of which none is grave for itself", () => {
  test("are found where they are together, in either order", () => {
    for (const [first, second] of [
      ["passes", "makes"],
      ["makes", "passes"],
    ] as const) {
      const [chain, ...others] = found([grant(first), grant(second, 90)]);
      expect(others).toEqual([]);
      expect(chain).toMatchObject({ target: { kind: "grant", principal: { name: "eve" } }, pieces: [{}, {}] });
      expect(chain?.evidence[0].facts.policies).toBe(`${first}, ${second}`);
    }
  });

  test("are found where the role that is passed is a single one", () => {
    const [chain] = found([grant("makes"), grant("passes-one", 5)]);
    expect(chain?.evidence[0].facts.policies).toBe("makes, passes-one");
  });

  test("are found where one was taken away and given again, or nobody can tell which came last", () => {
    const removed = (minute: number): RecentChange => ({ ...grant("passes", minute), effect: "removed" });
    expect(found([grant("passes"), removed(1), grant("passes", 2), grant("makes", 3)])).toHaveLength(1);
    expect(found([grant("passes", 1), removed(1), grant("makes", 3)])).toHaveLength(1);
  });

  test("are found through a group that the holder was put into meanwhile", () => {
    const changes = [grant("passes"), joined("eve", "g", { minute: 1 }), grant("makes", 2, "group", "g")];
    const chain = found(changes).find(({ pieces }) => pieces.length === 3);
    expect(new Set(chain?.pieces)).toEqual(new Set(changes));
  });

  test.each<[string, readonly RecentChange[]]>([
    ["two that are little together", [grant("reads"), grant("lists")]],
    ["one alone", [grant("passes")]],
    ["two holders", [grant("passes"), grant("makes", 1, "user", "bob")]],
    ["more than a day between them", [grant("passes"), grant("makes", 1_441)]],
    ["one that is grave for itself, and told by its rule", [grant("all-of-it"), grant("reads")]],
    [
      "one that was taken away again",
      [grant("passes"), { ...grant("passes", 1), effect: "removed" }, grant("makes", 2)],
    ],
    [
      "one by a group that the holder was taken out of again",
      [
        grant("passes"),
        joined("eve", "g", { minute: 1 }),
        joined("eve", "g", { minute: 2, effect: "removed" }),
        grant("makes", 3, "group", "g"),
      ],
    ],
    ["one whose text is not known", [grant("passes"), grant("nobody-knows")]],
  ])("are not found: %s", (_, changes) => {
    expect(found(changes)).toEqual([]);
  });

  test("asks for the texts of the policies where there are two at least", () => {
    const { settings } = given;
    expect(escalationByPieces.needs([grant("passes")], settings).policies).toEqual([]);
    expect(escalationByPieces.needs([grant("passes"), grant("makes")], settings).policies).toEqual([
      { type: "Custom", name: "passes" },
      { type: "Custom", name: "makes" },
    ]);
    // What breaks a rule for itself is judged by that.
    const graveOne = grantTo("user", "eve", { policy: "x", type: "Custom", broke: "critical" });
    expect(escalationByPieces.needs([graveOne, grant("makes")], settings).policies).toEqual([]);
  });

  test("ends the last piece, where the settings have it end any", () => {
    const pieces = [grant("passes"), grant("makes", 90)];
    expect(pieces.map((piece) => escalationByPieces.ends?.(piece, pieces))).toEqual([false, true]);
    expect(escalationByPieces.response).toBe("alert");
  });
});
