import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import { logonWithoutMfa } from "../../shared/rules/logon-without-mfa.ts";
import { judged, login, loginChange, ruleTable, user } from "./changes.ts";

const open = login({ mfaBindRequired: false });
const inAccount = (change: Change, mfaForAll: boolean | undefined = false) => ({ change, facts: { mfaForAll } });

describe("a logon that asks for no second factor", () => {
  ruleTable(logonWithoutMfa, {
    violates: {
      "it is new": inAccount(loginChange("nothing", open)),
      "it asked for one before": inAccount(loginChange(login(), open)),
      "it was off": inAccount(loginChange(login({ status: "Inactive", mfaBindRequired: false }), open)),
      "a provisioner makes it": inAccount(loginChange("nothing", open, { actor: user("helpdesk") })),
    },
    complies: {
      "it asks for one": inAccount(loginChange("nothing", login())),
      "the account asks everybody for one": inAccount(loginChange("nothing", open), true),
      "it asked for none before": inAccount(
        loginChange(open, login({ mfaBindRequired: false, passwordResetRequired: true })),
      ),
      "it is off": inAccount(loginChange("nothing", login({ mfaBindRequired: false, status: "Inactive" }))),
      "it is gone": inAccount(loginChange(open, undefined)),
      "the user sets the own password, and nobody knows more": inAccount(
        loginChange("unknown", open, { actor: user("alice"), unseen: ["password"] }),
      ),
      "the help desk does, and nobody knows more": inAccount(
        loginChange("unknown", open, { actor: user("helpdesk"), unseen: ["password"] }),
      ),
    },
    undetermined: {
      "nobody knows whether it asked for one": inAccount(loginChange("unknown", open)),
      "nobody knows whether the account asks everybody": loginChange("nothing", open),
    },
  });

  test("is mended by asking for one, which is less than to delete the logon", () => {
    expect(judged(logonWithoutMfa, inAccount(loginChange("nothing", open)))).toMatchObject({
      kind: "violation",
      mend: "demand-second-factor",
    });
  });
});
