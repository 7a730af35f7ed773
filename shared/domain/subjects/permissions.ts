import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

/** A custom policy with its versions. */
export type PolicyRef = RefBase<"policy"> & { readonly policyName: string };

export type PolicyVersion = { readonly versionId: string; readonly document: string; readonly createdAt?: string };

export type Policy = {
  readonly kind: "policy";
  readonly policyName: string;
  readonly description: string;
  readonly createdAt: string;
  readonly defaultVersion: string;
  readonly versions: readonly PolicyVersion[];
};

/** The tags of one user, role, policy, group or other thing of RAM. */
export type TagsRef = RefBase<"tags"> & {
  /** As the call spells it: `user`, `role`, `policy`. */
  readonly resourceType: string;
  /** The name or the id, as the call gave it. */
  readonly resource: string;
  /** How the call names it: the parameter that held `resource`. */
  readonly namedBy: "ResourceNames" | "ResourceId" | "ResourcePrincipalName";
};

export type Tags = { readonly kind: "tags"; readonly tags: { readonly [key: string]: string } };

export type PermissionRef = PolicyRef | TagsRef;
export type PermissionSubject = Policy | Tags;

export const policyKind: KindInfo<PolicyRef, Policy> = {
  key: ({ policyName }) => [policyName],
  text: ({ policyName }) => `custom policy ${policyName}`,
  names: ({ policyName }) => [policyName],
  touches: () => "account",
  compared: ({ description, defaultVersion, versions }, form) => ({
    description,
    defaultVersion,
    versions: [...versions]
      .sort((a, b) => (a.versionId < b.versionId ? -1 : 1))
      .map(({ versionId, document }) => ({ versionId, document: form(document) })),
  }),
  incarnation: ({ createdAt }) => createdAt,
};

export const tagsKind: KindInfo<TagsRef, Tags> = {
  key: ({ resourceType, resource }) => [resourceType.toLowerCase(), resource],
  text: ({ resourceType, resource }) => `tags of ${resourceType} ${resource}`,
  names: ({ resource }) => [resource],
  touches: ({ resourceType, resource }) =>
    resourceType === "user" || resourceType === "role" || resourceType === "group"
      ? { kind: resourceType, name: resource.split("@")[0] ?? resource }
      : "account",
  compared: ({ tags }) => ({ tags: { ...tags } }),
};
