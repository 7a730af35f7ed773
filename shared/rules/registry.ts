import type { Change } from "../domain/change.ts";
import type { Finding, Response, RuleId, Verdict } from "../domain/finding.ts";
import type { Actor } from "../domain/identity.ts";
import type { RuleSettings } from "../domain/settings.ts";
import type { Gone, Subject, SubjectKind } from "../domain/subject.ts";
import { twoReadings } from "../policy/two-readings.ts";
import { accessKeyForAnother } from "./access-key-for-another.ts";
import { accessKeyPolicyLoosened } from "./access-key-policy-loosened.ts";
import { accessKeyReenabled } from "./access-key-reenabled.ts";
import { accessKeyRestored } from "./access-key-restored.ts";
import { accessKeyUnapproved } from "./access-key-unapproved.ts";
import { accountWideGrant } from "./account-wide-grant.ts";
import { allowWithNotAction } from "./allow-with-not-action.ts";
import { assumeAnyRole } from "./assume-any-role.ts";
import { breakGlassUsed } from "./break-glass-used.ts";
import { changeOutsidePipeline } from "./change-outside-pipeline.ts";
import { consoleSessionTooLong } from "./console-session-too-long.ts";
import { controlPolicyLoosened } from "./control-policy-loosened.ts";
import { customPolicyFullAdmin } from "./custom-policy-full-admin.ts";
import { defaultPolicyVersionSwitched } from "./default-policy-version-switched.ts";
import { delegatedRoleHoldsMore } from "./delegated-role-holds-more.ts";
import { factorBoundByAnother } from "./factor-bound-by-another.ts";
import { federatedTrustUnlimited } from "./federated-trust-unlimited.ts";
import { furtherLogonAllowed } from "./further-logon-allowed.ts";
import { guardWeakened } from "./guard-weakened.ts";
import { highRiskPolicyOnGroup } from "./high-risk-policy-on-group.ts";
import { highRiskPolicyOnRole } from "./high-risk-policy-on-role.ts";
import { highRiskPolicyOnServiceRole } from "./high-risk-policy-on-service-role.ts";
import { highRiskPolicyOnUser } from "./high-risk-policy-on-user.ts";
import { idleDisableRelaxed } from "./idle-disable-relaxed.ts";
import { remembered } from "./kit/remembered.ts";
import type { Facts, HeldDocument, Need, Rule } from "./kit/rule.ts";
import { titleOf, undetermined } from "./kit/rule.ts";
import { lentRoleHardToRevoke } from "./lent-role-hard-to-revoke.ts";
import { listedIdentityRenamed } from "./listed-identity-renamed.ts";
import { logonDomainChanged } from "./logon-domain-changed.ts";
import { logonMaskWidened } from "./logon-mask-widened.ts";
import { logonNameUnclear } from "./logon-name-unclear.ts";
import { logonTakenOver } from "./logon-taken-over.ts";
import { logonWithoutMfa } from "./logon-without-mfa.ts";
import { messagingGrantedWhole } from "./messaging-granted-whole.ts";
import { mfaRemoved } from "./mfa-removed.ts";
import { mfaRequirementWeakened } from "./mfa-requirement-weakened.ts";
import { oAuthApplicationOpened } from "./o-auth-application-opened.ts";
import { oidcProviderWidened } from "./oidc-provider-widened.ts";
import { ownIdentityChanged } from "./own-identity-changed.ts";
import { passRoleUnrestricted } from "./pass-role-unrestricted.ts";
import { passwordLogonBesideSso } from "./password-logon-beside-sso.ts";
import { passwordPolicyWeakened } from "./password-policy-weakened.ts";
import { personalDingTalkBound } from "./personal-ding-talk-bound.ts";
import { policyAddsEscalation } from "./policy-adds-escalation.ts";
import { policyAttachedToUser } from "./policy-attached-to-user.ts";
import { policyOrVersionDeleted } from "./policy-or-version-deleted.ts";
import { productAdminPolicy } from "./product-admin-policy.ts";
import { protectedGroupDeleted } from "./protected-group-deleted.ts";
import { protectedPermissionRemoved } from "./protected-permission-removed.ts";
import { protectedRoleDeleted } from "./protected-role-deleted.ts";
import { protectedUserDeleted } from "./protected-user-deleted.ts";
import { rootAccessKey } from "./root-access-key.ts";
import { rootWrote } from "./root-wrote.ts";
import { samlProviderChanged } from "./saml-provider-changed.ts";
import { selfServiceCredentialsAllowed } from "./self-service-credentials-allowed.ts";
import { serviceCredentialCreated } from "./service-credential-created.ts";
import { serviceLinkedRoleChanged } from "./service-linked-role-changed.ts";
import { serviceUserLogon } from "./service-user-logon.ts";
import { sessionLengthRaised } from "./session-length-raised.ts";
import { trustConditionWeakened } from "./trust-condition-weakened.ts";
import { trustEntityAdded } from "./trust-entity-added.ts";
import { trustEntityRemoved } from "./trust-entity-removed.ts";
import { trustForeignAccount } from "./trust-foreign-account.ts";
import { trustTooBroad } from "./trust-too-broad.ts";
import { userAddedToPrivilegedGroup } from "./user-added-to-privileged-group.ts";
import { userOutsideProvisioner } from "./user-outside-provisioner.ts";
import { userRemovedFromRequiredGroup } from "./user-removed-from-required-group.ts";
import { userRestored } from "./user-restored.ts";
import { userSsoChanged } from "./user-sso-changed.ts";
import { verificationChangedForAnother } from "./verification-changed-for-another.ts";

