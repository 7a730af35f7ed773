import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
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
      "only the event tells the former name": inAccount(
        userChange("unknown", ramUser("helpdesk"), { formerName: "bob" }),
      ),
    },
    complies: {
      "neither name is on a list": renamed("bob", "robert"),
      "a user takes the name of a group on a list": renamed("bob", "on-call"),
      "a user takes the name of a role on a list": renamed("bob", "Identity-Provisioner"),
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
