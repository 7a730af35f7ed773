import { describe, expect, test } from "vitest";
import type { Principal } from "../../shared/domain/identity.ts";
import { accessKeyUnapproved } from "../../shared/rules/access-key-unapproved.ts";
import {
  evidenceOf,
  judged,
  keyChange,
  keyStatusChange,
  restoredKey,
  role,
  root,
  ruleTable,
  settings,
  stranger,
  user,
} from "./changes.ts";

const provisioners = (...names: readonly string[]) => ({
  settings: settings({
    provisioners: names.map((name): Principal => ({ kind: "user", name })),
  }),
});

describe("an AccessKey without approval", () => {
  // Nothing about it can be undetermined: a key whose maker nobody knows was approved by nobody.
  ruleTable(accessKeyUnapproved, {
    violates: {
      "a user makes an own key": keyChange("alice", user("alice")),
      "a user makes another's key": keyChange("alice", user("bob")),
      "the account owner makes it": keyChange("alice", root),
      "nobody knows who made it": keyChange("alice", undefined),
      "user names have a case": keyChange("alice", user("HelpDesk")),
      "a provisioner's name in another account": keyChange("alice", user("helpdesk", stranger)),
      "a role with the name of the provisioner": keyChange("alice", role("helpdesk")),
      "names that only look like the provisioner's": {
        change: keyChange("alice", user("helpdesk")),
        facts: provisioners("helpdes", "helpdesk2", "elpdesk", "helpdesk*", "*", "helpdes?", "Helpdesk"),
      },
      "there are no provisioners": { change: keyChange("alice", user("helpdesk")), facts: provisioners() },
    },
    complies: {
      "a provisioner makes it": keyChange("alice", user("helpdesk")),
      "a provisioner makes an own key": keyChange("helpdesk", user("helpdesk")),
      "role names have no case": keyChange("alice", role("IDENTITY-provisioner")),
      "the provisioner is the last of the list": {
        change: keyChange("alice", user("helpdesk")),
        facts: provisioners("a", "b", "helpdesk"),
      },
      "it comes back from the recycle bin, which another rule judges": restoredKey("alice", user("bob")),
      "it was there before": keyStatusChange("alice", user("bob"), "Active"),
      "nobody knows whether it was there before": keyStatusChange("alice", user("bob"), "unknown"),
      "it is Inactive": keyChange("alice", user("bob"), "Inactive"),
      "it is gone again": keyChange("alice", user("bob"), "gone"),
      "it is the account owner's, which another rule judges": keyChange({ kind: "root" }, root),
    },
    undetermined: {},
  });

  test("tells the owner, the maker and the key", () => {
    const [evidence] = evidenceOf(judged(accessKeyUnapproved, keyChange("alice", undefined)));
    expect(evidence?.facts).toEqual({ user: "alice", accessKeyId: "LTAI5tExampleKey", maker: "somebody unknown" });
    expect(evidence?.sentence.en).toBe(
      "`somebody unknown` made an AccessKey for user `alice`; the settings name no such provisioner",
    );
  });
});