/** Every rule, in the order in which findings are listed. */
export const rules: readonly Rule[] = [
  trustForeignAccount,
  trustEntityAdded,
  trustConditionWeakened,
  rootAccessKey,
  accessKeyForAnother,
  accessKeyUnapproved,
  accessKeyReenabled,
  highRiskPolicyOnUser,
  highRiskPolicyOnGroup,
  highRiskPolicyOnRole,
  userSsoChanged,
  mfaRequirementWeakened,
  passwordPolicyWeakened,
  logonMaskWidened,
  selfServiceCredentialsAllowed,
  idleDisableRelaxed,
  consoleSessionTooLong,
  furtherLogonAllowed,
  samlProviderChanged,
  oidcProviderWidened,
  logonDomainChanged,
  oAuthApplicationOpened,
  protectedUserDeleted,
  protectedGroupDeleted,
  listedIdentityRenamed,
  userRestored,
  userOutsideProvisioner,
  logonNameUnclear,
  logonTakenOver,
  mfaRemoved,
  serviceUserLogon,
  passwordLogonBesideSso,
  logonWithoutMfa,
  factorBoundByAnother,
  verificationChangedForAnother,
  personalDingTalkBound,
  accessKeyRestored,
  accessKeyPolicyLoosened,
  serviceCredentialCreated,
  userAddedToPrivilegedGroup,
  customPolicyFullAdmin,
  defaultPolicyVersionSwitched,
  policyAddsEscalation,
  passRoleUnrestricted,
  assumeAnyRole,
  guardWeakened,
  protectedPermissionRemoved,
  trustEntityRemoved,
  sessionLengthRaised,
  protectedRoleDeleted,
  ownIdentityChanged,
  userRemovedFromRequiredGroup,
  highRiskPolicyOnServiceRole,
  productAdminPolicy,
  messagingGrantedWhole,
  delegatedRoleHoldsMore,
  accountWideGrant,
  policyAttachedToUser,
  allowWithNotAction,
  policyOrVersionDeleted,
  controlPolicyLoosened,
  trustTooBroad,
  federatedTrustUnlimited,
  lentRoleHardToRevoke,
  serviceLinkedRoleChanged,
  rootWrote,
  breakGlassUsed,
  changeOutsidePipeline,
];

export const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);

const responseOf = (rule: Rule, responses: { readonly [rule: RuleId]: Response }): Response =>
  responses[rule.id] ?? rule.response;

/** Most events are of few kinds, and each is judged by few of the rules. */
const byKind = new Map<SubjectKind, readonly Rule[]>();

const rulesFor = (kind: SubjectKind): readonly Rule[] => {
  const known = byKind.get(kind);
  if (known !== undefined) return known;
  const found = rules.filter(
    ({ subject }) => subject === kind || subject === "any" || (Array.isArray(subject) && subject.includes(kind)),
  );
  byKind.set(kind, found);
  return found;
};

/** Whether a rule judges what that actor does; one that judges some actors alone judges nothing that nobody is known to do. */
const concerns = ({ ofActor }: Rule, actor: Actor | undefined, settings: RuleSettings): boolean =>
  ofActor === undefined || (actor !== undefined && ofActor(actor, settings));

