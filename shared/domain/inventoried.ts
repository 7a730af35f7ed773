import type { OperationId } from "./operation-id.ts";
import type { RefOf, SubjectKind } from "./subject.ts";

/**
 * The kinds of subject to which the account's lists lead, in the order in which they are looked at: what lets somebody in
 * or gives power comes first. Beside each, the call by which it is looked at. Links are no part of it, as the event of one
 * proves what was before.
 */
export const lookedAtBy = {
  "role-trust": "Ram.GetRole",
  policy: "Ram.GetPolicy",
  "saml-provider": "Ims.GetSAMLProvider",
  "oidc-provider": "Ims.GetOIDCProvider",
  "sso-settings": "Ims.GetUserSsoSettings",
  "security-preference": "Ims.GetSecurityPreference",
  "password-policy": "Ims.GetPasswordPolicy",
  "account-alias": "Ram.GetAccountAlias",
  "control-policy-switch": "ResourceManager.GetControlPolicyEnablementStatus",
  "resource-group-setting": "ResourceManager.GetResourceGroupAdminSetting",
  group: "Ims.GetGroup",
  user: "Ims.GetUser",
  mfa: "Ims.GetUserMFAInfo",
  application: "Ims.GetApplication",
  "access-key": "Ram.ListAccessKeys",
  login: "Ims.GetLoginProfile",
} as const satisfies { readonly [kind in SubjectKind]?: OperationId };

export type InventoriedKind = keyof typeof lookedAtBy;

/** Where to look for a thing that a list shows. */
export type InventoriedRef = RefOf<InventoriedKind>;

export const inventoriedKinds = Object.keys(lookedAtBy) as readonly InventoriedKind[];

/** The kind that is looked at after one, undefined after the last. */
export const kindAfter = (kind: InventoriedKind): InventoriedKind | undefined =>
  inventoriedKinds[inventoriedKinds.indexOf(kind) + 1];

/** More pages than an account can fill, ten users to the page: a list that never ends is a failure, not a wait. */
export const mostPages = 2_000;
