import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { protectedGroupDeleted } from "../../shared/rules/protected-group-deleted.ts";
import { groupChange, ramGroup, ruleTable, settings, user } from "./changes.ts";

const facts = { settings: settings({ protected: [{ kind: "group", name: "on-call" }] }) };
const inAccount = (change: Change) => ({ change, facts });
const onCall = ramGroup("on-call");
const of = { of: "on-call" };

describe("a protected group that is deleted", () => {
  // Nothing about it can be undetermined: that a group is gone is there to be read, whoever was in it.
  ruleTable(protectedGroupDeleted, {
    violates: {
      "it is gone": inAccount(groupChange(onCall, undefined, of)),
      "and nobody knows what it was": inAccount(groupChange("unknown", undefined, of)),
      "a provisioner deletes it": inAccount(groupChange(onCall, undefined, { ...of, actor: user("helpdesk") })),
    },
    complies: {
      "another is deleted": inAccount(groupChange(ramGroup("staff"), undefined)),
      "none is protected": groupChange(onCall, undefined, of),
      "it is there": inAccount(groupChange(onCall, { ...onCall, comments: "new" })),
      "it was never there": inAccount(groupChange("nothing", undefined, of)),
      "a user of that name is protected": {
        change: groupChange(onCall, undefined, of),
        facts: { settings: settings({ protected: [{ kind: "user", name: "on-call" }] }) },
      },
    },
    undetermined: {},
  });
});
