import { describe } from "vitest";
import { policyAddsEscalation } from "../../shared/rules/policy-adds-escalation.ts";
import { allowing, custom, detachChange, grantChange, policyChange, policyOf, ruleTable, system } from "./changes.ts";

const reading = policyOf([allowing("oss:GetObject")]);
const ops = { kind: "role", name: "ops" } as const;
const grant = grantChange(ops, custom("work"));
const withText = (policyDocument: string) => ({ policyDocument });

describe("a way to escalate", () => {
  ruleTable(policyAddsEscalation, {
    violates: {
      "a policy is made that may attach policies": policyChange("new", policyOf([allowing("ram:AttachPolicyToUser")]), {
        did: "made",
      }),
      "a version may write versions": policyChange(
        reading,
        policyOf([allowing(["oss:GetObject", "ram:CreatePolicyVersion"])]),
      ),
      "a grant may change trust": { change: grant, facts: withText(allowing("ram:UpdateRole")) },
      "a grant may set passwords of others": { change: grant, facts: withText(allowing("ram:*LoginProfile")) },
      "a grant to a group, in a resource group": {
        change: grantChange({ kind: "group", name: "devs" }, custom("work"), { scope: { resourceGroupId: "rg-1" } }),
        facts: withText(allowing("ram:AddUserToGroup")),
      },
    },
    complies: {
      "a policy reads": policyChange("new", reading, { did: "made" }),
      "a grant reads": { change: grant, facts: withText(allowing("oss:GetObject")) },
      "it was possible before as well": policyChange(
        policyOf([allowing("ram:*")]),
        policyOf([allowing("ram:UpdateRole")]),
      ),
      "full administration, which rules of its own tell": { change: grant, facts: withText(allowing("*")) },
      "AdministratorAccess, whose text is not read": grantChange(ops, system("AdministratorAccess")),
      "the grant is taken away": {
        change: detachChange(ops, custom("work")),
        facts: withText(allowing("ram:UpdateRole")),
      },
      "one named role may be assumed": {
        change: grant,
        facts: withText(allowing("sts:AssumeRole", "acs:ram:*:*:role/ci")),
      },
      "a user may make keys for itself": {
        change: grantChange({ kind: "user", name: "alice" }, custom("work")),
        facts: withText(allowing("ram:CreateAccessKey", "acs:ram:*:*:user/alice")),
      },
      "a version is laid by": policyChange(
        reading,
        { ...policyOf([allowing("oss:GetObject"), allowing("ram:UpdateRole")]), defaultVersion: "v1" },
        { did: "version-made", versionId: "v2" },
      ),
    },
    undetermined: {
      "a role may make keys for the user of its name": {
        change: grantChange({ kind: "role", name: "alice" }, custom("work")),
        facts: withText(allowing("ram:CreateAccessKey", "acs:ram:*:*:user/alice")),
      },
      "a user may make keys for another": {
        change: grantChange({ kind: "user", name: "alice" }, custom("work")),
        facts: withText(allowing("ram:CreateAccessKey", "acs:ram:*:*:user/bob")),
      },
      // Whoever is its own target gets no further; of a group nobody knows who that would be.
      "it is bound to one role, which is another": {
        change: grant,
        facts: withText(allowing("ram:UpdateRole", "acs:ram:*:*:role/other")),
      },
      "it is bound to the name of the group": {
        change: grantChange({ kind: "group", name: "ops" }, custom("work")),
        facts: withText(allowing("ram:CreateAccessKey", "acs:ram:*:*:user/ops")),
      },
      "the text of the policy was not read": grant,
      "what the policy allowed before is not known": policyChange("unknown", policyOf([allowing("ram:UpdateRole")])),
      "it is bound to one user, who may be stronger": {
        change: grant,
        facts: withText(allowing("ram:CreateAccessKey", "acs:ram:*:*:user/alice")),
      },
    },
  });
});
