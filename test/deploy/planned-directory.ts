import type { ControlPolicy } from "../../shared/domain/subjects/directory.ts";
import {
  attachControlPolicy,
  createControlPolicy,
  deleteControlPolicy,
  deregisterAdministrator,
  detachControlPolicy,
  moveAccount,
  moveResource,
  registerAdministrator,
  setCreatorAsAdmin,
  switchControlPolicies,
  updateControlPolicy,
} from "../../shared/operations/directory-calls.ts";

const policy: ControlPolicy = {
  kind: "control-policy",
  policyId: "cp-1",
  policyName: "guard",
  description: "",
  effectScope: "RAM",
  document: "{}",
};

const attachments = ["1001", "fd-1"].map((targetId) => ({ policyId: "cp-1", targetId }));
const delegation = { memberId: "1001", service: "cloudfw.aliyuncs.com" };

const resource = {
  kind: "resource-group-of",
  accountId: "1234567890123456",
  route: "ResourceManager",
  service: "vpc",
  resourceType: "vpc",
  resourceId: "vpc-1",
  regionId: "",
} as const;

/** Every call on parts of the resource directory that a plan has, sent by itself or with a person's word. */
export const plannedDirectory = [
  updateControlPolicy(policy),
  deleteControlPolicy("cp-1"),
  ...attachments.flatMap((each) => [attachControlPolicy(each), detachControlPolicy(each)]),
  registerAdministrator(delegation),
  deregisterAdministrator(delegation),
  moveAccount({ kind: "member-account", memberId: "1001", folderId: "fd-1" }),
  moveResource(resource, "rg-1"),
];

/** The same on the directory as a whole. */
export const plannedDirectoryWide = [
  createControlPolicy(policy),
  switchControlPolicies("Enabled"),
  switchControlPolicies("Disabled"),
  setCreatorAsAdmin(false),
];
