import type { Language } from "./finding.ts";
import type { Json } from "./json.ts";
import { jsonForm } from "./json.ts";
import type { Gone, RefOf, Subject, SubjectKind, SubjectOf, SubjectRef } from "./subject.ts";
import { gone } from "./subject.ts";
import { accessKeyKind } from "./subjects/access-key.ts";
import {
  keyPolicyKind,
  loginKind,
  mfaDeviceKind,
  mfaKind,
  passkeyKind,
  personalDingTalkKind,
  publicKeyKind,
  recycledKeyKind,
  serviceCredentialKind,
  verificationKind,
} from "./subjects/credentials.ts";
import {
  controlPolicyAttachmentKind,
  controlPolicyKind,
  controlPolicySwitchKind,
  delegatedAdministratorKind,
  memberAccountKind,
  resourceGroupOfKind,
  resourceGroupSettingKind,
} from "./subjects/directory.ts";
import {
  appInstallationKind,
  applicationKind,
  appSecretKind,
  oidcProviderKind,
  samlProviderKind,
} from "./subjects/federation.ts";
import { grantKind } from "./subjects/grant.ts";
import { groupKind, membershipKind, recycledUserKind, userKind } from "./subjects/identities.ts";
import { inChinese } from "./subjects/in-chinese.ts";
import type { KindInfo, Touched } from "./subjects/kind-info.ts";
import { policyKind, tagsKind } from "./subjects/permissions.ts";
import {
  accountAliasKind,
  domainKind,
  passwordPolicyKind,
  securityPreferenceKind,
  ssoSettingsKind,
} from "./subjects/settings.ts";
import { roleTrustKind } from "./subjects/trust.ts";

/** Every kind of subject, with what is known of it. */
const kinds: { readonly [Kind in SubjectKind]: KindInfo<RefOf<Kind>, SubjectOf<Kind>> } = {
  "role-trust": roleTrustKind,
  "access-key": accessKeyKind,
  grant: grantKind,
  user: userKind,
  group: groupKind,
  membership: membershipKind,
  "recycled-user": recycledUserKind,
  login: loginKind,
  mfa: mfaKind,
  "mfa-device": mfaDeviceKind,
  passkey: passkeyKind,
  "recycled-key": recycledKeyKind,
  "key-policy": keyPolicyKind,
  "service-credential": serviceCredentialKind,
  "public-key": publicKeyKind,
  verification: verificationKind,
  "personal-dingtalk": personalDingTalkKind,
  policy: policyKind,
  tags: tagsKind,
  "security-preference": securityPreferenceKind,
  "password-policy": passwordPolicyKind,
  "account-alias": accountAliasKind,
  "sso-settings": ssoSettingsKind,
  domain: domainKind,
  "saml-provider": samlProviderKind,
  "oidc-provider": oidcProviderKind,
  application: applicationKind,
  "app-secret": appSecretKind,
  "app-installation": appInstallationKind,
  "control-policy": controlPolicyKind,
  "control-policy-attachment": controlPolicyAttachmentKind,
  "control-policy-switch": controlPolicySwitchKind,
  "delegated-administrator": delegatedAdministratorKind,
  "member-account": memberAccountKind,
  "resource-group-of": resourceGroupOfKind,
  "resource-group-setting": resourceGroupSettingKind,
};

/** Every kind by name, in the order of the table. */
export const subjectKinds = Object.keys(kinds) as readonly SubjectKind[];

/** The table's entry for a reference or a state: the kinds of both are one, which the compiler cannot tell of a union. */
const infoOf = (kind: SubjectKind): KindInfo<SubjectRef, Subject> =>
  kinds[kind] as unknown as KindInfo<SubjectRef, Subject>;

/**
 * One text per subject, equal for every spelling and route that leads to the same resource.
 * The route is left out on purpose: a role changed through Ram and through ResourceManager is one role.
 */
export const subjectKey = (ref: SubjectRef): string =>
  `${ref.accountId}/${ref.kind}/${infoOf(ref.kind).key(ref).join("/")}`;

/** How a person reads a subject: `trust policy of role deploy`. */
export const subjectText = (ref: SubjectRef, language: Language = "en"): string =>
  language === "en" ? infoOf(ref.kind).text(ref) : (inChinese[ref.kind] as (ref: SubjectRef) => string)(ref);

/** The names in a subject that somebody outside chose. */
export const namesIn = (ref: SubjectRef): readonly string[] => infoOf(ref.kind).names(ref);

/** Whom a write on a subject touches. */
export const touchedBy = (ref: SubjectRef): Touched => infoOf(ref.kind).touches(ref);

/** What a successful removal proves to have been there, for a subject that is a mere link; undefined for any other. */
export const linkOf = (ref: SubjectRef): Subject | undefined => infoOf(ref.kind).link?.(ref);

/** What a state is compared by. `anew` leaves out the id, for a thing that was made again and so has another. */
export const comparedOf = (state: Subject, form: (document: string) => string, anew: boolean): Json => {
  const info = infoOf(state.kind);
  const id = anew ? undefined : info.incarnation?.(state);
  return { kind: state.kind, ...(id === undefined ? {} : { id }), ...info.compared(state, form) };
};

const isId = (id: string | undefined): id is string => id !== undefined && id !== "" && !id.includes("*");

/**
 * Whether two states are of two things that bore one name one after the other. An id that is missing or starred tells
 * nothing.
 */
export const areTwo = (a: Subject | Gone, b: Subject | Gone): boolean => {
  if (a.kind === "gone" || b.kind === "gone" || a.kind !== b.kind) return false;
  const { incarnation } = infoOf(a.kind);
  const [one, other] = [incarnation?.(a), incarnation?.(b)];
  return isId(one) && isId(other) && one !== other;
};

/** What of a state is kept to go back to later. */
export const keptOf = (state: Subject | Gone): Subject | Gone => {
  if (state.kind === "gone") return gone;
  const { kept } = infoOf(state.kind);
  return kept === undefined ? state : (kept(state) ?? gone);
};

/** What of a claimed state tells two events that share an id apart; undefined for nothing. */
export const claimOf = (state: Subject): Json | undefined => {
  const { claim, compared } = infoOf(state.kind);
  return claim === undefined ? compared(state, jsonForm) : claim(state);
};

/**
 * The reference with what the subject itself tells beyond it: a key's id, where the event did not name it, and the name
 * that a user or a group bears by now.
 */
export const refTo = (ref: SubjectRef, state: Subject | Gone): SubjectRef => {
  if (ref.kind === "access-key" && state.kind === "access-key") return { ...ref, accessKeyId: state.accessKeyId };
  if (ref.kind === "service-credential" && state.kind === "service-credential")
    return { ...ref, credentialId: state.credentialId };
  if (ref.kind === "user" && state.kind === "user") return { ...ref, userName: state.userName };
  if (ref.kind === "group" && state.kind === "group") return { ...ref, groupName: state.groupName };
  return ref;
};

/** The reference under the name that a thing bore before it was renamed; undefined where it was not. */
export const formerRef = (ref: SubjectRef): SubjectRef | undefined => {
  if (!("formerName" in ref) || ref.formerName === undefined) return undefined;
  const { formerName, ...rest } = ref;
  return rest.kind === "user" ? { ...rest, userName: formerName } : { ...rest, groupName: formerName };
};
