import { describe } from "vitest";
import { guardWeakened } from "../../shared/rules/guard-weakened.ts";
import {
  allowing,
  carrying,
  custom,
  detachChange,
  grantChange,
  membershipChange,
  permitting,
  policyChange,
  policyOf,
  ruleTable,
  system,
} from "./changes.ts";

const ops = { kind: "role", name: "ops" } as const;
const withText = (policyDocument: string) => ({ policyDocument });
const denying = (action: unknown) => permitting({ Effect: "Deny", Action: action, Resource: "*" });
const underUnheard = (effect: "Allow" | "Deny", action: unknown) =>
  permitting({ Effect: effect, Action: action, Resource: "*", Condition: { Unheard: { "acs:x": "1" } } });
const both = permitting(
  { Effect: "Allow", Action: "oss:*", Resource: "*" },
  { Effect: "Deny", Action: "oss:Put*", Resource: "*" },
);

describe("a guard that is weakened", () => {
  ruleTable(guardWeakened, {
    violates: {
      "its policy is detached": { change: detachChange(ops, custom("guard")), facts: withText(denying("ram:*")) },
      "its policy is detached in a resource group": {
        change: detachChange(ops, custom("guard"), { scope: { resourceGroupId: "rg-1" } }),
        facts: withText(denying("ecs:*")),
      },
      "it goes from a policy": policyChange(policyOf([both]), policyOf([both, allowing("oss:*")])),
      "it gets narrower": policyChange(policyOf([denying("ram:*")]), policyOf([denying("ram:Delete*")])),
      "its policy is deleted": policyChange(policyOf([denying("ram:*")]), "gone", {}),
      "the user leaves the group that carries it": {
        change: membershipChange("guarded", { before: "there", after: "gone" }),
        facts: carrying(denying("ram:*"), allowing("oss:*")),
      },
    },
    complies: {
      "a policy without a Deny is detached": {
        change: detachChange(ops, custom("work")),
        facts: withText(allowing("oss:*")),
      },
      "AdministratorAccess is detached, whose text is not read": detachChange(ops, system("AdministratorAccess")),
      "it comes": { change: grantChange(ops, custom("guard")), facts: withText(denying("ram:*")) },
      "it gets wider": policyChange(policyOf([denying("ram:Delete*")]), policyOf([denying("ram:*")])),
      "it is written otherwise": policyChange(
        policyOf([denying(["ram:A*", "ram:B*"])]),
        policyOf([denying(["ram:B*", "ram:A*", "ram:Ab*"])]),
      ),
      "another Allow of its policy goes": policyChange(policyOf([both]), policyOf([denying("oss:Put*")])),
      "a user joins the group that carries it": {
        change: membershipChange("guarded"),
        facts: carrying(denying("ram:*")),
      },
      "a user joins a group, and what it carries was not read": membershipChange("guarded"),
      "nobody knows whether the user was in the group that it joins": {
        change: membershipChange("guarded", { before: "unknown" }),
        facts: carrying(denying("ram:*")),
      },
      "the default of its policy stays": policyChange("unknown", policyOf([both]), { did: "described" }),
    },
    undetermined: {
      "it gets a condition that nobody knows": policyChange(
        policyOf([denying("ram:*")]),
        policyOf([underUnheard("Deny", "ram:*")]),
      ),
      "the text of the policy was not read": detachChange(ops, custom("guard")),
      "what the policy denied before is not known": policyChange("unknown", policyOf([allowing("oss:*")])),
      "what the group carries was not read": membershipChange("guarded", { before: "there", after: "gone" }),
      "nothing proves that it was attached": {
        change: detachChange(ops, custom("guard"), { before: "unknown" }),
        facts: withText(denying("ram:*")),
      },
      "it is changed to what cannot be read": policyChange(policyOf([both]), policyOf(["{"])),
      "the policy cannot be read": { change: detachChange(ops, custom("guard")), facts: withText("{") },
    },
  });
});