/** Whether any rule in force looks at a kind of subject, when that actor changes it. */
export const isJudged = (kind: SubjectKind, settings: RuleSettings, actor?: Actor): boolean =>
  rulesFor(kind).some((rule) => responseOf(rule, settings.responses) !== "off" && concerns(rule, actor, settings));

/** Whether a rule in force that judges a kind of subject looks at something besides the change. */
export const isNeeded = (need: Need, kind: SubjectKind, { responses }: RuleSettings): boolean =>
  rulesFor(kind).some((rule) => rule.needs?.includes(need) === true && responseOf(rule, responses) !== "off");

/** A rule that ends in a fault of ours decides nothing, and what the others find stands: the fault is told as its own. */
const safely = (rule: Rule, change: Change, facts: Facts): Verdict => {
  try {
    return rule.judge(change, facts);
  } catch (error) {
    const fault = error instanceof Error ? error.name : "an unknown fault";
    return undetermined({
      en: `judging it ended in a fault of RAM Warden (\`${fault}\`): look at the change yourself`,
      "zh-CN": `RAM Warden 在判定时出错（\`${fault}\`）：请人工检查该变更`,
    });
  }
};

/** One event asks it of the same text for its claim, for the live subject and for what was before. */
const readingsOfText = remembered((text = "") => ({ both: twoReadings(text) }));

type Question = { readonly change: Change; readonly facts: Facts };

type Reread = (text: string) => string;

/** A state with each of its documents as one of the readings has it. */
const stateAs = (state: Subject | Gone, as: Reread): Subject | Gone => {
  if ("document" in state && typeof state.document === "string")
    return { ...state, document: as(state.document) } as Subject;
  if (state.kind !== "policy") return state;
  return { ...state, versions: state.versions.map((version) => ({ ...version, document: as(version.document) })) };
};

const heldAs = (held: readonly HeldDocument[] | undefined, as: Reread): readonly HeldDocument[] | undefined =>
  held?.map((one) => (one.text === undefined ? one : { ...one, text: as(one.text) }));

/** What is to be judged, once for each reading of a document that has two; undefined where there is one to judge. */
const readingsOf = ({ change, facts }: Question): readonly Question[] | undefined => {
  let several = false;
  const questions = ([0, 1] as const).map((which): Question => {
    const as: Reread = (text) => {
      const { both } = readingsOfText(text);
      several ||= both !== undefined;
      return both?.[which] ?? text;
    };
    const { policyDocument } = facts;
    return {
      change: { ...change, after: stateAs(change.after, as) } as Change,
      facts: {
        ...facts,
        policyDocument: policyDocument === undefined ? undefined : as(policyDocument),
        carried: heldAs(facts.carried, as),
        beside: heldAs(facts.beside, as),
      },
    };
  });
  return several ? questions : undefined;
};

/**
 * A document with a member that is there twice has two readings, and nobody knows which of them RAM takes: what breaks a
 * rule by both breaks it; by anything less nothing is decided. Else whoever makes the change could choose by such a member
 * that it is told and not put back.
 */
const verdictOf = (rule: Rule, question: Question, readings: readonly Question[] | undefined): Verdict => {
  const verdicts = (readings ?? []).map(({ change, facts }) => safely(rule, change, facts));
  const [first] = verdicts;
  return first !== undefined && verdicts.every(({ kind }) => kind === "violation")
    ? first
    : safely(rule, question.change, question.facts);
};

/** What the rules in force find in one change; a rule that is off is not asked. */
export const judgeChange = (change: Change, facts: Facts): readonly Finding[] => {
  const readings = readingsOf({ change, facts });
  const findings: Finding[] = [];
  for (const rule of rulesFor(change.kind)) {
    const response = responseOf(rule, facts.settings.responses);
    if (response === "off" || !concerns(rule, change.actor, facts.settings)) continue;
    const verdict = verdictOf(rule, { change, facts }, readings);
    if (verdict.kind === "compliant") continue;
    const { id, control, severity } = rule;
    const maturity = facts.settings.maturities?.[id] ?? rule.maturity;
    const observed = facts.settings.observed?.includes(id) === true ? { observed: true as const } : {};
    findings.push({ rule: id, control, severity, maturity, ...observed, response, title: titleOf(rule), verdict });
  }
  return findings;
};

/** Whether what is found keeps a state from being one to go back to. */
export const forbidsState = (findings: readonly Finding[]): boolean =>
  findings.some(({ rule }) => ruleById(rule)?.advisory !== true);
