import { describe, expect, test } from "vitest";
import { accessKeyReenabled } from "../../shared/rules/access-key-reenabled.ts";
import { evidenceOf, judged, keyChange, keyStatusChange, role, root, ruleTable, user } from "./changes.ts";

describe("a disabled AccessKey that is enabled again", () => {
  ruleTable(accessKeyReenabled, {
    violates: {
      "its owner enables it": keyStatusChange("alice", user("alice"), "Inactive"),
      "somebody else enables it": keyStatusChange("alice", user("mallory"), "Inactive"),
      "a role that is no provisioner enables it": keyStatusChange("alice", role("ops"), "Inactive"),
      "nobody knows who enabled it": keyStatusChange("alice", undefined, "Inactive"),
    },
    complies: {
      "a provisioner enables it": keyStatusChange("alice", user("helpdesk"), "Inactive"),
      "it was Active before": keyStatusChange("alice", user("mallory"), "Active"),
      "it is Inactive still": keyStatusChange("alice", user("mallory"), "Inactive", "Inactive"),
      "it is gone": keyStatusChange("alice", user("mallory"), "Inactive", "gone"),
      "it is new, which other rules judge": keyChange("alice", user("mallory")),
      "it is the account owner's, which another rule judges": keyStatusChange({ kind: "root" }, root, "Inactive"),
    },
    undetermined: {
      "nobody knows whether it was out of use": keyStatusChange("alice", user("mallory"), "unknown"),
      "nobody knows either how it was or who did it": keyStatusChange("alice", undefined, "unknown"),
    },
  });

  test("tells the owner, the maker and the key", () => {
    const [evidence] = evidenceOf(judged(accessKeyReenabled, keyStatusChange("alice", user("mallory"), "Inactive")));
    expect(evidence?.facts).toEqual({ user: "alice", accessKeyId: "LTAI5tExampleKey", maker: "user mallory" });
    expect(evidence?.sentence.en).toBe(
      "`user mallory` enabled AccessKey `LTAI5tExampleKey` of user `alice` again, which had been disabled",
    );
  });
});
