import {
  type Account,
  attachmentsOf,
  documentText,
  type Group,
  type Policy,
  type PolicyVersion,
  type Role,
  roleArn,
  type User,
} from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Tagged } from "../state/tags.ts";

/** Answers of Ram in the shapes of its SDK models; unknown fields of a role are answered too (`ram-api.md` §2.3). */
export const userShape = (user: User): JsonObject => ({
  UserId: user.userId,
  UserName: user.userName,
  DisplayName: user.displayName,
  MobilePhone: user.mobilePhone,
  Email: user.email,
  Comments: user.comments,
  CreateDate: user.createDate,
  UpdateDate: user.updateDate,
});

export const groupShape = (group: Group): JsonObject => ({
  GroupId: group.groupId,
  GroupName: group.groupName,
  Comments: group.comments,
  CreateDate: group.createDate,
  UpdateDate: group.updateDate,
});

const roleBase = (account: Account, role: Role): JsonObject => ({
  RoleId: role.roleId,
  RoleName: role.roleName,
  Arn: roleArn(account, role.roleName),
  Description: role.description,
  CreateDate: role.createDate,
  MaxSessionDuration: role.maxSessionDuration,
});

/** Tags as lists answer them; nothing where there are none. */
const tagsShape = ({ tags }: Tagged): JsonObject =>
  tags === undefined ? {} : { Tags: { Tag: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })) } };

/** ListRoles leaves the trust policy out and tells the tags. */
export const roleListed = (account: Account, role: Role): JsonObject => ({
  ...roleBase(account, role),
  ...tagsShape(role),
  UpdateDate: role.updateDate,
});

export const roleShape = (account: Account, role: Role): JsonObject => ({
  ...role.extra,
  ...roleBase(account, role),
  AssumeRolePolicyDocument: documentText(role.trust),
  UpdateDate: role.updateDate,
});

export const policyShape = (account: Account, policy: Policy): JsonObject => ({
  PolicyName: policy.policyName,
  PolicyType: policy.policyType,
  Description: policy.description,
  DefaultVersion: policy.defaultVersion,
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
  AttachmentCount: [...account.attachments.values()].filter(
    (link) => link.policyName === policy.policyName && link.policyType === policy.policyType,
  ).length,
});

export const versionShape = (policy: Policy, version: PolicyVersion): JsonObject => ({
  VersionId: version.versionId,
  IsDefaultVersion: version.versionId === policy.defaultVersion,
  PolicyDocument: documentText(version.document),
  CreateDate: version.createDate,
});

/** What ListPoliciesForUser, -Group and -Role answer: account-wide links only (`ram-api.md` §3.2, gotcha 31). */
export const policiesFor = (account: Account, kind: "user" | "group" | "role", name: string): JsonObject => ({
  Policies: {
    Policy: attachmentsOf(account, kind, name)
      .filter((link) => link.resourceGroupId === undefined)
      .map((link) => {
        const policy = account.policies.get(`${link.policyType}/${link.policyName}`);
        return {
          PolicyName: link.policyName,
          PolicyType: link.policyType,
          Description: policy?.description ?? "",
          DefaultVersion: policy?.defaultVersion ?? "v1",
          AttachDate: link.attachDate,
        };
      }),
  },
});
