import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { serviceUserLogon } from "../../shared/rules/service-user-logon.ts";
import { login, loginChange, ruleTable, settings, user } from "./changes.ts";

const off = login({ status: "Inactive" });
const svc = { of: "svc-billing" };
const robots = { settings: settings({ practices: { ...usualPractices, classes: { service: ["robot-?"] } } }) };

describe("a console logon of a program's user", () => {
  ruleTable(serviceUserLogon, {
    violates: {
      "it is new": loginChange("nothing", login(), svc),
      "it was off": loginChange(off, login(), svc),
      "a provisioner makes it": loginChange("nothing", login(), { ...svc, actor: user("helpdesk") }),
      "nobody knows who made it": loginChange("nothing", login(), { ...svc, actor: undefined }),
      "the settings tell such users by another pattern": {
        change: loginChange("nothing", login(), { of: "robot-7" }),
        facts: robots,
      },
    },
    complies: {
      "the user is a person's": loginChange("nothing", login()),
      "the settings have another pattern": { change: loginChange("nothing", login(), svc), facts: robots },
      "the pattern stands for one letter": {
        change: loginChange("nothing", login(), { of: "robot-77" }),
        facts: robots,
      },
      "it is off": loginChange("nothing", off, svc),
      "it is gone": loginChange(login(), undefined, svc),
      "it was there before": loginChange(login(), login({ passwordResetRequired: true }), svc),
      "Ram changes a flag, and nobody knows more": loginChange("unknown", login(), { ...svc, route: "Ram" }),
    },
    undetermined: {
      "nobody knows whether it was off": loginChange("unknown", login(), svc),
      "nobody knows, and a password was set": loginChange("unknown", login(), { ...svc, unseen: ["password"] }),
    },
  });
});
