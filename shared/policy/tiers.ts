import { type Bilingual, type Severity, severityRank } from "../domain/finding.ts";
import { ok } from "../domain/result.ts";
import type { PolicyName } from "../domain/subject.ts";
import { compareDocuments } from "./compare.ts";
import type { DocumentInput, Witness } from "./comparison.ts";
import type { PolicyDocument } from "./document.ts";
import { highRiskPolicies, type Tier } from "./high-risk-policies.ts";
import { parseDocument } from "./parse.ts";
import { type Questions, questionsAbout } from "./questions.ts";
import { allWide, atBest, wideProbes } from "./reach.ts";
import { requestText } from "./request-text.ts";
import { attaching, controlOfRam, servicesPassedTo, type TierRule, tierRules } from "./tier-rules.ts";

export type { Tier } from "./high-risk-policies.ts";

/** Why a policy is in a tier. */
export type TierReason = {
  readonly tier: Tier;
  readonly severity: Severity;
  readonly sentence: Bilingual;
  /** A request that shows it; absent where the name alone speaks. It is built from the document: neutralise it. */
  readonly request?: Witness;
  readonly facts: { readonly [name: string]: string };
};

export type PolicyTiers = {
  /** Without repeats, the worst first. */
  readonly tiers: readonly Tier[];
  /** The worst of the reasons; undefined where there are none. */
  readonly severity: Severity | undefined;
  readonly reasons: readonly TierReason[];
  /** False where the text was not there or could not be read for certain; then there may be more. */
  readonly exact: boolean;
};

const tierOrder: readonly Tier[] = [
  "admin",
  "identity-admin",
  "escalation-capable",
  "cross-account",
  "audit-tampering",
  "data-plane-full",
  "guardrail-or-financial",
];

/**
 * What a policy, or several that are attached together, can do that matters. Judged by what the text allows, so that a
 * custom policy in any spelling counts as what it is; the name of a system policy only adds to it.
 */
export const policyTiers = (
  documents: DocumentInput | readonly DocumentInput[] | undefined,
  name?: PolicyName,
): PolicyTiers => {
  const inputs = documents === undefined ? undefined : isList(documents) ? documents : [documents];
  const parsed = inputs?.map((input) => (typeof input === "string" ? parseDocument(input, "permission") : ok(input)));
  const readable = parsed?.flatMap((result) => (result.ok ? [result.value] : [])) ?? [];
  const complete = parsed !== undefined && readable.length === parsed.length;
  const { reasons, sure } = byText(readable);
  const all = [...reasons, ...byName(name, complete, reasons)];
  return {
    tiers: tierOrder.filter((tier) => all.some((reason) => reason.tier === tier)),
    severity: all.reduce<Severity | undefined>(worse, undefined),
    reasons: all,
    exact: complete && sure,
  };
};

const isList = (documents: DocumentInput | readonly DocumentInput[]): documents is readonly DocumentInput[] =>
  Array.isArray(documents);

const worse = (found: Severity | undefined, { severity }: TierReason): Severity =>
  found !== undefined && severityRank(found) >= severityRank(severity) ? found : severity;

const byText = (documents: readonly PolicyDocument[]): { reasons: readonly TierReason[]; sure: boolean } => {
  if (documents.length === 0) return { reasons: [], sure: true };
  const best = documents.map(atBest);
  const generous = questionsAbout([], best);
  const exact = questionsAbout([], documents);
  if (!generous.ok || !exact.ok) return { reasons: [], sure: false };
  const rest = compareDocuments(best, [everyRequest], { kind: "permission" });
  const admin = adminReason(rest.recommended === "no-new-access", documents, best, generous.value, exact.value);
  const reasons = [...tierRules, ...servicesPassedTo(documents)].flatMap(
    (rule) => ruleReason(rule, best, generous.value, exact.value) ?? [],
  );
  return {
    reasons: [...(admin === undefined ? [] : [admin]), ...reasons],
    sure: rest.result !== "undecided" && documents.every((document) => document.flaws.length === 0),
  };
};

const ruleReason = (
  rule: TierRule,
  documents: readonly PolicyDocument[],
  generous: Questions,
  exact: Questions,
): TierReason | undefined => {
  for (const actions of rule.requires) {
    if (!allWide(actions, rule, documents, generous)) continue;
    const request = shownBy(actions, rule, documents, exact);
    if (request === undefined) continue;
    return reason(rule.tier, rule.severity, rule.what, request, { actions: actions.join(", ") });
  }
  return undefined;
};

