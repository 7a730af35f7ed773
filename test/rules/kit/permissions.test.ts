import { describe, expect, test } from "vitest";
import type { Change } from "../../../shared/domain/change.ts";
import type { PolicyRef } from "../../../shared/domain/subjects/permissions.ts";
import type { PermissionKind } from "../../../shared/rules/kit/permissions.ts";
import {
  attachedOf,
  mayChangeDefault,
  permissionsRead,
  textsOf,
  unreadText,
} from "../../../shared/rules/kit/permissions.ts";
import type { Facts } from "../../../shared/rules/kit/rule.ts";
import {
  allowing,
  carrying,
  changed,
  custom,
  detachChange,
  grantChange,
  membershipChange,
  own,
  policyChange,
  policyOf,
  settings,
  system,
} from "../changes.ts";

const read = (change: Change, facts: Partial<Facts> = {}) =>
  permissionsRead(change as Change<PermissionKind>, { settings: settings(), ...facts });
const alice = { kind: "user", name: "alice" } as const;
const reading = allowing("oss:GetObject");
const text = (document: string) => [expect.objectContaining({ text: document })];
const notProven = {
  kind: "unknown",
  because: {
    en: "nothing proves that it was there before, so what was lost is not known",
    "zh-CN": "没有证据表明其之前存在，因此不知道失去了什么",
  },
};

describe("a grant", () => {
  test("that comes gives the policy with its text, where it holds, beside what is held already", () => {
    const beside = [{ policy: system("AliyunOSSReadOnlyAccess"), scope: "account", text: undefined }] as const;
    const scope = { resourceGroupId: "rg-1" };
    expect(read(grantChange(alice, custom("work"), { scope }), { policyDocument: reading, beside })).toEqual({
      kind: "changed",
      change: {
        before: [],
        after: [{ policy: custom("work"), scope, text: reading }],
        beside,
        deed: {
          en: "`user mallory` attached `work` to user `alice` in resource group `rg-1`",
          "zh-CN": "`user mallory` 将 `work` 授予用户 `alice`（资源组 `rg-1`）",
        },
        facts: {
          policy: "work",
          policyType: "Custom",
          principal: "alice",
          principalKind: "user",
          maker: "user mallory",
          resourceGroup: "rg-1",
        },
      },
    });
  });

  test("for the whole account names no resource group", () => {
    const found = read(grantChange(alice, custom("work")));
    expect(found).toMatchObject({
      change: { deed: { en: "`user mallory` attached `work` to user `alice`" }, after: [{ scope: "account" }] },
    });
    expect(Object.keys(found.kind === "changed" ? found.change.facts : {})).not.toContain("resourceGroup");
  });

  test("that goes takes the policy", () => {
    expect(read(detachChange(alice, custom("work")), { policyDocument: reading })).toMatchObject({
      kind: "changed",
      change: { before: text(reading), after: [], deed: { en: "`user mallory` took `work` from user `alice`" } },
    });
  });

  test("that was there and is, or was not and is not, changes nothing", () => {
    const grant = { kind: "grant", principal: alice, policy: custom("work"), scope: "account" } as const;
    const ref = { ...grant, accountId: own, route: "Ram" } as const;
    expect(read(changed<"grant">(ref, grant, grant))).toEqual({ kind: "same" });
    expect(read(changed<"grant">(ref, "nothing", undefined))).toEqual({ kind: "same" });
  });

  test("of which nobody knows whether it was there counts as new where it is, and is not known where it is not", () => {
    expect(read(grantChange(alice, custom("work"), { before: "unknown" }), { policyDocument: reading })).toMatchObject({
      kind: "changed",
      change: { before: [], after: text(reading) },
    });
    expect(read(detachChange(alice, custom("work"), { before: "unknown" }))).toEqual(notProven);
  });
});

describe("a membership", () => {
  test("that begins gives what the group carries", () => {
    expect(read(membershipChange("ops"), { ...carrying(reading), beside: [] })).toEqual({
      kind: "changed",
      change: {
        before: [],
        after: [{ policy: custom("p0"), scope: "account", text: reading }],
        beside: [],
        deed: {
          en: "`user mallory` added user `bob` to group `ops`",
          "zh-CN": "`user mallory` 将用户 `bob` 加入用户组 `ops`",
        },
        facts: { user: "bob", group: "ops", maker: "user mallory" },
      },
    });
  });

  test("that ends takes it", () => {
    expect(read(membershipChange("ops", { before: "there", after: "gone" }), carrying(reading))).toMatchObject({
      kind: "changed",
      change: { before: text(reading), after: [], deed: { en: "`user mallory` took user `bob` out of group `ops`" } },
    });
  });

  test("that stands as it did changes nothing, whether what the group carries was read or not", () => {
    expect(read(membershipChange("ops", { before: "there" }))).toEqual({ kind: "same" });
    expect(read(membershipChange("ops", { before: "gone", after: "gone" }), carrying(reading))).toEqual({
      kind: "same",
    });
  });

  test("is not known where nothing proves it, or what the group carries was not read", () => {
    expect(read(membershipChange("ops", { before: "unknown", after: "gone" }), carrying(reading))).toEqual(notProven);
    expect(read(membershipChange("ops"))).toMatchObject({
      kind: "unknown",
      because: { en: "what group `ops` carries could not be read, so what that gives or takes is not known" },
    });
  });
});

