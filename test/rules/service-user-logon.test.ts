import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { serviceUserLogon } from "../../shared/rules/service-user-logon.ts";
import { login, loginChange, ruleTable, settings, user } from "./changes.ts";

const off = login({ status: "Inactive" });
const svc = { of: "svc-billing" };
const tagged = {
  settings: settings({
    practices: {
      ...usualPractices,
      classes: { service: ["svc-*"], serviceTags: [{ key: "usage", value: "service" }, { key: "robot" }] },
    },
  }),
};
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
      "a tag tells it": {
        change: loginChange("nothing", login()),
        facts: { ...tagged, userTags: { usage: "service" } },
      },
      "any value of a tag tells it": {
        change: loginChange("nothing", login()),
        facts: { ...tagged, userTags: { team: "a", robot: "" } },
      },
      "its name tells it, whatever its tags": {
        change: loginChange("nothing", login(), svc),
        facts: { ...tagged, userTags: { usage: "human" } },
      },
      "its name tells it, and its tags could not be read": {
        change: loginChange("nothing", login(), svc),
        facts: tagged,
      },
    },
    complies: {
      "its tags are others": {
        change: loginChange("nothing", login()),
        facts: { ...tagged, userTags: { usage: "human", Robot: "yes" } },
      },
      "its logon is off, and its tags could not be read": { change: loginChange("nothing", off), facts: tagged },
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
      "its name does not tell it, and its tags could not be read": {
        change: loginChange("nothing", login()),
        facts: tagged,
      },
      "nobody knows whether it was off": loginChange("unknown", login(), svc),
      "nobody knows, and a password was set": loginChange("unknown", login(), { ...svc, unseen: ["password"] }),
    },
  });
});
