import { describe } from "vitest";
import { rootKeyHeld } from "../../shared/checks/root-key-held.ts";
import { accountStanding, checkTable, part, unread } from "./standings.ts";

describe("keys of the account owner", () => {
  checkTable(rootKeyHeld, {
    broken: {
      "there is one": accountStanding({ rootKeys: part(1) }),
      "there are two": accountStanding({ rootKeys: part(2) }),
    },
    fine: { "there is none": accountStanding(), "nothing is known of its MFA": accountStanding({ rootMfa: unread }) },
    unread: { "the report could not be read": accountStanding({ rootKeys: unread }) },
  });
});
