import { describe } from "vitest";
import { policyHeldDirectly } from "../../shared/checks/policy-held-directly.ts";
import { checkTable, part, unread, userStanding } from "./standings.ts";

describe("policies that hang on a user", () => {
  checkTable(policyHeldDirectly, {
    broken: {
      one: userStanding({ policies: part([{ type: "System", name: "ReadOnlyAccess" }]) }),
      two: userStanding({
        policies: part([
          { type: "System", name: "ReadOnlyAccess" },
          { type: "Custom", name: "mine" },
        ]),
      }),
    },
    fine: { "none, but a group": userStanding(), "none at all": userStanding({ groups: part([]) }) },
    unread: { "they could not be listed": userStanding({ policies: unread }) },
  });
});
