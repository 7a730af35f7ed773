import { describe } from "vitest";
import { allowWithNotAction } from "../../shared/rules/allow-with-not-action.ts";
import { allowing, permitting, policyChange, policyOf, ruleTable } from "./changes.ts";

const allBut = (...actions: readonly string[]) => permitting({ Effect: "Allow", NotAction: actions, Resource: "*" });

describe("a policy that allows all but a list", () => {
  ruleTable(allowWithNotAction, {
    violates: {
      "it is made so": policyChange("new", policyOf([allBut("ram:*")]), { did: "made" }),
      "it is changed so": policyChange(policyOf([allowing("oss:*")]), policyOf([allBut("ram:*", "ims:*")])),
      "it leaves out all that is grave": policyChange(
        "new",
        policyOf([allBut("ram:*", "ims:*", "sts:*", "actiontrail:*")]),
        { did: "made" },
      ),
      "it says so twice": policyChange(
        "new",
        policyOf([
          permitting(
            { Effect: "Allow", NotAction: ["ram:*"], Resource: "*" },
            { Effect: "Allow", NotAction: ["ims:*"], Resource: "*" },
          ),
        ]),
        { did: "made" },
      ),
      "one that was there is widened": policyChange(policyOf([allBut("ram:*", "oss:*")]), policyOf([allBut("ram:*")])),
    },
    complies: {
      "it denies all but a list": policyChange(
        "new",
        policyOf([permitting({ Effect: "Deny", NotAction: ["oss:*"], Resource: "*" })]),
        { did: "made" },
      ),
      "it lists what it allows": policyChange("new", policyOf([allowing("oss:*")]), { did: "made" }),
      "it is narrowed": policyChange(policyOf([allBut("ram:*")]), policyOf([allBut("ram:*", "oss:*")])),
      "it allowed everything before": policyChange(policyOf([allowing("*")]), policyOf([allBut("ram:*")])),
      "it is deleted": policyChange(policyOf([allBut("ram:*")]), "gone", {}),
      "its description is changed": policyChange("unknown", policyOf([allBut("ram:*")]), { did: "described" }),
    },
    undetermined: {
      "what it allowed before is not known": policyChange("unknown", policyOf([allBut("ram:*")])),
      "it cannot be read": policyChange("new", policyOf(["{"]), { did: "made" }),
    },
  });
});
