import { describe } from "vitest";
import { selfServiceCredentialsAllowed } from "../../shared/rules/self-service-credentials-allowed.ts";
import { ruleTable, settingChange, user } from "./changes.ts";

const strict = { AllowUserToManageAccessKeys: false, AllowUserToManageServiceCredentials: false };
const to = (over: object, from: object | "unknown" = {}, actor = user("mallory")) =>
  settingChange(
    "security-preference",
    from === "unknown" ? from : { ...strict, ...from },
    { ...strict, ...over },
    actor,
  );

describe("users who may make credentials for themselves", () => {
  ruleTable(selfServiceCredentialsAllowed, {
    violates: {
      "keys from now on": to({ AllowUserToManageAccessKeys: true }),
      "service credentials from now on": to({ AllowUserToManageServiceCredentials: true }),
      "public keys, of which nobody spoke before": to({ AllowUserToManagePublicKeys: true }),
      "service credentials, and nobody knows what was before": to(
        { AllowUserToManageServiceCredentials: true },
        "unknown",
      ),
      "public keys, and nobody knows what was before": to({ AllowUserToManagePublicKeys: true }, "unknown"),
      "keys, and nobody knows what was before": to({ AllowUserToManageAccessKeys: true }, "unknown"),
    },
    complies: {
      "not any more": to({}, { AllowUserToManageAccessKeys: true }),
      "as before": to({ AllowUserToManageAccessKeys: true }, { AllowUserToManageAccessKeys: true }),
      "their second factors, which is well": to({ AllowUserToManageMFADevices: true }),
      "not, and nobody knows what was before": to({ AllowUserToManagePublicKeys: false }, "unknown"),
      "by a provisioner, where nobody knows what was before": to(
        { AllowUserToManageAccessKeys: true },
        "unknown",
        user("helpdesk"),
      ),
    },
    undetermined: {
      "a value that is neither": to({ AllowUserToManageAccessKeys: "perhaps" }),
      "a value that is neither, and nobody knows what was before": to(
        { AllowUserToManageAccessKeys: "perhaps" },
        "unknown",
      ),
    },
  });
});
