import { describe, expect, test } from "vitest";
import type { Actor, Principal } from "../../shared/domain/identity.ts";
import { accessKeyForAnother } from "../../shared/rules/access-key-for-another.ts";
import {
  evidenceOf,
  judged,
  keyChange,
  keyStatusChange,
  partner,
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
    provisioners: names.map((name): Principal => ({ kind: "role", name })),
  }),
});

describe("an AccessKey made for somebody else", () => {
  ruleTable(accessKeyForAnother, {
    violates: {
      "one user makes it for another": keyChange("alice", user("bob")),
      "user names have a case": keyChange("alice", user("Alice")),
      "a name that begins like the owner's": keyChange("alice", user("alice2")),
      "a name that ends like the owner's": keyChange("alice", user("malice")),
      "a user of the same name in another account": keyChange("alice", user("alice", stranger)),
      "a role of the same name as the owner": keyChange("alice", role("alice")),
      "the account owner makes it for a user": keyChange("alice", root),
      "a cloud service makes it": keyChange("alice", { kind: "service", name: "ecs.aliyuncs.com" }),
      "an identity of a kind that is not known makes it": keyChange("alice", {
        kind: "other",
        type: "federated",
        name: "alice",
      }),
      "a role whose name begins like a provisioner's": {
        change: keyChange("alice", role("identity-provisioner-x")),
        facts: provisioners("identity-provisioner"),
      },
      "a role that is a provisioner's only by what the request says": {
        change: keyChange("alice", { ...role("identity-provisioner"), namedBy: "request" } as Actor),
        facts: provisioners("identity-provisioner"),
      },
      "a provisioner's role in a trusted partner's account": {
        change: keyChange("alice", role("identity-provisioner", partner)),
        facts: provisioners("identity-provisioner"),
      },
      "a user with the name of the provisioner's role": {
        change: keyChange("alice", user("identity-provisioner")),
        facts: provisioners("identity-provisioner"),
      },
      "a wildcard among the provisioners is a name like any other": {
        change: keyChange("alice", role("anybody")),
        facts: provisioners("*", "any*", "anybod?"),
      },
      "only the id of its owner is known, which may be anybody's": keyChange(
        { kind: "user-id", id: "201" },
        user("alice"),
      ),
      "there are no provisioners": { change: keyChange("alice", role("identity-provisioner")), facts: provisioners() },
    },
    complies: {
      "a user makes an own key": keyChange("alice", user("alice")),
      "a provisioner makes it": keyChange("alice", user("helpdesk")),
      "role names have no case": keyChange("alice", role("identity-provisioner")),
      "a provisioner among many": {
        change: keyChange("alice", role("identity-provisioner")),
        facts: provisioners("a", "b", "IDENTITY-PROVISIONER", "c"),
      },
      "it is the owner's root key, which another rule judges": keyChange({ kind: "root" }, user("bob")),
      "it comes back from the recycle bin, which another rule judges": restoredKey("alice", user("bob")),
      "it was there before": keyStatusChange("alice", user("bob"), "Active"),
      "nobody knows whether it was there before": keyStatusChange("alice", user("bob"), "unknown"),
      "it is Inactive": keyChange("alice", user("bob"), "Inactive"),
      "it is gone again": keyChange("alice", user("bob"), "gone"),
    },
    undetermined: {
      "nobody knows who made it": keyChange("alice", undefined),
      "nobody knows who made it, and there are no provisioners": {
        change: keyChange("alice", undefined),
        facts: provisioners(),
      },
    },
  });

  test("tells the owner, the maker and the key", () => {
    const [evidence] = evidenceOf(judged(accessKeyForAnother, keyChange("alice", role("ops"))));
    expect(evidence?.facts).toEqual({
      user: "alice",
      accessKeyId: "LTAI5tExampleKey",
      maker: "role ops (session deploy)",
    });
    expect(evidence?.sentence.en).toBe("`role ops (session deploy)` made an AccessKey that belongs to user `alice`");
  });
});
