import type { AccountId } from "../domain/identity.ts";
import type { Call } from "../domain/plan.ts";
import type { Permission, Permissions } from "./permission.ts";
import { onAny, onResource, parameter } from "./permission.ts";

const onPolicy = (call: Call, accountId: AccountId): readonly Permission[] =>
  onResource(call, accountId, `policy/${parameter(call, "PolicyName")}`);

/** What does not exist yet has no name to be allowed by: the page prints all policies. */
const onPolicies = (call: Call, accountId: AccountId): readonly Permission[] =>
  onAny(call, `acs:ram:*:${accountId}:policy/*`);

/** Both pages of the tag calls say All Resources. */
const onTags = (call: Call): readonly Permission[] => onAny(call);

/** Custom policies with their versions, and tags. */
export const policiesPermissions: Permissions = {
  "Ram.CreatePolicy": onPolicies,
  "ResourceManager.CreatePolicy": onPolicies,
  "Ram.DeletePolicy": onPolicy,
  "ResourceManager.DeletePolicy": onPolicy,
  "Ram.CreatePolicyVersion": onPolicy,
  "ResourceManager.CreatePolicyVersion": onPolicy,
  "Ram.SetDefaultPolicyVersion": onPolicy,
  "ResourceManager.SetDefaultPolicyVersion": onPolicy,
  "Ram.DeletePolicyVersion": onPolicy,
  "ResourceManager.DeletePolicyVersion": onPolicy,
  "Ram.UpdatePolicyDescription": onPolicy,
  "Ram.TagResources": onTags,
  "Ims.TagResources": onTags,
  "Ram.UntagResources": onTags,
  "Ims.UntagResources": onTags,
};
