import type { Change } from "../../domain/change.ts";
import type { Bilingual, Evidence, Verdict } from "../../domain/finding.ts";
import { compliant } from "../../domain/finding.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import { compareDocuments } from "../../policy/compare.ts";
import { highRiskPolicies } from "../../policy/high-risk-policies.ts";
import type { TierReason } from "../../policy/tiers.ts";
import { policyTiers } from "../../policy/tiers.ts";
import { isHighRiskName } from "./high-risk.ts";
import type { PermissionChange, PermissionKind } from "./permissions.ts";
import { attachedOf, permissionsRead, textsOf, unreadText } from "./permissions.ts";
import { remembered } from "./remembered.ts";
import type { Facts, HeldDocument } from "./rule.ts";
import { undetermined } from "./rule.ts";

const tiersOfTexts = remembered((...texts) => policyTiers(texts));

/** What documents that are attached together can do that matters: by their texts, and by the names that are known. */
const reasonsOf = (held: readonly HeldDocument[]) => {
  const { reasons, exact } = tiersOfTexts(...textsOf(held));
  const named = held.flatMap(({ policy }) =>
    policy.type === "System" && Object.hasOwn(highRiskPolicies, policy.name)
      ? policyTiers(undefined, policy).reasons.filter(({ tier }) => !reasons.some((shown) => shown.tier === tier))
      : [],
  );
  return { reasons: [...reasons, ...named], exact };
};

/** The same ability, whatever request shows it. */
const abilityOf = ({ tier, facts }: TierReason): string =>
  `${tier} ${facts.actions ?? facts.covers ?? facts.policy ?? ""}`;

export type Gain = {
  readonly change: PermissionChange;
  /** What is able to matter now and was not before. */
  readonly reasons: readonly TierReason[];
  /** Full administration is new, which rules of its own tell: whatever else it includes says no more. */
  readonly administration: boolean;
};

const isAdministration = ({ tier }: TierReason): boolean => tier === "admin";

/** The evidence of one thing that is new, in the words of the tiers. */
export const evidenceOfGain = ({ deed, facts }: PermissionChange, reason: TierReason): Evidence => ({
  // What is known by its name alone is told in a sentence of its own; what a text shows, in one that goes on from the deed.
  sentence:
    reason.facts.policy === undefined
      ? { en: `${deed.en}, which ${reason.sentence.en}`, "zh-CN": `${deed["zh-CN"]}，其${reason.sentence["zh-CN"]}` }
      : { en: `${deed.en}: ${reason.sentence.en}`, "zh-CN": `${deed["zh-CN"]}：${reason.sentence["zh-CN"]}` },
  facts: { ...facts, ...reason.facts, tier: reason.tier },
});

/** What a rule finds in a gain: evidence, and where there is none why it cannot tell. */
export type Found = { readonly evidence: readonly Evidence[]; readonly undecided?: Bilingual | undefined };

/**
 * Judges what a change of permissions newly allows its holder. A narrower policy, a renamed one or a lost grant gains
 * nothing; nor does what the holder had anyway, by a group or another policy, where it has stood for long: what came a moment
 * ago is perhaps being taken away again. What it takes two policies for counts whoever attached the other, and whenever.
 * Where a text was not read or has no certain meaning, nothing is decided unless what is certain shows enough.
 */
export const judgeGain = (change: Change<PermissionKind>, facts: Facts, find: (gain: Gain) => Found): Verdict => {
  const read = permissionsRead(change, facts);
  if (read.kind === "same") return compliant;
  if (read.kind === "unknown") return undetermined(read.because);
  const { before, after, beside = [] } = read.change;
  if (after.length === 0) return compliant;
  const settled = beside.filter(isCertain);
  const unread = unreadText(after);
  if (unread === undefined && isNothingNew([...before, ...settled], [...after, ...settled])) return compliant;
  const alone = newReasons([...before, ...settled], [...after, ...settled]);
  const together =
    beside.length === settled.length ? undefined : newReasons([...before, ...beside], [...after, ...beside]);
  const shown = new Set(alone.reasons.map(abilityOf));
  const reasons = [...alone.reasons, ...(together?.reasons.filter((reason) => !shown.has(abilityOf(reason))) ?? [])];
  const administration = reasons.some(isAdministration) || after.some(({ policy }) => isNamed(policy, facts.settings));
  const { evidence, undecided } = find({ change: read.change, reasons, administration });
  const [first, ...others] = evidence;
  if (first !== undefined) return { kind: "violation", evidence: [first, ...others] };
  if (administration) return compliant;
  if (undecided !== undefined) return undetermined(undecided);
  if (unread !== undefined) return unread;
  return alone.exact ? compliant : undetermined(notExact(read.change));
};

/** What is surely held: for long, and by a text with one meaning. */
const isCertain = ({ settled, text }: HeldDocument): boolean =>
  settled === true && text !== undefined && tiersOfTexts(text).exact;

const isNothingNew = (before: readonly HeldDocument[], after: readonly HeldDocument[]): boolean => {
  if (before.length === 0) return false;
  const { result, exact } = compareDocuments(attachedOf(before), attachedOf(after));
  return result === "no-new-access" && exact;
};

const newReasons = (before: readonly HeldDocument[], after: readonly HeldDocument[]) => {
  const [then, now] = [reasonsOf(before), reasonsOf(after)];
  const had = new Set(then.reasons.map(abilityOf));
  return { reasons: now.reasons.filter((reason) => !had.has(abilityOf(reason))), exact: now.exact && then.exact };
};

const isNamed = (policy: HeldDocument["policy"], settings: RuleSettings): boolean => isHighRiskName(policy, settings);

const notExact = ({ deed }: PermissionChange): Bilingual => ({
  en: `${deed.en}, and what that newly allows could not be decided exactly`,
  "zh-CN": `${deed["zh-CN"]}，但无法准确判定其新增了哪些权限`,
});

/** Whether a reason is of an ability to administer identities, or all. */
export const isIdentityPower = ({ tier }: TierReason): boolean => tier === "admin" || tier === "identity-admin";

/** Whether a reason is of assuming any role that lets the holder in. */
export const isAssumingAny = ({ facts }: TierReason): boolean =>
  facts.actions === "sts:AssumeRole" || facts.policy === "AliyunSTSAssumeRoleAccess";

/** Whether a reason is of handing any role to a service. */
export const isPassingAny = ({ facts }: TierReason): boolean =>
  facts.actions?.split(", ").includes("ram:PassRole") === true;
