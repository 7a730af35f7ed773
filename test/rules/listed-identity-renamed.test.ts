import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Facts } from "../../shared/rules/kit/rule.ts";
import { listedIdentityRenamed } from "../../shared/rules/listed-identity-renamed.ts";
import { evidenceOf, groupChange, judged, ramGroup, ramUser, ruleTable, settings, userChange } from "./changes.ts";

const facts = {
  settings: settings({
    protected: [
      { kind: "user", name: "break-glass" },
      { kind: "group", name: "on-call" },
    ],
    pipelines: [{ kind: "user", name: "terraform" }],
  }),
};
const inAccount = (change: Change) => ({ change, facts });
const exempting = (exempt: Partial<NonNullable<Facts["exempt"]>>) => ({
  change: userChange(ramUser("bob"), ramUser("robot"), { formerName: "bob" }),
  facts: { ...facts, exempt: { actors: [], subjects: [], ...exempt } },
});
const renamed = (from: string, to: string) => inAccount(userChange(ramUser(from), ramUser(to), { formerName: from }));

describe("a name that is moved past a list", () => {
  // Nothing about it can be undetermined: where no former name is told, nothing says that a name moved.
  ruleTable(listedIdentityRenamed, {
    violates: {
      "a protected user gives up its name": renamed("break-glass", "old"),
      "a user takes the name of a provisioner": renamed("bob", "helpdesk"),
      "a user takes the name of a pipeline": renamed("bob", "terraform"),
      "a user takes a name that roles may trust": renamed("bob", "alice"),
      "a protected group gives up its name": inAccount(
        groupChange(ramGroup("on-call"), ramGroup("old"), { formerName: "on-call" }),
      ),
      "a user takes a name whose changes are exempt": exempting({ actors: ["role/bob", "user/robo?"] }),
      "a user gives up such a name": exempting({ actors: ["user/bob"] }),
      "a user takes a name of which a change is exempt": exempting({ subjects: ["user/robot"] }),
      "a user takes a name that may be given what is exempt": exempting({ subjects: ["grant/user/rob*/System/*"] }),
      "only the event tells the former name": inAccount(
        userChange("unknown", ramUser("helpdesk"), { formerName: "bob" }),
      ),
    },
    complies: {
      "neither name is on a list": renamed("bob", "robert"),
      "a user takes the name of a group on a list": renamed("bob", "on-call"),
      "a user takes the name of a role on a list": renamed("bob", "Identity-Provisioner"),
      "another name is exempt": exempting({ actors: ["user/rob", "role/robot"], subjects: ["user/rob", "login/robo"] }),
      "a group of that name is exempt": exempting({ subjects: ["grant/group/robot/System/*"] }),
      "what is exempt is so for every name": exempting({ subjects: ["grant/user/*/System/ReadOnly"] }),
      "something else changes": inAccount(userChange(ramUser("helpdesk"), ramUser("helpdesk", { comments: "new" }))),
      "a user is new under such a name": inAccount(userChange("nothing", ramUser("helpdesk"))),
      "nobody tells a former name": inAccount(userChange("unknown", ramUser("helpdesk"))),
      "it is gone": inAccount(userChange(ramUser("break-glass"), undefined, { of: "break-glass" })),
    },
    undetermined: {},
  });

  test("tells both names and the lists", () => {
    expect(evidenceOf(judged(listedIdentityRenamed, renamed("break-glass", "helpdesk")))[0]?.facts).toEqual({
      from: "break-glass",
      to: "helpdesk",
      maker: "user mallory",
      lists: "protected, provisioners",
    });
  });
});
