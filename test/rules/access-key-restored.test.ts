import { describe } from "vitest";
import { accessKeyRestored } from "../../shared/rules/access-key-restored.ts";
import { keyChange, restoredKey, role, root, ruleTable, user } from "./changes.ts";

describe("an AccessKey that comes back from the recycle bin", () => {
  // Nothing about it can be undetermined: the event proves that the key was in the bin.
  ruleTable(accessKeyRestored, {
    violates: {
      "somebody brings it back": restoredKey("alice", user("mallory")),
      "its owner does": restoredKey("alice", user("alice")),
      "a role that is no provisioner does": restoredKey("alice", role("ops")),
      "only the owner's id is known": restoredKey({ kind: "user-id", id: "201" }, user("mallory")),
      "nobody knows who did": restoredKey("alice", undefined),
    },
    complies: {
      "a provisioner brings it back": restoredKey("alice", user("helpdesk")),
      "it is Inactive": restoredKey("alice", user("mallory"), "Inactive"),
      "it is gone again": restoredKey("alice", user("mallory"), "gone"),
      "it is the account owner's, which nobody else can disable": restoredKey({ kind: "root" }, root),
      "it is new, which other rules judge": keyChange("alice", user("mallory")),
    },
    undetermined: {},
  });
});
