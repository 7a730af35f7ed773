import { describe } from "vitest";
import { highRiskPolicyOnServiceRole } from "../../shared/rules/high-risk-policy-on-service-role.ts";
import { allow, allowing, custom, detachChange, grantChange, own, ruleTable, system, trusting } from "./changes.ts";

const job = { kind: "role", name: "job" } as const;
const service = trusting(allow({ Service: "fc.aliyuncs.com" }));

describe("a high-risk policy on a role that a service works with", () => {
  ruleTable(highRiskPolicyOnServiceRole, {
    violates: {
      AdministratorAccess: { change: grantChange(job, system("AdministratorAccess")), facts: { roleTrust: service } },
      "a custom policy that may attach policies": {
        change: grantChange(job, custom("work")),
        facts: { roleTrust: service, policyDocument: allowing("ram:AttachPolicyToRole") },
      },
      "and that two services work with": {
        change: grantChange(job, system("AdministratorAccess")),
        facts: { roleTrust: trusting(allow({ Service: ["fc.aliyuncs.com", "ecs.aliyuncs.com"] })) },
      },
      "a policy that the settings name": {
        change: grantChange(job, system("AliyunSTSAssumeRoleAccess")),
        facts: { roleTrust: service },
      },
    },
    complies: {
      "of a role that trusts no service": {
        change: grantChange(job, system("AdministratorAccess")),
        facts: { roleTrust: trusting(allow({ RAM: `acs:ram::${own}:user/alice` })) },
      },
      "that reads": {
        change: grantChange(job, custom("work")),
        facts: { roleTrust: service, policyDocument: allowing("oss:GetObject") },
      },
      "that reads, whoever works with the role": {
        change: grantChange(job, custom("work")),
        facts: { policyDocument: allowing("oss:GetObject") },
      },
      "of a user": {
        change: grantChange({ kind: "user", name: "job" }, system("AdministratorAccess")),
        facts: { roleTrust: service },
      },
      "that is taken away": {
        change: detachChange(job, custom("work")),
        facts: { roleTrust: service, policyDocument: allowing("*") },
      },
    },
    undetermined: {
      "of a role whose trust was not read": grantChange(job, system("AdministratorAccess")),
      "of a role whose trust cannot be understood": {
        change: grantChange(job, system("AdministratorAccess")),
        facts: { roleTrust: "{" },
      },
      "whose text was not read": { change: grantChange(job, custom("work")), facts: { roleTrust: service } },
    },
  });
});
