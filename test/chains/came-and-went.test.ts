import { describe, expect, test } from "vitest";
import { cameAndWent } from "../../shared/chains/came-and-went.ts";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import { own } from "../rules/changes.ts";
import { changed, facts, grantTo, joined, newKey } from "./changes.ts";

const at = { accountId: own, route: "Ram" } as const;
type More = Parameters<typeof changed>[2];
const group = (groupName: string, more?: More) => changed("Ram.CreateGroup", { kind: "group", ...at, groupName }, more);
const groupGone = (groupName: string, minute: number) =>
  changed("Ram.DeleteGroup", { kind: "group", ...at, groupName }, { minute, effect: "removed" });
const role = (roleName: string, more?: More) =>
  changed("Ram.CreateRole", { kind: "role-trust", ...at, roleName }, more);
const roleGone = (roleName: string, minute: number) =>
  changed("Ram.DeleteRole", { kind: "role-trust", ...at, roleName }, { minute, effect: "removed" });
const policy = (policyName: string, more?: More) =>
  changed("Ram.CreatePolicy", { kind: "policy", ...at, policyName }, more);
const policyGone = (policyName: string, minute: number) =>
  changed("Ram.DeletePolicy", { kind: "policy", ...at, policyName }, { minute, effect: "removed" });
const renamed = (formerName: string, userName: string, minute: number) =>
  changed("Ram.UpdateUser", { kind: "user", ...at, userName, formerName }, { minute, effect: "changed" });
const reads = { policy: "ReadOnlyAccess" } as const;

const found = (changes: readonly RecentChange[]) => cameAndWent.recognise(changes, facts());

describe("what was made, used and taken away again within an hour", () => {
  test.each<[string, readonly RecentChange[]]>([
    ["a group with a member", [group("g"), joined("eve", "g", { minute: 1 }), groupGone("g", 20)]],
    ["a group with a policy", [group("g"), grantTo("group", "g", { ...reads, minute: 1 }), groupGone("g", 20)]],
    ["a role with a policy", [role("r"), grantTo("role", "r", { ...reads, minute: 5 }), roleGone("r", 60)]],
    [
      "a policy that was attached",
      [policy("p"), grantTo("user", "eve", { policy: "p", type: "Custom", minute: 2 }), policyGone("p", 9)],
    ],
    ["told in any order", [groupGone("g", 20), joined("eve", "g", { minute: 1 }), group("g")]],
    [
      "a user renamed there and back",
      [renamed("eve", "ann", 0), newKey("ann", { minute: 1 }), renamed("ann", "eve", 5)],
    ],
  ])("is found: %s", (_, changes) => {
    const [chain, ...others] = found(changes);
    expect(others).toEqual([]);
    expect(new Set(chain?.pieces)).toEqual(new Set(changes));
    const [evidence] = chain?.evidence ?? [];
    for (const language of ["en", "zh-CN"] as const)
      for (const [, value = ""] of evidence?.sentence[language].matchAll(/`([^`]+)`/g) ?? [])
        expect(Object.values(evidence?.facts ?? {})).toContain(value);
  });

  test.each<[string, readonly RecentChange[]]>([
    ["a group that nobody was in and that gave nothing", [group("g"), groupGone("g", 20)]],
    ["a group that is still there", [group("g"), joined("eve", "g", { minute: 1 })]],
    ["a group that lasted longer", [group("g"), joined("eve", "g", { minute: 1 }), groupGone("g", 61)]],
    ["a group that was there before", [joined("eve", "g"), groupGone("g", 20)]],
    ["members of another group", [group("g"), joined("eve", "h", { minute: 1 }), groupGone("g", 20)]],
    ["what it was given after it was gone", [group("g"), groupGone("g", 5), joined("eve", "g", { minute: 9 })]],
    ["what a rule tells for itself", [role("r", { broke: "critical" }), grantTo("role", "r", reads), roleGone("r", 2)]],
    ["a grant that a rule tells for itself", [role("r"), grantTo("role", "r"), roleGone("r", 2)]],
    ["a slip in a name that was corrected", [renamed("eve", "evv", 0), renamed("evv", "eve", 1)]],
    ["a renaming that stays", [renamed("eve", "ann", 0), newKey("ann", { minute: 1 })]],
    ["a renaming on to a third name", [renamed("eve", "ann", 0), newKey("ann"), renamed("ann", "bob", 5)]],
  ])("is not found: %s", (_, changes) => {
    expect(found(changes)).toEqual([]);
  });

  test("asks the account for nothing, and ends nothing: it is over", () => {
    expect(cameAndWent.needs([group("g")], facts().settings)).toEqual({ groups: [], policies: [] });
    expect(cameAndWent.ends).toBeUndefined();
  });
});
