import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { protectedUserDeleted } from "../../shared/rules/protected-user-deleted.ts";
import { ramUser, role, ruleTable, settings, user, userChange } from "./changes.ts";

const facts = { settings: settings({ protected: [{ kind: "user", name: "break-glass" }] }) };
const inAccount = (change: Change) => ({ change, facts });
const spared = ramUser("break-glass");
const of = { of: "break-glass" };

describe("a protected user that is deleted", () => {
  // Nothing about it can be undetermined: that a user is gone is there to be read, whoever it was.
  ruleTable(protectedUserDeleted, {
    violates: {
      "it is gone": inAccount(userChange(spared, undefined, of)),
      "it is in the recycle bin": inAccount(userChange(spared, { ...spared, recycled: true })),
      "and nobody knows what it was": inAccount(userChange("unknown", undefined, of)),
      "a provisioner deletes it": inAccount(userChange(spared, undefined, { ...of, actor: user("helpdesk") })),
      "a role does": inAccount(userChange(spared, undefined, { ...of, actor: role("ops") })),
    },
    complies: {
      "another is deleted": inAccount(userChange(ramUser("alice"), undefined)),
      "nobody is protected": {
        change: userChange(spared, undefined, of),
        facts: { settings: settings({ protected: [] }) },
      },
      "it is there": inAccount(userChange(spared, { ...spared, comments: "new" })),
      "it was never there": inAccount(userChange("nothing", undefined, of)),
      "a group of that name is protected": {
        change: userChange(spared, undefined, of),
        facts: { settings: settings({ protected: [{ kind: "group", name: "break-glass" }] }) },
      },
    },
    undetermined: {},
  });
});
