import type { Call } from "../domain/plan.ts";
import type {
  ControlPolicy,
  ControlPolicyAttachment,
  DelegatedAdministrator,
  MemberAccount,
  ResourceGroupOfRef,
} from "../domain/subjects/directory.ts";

const call = (operation: string, parameters: Call["parameters"] = {}): Call => ({
  service: "ResourceManager",
  operation,
  parameters,
});

export const createControlPolicy = (policy: ControlPolicy): Call =>
  call("CreateControlPolicy", {
    PolicyName: policy.policyName,
    Description: policy.description,
    EffectScope: policy.effectScope,
    PolicyDocument: policy.document,
  });

/** Sets a policy as a whole: the service keeps no versions. */
export const updateControlPolicy = (policy: ControlPolicy): Call =>
  call("UpdateControlPolicy", {
    PolicyId: policy.policyId,
    NewPolicyName: policy.policyName,
    NewDescription: policy.description,
    NewPolicyDocument: policy.document,
  });

export const deleteControlPolicy = (policyId: string): Call => call("DeleteControlPolicy", { PolicyId: policyId });

type Attached = Pick<ControlPolicyAttachment, "policyId" | "targetId">;

export const attachControlPolicy = ({ policyId, targetId }: Attached): Call =>
  call("AttachControlPolicy", { PolicyId: policyId, TargetId: targetId });

export const detachControlPolicy = ({ policyId, targetId }: Attached): Call =>
  call("DetachControlPolicy", { PolicyId: policyId, TargetId: targetId });

/** Puts control policies in force in the whole directory, or out of it. */
export const switchControlPolicies = (to: "Enabled" | "Disabled"): Call =>
  call(to === "Enabled" ? "EnableControlPolicy" : "DisableControlPolicy");

type Delegated = Pick<DelegatedAdministrator, "memberId" | "service">;

export const registerAdministrator = ({ memberId, service }: Delegated): Call =>
  call("RegisterDelegatedAdministrator", { AccountId: memberId, ServicePrincipal: service });

export const deregisterAdministrator = ({ memberId, service }: Delegated): Call =>
  call("DeregisterDelegatedAdministrator", { AccountId: memberId, ServicePrincipal: service });

export const moveAccount = ({ memberId, folderId }: MemberAccount): Call =>
  call("MoveAccount", { AccountId: memberId, DestinationFolderId: folderId });

/** Moves one resource; lists travel flattened in this service (`ram-api.md` §2.1). */
export const moveResource = (resource: ResourceGroupOfRef, resourceGroupId: string): Call =>
  call("MoveResources", {
    ResourceGroupId: resourceGroupId,
    "Resources.1.Service": resource.service,
    "Resources.1.ResourceType": resource.resourceType,
    "Resources.1.ResourceId": resource.resourceId,
    ...(resource.regionId === "" ? {} : { "Resources.1.RegionId": resource.regionId }),
  });

export const setCreatorAsAdmin = (creatorAsAdmin: boolean): Call =>
  call("UpdateResourceGroupAdminSetting", { CreatorAsAdmin: creatorAsAdmin });
