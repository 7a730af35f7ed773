import { describe } from "vitest";
import { logonWithoutFactor } from "../../shared/checks/logon-without-factor.ts";
import { accountStanding, checkTable, loginOf, part, unread, userStanding } from "./standings.ts";

const bare = userStanding({ factor: part(null) });

describe("the second factor of who may log on", () => {
  checkTable(logonWithoutFactor, {
    broken: {
      "neither device nor passkey": bare,
      "what the account asks for could not be read": {
        standing: bare,
        facts: { account: accountStanding({ preference: unread }) },
      },
      "the account was not looked at": { standing: bare, facts: { account: undefined } },
    },
    fine: {
      "a device": userStanding(),
      "a passkey": userStanding({ factor: part("passkey") }),
      "no logon": userStanding({ factor: part(null), login: part(null) }),
      "a logon that is off": userStanding({ factor: part(null), login: loginOf({ status: "Inactive" }) }),
      "a logon that has one bound at the next use": userStanding({
        factor: part(null),
        login: loginOf({ mfaBindRequired: true }),
      }),
      "an account that asks everybody": {
        standing: bare,
        facts: { account: accountStanding({ preference: part({ MFAOperationForLogin: "mandatory" }) }) },
      },
    },
    unread: {
      "the factor could not be read": userStanding({ factor: unread }),
      "the logon could not be read": userStanding({ login: unread, factor: part(null) }),
    },
  });
});
