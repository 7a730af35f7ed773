import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Actor, KeyOwner } from "../../shared/domain/identity.ts";
import { accessKeyRestored } from "../../shared/rules/access-key-restored.ts";
import { keyChange, role, root, ruleTable, user } from "./changes.ts";

const restored = (
  owner: KeyOwner | string,
  actor: Actor | undefined,
  status: "Active" | "Inactive" | "gone" = "Active",
): Change => {
  const change = keyChange(owner, actor, status);
  if (change.kind !== "access-key") throw new Error("a key's change is about a key");
  return { ...change, subject: { ...change.subject, fromBin: true } };
};

describe("an AccessKey that comes back from the recycle bin", () => {
  // Nothing about it can be undetermined: the event proves that the key was in the bin.
  ruleTable(accessKeyRestored, {
    violates: {
      "somebody brings it back": restored("alice", user("mallory")),
      "its owner does": restored("alice", user("alice")),
      "a role that is no provisioner does": restored("alice", role("ops")),
      "only the owner's id is known": restored({ kind: "user-id", id: "201" }, user("mallory")),
      "nobody knows who did": restored("alice", undefined),
    },
    complies: {
      "a provisioner brings it back": restored("alice", user("helpdesk")),
      "it is Inactive": restored("alice", user("mallory"), "Inactive"),
      "it is gone again": restored("alice", user("mallory"), "gone"),
      "it is the account owner's, which nobody else can disable": restored({ kind: "root" }, root),
      "it is new, which other rules judge": keyChange("alice", user("mallory")),
    },
    undetermined: {},
  });
});
