import { describe } from "vitest";
import { idleDisableRelaxed } from "../../shared/rules/idle-disable-relaxed.ts";
import { ruleTable, settingChange, user } from "./changes.ts";

const usual = { MaxIdleDaysForUsers: 90, MaxIdleDaysForAccessKeys: 90 };
const to = (over: object, from: object | "unknown" = {}, actor = user("mallory")) =>
  settingChange("security-preference", from === "unknown" ? from : { ...usual, ...from }, { ...usual, ...over }, actor);

describe("unused identities that are disabled later", () => {
  ruleTable(idleDisableRelaxed, {
    violates: {
      "users later": to({ MaxIdleDaysForUsers: 180 }),
      "keys later": to({ MaxIdleDaysForAccessKeys: 730 }),
      "users never": to({ MaxIdleDaysForUsers: 0 }),
      "later than the settings ask for, and nobody knows what was before": to({ MaxIdleDaysForUsers: 365 }, "unknown"),
    },
    complies: {
      sooner: to({}, { MaxIdleDaysForUsers: 365 }),
      "as before": to({ MaxIdleDaysForUsers: 365 }, { MaxIdleDaysForUsers: 365 }),
      "as the settings ask for, and nobody knows what was before": to({}, "unknown"),
      "by a provisioner, where nobody knows what was before": to(
        { MaxIdleDaysForUsers: 730 },
        "unknown",
        user("helpdesk"),
      ),
    },
    undetermined: {
      "no number": to({ MaxIdleDaysForUsers: "long" }),
      "no number, and nobody knows what was before": to({ MaxIdleDaysForAccessKeys: "long" }, "unknown"),
    },
  });
});
