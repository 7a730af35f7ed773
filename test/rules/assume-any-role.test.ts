import { describe } from "vitest";
import { assumeAnyRole } from "../../shared/rules/assume-any-role.ts";
import {
  allowing,
  custom,
  detachChange,
  grantChange,
  partner,
  policyChange,
  policyOf,
  ruleTable,
  system,
} from "./changes.ts";

const reading = policyOf([allowing("oss:GetObject")]);
const ops = { kind: "role", name: "ops" } as const;
const grant = grantChange(ops, custom("work"));
const withText = (policyDocument: string) => ({ policyDocument });

describe("the right to assume every role", () => {
  ruleTable(assumeAnyRole, {
    violates: {
      "by AliyunSTSAssumeRoleAccess, whose text is not read": grantChange(ops, system("AliyunSTSAssumeRoleAccess")),
      "by a custom policy": { change: grant, facts: withText(allowing("sts:AssumeRole")) },
      "by a custom policy, spelled otherwise": {
        change: grant,
        facts: withText(allowing("STS:assume*", ["acs:ram:*:*:role/*"])),
      },
      "every role of one other account": {
        change: grant,
        facts: withText(allowing("sts:AssumeRole", `acs:ram::${partner}:role/*`)),
      },
      "by a new version": policyChange(reading, policyOf([allowing("sts:*")])),
    },
    complies: {
      "one role": { change: grant, facts: withText(allowing("sts:AssumeRole", "acs:ram:*:*:role/ci")) },
      "one role of another account": {
        change: grant,
        facts: withText(allowing("sts:AssumeRole", `acs:ram::${partner}:role/orders`)),
      },
      "nothing of it": { change: grant, facts: withText(allowing("oss:*")) },
      "as part of full administration": { change: grant, facts: withText(allowing("*")) },
      "it was there before": policyChange(policyOf([allowing("sts:*")]), policyOf([allowing("sts:AssumeRole")])),
      "the grant is taken away": { change: detachChange(ops, custom("work")), facts: withText(allowing("sts:*")) },
    },
    undetermined: {
      "the text of the policy was not read": grant,
      "what the policy allowed before is not known": policyChange("unknown", policyOf([allowing("sts:*")])),
    },
  });
});
