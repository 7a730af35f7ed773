import { describe } from "vitest";
import { keyFromAnywhere } from "../../shared/checks/key-from-anywhere.ts";
import { accountStanding, checkTable, keyOf, part, unread, userStanding } from "./standings.ts";

const withKey = (more: Parameters<typeof keyOf>[1] = {}) => userStanding({ keys: part([keyOf("LTAI1", more)]) });
const administered = { account: accountStanding({ administrators: part([{ kind: "user", name: "alice" }]) }) };
const open = withKey({ limited: part(false) });

describe("from where keys of administrators are used", () => {
  checkTable(keyFromAnywhere, {
    broken: {
      "from anywhere": { standing: open, facts: administered },
      "one of two from anywhere": {
        standing: userStanding({ keys: part([keyOf("LTAI1"), keyOf("LTAI2", { limited: part(false) })]) }),
        facts: administered,
      },
    },
    fine: {
      "from some addresses": { standing: withKey(), facts: administered },
      "of somebody who administers nothing": open,
      "of a role of the name": {
        standing: open,
        facts: { account: accountStanding({ administrators: part([{ kind: "role", name: "alice" }]) }) },
      },
      "out of use": { standing: withKey({ status: "Inactive", limited: part(false) }), facts: administered },
      "no key": { standing: userStanding(), facts: administered },
    },
    unread: {
      "its policy could not be read": { standing: withKey({ limited: unread }), facts: administered },
      "who administers could not be read": {
        standing: open,
        facts: { account: accountStanding({ administrators: unread }) },
      },
      "the account was not looked at": { standing: open, facts: { account: undefined } },
      "the keys could not be listed": userStanding({ keys: unread }),
    },
  });
});
