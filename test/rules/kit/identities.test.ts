import { describe, expect, test } from "vitest";
import type { Change } from "../../../shared/domain/change.ts";
import { mayDeny } from "../../../shared/rules/kit/guards.ts";
import { heldPower } from "../../../shared/rules/kit/held-power.ts";
import { isHighRiskName, needsPolicyDocument } from "../../../shared/rules/kit/high-risk.ts";
import { ownerName } from "../../../shared/rules/kit/keys.ts";
import { nameFlaw } from "../../../shared/rules/kit/name-flaw.ts";
import { isProtected } from "../../../shared/rules/kit/practices.ts";
import { namesOver } from "../../../shared/rules/kit/renamed.ts";
import type { HeldDocument } from "../../../shared/rules/kit/rule.ts";
import { otherVersions } from "../../../shared/rules/kit/versions.ts";
import {
  allowing,
  custom,
  groupChange,
  permitting,
  policyOf,
  ramGroup,
  ramUser,
  settings,
  system,
  userChange,
} from "../changes.ts";

test("an owner of a key is told by its name, or by what is known of it", () => {
  expect(ownerName({ kind: "user", name: "alice" })).toBe("alice");
  expect(ownerName({ kind: "user-id", id: "201" })).toBe("id 201");
  expect(ownerName({ kind: "root" })).toBe("root");
});

describe("the name before a change and after it", () => {
  const over = (change: Change) => namesOver(change as Change<"user"> | Change<"group">);

  test.each<[string, Change, ReturnType<typeof namesOver>]>([
    ["a user that is renamed", userChange(ramUser("alice"), ramUser("bob")), { from: "alice", to: "bob" }],
    ["a group that is renamed", groupChange(ramGroup("ops"), ramGroup("devs")), { from: "ops", to: "devs" }],
    ["a user that is new", userChange("nothing", ramUser("bob"), { formerName: "x" }), { from: undefined, to: "bob" }],
    ["a user that nobody knew", userChange("unknown", ramUser("bob")), { from: undefined, to: "bob" }],
    [
      "a user that nobody knew, of which the call says how it was called",
      userChange("unknown", ramUser("bob"), { formerName: "alice" }),
      { from: "alice", to: "bob" },
    ],
    ["a user that is gone", userChange(ramUser("alice"), undefined), undefined],
    ["a user in the recycle bin", userChange(ramUser("alice"), ramUser("bob", { recycled: true })), undefined],
    ["a group that is gone", groupChange(ramGroup("ops"), undefined), undefined],
  ])("%s", (_, change, names) => {
    expect(over(change)).toEqual(names);
  });
});

test("the other versions of a policy are told by their numbers, those without one left out", () => {
  const policy = policyOf(Array.from({ length: 12 }, () => allowing("oss:GetObject")));
  expect(otherVersions(policy)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const named = ["v2", "xv3", "v4x", "v", "5", "v10"].map((versionId) => ({ versionId, document: "" }));
  expect(otherVersions({ ...policy, versions: named, defaultVersion: "v2" })).toEqual([10]);
});

describe("the policy that makes its holder strong", () => {
  const held = (name: string, text: string | undefined, system = false): HeldDocument => ({
    policy: { type: system ? "System" : "Custom", name },
    scope: "account",
    text,
  });

  test.each<[string, readonly HeldDocument[] | undefined, string]>([
    ["nothing was read", undefined, "unknown"],
    ["nothing is held", [], "none"],
    ["it reads", [held("reader", allowing("oss:Get*"))], "none"],
    ["it has a name of the floor", [held("AdministratorAccess", undefined, true)], "AdministratorAccess"],
    ["the settings name it", [held("AliyunSTSAssumeRoleAccess", undefined, true)], "AliyunSTSAssumeRoleAccess"],
    ["it allows everything", [held("reader", allowing("oss:Get*")), held("all", allowing("*"))], "all"],
    ["it may attach policies", [held("attach", allowing("ram:AttachPolicyToUser"))], "attach"],
    ["it may start machines, which makes nobody an administrator", [held("ecs", allowing("ecs:*"))], "none"],
    ["one was not read", [held("reader", allowing("oss:Get*")), held("unread", undefined)], "unknown"],
    ["one was not read, and another is strong", [held("unread", undefined), held("all", allowing("*"))], "all"],
  ])("where %s", (_, documents, name) => {
    const power = heldPower(documents, settings());
    expect(power.kind === "strong" ? power.by : power.kind).toBe(name);
  });
});

test("a strong policy is none the weaker for being called like the answer that there is none", () => {
  for (const name of ["none", "unknown"])
    expect(heldPower([{ policy: custom(name), scope: "account", text: allowing("*") }], settings())).toEqual({
      kind: "strong",
      by: name,
    });
});

test("a text may deny where it does, or cannot be read", () => {
  const deny = permitting({ Effect: "Deny", Action: "oss:*", Resource: "*" });
  expect(mayDeny([deny])).toBe(true);
  expect(mayDeny([allowing("oss:*"), deny])).toBe(true);
  expect(mayDeny(["{"])).toBe(true);
  expect(mayDeny([allowing("oss:*")])).toBe(false);
  expect(mayDeny([])).toBe(false);
});

test.each([
  [system("AdministratorAccess"), true, false],
  [system("AliyunRAMFullAccess"), true, false],
  [system("AliyunSTSAssumeRoleAccess"), true, true],
  [system("AliyunOSSFullAccess"), false, true],
  [custom("AdministratorAccess"), false, true],
  [custom("work"), false, true],
])("whether %o is high-risk by its name, and whether its text is needed", (policy, highRisk, needed) => {
  expect(isHighRiskName(policy, settings())).toBe(highRisk);
  expect(needsPolicyDocument(policy)).toBe(needed);
});

test("settings that protect nobody make no identity protected, and no name an imitation", () => {
  const { protected: _, ...none } = settings();
  expect(isProtected("user", "break-glass", none)).toBe(false);
  expect(isProtected("user", "break-glass", settings())).toBe(true);
  expect(nameFlaw("break-glas", none)).toBeUndefined();
  expect(nameFlaw("break-glas", settings())).toBeDefined();
});
