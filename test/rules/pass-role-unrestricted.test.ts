import { describe } from "vitest";
import { passRoleUnrestricted } from "../../shared/rules/pass-role-unrestricted.ts";
import {
  allowing,
  custom,
  detachChange,
  grantChange,
  permitting,
  policyChange,
  policyOf,
  ruleTable,
} from "./changes.ts";

const reading = policyOf([allowing("oss:GetObject")]);
const ops = { kind: "role", name: "ops" } as const;
const grant = grantChange(ops, custom("work"));
const withText = (policyDocument: string) => ({ policyDocument });

describe("PassRole without a limit", () => {
  ruleTable(passRoleUnrestricted, {
    violates: {
      "with functions, in a grant": { change: grant, facts: withText(allowing(["ram:PassRole", "fc:*"])) },
      "with instances, in a grant": { change: grant, facts: withText(allowing(["ram:PassRole", "ecs:RunInstances"])) },
      "with stacks, in a new version": policyChange(reading, policyOf([allowing(["ram:PassRole", "ros:*"])])),
      "in a new policy": policyChange("new", policyOf([allowing(["ram:Pass*", "fc:*"])]), { did: "made" }),
    },
    complies: {
      "without anything to run": { change: grant, facts: withText(allowing("ram:PassRole")) },
      "of one role": {
        change: grant,
        facts: withText(
          permitting(
            { Effect: "Allow", Action: "ram:PassRole", Resource: "acs:ram:*:*:role/ci" },
            { Effect: "Allow", Action: "fc:*", Resource: "*" },
          ),
        ),
      },
      "as part of full administration": { change: grant, facts: withText(allowing("*")) },
      "that was there before": policyChange(
        policyOf([allowing(["ram:PassRole", "fc:*"])]),
        policyOf([allowing(["ram:PassRole", "fc:*", "oss:GetObject"])]),
      ),
      "that is taken away": {
        change: detachChange(ops, custom("work")),
        facts: withText(allowing(["ram:PassRole", "fc:*"])),
      },
    },
    undetermined: {
      "the text of the policy was not read": grant,
      "what the policy allowed before is not known": policyChange(
        "unknown",
        policyOf([allowing(["ram:PassRole", "fc:*"])]),
      ),
    },
  });
});
