import type { AccountId, KeyOwner, Principal } from "./identity.ts";
import type { JsonObject } from "./json.ts";

export type PolicyName = { readonly type: "System" | "Custom"; readonly name: string };

/** A grant holds for the whole account or for one resource group. */
export type Scope = "account" | { readonly resourceGroupId: string };

/** Which API made a grant: it is put back by the same one (`ram-api.md` §9.31). */
export type GrantRoute = "Ram" | "ResourceManager";

/** Where to look. A reference says what a change is about; the live resource says how it stands. */
export type SubjectRef = RoleTrustRef | AccessKeyRef | GrantRef;

export type RoleTrustRef = {
  readonly kind: "role-trust";
  readonly accountId: AccountId;
  readonly roleName: string;
  readonly route: GrantRoute;
};

export type AccessKeyRef = {
  readonly kind: "access-key";
  readonly accountId: AccountId;
  readonly owner: KeyOwner;
  /** Absent when the event carries no response; then the key is the one that `createdAt` finds. */
  readonly accessKeyId?: string;
  /** When the key was made, as epoch milliseconds. */
  readonly createdAt: number;
};

export type GrantRef = {
  readonly kind: "grant";
  readonly accountId: AccountId;
  readonly principal: Principal;
  readonly policy: PolicyName;
  readonly scope: Scope;
  readonly route: GrantRoute;
  /** The full principal name that ResourceManager wants (`alice@corp.onaliyun.com`), as the event gave it. */
  readonly principalName?: string;
};

export type SubjectKind = SubjectRef["kind"];

/** A subject as it stands. */
export type Subject = RoleTrust | AccessKey | Grant;

export type RoleTrust = {
  readonly kind: "role-trust";
  readonly roleName: string;
  readonly roleId: string;
  /** The trust document, as RAM returns it. */
  readonly document: string;
  readonly description: string;
  /** Seconds. */
  readonly maxSessionSeconds: number;
  /** As RAM writes it, `yyyy-MM-ddTHH:mm:ssZ`. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly serviceLinked: boolean;
  /** What else the API returned for the role: kept, so that a write can send it along. */
  readonly rest: JsonObject;
};

export type AccessKey = {
  readonly kind: "access-key";
  readonly owner: KeyOwner;
  readonly accessKeyId: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt?: string;
};

export type Grant = {
  readonly kind: "grant";
  readonly principal: Principal;
  readonly policy: PolicyName;
  readonly scope: Scope;
  readonly attachedAt?: string;
};

/** A value of a role beside its trust that an UpdateRole resets when its request leaves it out. */
export type ResettableValue = "description" | "session length";

/** The subject does not exist (any more). */
export type Gone = { readonly kind: "gone" };

export const gone: Gone = { kind: "gone" };

/** The subject that belongs to a reference. */
export type SubjectOf<Kind extends SubjectKind> = Extract<Subject, { kind: Kind }>;
export type RefOf<Kind extends SubjectKind> = Extract<SubjectRef, { kind: Kind }>;

const scopeText = (scope: Scope): string => (scope === "account" ? "account" : scope.resourceGroupId);

/**
 * One text per subject, equal for every spelling and route that leads to the same resource.
 * The route is left out on purpose: a role changed through Ram and through ResourceManager is one role.
 */
export const subjectKey = (ref: SubjectRef): string => {
  switch (ref.kind) {
    case "role-trust":
      return `${ref.accountId}/role-trust/${ref.roleName.toLowerCase()}`;
    case "access-key":
      return `${ref.accountId}/access-key/${ownerText(ref.owner)}/${ref.accessKeyId ?? `made-at-${ref.createdAt}`}`;
    case "grant": {
      const name = ref.principal.kind === "role" ? ref.principal.name.toLowerCase() : ref.principal.name;
      return `${ref.accountId}/grant/${ref.principal.kind}/${name}/${ref.policy.type}/${ref.policy.name}/${scopeText(ref.scope)}`;
    }
  }
};

/** The reference with what the subject itself tells beyond it: a key's id, where the event did not name it. */
export const refTo = (ref: SubjectRef, state: Subject | Gone): SubjectRef =>
  ref.kind === "access-key" && state.kind === "access-key" ? { ...ref, accessKeyId: state.accessKeyId } : ref;

const ownerText = (owner: KeyOwner): string => (owner.kind === "root" ? "root" : `user/${owner.name}`);

/** How a person reads a subject: `trust policy of role deploy`. */
export const subjectText = (ref: SubjectRef): string => {
  switch (ref.kind) {
    case "role-trust":
      return `trust policy of role ${ref.roleName}`;
    case "access-key":
      return `AccessKey ${ref.accessKeyId ?? "(id not in the event)"} of ${ref.owner.kind === "root" ? "the account owner (root)" : `user ${ref.owner.name}`}`;
    case "grant":
      return `${ref.policy.type.toLowerCase()} policy ${ref.policy.name} on ${ref.principal.kind} ${ref.principal.name}${
        ref.scope === "account" ? "" : ` in resource group ${ref.scope.resourceGroupId}`
      }`;
  }
};
