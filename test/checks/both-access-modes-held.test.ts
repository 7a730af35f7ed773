import { describe } from "vitest";
import { bothAccessModesHeld } from "../../shared/checks/both-access-modes-held.ts";
import { checkTable, keyOf, loginOf, part, unread, userStanding } from "./standings.ts";

const oneKey = part([keyOf("LTAI1")]);
const keyOff = part([keyOf("LTAI1", { status: "Inactive" })]);

describe("console logon and keys of one user", () => {
  checkTable(bothAccessModesHeld, {
    broken: {
      "a logon and a key": userStanding({ keys: oneKey }),
      "a logon and two keys": userStanding({ keys: part([keyOf("LTAI1"), keyOf("LTAI2")]) }),
    },
    fine: {
      "a logon alone": userStanding(),
      "a key alone": userStanding({ login: part(null), keys: oneKey }),
      "a logon that is off": userStanding({ login: loginOf({ status: "Inactive" }), keys: oneKey }),
      "a key that is off": userStanding({ keys: keyOff }),
    },
    unread: {
      "the logon could not be read": userStanding({ login: unread, keys: oneKey }),
      "the keys could not be read": userStanding({ keys: unread }),
    },
  });
});
