import { describe } from "vitest";
import { productAdminPolicy } from "../../shared/rules/product-admin-policy.ts";
import { allowing, custom, detachChange, grantChange, permitting, ruleTable, system } from "./changes.ts";

const ops = { kind: "role", name: "ops" } as const;
const withText = (policyDocument: string) => ({ policyDocument });

describe("a whole product that is granted", () => {
  ruleTable(productAdminPolicy, {
    violates: {
      "a system policy, by its text": {
        change: grantChange(ops, system("AliyunECSFullAccess")),
        facts: withText(allowing("ecs:*")),
      },
      "a custom policy": { change: grantChange(ops, custom("work")), facts: withText(allowing("rds:*")) },
      "a product, with more stars than it takes": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing("rds:**")),
      },
      "two products": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing(["rds:*", "LOG:*"])),
      },
      "one product beside another that may be": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing(["oss:*", "log:*"])),
      },
    },
    complies: {
      "a product that the settings allow": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing("oss:*")),
      },
      "some of its actions": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing(["ecs:Describe*", "rds:Create*"])),
      },
      "of named resources": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing("rds:*", "acs:rds:*:*:dbinstance/a")),
      },
      "and some of it is denied": {
        change: grantChange(ops, custom("work")),
        facts: withText(
          permitting(
            { Effect: "Allow", Action: "rds:*", Resource: "*" },
            { Effect: "Deny", Action: "rds:Delete*", Resource: "*" },
          ),
        ),
      },
      "full administration, which a rule of its own tells": grantChange(ops, system("AdministratorAccess")),
      "everything, which a rule of its own tells": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing(["*", "rds:*"])),
      },
      "one product is denied, and some of another allowed": {
        change: grantChange(ops, custom("work")),
        facts: withText(
          permitting(
            { Effect: "Deny", Action: "rds:*", Resource: "*" },
            { Effect: "Allow", Action: "ecs:Describe*", Resource: "*" },
          ),
        ),
      },
      "what begins like a whole product": {
        change: grantChange(ops, custom("work")),
        facts: withText(allowing(["rds:*Instance", "a*b:*"])),
      },
      "it is taken away": { change: detachChange(ops, custom("work")), facts: withText(allowing("rds:*")) },
    },
    undetermined: {
      "the text of a system policy was not read": grantChange(ops, system("AliyunKvstoreFullAccess")),
      "the text of a custom policy was not read": grantChange(ops, custom("work")),
    },
  });
});
