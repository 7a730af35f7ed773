import type { Principal } from "../identity.ts";
import type { RefBase, Scope } from "./common.ts";
import { scopeText } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

/** A custom policy with its versions. */
export type PolicyRef = RefBase<"policy"> & {
  readonly policyName: string;
  /** Where the event gave it: another policy that bears the name by now is not taken for this one. */
  readonly createdAt?: string;
  /** What the call did, so that nothing else is put back with it. */
  readonly did?: "made" | "described" | "version-made" | "default-set" | "version-deleted";
  /** The version that the call made, deleted, or made the default, where the event tells its id. */
  readonly versionId?: string;
  /** The version that was made became the default at once. */
  readonly asDefault?: true;
  /** The call let RAM drop the oldest version that is not the default, to make room. */
  readonly rotating?: true;
  /** Whether what the policy is attached to matters too: for a policy that is new. */
  readonly withAttachments?: true;
};

export type PolicyVersion = { readonly versionId: string; readonly document: string; readonly createdAt?: string };

/** Whom a policy is attached to, and where that holds. */
export type AttachedTo = { readonly principal: Principal; readonly scope: Scope };

export type Policy = {
  readonly kind: "policy";
  readonly policyName: string;
  readonly description: string;
  readonly createdAt: string;
  readonly defaultVersion: string;
  readonly versions: readonly PolicyVersion[];
  readonly attachedTo?: readonly AttachedTo[];
};

/** The tags of one user, role or policy. */
export type TagsRef = RefBase<"tags"> & {
  /** As the call spells it: `user`, `role`, `policy`. */
  readonly resourceType: string;
  /** The name or the id, as the call gave it. */
  readonly resource: string;
  /** How the call names it: the parameter that held `resource`. */
  readonly namedBy: "ResourceNames" | "ResourceId" | "ResourcePrincipalName";
  /** The keys that the call set or took away; absent where it took all. */
  readonly keys?: readonly string[];
};

export type Tags = { readonly kind: "tags"; readonly tags: { readonly [key: string]: string } };

export type PermissionRef = PolicyRef | TagsRef;
export type PermissionSubject = Policy | Tags;

/** `v12` is 12; what has another form comes first. */
const numberOf = ({ versionId }: PolicyVersion): number => Number(/^v(\d+)$/.exec(versionId)?.[1] ?? -1);

/** Oldest first: the number in a version's id grows with each one, and is not used again. */
export const versionsInOrder = (versions: readonly PolicyVersion[]): readonly PolicyVersion[] =>
  [...versions].sort((a, b) => numberOf(a) - numberOf(b));

/** The id that the next version will have, as far as the versions tell that are, or were, there. */
export const nextVersionId = (versions: readonly PolicyVersion[]): string =>
  `v${Math.max(0, ...versions.map(numberOf)) + 1}`;

export const policyKind: KindInfo<PolicyRef, Policy> = {
  key: ({ policyName }) => [policyName],
  text: ({ policyName }) => `custom policy ${policyName}`,
  names: ({ policyName }) => [policyName],
  touches: () => "account",
  // By order and not by id: a version that is made again, as RAM had dropped it, gets an id that nobody knows before.
  compared: ({ description, defaultVersion, versions, attachedTo }, form) => ({
    description,
    versions: versionsInOrder(versions).map(({ versionId, document }) => ({
      document: form(document),
      default: versionId === defaultVersion,
    })),
    ...(attachedTo === undefined
      ? {}
      : {
          attachedTo: attachedTo
            .map(({ principal, scope }) => `${principal.kind}/${principal.name}/${scopeText(scope)}`)
            .sort(),
        }),
  }),
  incarnation: ({ createdAt }) => createdAt,
  kept: ({ attachedTo: _, ...policy }) => policy,
};

/** One spelling for the names that have several. */
const resourceKey = ({ resourceType, resource, namedBy }: TagsRef): string => {
  if (namedBy === "ResourcePrincipalName") return resource.split("@")[0] ?? resource;
  return resourceType.toLowerCase() === "role" ? resource.toLowerCase() : resource;
};

export const tagsKind: KindInfo<TagsRef, Tags> = {
  key: (ref) => [ref.resourceType.toLowerCase(), ref.namedBy === "ResourceId" ? "id" : "name", resourceKey(ref)],
  text: ({ resourceType, resource }) => `tags of ${resourceType} ${resource}`,
  names: ({ resource }) => [resource],
  touches: ({ resourceType, resource, namedBy }) =>
    (resourceType === "user" || resourceType === "role") && namedBy !== "ResourceId"
      ? { kind: resourceType, name: resource.split("@")[0] ?? resource }
      : "account",
  compared: ({ tags }) => ({ tags: { ...tags } }),
};
