import { describe, expect, test } from "vitest";
import { revertUndone } from "../../shared/chains/revert-undone.ts";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import { user } from "../rules/changes.ts";
import { facts, grantTo } from "./changes.ts";

const again = (minute: number, more: Parameters<typeof grantTo>[2] = {}): RecentChange => ({
  ...grantTo("user", "eve", { minute, ...more }),
  undoes: `incident-${minute}`,
});
const found = (changes: readonly RecentChange[]) => revertUndone.recognise(changes, facts());

describe("what was put back and made again", () => {
  test("is found the second time, and each time after", () => {
    expect(found([grantTo("user", "eve"), again(5), again(10)])).toMatchObject([
      { target: { kind: "grant" }, pieces: [{}, {}], evidence: [{ facts: { times: "2", minutes: "5" } }] },
    ]);
    expect(found([again(15), again(5), again(10)])[0]?.pieces).toHaveLength(3);
  });
  test("names all who did it", () => {
    const [chain] = found([again(0), again(5, { actor: user("bob") })]);
    expect(chain?.evidence[0].facts.makers).toBe("user mallory, user bob");
  });
  test.each<[string, readonly RecentChange[]]>([
    ["once", [grantTo("user", "eve"), again(5)]],
    ["often, and never put back", [grantTo("user", "eve"), grantTo("user", "eve"), grantTo("user", "eve")]],
    ["of two subjects once each", [again(5), { ...grantTo("user", "bob"), undoes: "incident" }]],
    ["twice in more than a day", [again(0), again(1_441)]],
  ])("is not found: %s", (_, changes) => {
    expect(found(changes)).toEqual([]);
  });
});
