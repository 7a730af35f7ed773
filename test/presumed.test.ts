import { describe, expect, it } from "vitest";
import type { Before } from "../shared/domain/change.ts";
import type { Subject } from "../shared/domain/subject.ts";
import type { Occasion } from "../shared/domain/trail-event.ts";
import { presumedOf } from "../shared/presumed.ts";

const accountId = "1234567890123456";
const base = { accountId, route: "Ims" } as const;
const event = (subject: object, more: object = {}): Occasion =>
  ({
    eventId: "E",
    requestId: "R",
    operation: "Ims.X",
    occurredAt: 1,
    accountId,
    effect: "changed",
    ...more,
    subject: { ...base, ...subject },
  }) as unknown as Occasion;
const stood = (state: object): Before => ({ known: true, state: state as Subject, provenance: "baseline" });
const unknown: Before = { known: false, because: "no baseline" };

const policy = {
  kind: "policy",
  policyName: "mine",
  description: "",
  createdAt: "2026-01-01T00:00:00Z",
  defaultVersion: "v1",
  versions: [
    { versionId: "v1", document: "{}" },
    { versionId: "v3", document: "[]" },
  ],
};

describe("what an event made of its subject is told by what was before and", () => {
  it("the values that the request gave a setting: the others stay", () => {
    const given = event({ kind: "password-policy" }, { tells: { fields: { MinimumPasswordLength: 8 } } });
    const was = stood({ kind: "password-policy", fields: { MinimumPasswordLength: 14, RequireNumbers: true } });
    expect(presumedOf(given, was)).toEqual({
      kind: "password-policy",
      fields: { MinimumPasswordLength: 8, RequireNumbers: true },
    });
    expect(presumedOf(given, unknown)).toBeUndefined();
    expect(presumedOf(event({ kind: "password-policy" }), was)).toBeUndefined();
    const other = stood({ kind: "security-preference", fields: {} });
    expect(presumedOf(given, other)).toBeUndefined();
  });

  it("the document of a version, the default one where the call says so", () => {
    const made = (more: object) =>
      presumedOf(
        event({ kind: "policy", did: "version-made", ...more }, { tells: { document: '"new"' } }),
        stood(policy),
      );
    const added = [...policy.versions, { versionId: "v4", document: '"new"' }];
    expect(made({})).toEqual({ ...policy, versions: added });
    expect(made({ asDefault: true })).toEqual({ ...policy, versions: added, defaultVersion: "v4" });
    expect(made({ versionId: "v3", asDefault: true })).toEqual({
      ...policy,
      versions: [policy.versions[0], { versionId: "v3", document: '"new"' }],
      defaultVersion: "v3",
    });
    expect(presumedOf(event({ kind: "policy", did: "version-made", asDefault: true }), stood(policy))).toBeUndefined();
  });

  it("the version that became the default, where it was there", () => {
    const set = (versionId?: string) =>
      presumedOf(
        event({ kind: "policy", did: "default-set", ...(versionId === undefined ? {} : { versionId }) }),
        stood(policy),
      );
    expect(set("v3")).toEqual({ ...policy, defaultVersion: "v3" });
    expect(set("v9")).toBeUndefined();
    expect(set()).toBeUndefined();
    expect(presumedOf(event({ kind: "policy", did: "described" }), stood(policy))).toBeUndefined();
  });

  it("the new name of a user or a group", () => {
    const user = { kind: "user", userName: "old", userId: "1" };
    const group = { kind: "group", groupName: "old", groupId: "1" };
    expect(presumedOf(event({ kind: "user", userName: "new", formerName: "old" }), stood(user))).toEqual({
      ...user,
      userName: "new",
    });
    expect(presumedOf(event({ kind: "group", groupName: "new", formerName: "old" }), stood(group))).toEqual({
      ...group,
      groupName: "new",
    });
    expect(presumedOf(event({ kind: "user", userName: "old" }), stood(user))).toBeUndefined();
  });
});
