import { describe } from "vitest";
import { administratorMissing } from "../../shared/checks/administrator-missing.ts";
import { accountStanding, checkTable, part, unread } from "./standings.ts";

describe("who administers the account besides its owner", () => {
  checkTable(administratorMissing, {
    broken: {
      nobody: accountStanding({ administrators: part([]) }),
      "nobody, whatever the owner has": accountStanding({
        administrators: part([]),
        rootMfa: unread,
        rootKeys: part(2),
      }),
    },
    fine: {
      "a role": accountStanding(),
      "a user": accountStanding({ administrators: part([{ kind: "user", name: "alice" }]) }),
    },
    unread: { "it could not be read": accountStanding({ administrators: unread }) },
  });
});
