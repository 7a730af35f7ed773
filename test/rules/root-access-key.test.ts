import { describe, expect, test } from "vitest";
import { rootAccessKey } from "../../shared/rules/root-access-key.ts";
import { evidenceOf, judged, keyChange, role, root, ruleTable, user } from "./changes.ts";

const owner = { kind: "root" } as const;

describe("an AccessKey of the account owner", () => {
  // Nothing about it can be undetermined: whose key it is stands in the event, and every such key is a violation.
  ruleTable(rootAccessKey, {
    violates: {
      "the owner made it": keyChange(owner, root),
      "a user made it": keyChange(owner, user("alice")),
      "it is Inactive, and can be switched on again": keyChange(owner, root, "Inactive"),
      "a provisioner made it": keyChange(owner, role("identity-provisioner")),
      "nobody knows who made it": keyChange(owner, undefined),
    },
    complies: {
      "it is a user's key": keyChange("alice", root),
      "it is the key of a user who is called root": keyChange("root", user("root")),
      "it is gone again": keyChange(owner, root, "gone"),
    },
    undetermined: {},
  });

  test("tells the key and its maker", () => {
    const [evidence] = evidenceOf(judged(rootAccessKey, keyChange(owner, user("alice"))));
    expect(evidence?.facts).toEqual({ accessKeyId: "LTAI5tExampleKey", maker: "user alice" });
    expect(evidence?.sentence.en).toBe("`user alice` made an AccessKey for the account owner itself");
  });
});
