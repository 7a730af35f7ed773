import type { AccessKey, AccessKeyRef } from "./subjects/access-key.ts";
import type { CredentialRef, CredentialSubject } from "./subjects/credentials.ts";
import type { DirectoryRef, DirectorySubject } from "./subjects/directory.ts";
import type { FederationRef, FederationSubject } from "./subjects/federation.ts";
import type { Grant, GrantRef } from "./subjects/grant.ts";
import type { IdentityRef, IdentitySubject } from "./subjects/identities.ts";
import type { PermissionRef, PermissionSubject } from "./subjects/permissions.ts";
import type { SettingRef, SettingSubject } from "./subjects/settings.ts";
import type { RoleTrust, RoleTrustRef } from "./subjects/trust.ts";

export type { AccessKey, AccessKeyRef } from "./subjects/access-key.ts";
export type { PolicyName, Route, Scope } from "./subjects/common.ts";
export type { Grant, GrantRef } from "./subjects/grant.ts";
export type { ResettableValue, RoleTrust, RoleTrustRef } from "./subjects/trust.ts";

/** Where to look. A reference says what a change is about; the live resource says how it stands. */
export type SubjectRef =
  | RoleTrustRef
  | AccessKeyRef
  | GrantRef
  | IdentityRef
  | CredentialRef
  | PermissionRef
  | SettingRef
  | FederationRef
  | DirectoryRef;

/** A subject as it stands. */
export type Subject =
  | RoleTrust
  | AccessKey
  | Grant
  | IdentitySubject
  | CredentialSubject
  | PermissionSubject
  | SettingSubject
  | FederationSubject
  | DirectorySubject;

export type SubjectKind = SubjectRef["kind"];

/** The subject that belongs to a reference. */
export type SubjectOf<Kind extends SubjectKind> = Extract<Subject, { kind: Kind }>;
export type RefOf<Kind extends SubjectKind> = Extract<SubjectRef, { kind: Kind }>;

/** The subject does not exist (any more). */
export type Gone = { readonly kind: "gone" };

export const gone: Gone = { kind: "gone" };
