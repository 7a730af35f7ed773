import { describe } from "vitest";
import { mfaRequirementWeakened } from "../../shared/rules/mfa-requirement-weakened.ts";
import { changed, own, ruleTable, settingChange, user } from "./changes.ts";

const strict = {
  MFAOperationForLogin: "mandatory",
  EnableSaveMFATicket: false,
  VerificationTypes: ["email"],
  LoginSessionDuration: 6,
};
const to = (over: object, from: object | "unknown" = {}, actor = user("mallory")) =>
  settingChange(
    "security-preference",
    from === "unknown" ? from : { ...strict, ...from },
    { ...strict, ...over },
    actor,
  );

describe("an account that asks for a second factor less often", () => {
  ruleTable(mfaRequirementWeakened, {
    violates: {
      "it is asked for only now and then": to({ MFAOperationForLogin: "adaptive" }),
      "each user decides": to({ MFAOperationForLogin: "independent" }, { MFAOperationForLogin: "adaptive" }),
      "a logon is remembered": to({ EnableSaveMFATicket: true }),
      "a further means will do": to({ VerificationTypes: ["email", "sms"] }),
      "a pipeline does it": to({ MFAOperationForLogin: "adaptive" }, {}, user("helpdesk")),
      "it is not enforced any more": to({ EnforceMFAForLogin: false }, { EnforceMFAForLogin: true }),
    },
    complies: {
      "it is asked for at each logon from now on": to({}, { MFAOperationForLogin: "independent" }),
      "a means is not taken any more": to({ VerificationTypes: [] }),
      "something else changes": to({ LoginSessionDuration: 24 }),
      "it is not there any more": changed<"security-preference">(
        { kind: "security-preference", accountId: own, route: "Ims" },
        "unknown",
        undefined,
      ),
      "nobody knows what it was, and it is as strict as can be": to({}, "unknown"),
      "a provisioner sets it where nobody knows what it was": to(
        { MFAOperationForLogin: "independent" },
        "unknown",
        user("helpdesk"),
      ),
    },
    undetermined: {
      "nobody knows what it was, and it could be stricter": to({ MFAOperationForLogin: "adaptive" }, "unknown"),
      "nobody knows what it was, and logons are remembered": to({ EnableSaveMFATicket: true }, "unknown"),
      "what is taken is no list": to({ VerificationTypes: "email" }),
      "what was taken before is not told": to({}, { VerificationTypes: null }),
      "a demand that nobody knows": to({ MFAOperationForLogin: "sometimes" }),
    },
  });
});
