import { describe } from "vitest";
import { protectedPermissionRemoved } from "../../shared/rules/protected-permission-removed.ts";
import { custom, detachChange, grantChange, root, ruleTable, settings, system, user } from "./changes.ts";

describe("a permission that a protected identity loses", () => {
  ruleTable(protectedPermissionRemoved, {
    violates: {
      "a user": detachChange({ kind: "user", name: "break-glass" }, system("AdministratorAccess")),
      "a role, in another case": detachChange({ kind: "role", name: "break-GLASS" }, custom("work"), { actor: root }),
      "by nobody knows whom": detachChange({ kind: "user", name: "break-glass" }, custom("work"), { actor: undefined }),
      "in a resource group": detachChange({ kind: "user", name: "break-glass" }, custom("work"), {
        scope: { resourceGroupId: "rg-1" },
      }),
    },
    complies: {
      "it is somebody else's": detachChange({ kind: "user", name: "alice" }, custom("work")),
      "it is a group of the name": detachChange({ kind: "group", name: "break-glass" }, custom("work")),
      "it was not there before": detachChange({ kind: "user", name: "break-glass" }, custom("work"), {
        before: "gone",
      }),
      "it is there, and nobody knows whether it was": grantChange(
        { kind: "user", name: "break-glass" },
        custom("work"),
        {
          before: "unknown",
        },
      ),
      "it comes": grantChange({ kind: "user", name: "break-glass" }, custom("work")),
      "a declared pipeline takes it": {
        change: detachChange({ kind: "user", name: "break-glass" }, custom("work"), { actor: user("ci") }),
        facts: { settings: settings({ pipelines: [{ kind: "user", name: "ci" }] }) },
      },
    },
    undetermined: {
      "nothing proves that a user had it": detachChange({ kind: "user", name: "break-glass" }, custom("work"), {
        before: "unknown",
      }),
      "nothing proves that a role had it": detachChange({ kind: "role", name: "break-glass" }, custom("work"), {
        before: "unknown",
      }),
    },
  });
});
