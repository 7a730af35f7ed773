import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Snapshot } from "../../sandbox/index.ts";

export const accountId = "1234567890123456";
export const auditors = "5098713426650081";
export const stranger = "6660666066606660";

/** The RAM documents of the installation, as they are deployed, with the account's id filled in. */
const roleDocument = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../functions/roles/${name}.json`, import.meta.url)), "utf8").replaceAll(
    "<account-id>",
    accountId,
  );

const trust = (principal: object, condition?: object): string =>
  JSON.stringify({
    Statement: [
      {
        Action: "sts:AssumeRole",
        Effect: "Allow",
        Principal: principal,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
    Version: "1",
  });

export const deployTrust = trust({ RAM: [`acs:ram::${accountId}:role/ci`] });
export const auditTrust = trust(
  { RAM: [`acs:ram::${auditors}:root`] },
  { StringEquals: { "sts:ExternalId": "q3-2026" } },
);

const madeAt = "2026-03-02T08:00:00Z";

const role = (roleName: string, assumeRolePolicyDocument: string, description: string, maxSessionDuration = 3600) => ({
  roleName,
  assumeRolePolicyDocument,
  description,
  maxSessionDuration,
  createDate: madeAt,
  updateDate: madeAt,
});

const ownPolicy = (policyName: string) => ({
  policyName,
  policyType: "Custom" as const,
  defaultVersion: "v1",
  versions: [{ versionId: "v1", policyDocument: roleDocument(policyName.replace("ram-warden-", "")) }],
});

const attached = (policyName: string, principalType: "user" | "group" | "role", principalName: string) => ({
  policyType: policyName.startsWith("ram-warden") ? ("Custom" as const) : ("System" as const),
  policyName,
  principalType,
  principalName,
});

/** Whose names commands may be run in while the example is up: who may decide, and who made the changes of the story. */
export const people = ["administrator", "security-lead", "platform-ops"] as const;

/** The account of the example: a small company's, with RAM Warden installed as functions/roles/ says. */
export const exampleAccount = (): Snapshot => ({
  version: 1,
  accountId,
  alias: "example",
  users: [
    {
      userName: "administrator",
      displayName: "Administrator",
      accessKeys: [{ accessKeyId: "LTAI5tExampleAdmin0001" }],
    },
    {
      userName: "platform-ops",
      displayName: "Platform operations",
      accessKeys: [{ accessKeyId: "LTAI5tExampleOps000001" }],
    },
    {
      userName: "security-lead",
      displayName: "Security lead",
      accessKeys: [{ accessKeyId: "LTAI5tExampleLead00001" }],
    },
    { userName: "break-glass", displayName: "Emergency access" },
    { userName: "finance-report", displayName: "Monthly report job" },
    { userName: "alice", displayName: "Alice" },
  ],
  groups: [{ groupName: "developers", members: [{ userName: "alice" }] }],
  roles: [
    role("ram-warden-looking", roleDocument("looking.trust"), "RAM Warden looks"),
    role("ram-warden-acting", roleDocument("acting.trust"), "RAM Warden acts"),
    role("ram-warden-approving", roleDocument("approving.trust"), "people approve"),
    role("ci", trust({ Service: ["ecs.aliyuncs.com"] }), "build machines"),
    role("deploy-production", deployTrust, "deploys to production", 7200),
    role("audit-readonly", auditTrust, "the auditors' way in", 14_400),
    role("AliyunServiceRoleForActionTrail", trust({ Service: ["actiontrail.aliyuncs.com"] }), "service-linked"),
  ],
  policies: [ownPolicy("ram-warden-looking"), ownPolicy("ram-warden-acting"), ownPolicy("ram-warden-approving")],
  attachments: [
    attached("AdministratorAccess", "user", "administrator"),
    attached("AliyunRAMFullAccess", "user", "platform-ops"),
    // Who decides about plans needs no rights to write: these are the approving role's, for the calls of a plan alone.
    attached("ReadOnlyAccess", "user", "security-lead"),
    attached("AliyunSTSAssumeRoleAccess", "user", "security-lead"),
    attached("AdministratorAccess", "role", "deploy-production"),
    attached("ReadOnlyAccess", "role", "audit-readonly"),
    attached("ram-warden-looking", "role", "ram-warden-looking"),
    attached("ram-warden-acting", "role", "ram-warden-acting"),
    attached("ram-warden-approving", "role", "ram-warden-approving"),
  ],
});
