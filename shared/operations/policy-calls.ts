import type { Call } from "../domain/plan.ts";
import type { TagsRef } from "../domain/subjects/permissions.ts";

export type PolicyService = "Ram" | "ResourceManager";

export const createPolicy = (
  service: PolicyService,
  policyName: string,
  document: string,
  description: string,
): Call => ({
  service,
  operation: "CreatePolicy",
  parameters: {
    PolicyName: policyName,
    PolicyDocument: document,
    ...(description === "" ? {} : { Description: description }),
  },
});

/** Without CascadingDelete, which takes along whatever the policy is attached to: RAM then refuses one that is in use. */
export const deletePolicy = (service: PolicyService, policyName: string): Call => ({
  service,
  operation: "DeletePolicy",
  parameters: { PolicyName: policyName },
});

/** Without RotateStrategy, which drops the oldest version unseen: RAM then refuses a sixth. */
export const createVersion = (
  service: PolicyService,
  policyName: string,
  document: string,
  asDefault: boolean,
): Call => ({
  service,
  operation: "CreatePolicyVersion",
  parameters: { PolicyName: policyName, PolicyDocument: document, SetAsDefault: asDefault },
});

export const setDefaultVersion = (service: PolicyService, policyName: string, versionId: string): Call => ({
  service,
  operation: "SetDefaultPolicyVersion",
  parameters: { PolicyName: policyName, VersionId: versionId },
});

export const deleteVersion = (service: PolicyService, policyName: string, versionId: string): Call => ({
  service,
  operation: "DeletePolicyVersion",
  parameters: { PolicyName: policyName, VersionId: versionId },
});

/** Only Ram has it. */
export const describePolicy = (policyName: string, description: string): Call => ({
  service: "Ram",
  operation: "UpdatePolicyDescription",
  parameters: { PolicyName: policyName, NewDescription: description },
});

/** Ram takes lists as one JSON text, Ims as numbered parameters (`ram-api.md` §2.1). */
const resourceOf = ({ route, resourceType, resource, namedBy }: TagsRef) => ({
  ResourceType: resourceType,
  ...(route === "Ims" ? { [`${namedBy}.1`]: resource } : { [namedBy]: JSON.stringify([resource]) }),
});

/** Sets tags; every other tag of the resource stays as it is. */
export const setTags = (ref: TagsRef, tags: readonly (readonly [key: string, value: string])[]): Call => ({
  service: ref.route,
  operation: "TagResources",
  parameters: {
    ...resourceOf(ref),
    ...(ref.route === "Ims"
      ? Object.fromEntries(
          tags.flatMap(([key, value], index) => [
            [`Tag.${index + 1}.Key`, key],
            [`Tag.${index + 1}.Value`, value],
          ]),
        )
      : { Tag: JSON.stringify(tags.map(([Key, Value]) => ({ Key, Value }))) }),
  },
});

/** Takes tags away; every other tag of the resource stays as it is. */
export const removeTags = (ref: TagsRef, keys: readonly string[]): Call => ({
  service: ref.route,
  operation: "UntagResources",
  parameters: {
    ...resourceOf(ref),
    ...(ref.route === "Ims"
      ? Object.fromEntries(keys.map((key, index) => [`TagKey.${index + 1}`, key]))
      : { TagKeys: JSON.stringify(keys) }),
  },
});
