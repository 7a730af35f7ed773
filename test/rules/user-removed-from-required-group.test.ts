import { describe } from "vitest";
import { userRemovedFromRequiredGroup } from "../../shared/rules/user-removed-from-required-group.ts";
import { membershipChange, root, ruleTable, settings, user } from "./changes.ts";

describe("a user who is taken out of a required group", () => {
  ruleTable(userRemovedFromRequiredGroup, {
    violates: {
      "somebody does it": membershipChange("all-staff", { before: "there", after: "gone" }),
      "the account owner does it": membershipChange("all-staff", { before: "there", after: "gone", actor: root }),
      "nobody knows who did it": membershipChange("all-staff", { before: "there", after: "gone", actor: undefined }),
      "the user is protected, whatever the group": membershipChange("any", {
        before: "there",
        after: "gone",
        userName: "break-glass",
      }),
    },
    complies: {
      "the group is another": membershipChange("ops", { before: "there", after: "gone" }),
      "the user is added": membershipChange("all-staff"),
      "the user was not in it": membershipChange("all-staff", { before: "gone", after: "gone" }),
      "a provisioner does it": membershipChange("all-staff", {
        before: "there",
        after: "gone",
        actor: user("helpdesk"),
      }),
      "a pipeline does it": {
        change: membershipChange("all-staff", { before: "there", after: "gone" }),
        facts: { settings: settings({ pipelines: [{ kind: "user", name: "mallory" }] }) },
      },
    },
    undetermined: {
      "nothing proves that the user was in it": membershipChange("all-staff", { before: "unknown", after: "gone" }),
      "nothing proves that the protected user was in it": membershipChange("any", {
        before: "unknown",
        after: "gone",
        userName: "break-glass",
      }),
    },
  });
});
