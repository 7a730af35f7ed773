import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

/** A control policy of the resource directory; also found by its name where one was made again, with another id. */
export type ControlPolicyRef = RefBase<"control-policy"> & { readonly policyId: string; readonly policyName?: string };
export type ControlPolicy = {
  readonly kind: "control-policy";
  readonly policyId: string;
  readonly policyName: string;
  readonly description: string;
  readonly effectScope: string;
  readonly document: string;
};

/** That a control policy binds a member account or a folder. */
export type ControlPolicyAttachmentRef = RefBase<"control-policy-attachment"> & {
  readonly policyId: string;
  readonly targetId: string;
};
export type ControlPolicyAttachment = {
  readonly kind: "control-policy-attachment";
  readonly policyId: string;
  readonly targetId: string;
};

/**
 * Whether control policies are in force in the resource directory at all, and where the custom ones are attached: what
 * switching them off undoes.
 */
export type ControlPolicySwitchRef = RefBase<"control-policy-switch">;
export type ControlPolicySwitch = {
  readonly kind: "control-policy-switch";
  readonly status: "Enabled" | "Disabled";
  readonly attachments: readonly { readonly policyId: string; readonly targetId: string }[];
};

export type DelegatedAdministratorRef = RefBase<"delegated-administrator"> & {
  readonly memberId: string;
  readonly service: string;
};
export type DelegatedAdministrator = {
  readonly kind: "delegated-administrator";
  readonly memberId: string;
  readonly service: string;
};

/** Where a member account stands in the resource directory. */
export type MemberAccountRef = RefBase<"member-account"> & { readonly memberId: string };
export type MemberAccount = { readonly kind: "member-account"; readonly memberId: string; readonly folderId: string };

/** The resource group that one resource is in. */
export type ResourceGroupOfRef = RefBase<"resource-group-of"> & {
  readonly service: string;
  readonly resourceType: string;
  readonly resourceId: string;
  /** Empty where nobody tells it. */
  readonly regionId: string;
};
export type ResourceGroupOf = { readonly kind: "resource-group-of"; readonly resourceGroupId: string };

/** Whether who makes a resource group administers it. */
export type ResourceGroupSettingRef = RefBase<"resource-group-setting">;
export type ResourceGroupSetting = {
  readonly kind: "resource-group-setting";
  readonly creatorAsAdmin: boolean;
};

export type DirectoryRef =
  | ControlPolicyRef
  | ControlPolicyAttachmentRef
  | ControlPolicySwitchRef
  | DelegatedAdministratorRef
  | MemberAccountRef
  | ResourceGroupOfRef
  | ResourceGroupSettingRef;
export type DirectorySubject =
  | ControlPolicy
  | ControlPolicyAttachment
  | ControlPolicySwitch
  | DelegatedAdministrator
  | MemberAccount
  | ResourceGroupOf
  | ResourceGroupSetting;

export const controlPolicyKind: KindInfo<ControlPolicyRef, ControlPolicy> = {
  key: ({ policyId }) => [policyId],
  text: ({ policyId }) => `control policy ${policyId}`,
  names: ({ policyId }) => [policyId],
  touches: () => "account",
  compared: ({ policyName, description, effectScope, document }, form) => ({
    policyName,
    description,
    effectScope,
    document: form(document),
  }),
  incarnation: ({ policyId }) => policyId,
};

export const controlPolicyAttachmentKind: KindInfo<ControlPolicyAttachmentRef, ControlPolicyAttachment> = {
  key: ({ policyId, targetId }) => [policyId, targetId],
  text: ({ policyId, targetId }) => `control policy ${policyId} on ${targetId}`,
  names: ({ policyId, targetId }) => [policyId, targetId],
  touches: () => "account",
  compared: ({ policyId, targetId }) => ({ policyId, targetId }),
  link: ({ policyId, targetId }) => ({ kind: "control-policy-attachment", policyId, targetId }),
};

export const controlPolicySwitchKind: KindInfo<ControlPolicySwitchRef, ControlPolicySwitch> = {
  key: () => ["directory"],
  text: () => "control policies of the resource directory",
  names: () => [],
  touches: () => "account",
  compared: ({ status, attachments }) => ({
    status,
    attachments: attachments.map(({ policyId, targetId }) => `${policyId} on ${targetId}`).sort(),
  }),
};

export const delegatedAdministratorKind: KindInfo<DelegatedAdministratorRef, DelegatedAdministrator> = {
  key: ({ memberId, service }) => [memberId, service],
  text: ({ memberId, service }) => `delegated administration of ${service} by account ${memberId}`,
  names: ({ memberId, service }) => [memberId, service],
  touches: () => "account",
  compared: ({ memberId, service }) => ({ memberId, service }),
  link: ({ memberId, service }) => ({ kind: "delegated-administrator", memberId, service }),
};

export const memberAccountKind: KindInfo<MemberAccountRef, MemberAccount> = {
  key: ({ memberId }) => [memberId],
  text: ({ memberId }) => `member account ${memberId}`,
  names: ({ memberId }) => [memberId],
  touches: () => "account",
  compared: ({ memberId, folderId }) => ({ memberId, folderId }),
};

export const resourceGroupOfKind: KindInfo<ResourceGroupOfRef, ResourceGroupOf> = {
  key: ({ service, resourceType, resourceId, regionId }) => [
    service.toLowerCase(),
    resourceType.toLowerCase(),
    regionId,
    resourceId,
  ],
  text: ({ service, resourceType, resourceId }) => `resource group of ${service} ${resourceType} ${resourceId}`,
  names: ({ service, resourceType, resourceId }) => [service, resourceType, resourceId],
  touches: () => "account",
  compared: ({ resourceGroupId }) => ({ resourceGroupId }),
};

export const resourceGroupSettingKind: KindInfo<ResourceGroupSettingRef, ResourceGroupSetting> = {
  key: () => ["account"],
  text: () => "administration of new resource groups",
  names: () => [],
  touches: () => "account",
  compared: ({ creatorAsAdmin }) => ({ creatorAsAdmin }),
};
