import { describe } from "vitest";
import { rootWithoutMfa } from "../../shared/checks/root-without-mfa.ts";
import { accountStanding, checkTable, part, unread } from "./standings.ts";

describe("the account owner's second factor", () => {
  checkTable(rootWithoutMfa, {
    broken: {
      "there is none": accountStanding({ rootMfa: part(false) }),
      "there is none, and there are keys": accountStanding({ rootMfa: part(false), rootKeys: part(1) }),
    },
    fine: { "there is one": accountStanding(), "there is one, and keys": accountStanding({ rootKeys: part(2) }) },
    unread: { "it could not be read": accountStanding({ rootMfa: unread }) },
  });
});
