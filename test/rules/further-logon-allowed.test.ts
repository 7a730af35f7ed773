import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { furtherLogonAllowed } from "../../shared/rules/further-logon-allowed.ts";
import { ruleTable, settingChange, settings } from "./changes.ts";

const usual = { AllowUserToLoginWithPasskey: false, AllowUserToManagePersonalDingTalk: false };
const to = (over: object, from: object | "unknown" = {}) =>
  settingChange("security-preference", from === "unknown" ? from : { ...usual, ...from }, { ...usual, ...over });
const logon = (passkeys: "allowed" | "forbidden", personalDingTalk: "allowed" | "forbidden") => ({
  settings: settings({ practices: { ...usualPractices, logon: { passkeys, personalDingTalk } } }),
});
const dingTalk = { AllowUserToManagePersonalDingTalk: true };
const passkey = { AllowUserToLoginWithPasskey: true };

describe("a further way to log on", () => {
  ruleTable(furtherLogonAllowed, {
    violates: {
      "by DingTalk, which is forbidden unless the settings say otherwise": to(dingTalk),
      "by passkey, where that is forbidden": { change: to(passkey), facts: logon("forbidden", "allowed") },
      "by DingTalk, and nobody knows what was before": to(dingTalk, "unknown"),
    },
    complies: {
      "by passkey, which is allowed unless the settings say otherwise": to(passkey),
      "by DingTalk, where that is allowed": { change: to(dingTalk), facts: logon("allowed", "allowed") },
      "as before": to(dingTalk, dingTalk),
      "not any more": to({}, dingTalk),
      "none, and nobody knows what was before": to({}, "unknown"),
    },
    undetermined: {
      "a value that is neither": to({ AllowUserToManagePersonalDingTalk: "perhaps" }),
      "a value that is neither, and nobody knows what was before": {
        change: to({ AllowUserToLoginWithPasskey: "perhaps" }, "unknown"),
        facts: logon("forbidden", "forbidden"),
      },
    },
  });
});
