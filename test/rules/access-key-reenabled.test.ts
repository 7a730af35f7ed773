import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Actor, KeyOwner } from "../../shared/domain/identity.ts";
import { accessKeyReenabled } from "../../shared/rules/access-key-reenabled.ts";
import { evidenceOf, judged, keyChange, role, root, ruleTable, user } from "./changes.ts";

type Before = "Active" | "Inactive" | "unknown";

const statusChange = (
  owner: KeyOwner | string,
  actor: Actor | undefined,
  before: Before,
  status: "Active" | "Inactive" | "gone" = "Active",
): Change => {
  const change = keyChange(owner, actor, status);
  if (change.kind !== "access-key") throw new Error("a key's change is about a key");
  if (before === "unknown") return { ...change, before: { known: false, because: "nobody told" } };
  const accessKeyId = change.subject.accessKeyId ?? "";
  const state = { kind: "access-key", owner: change.subject.owner, accessKeyId, status: before } as const;
  return { ...change, before: { known: true, state, provenance: "baseline" } };
};

describe("a disabled AccessKey that is enabled again", () => {
  ruleTable(accessKeyReenabled, {
    violates: {
      "its owner enables it": statusChange("alice", user("alice"), "Inactive"),
      "somebody else enables it": statusChange("alice", user("mallory"), "Inactive"),
      "a role that is no provisioner enables it": statusChange("alice", role("ops"), "Inactive"),
      "nobody knows who enabled it": statusChange("alice", undefined, "Inactive"),
    },
    complies: {
      "a provisioner enables it": statusChange("alice", user("helpdesk"), "Inactive"),
      "it was Active before": statusChange("alice", user("mallory"), "Active"),
      "it is Inactive still": statusChange("alice", user("mallory"), "Inactive", "Inactive"),
      "it is gone": statusChange("alice", user("mallory"), "Inactive", "gone"),
      "it is new, which other rules judge": keyChange("alice", user("mallory")),
      "it is the account owner's, which another rule judges": statusChange({ kind: "root" }, root, "Inactive"),
    },
    undetermined: {
      "nobody knows whether it was out of use": statusChange("alice", user("mallory"), "unknown"),
      "nobody knows either how it was or who did it": statusChange("alice", undefined, "unknown"),
    },
  });

  test("tells the owner, the maker and the key", () => {
    const [evidence] = evidenceOf(judged(accessKeyReenabled, statusChange("alice", user("mallory"), "Inactive")));
    expect(evidence?.facts).toEqual({ user: "alice", accessKeyId: "LTAI5tExampleKey", maker: "user mallory" });
    expect(evidence?.sentence.en).toBe(
      "`user mallory` enabled AccessKey `LTAI5tExampleKey` of user `alice` again, which had been disabled",
    );
  });
});