describe("a policy", () => {
  const other = allowing("oss:PutObject");

  test.each([
    ["made", policyChange("new", policyOf([reading]), { did: "made" }), [], text(reading), "made custom policy `work`"],
    ["deleted", policyChange(policyOf([reading]), "gone"), text(reading), [], "deleted custom policy `work`"],
    [
      "changed",
      policyChange(policyOf([reading]), policyOf([reading, other])),
      text(reading),
      text(other),
      "changed what is in force of custom policy `work`",
    ],
  ])("that is %s is its version in force", (_, change, before, after, deed) => {
    expect(read(change)).toMatchObject({
      kind: "changed",
      change: { before, after, deed: { en: `\`user mallory\` ${deed}` } },
    });
  });

  test("is a custom one that holds for the whole account, and names who holds it", () => {
    const change = policyChange("new", policyOf([reading]), { did: "made" });
    const holders = [alice, { kind: "group", name: "ops" }] as const;
    expect(read(change, { holders })).toMatchObject({
      change: {
        after: [{ policy: custom("work"), scope: "account" }],
        facts: { policy: "work", policyType: "Custom", maker: "user mallory", holders: "user/alice, group/ops" },
      },
    });
    for (const none of [{}, { holders: [] }])
      expect(read(change, none)).toMatchObject({
        change: { facts: expect.not.objectContaining({ holders: expect.anything() }) },
      });
  });

  test("whose text in force stays is the same", () => {
    expect(read(policyChange(policyOf([reading]), policyOf([other, reading])))).toEqual({ kind: "same" });
  });

  test("is not known where what was before is not, or no version is the default", () => {
    expect(read(policyChange("unknown", policyOf([reading])))).toMatchObject({
      kind: "unknown",
      because: { en: expect.stringContaining("what policy `work` allowed before is not known") },
    });
    const without = policyOf([reading], "v9");
    for (const change of [policyChange(without, policyOf([other])), policyChange(policyOf([other]), without)])
      expect(read(change)).toEqual({
        kind: "unknown",
        because: { en: "policy `work` has no version that is its default", "zh-CN": "策略 `work` 没有默认版本" },
      });
  });

  test.each<[string, Partial<PolicyRef>, boolean, "gone"?]>([
    ["it was made", { did: "made" }, true],
    ["another version was made the default", { did: "default-set" }, true],
    ["it was described", { did: "described" }, false],
    ["a version was deleted, which the default one cannot be", { did: "version-deleted", versionId: "v1" }, false],
    ["a version was made and put in force", { did: "version-made", versionId: "v9", asDefault: true }, true],
    ["a version was made that is in force now", { did: "version-made", versionId: "v2" }, true],
    ["a version was made that is not in force", { did: "version-made", versionId: "v1" }, false],
    ["a version was made, and nobody knows which", { did: "version-made" }, true],
    ["a version was made of one that is gone now", { did: "version-made", versionId: "v1" }, true, "gone"],
  ])("may have another text in force where %s", (_, ref, may, after) => {
    const change = policyChange(policyOf([reading]), after ?? policyOf([reading, other]), {
      did: undefined,
      ...ref,
    } as PolicyRef);
    expect(mayChangeDefault(change as Change<"policy">)).toBe(may);
    if (!may) expect(read(change)).toEqual({ kind: "same" });
  });
});

describe("documents that are held", () => {
  const unread = { policy: custom("unread"), scope: "account", text: undefined } as const;
  const inGroup = { policy: custom("work"), scope: { resourceGroupId: "rg-1" }, text: reading } as const;

  test("are compared by those whose texts are there, each where it holds", () => {
    expect(attachedOf([unread, inGroup])).toEqual([{ document: reading, scope: { resourceGroupId: "rg-1" } }]);
    expect(textsOf([unread, inGroup])).toEqual([reading]);
  });

  test("decide nothing where one was not read", () => {
    expect(unreadText([inGroup])).toBeUndefined();
    expect(unreadText([inGroup, unread])).toEqual({
      kind: "undetermined",
      because: {
        en: "the text of policy `unread` could not be read, so what it allows is not known",
        "zh-CN": "无法读取策略 `unread` 的内容，因此不知道它允许什么",
      },
    });
  });
});
