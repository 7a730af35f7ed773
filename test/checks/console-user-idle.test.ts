import { describe } from "vitest";
import { consoleUserIdle } from "../../shared/checks/console-user-idle.ts";
import { checkTable, daysAgo, loginOf, part, unread, userStanding } from "./standings.ts";

describe("console logons that nobody uses", () => {
  checkTable(consoleUserIdle, {
    broken: {
      "used last 91 days ago": userStanding({ login: loginOf({ usedAt: daysAgo(91) }) }),
      "never used since the user was made": userStanding({ login: loginOf(), createdAt: daysAgo(91) }),
    },
    fine: {
      "used yesterday": userStanding(),
      "used 90 days ago": userStanding({ login: loginOf({ usedAt: daysAgo(90) }) }),
      "never used, of a new user": userStanding({ login: loginOf(), createdAt: daysAgo(20) }),
      "idle and off": userStanding({ login: loginOf({ status: "Inactive", usedAt: daysAgo(300) }) }),
      "no logon": userStanding({ login: part(null) }),
    },
    unread: { "the logon could not be read": userStanding({ login: unread }) },
  });
});