/** A request that the documents really allow, conditions and all, for the action that says most: the last of the list. */
const shownBy = (
  actions: readonly string[],
  rule: Pick<TierRule, "services" | "onlyOn">,
  documents: readonly PolicyDocument[],
  exact: Questions,
): Witness | undefined => {
  const requests = actions.map(
    (action) =>
      wideProbes(action, rule, documents)
        .flat(2)
        .map(exact.holds)
        .find((answer) => answer.yes)?.request,
  );
  return requests.every((request) => request !== undefined) ? requests.at(-1) : undefined;
};

const reason = (
  tier: Tier,
  severity: Severity,
  what: Bilingual,
  request: Witness,
  facts: { readonly [name: string]: string },
): TierReason => {
  const text = requestText(request);
  return {
    tier,
    severity,
    request,
    facts: { ...facts, request: text },
    sentence: { en: `${what.en}; for one, \`${text}\``, "zh-CN": `${what["zh-CN"]}；例如 \`${text}\`` },
  };
};

const lettersOf = (text: string): readonly string[] => [...text].map((letter) => `${letter}*`);

/** Every request that the cloud knows: actions begin with a letter, and a resource is an ARN or the literal `*`. */
const everyRequest: PolicyDocument = {
  kind: "permission",
  flaws: [],
  statements: [
    {
      index: 0,
      effect: "Allow",
      action: { complement: false, patterns: lettersOf("abcdefghijklmnopqrstuvwxyz") },
      resource: { complement: false, patterns: ["acs:*", "?"] },
      conditions: [],
    },
  ],
};

const adminReason = (
  everything: boolean,
  documents: readonly PolicyDocument[],
  best: readonly PolicyDocument[],
  generous: Questions,
  exact: Questions,
): TierReason | undefined => {
  const attach = "ram:AttachPolicyToUser";
  const way = attaching.find((wanted) => allWide([attach], wanted, best, generous));
  const inControl = way !== undefined && controlOfRam.every((action) => allWide([action], {}, best, generous));
  if (!everything && !inControl) return undefined;
  const request = shownBy([attach], way ?? {}, documents, exact);
  if (request === undefined) return undefined;
  return everything
    ? reason("admin", "critical", everythingText, request, { covers: "everything" })
    : reason("admin", "critical", ramText, request, { covers: "ram" });
};

const everythingText: Bilingual = {
  en: "allows every action on every resource",
  "zh-CN": "允许对所有资源执行所有操作",
};

const ramText: Bilingual = {
  en: "controls all of RAM, so that its holder can make itself administrator",
  "zh-CN": "可完全控制 RAM，持有者可将自己变为管理员",
};

/** Words in the name of a policy that nobody can read which say that it is about identities. */
const identityWords = /RAM|IMS|STS|SSO|Identity|ResourceDirectory|Administrator/;

/** The floor under the text: what a system policy is known for, less what the text shows anyway. */
const byName = (
  name: PolicyName | undefined,
  readable: boolean,
  shown: readonly TierReason[],
): readonly TierReason[] => {
  if (name === undefined || name.type !== "System") return [];
  const known = Object.hasOwn(highRiskPolicies, name.name) ? highRiskPolicies[name.name] : undefined;
  if (known !== undefined) {
    return known.tiers
      .filter((tier) => !shown.some((other) => other.tier === tier))
      .map((tier) => nameReason(tier, known.severity, name.name));
  }
  return !readable && identityWords.test(name.name) ? [guessReason(name.name)] : [];
};

const nameReason = (tier: Tier, severity: Severity, name: string): TierReason => ({
  tier,
  severity,
  facts: { policy: name },
  sentence: {
    en: `system policy \`${name}\` is known to be ${tierText[tier].en}`,
    "zh-CN": `系统策略 \`${name}\` 属于已知的${tierText[tier]["zh-CN"]}策略`,
  },
});

const guessReason = (name: string): TierReason => ({
  tier: "identity-admin",
  severity: "high",
  facts: { policy: name },
  sentence: {
    en: `the text of system policy \`${name}\` is not known, and its name speaks of identities`,
    "zh-CN": `系统策略 \`${name}\` 的内容未知，且其名称与身份管理相关`,
  },
});

/** The tiers in words that go with "a policy that is …". */
export const tierText: { readonly [tier in Tier]: Bilingual } = {
  admin: { en: "full administration", "zh-CN": "完全管理" },
  "identity-admin": { en: "administration of identities", "zh-CN": "身份管理" },
  "escalation-capable": { en: "a way to escalate", "zh-CN": "可提权" },
  "cross-account": { en: "reach into other accounts", "zh-CN": "跨账号" },
  "audit-tampering": { en: "able to tamper with the audit trail", "zh-CN": "可破坏审计" },
  "data-plane-full": { en: "full access to data", "zh-CN": "完全数据访问" },
  "guardrail-or-financial": { en: "control of guard rails or money", "zh-CN": "护栏或财务控制" },
};
