import { describe } from "vitest";
import { customPolicyFullAdmin } from "../../shared/rules/custom-policy-full-admin.ts";
import { allowing, permitting, policyChange, policyOf, ruleTable } from "./changes.ts";

const reading = policyOf([allowing("oss:GetObject")]);
const admin = policyOf([allowing("oss:GetObject"), allowing("*")]);
const denied = permitting(
  { Effect: "Allow", Action: "*", Resource: "*" },
  { Effect: "Deny", Action: "*", Resource: "*" },
);

describe("a custom policy of full administration", () => {
  ruleTable(customPolicyFullAdmin, {
    violates: {
      "it is made so": policyChange("new", policyOf([allowing("*")]), { did: "made" }),
      "its new default allows everything": policyChange(reading, admin, {
        did: "version-made",
        versionId: "v2",
        asDefault: true,
      }),
      "a version that allows everything becomes its default": policyChange(reading, admin),
      "by two halves of the alphabet": policyChange(
        reading,
        policyOf([allowing([..."abcdefghijklmnopqrstuvwxyz"].map((letter) => `${letter}*`))]),
      ),
      "by all but nothing": policyChange(
        reading,
        policyOf([permitting({ Effect: "Allow", NotAction: ["none:*"], Resource: "*" })]),
      ),
      "by a Deny that is gone": policyChange(policyOf([denied]), policyOf([denied, allowing("*")])),
    },
    complies: {
      "it reads": policyChange("new", reading, { did: "made" }),
      "it allowed everything before": policyChange(
        policyOf([allowing("*")]),
        policyOf([allowing("*"), allowing("*:*")]),
      ),
      "it is narrowed": policyChange(policyOf([allowing("*")]), policyOf([allowing("*"), allowing("oss:*")])),
      "the version is laid by and not the default": policyChange(
        reading,
        { ...admin, defaultVersion: "v1" },
        { did: "version-made", versionId: "v2" },
      ),
      "its description is changed": policyChange("unknown", admin, { did: "described" }),
      "it denies again all that it allows": policyChange("new", policyOf([denied]), { did: "made" }),
      "it is deleted": policyChange(admin, "gone", {}),
    },
    undetermined: {
      "what it allowed before is not known": policyChange("unknown", admin),
      "it cannot be read": policyChange("new", policyOf(["{"]), { did: "made" }),
    },
  });
});
