import { describe } from "vitest";
import { defaultPolicyVersionSwitched } from "../../shared/rules/default-policy-version-switched.ts";
import { allowing, policyChange, policyOf, ruleTable } from "./changes.ts";

const reading = policyOf([allowing("oss:GetObject")]);
const admin = policyOf([allowing("oss:GetObject"), allowing("*")]);

describe("another version of a policy that came into force", () => {
  ruleTable(defaultPolicyVersionSwitched, {
    violates: {
      "it allows everything": policyChange(reading, admin),
      "it was made the default at once": policyChange(reading, admin, {
        did: "version-made",
        versionId: "v2",
        asDefault: true,
      }),
      "it may make keys for others": policyChange(reading, policyOf([allowing("ram:CreateAccessKey")])),
      "it may assume every role": policyChange(reading, policyOf([allowing("sts:AssumeRole")])),
      "it may pass any role to functions": policyChange(reading, policyOf([allowing(["ram:PassRole", "fc:*"])])),
    },
    complies: {
      "it is narrower": policyChange(admin, reading),
      "it is written otherwise": policyChange(
        policyOf([allowing(["oss:GetObject", "oss:PutObject"])]),
        policyOf([allowing(["oss:Put*", "oss:GetObject"])]),
      ),
      "it allows more of what does not matter": policyChange(
        reading,
        policyOf([allowing(["oss:GetObject", "oss:ListObjects"])]),
      ),
      "the policy is new": policyChange("new", admin, { did: "made" }),
      "the policy is new, though nothing says that it was made": policyChange("new", admin),
      "the policy is made, and nobody knows what was before": policyChange("unknown", admin, { did: "made" }),
      "the policy is deleted": policyChange(admin, "gone", {}),
      "the policy is deleted, and nobody knows what it was": policyChange("unknown", "gone", {}),
    },
    undetermined: {
      "which one it was before is not known": policyChange("unknown", admin),
      "it cannot be read": policyChange(reading, policyOf(["no document"])),
    },
  });
});
