import { describe } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { passwordLogonBesideSso } from "../../shared/rules/password-logon-beside-sso.ts";
import { login, loginChange, ruleTable, settings, user } from "./changes.ts";

const off = login({ status: "Inactive" });
const withSso = (change: Change) => ({
  change,
  facts: {
    settings: settings({
      practices: { ...usualPractices, sso: "required" },
      protected: [{ kind: "user", name: "break-glass" }],
    }),
  },
});

describe("a password where single sign-on is the rule", () => {
  ruleTable(passwordLogonBesideSso, {
    violates: {
      "the logon is new": withSso(loginChange("nothing", login())),
      "it was off": withSso(loginChange(off, login())),
      "a provisioner makes it": withSso(loginChange("nothing", login(), { actor: user("helpdesk") })),
      "nobody knows who made it": withSso(loginChange("nothing", login(), { actor: undefined })),
    },
    complies: {
      "single sign-on is not the rule": loginChange("nothing", login()),
      "the user is for emergencies": withSso(loginChange("nothing", login(), { of: "break-glass" })),
      "the logon is off": withSso(loginChange("nothing", off)),
      "it was there before": withSso(loginChange(login(), login({ passwordResetRequired: true }))),
      "it is gone": withSso(loginChange(login(), undefined)),
    },
    undetermined: {
      "nobody knows whether it was off": withSso(loginChange("unknown", login())),
      "nobody knows, and a password was set": withSso(loginChange("unknown", login(), { unseen: ["password"] })),
    },
  });
});
