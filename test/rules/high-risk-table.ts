import type { Principal } from "../../shared/domain/identity.ts";
import type { PolicyName } from "../../shared/domain/subject.ts";
import type { Table } from "./changes.ts";
import { grantChange, role, settings, user } from "./changes.ts";

const system = (name: string): PolicyName => ({ type: "System", name });
const custom = (name: string): PolicyName => ({ type: "Custom", name });

export const permitting = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });
const allowing = (action: unknown, resource: unknown = "*"): string =>
  permitting({ Effect: "Allow", Action: action, Resource: resource });

const withText = (policyDocument: string) => ({ policyDocument });

/** What the three rules on high-risk grants have in common, for one kind of principal and one of another kind. */
export const highRiskTable = (
  principal: Principal,
  another: Principal,
): { readonly violates: Table; readonly complies: Table; readonly undetermined: Table } => {
  const grant = (policy: PolicyName, more: Parameters<typeof grantChange>[2] = {}) =>
    grantChange(principal, policy, more);
  return {
    violates: {
      "AdministratorAccess, for the whole account": grant(system("AdministratorAccess")),
      "AliyunRAMFullAccess, for the whole account": grant(system("AliyunRAMFullAccess")),
      "AdministratorAccess, in one resource group": grant(system("AdministratorAccess"), {
        scope: { resourceGroupId: "rg-acfm123" },
      }),
      "AdministratorAccess, by a role": grant(system("AdministratorAccess"), { actor: role("ops") }),
      "AdministratorAccess, by nobody knows whom": grant(system("AdministratorAccess"), { actor: undefined }),
      "AdministratorAccess, though the settings name no policy": {
        change: grant(system("AdministratorAccess")),
        facts: { settings: settings({ highRiskPolicies: [] }) },
      },
      "a system policy that the settings name": grant(system("AliyunSTSAssumeRoleAccess")),
      "a custom policy that the settings name, whatever its text": {
        change: grant(custom("break-glass")),
        facts: {
          settings: settings({ highRiskPolicies: ["a", "b", "break-glass"] }),
          ...withText(allowing("oss:GetObject")),
        },
      },
      "a custom policy that allows everything": { change: grant(custom("ops")), facts: withText(allowing("*")) },
      "a custom policy that allows everything, spelled otherwise": {
        change: grant(custom("ops")),
        facts: withText(allowing(["*:*"], ["acs:*:*:*:*", "*"])),
      },
      "a custom policy that allows everything in RAM": {
        change: grant(custom("ops")),
        facts: withText(allowing("ram:*")),
      },
    },
    complies: {
      "a system policy that nobody counts as high-risk": grant(system("AliyunOSSReadOnlyAccess")),
      "a system policy whose name only begins like one": grant(system("AdministratorAccessX")),
      "a system policy whose name only ends like one": grant(system("XAdministratorAccess")),
      "a system policy in a case of its own, which RAM knows nothing of": grant(system("administratoraccess")),
      "a wildcard in the settings is a name like any other": {
        change: grant(system("AliyunECSFullAccess")),
        facts: { settings: settings({ highRiskPolicies: ["*", "Aliyun*", "AliyunECSFullAcces?"] }) },
      },
      "a custom policy that only has the name of AdministratorAccess": {
        change: grant(custom("AdministratorAccess")),
        facts: withText(allowing("oss:GetObject", "acs:oss:*:*:logs/*")),
      },
      "a custom policy that reads one bucket": {
        change: grant(custom("reader")),
        facts: withText(allowing("oss:GetObject", "acs:oss:*:*:logs/*")),
      },
      "a custom policy that allows everything and denies it again": {
        change: grant(custom("nothing")),
        facts: withText(
          permitting({ Effect: "Allow", Action: "*", Resource: "*" }, { Effect: "Deny", Action: "*", Resource: "*" }),
        ),
      },
      "the grant is gone again": grant(system("AdministratorAccess"), { isGone: true }),
      "the grant is to another kind of principal, which another rule judges": grantChange(
        another,
        system("AdministratorAccess"),
        { actor: user("mallory") },
      ),
    },
    undetermined: {
      "the text of a custom policy was not read": grant(custom("ops")),
      "the text of a custom policy is not a policy": { change: grant(custom("ops")), facts: withText("{") },
      "the text of a custom policy was not read, though its name is AdministratorAccess": grant(
        custom("AdministratorAccess"),
      ),
    },
  };
};
