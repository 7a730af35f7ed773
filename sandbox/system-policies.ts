import type { Policy } from "./account.ts";
import type { JsonObject } from "./json.ts";

const madeOn = "2015-04-28T08:14:50Z";

const system = (policyName: string, description: string, statements: readonly JsonObject[]): Policy => ({
  policyName,
  policyType: "System",
  description,
  defaultVersion: "v1",
  createDate: madeOn,
  updateDate: madeOn,
  lastVersion: 1,
  versions: [{ versionId: "v1", document: { Version: "1", Statement: [...statements] }, createDate: madeOn }],
});

const allow = (action: string | readonly string[]): JsonObject => ({
  Effect: "Allow",
  Action: typeof action === "string" ? action : [...action],
  Resource: "*",
});

/** Some of the system policies that every account has. Documents are shortened to what their names say. */
export const systemPolicies: readonly Policy[] = [
  system("AdministratorAccess", "Provides full access to Alibaba Cloud services and resources.", [allow("*")]),
  system("ReadOnlyAccess", "Provides read-only access to Alibaba Cloud services and resources.", [
    allow(["*:Describe*", "*:List*", "*:Get*", "*:BatchGet*", "*:Query*", "*:BatchQuery*", "actiontrail:LookupEvents"]),
  ]),
  system("AliyunRAMFullAccess", "Provides full access to Resource Access Management.", [allow(["ram:*", "ims:*"])]),
  system("AliyunRAMReadOnlyAccess", "Provides read-only access to Resource Access Management.", [
    allow(["ram:Get*", "ram:List*", "ims:Get*", "ims:List*"]),
  ]),
  system("AliyunSTSAssumeRoleAccess", "Provides full access to Security Token Service.", [allow("sts:AssumeRole")]),
  system("AliyunOSSFullAccess", "Provides full access to Object Storage Service.", [allow("oss:*")]),
  system("AliyunOSSReadOnlyAccess", "Provides read-only access to Object Storage Service.", [
    allow(["oss:Get*", "oss:List*"]),
  ]),
  system("AliyunECSFullAccess", "Provides full access to Elastic Compute Service.", [
    allow(["ecs:*", "vpc:DescribeVpcs"]),
  ]),
  system("AliyunFCFullAccess", "Provides full access to Function Compute.", [allow("fc:*")]),
  system("AliyunLogFullAccess", "Provides full access to Log Service.", [allow("log:*")]),
  system("AliyunActionTrailFullAccess", "Provides full access to ActionTrail.", [allow("actiontrail:*")]),
  system("AliyunActionTrailReadOnlyAccess", "Provides read-only access to ActionTrail.", [
    allow(["actiontrail:Describe*", "actiontrail:Get*", "actiontrail:List*", "actiontrail:LookupEvents"]),
  ]),
  system("AliyunDirectMailFullAccess", "Provides full access to DirectMail.", [allow("dm:*")]),
  system("AliyunDysmsFullAccess", "Provides full access to Short Message Service.", [allow("dysms:*")]),
];
