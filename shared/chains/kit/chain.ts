import type { Bilingual, Evidence, Finding, Language, Response, RuleId, Severity } from "../../domain/finding.ts";
import type { RecentChange } from "../../domain/recent-change.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import type { PolicyName, SubjectRef } from "../../domain/subject.ts";
import type { RuleText } from "../../rules/kit/rule.ts";

/** What recognising a chain may take besides the changes themselves: the account is asked only for these. */
export type ChainNeeds = {
  readonly groups: readonly string[];
  readonly policies: readonly PolicyName[];
};

export const needsNothing: ChainNeeds = { groups: [], policies: [] };

export type ChainFacts = {
  readonly settings: RuleSettings;
  /** Whether a group administers the account; undefined where that could not be read. */
  readonly administers: (groupName: string) => boolean | undefined;
  /** The text of a policy's default version; undefined where it could not be read, or is not there. */
  readonly documentOf: (policy: PolicyName) => string | undefined;
};

/** Changes that belong together, and what they come to. */
export type ChainFound = {
  /** What the chain is about: the user that it made, the holder that it gave power. One chain of a rule for each. */
  readonly target: SubjectRef;
  /** In order of time. */
  readonly pieces: readonly [RecentChange, ...RecentChange[]];
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Something that decides it could not be read: it is told, and nothing is written. */
  readonly unsure?: true;
};

/**
 * Judges several changes together. Pure: it knows no clock and no cloud. Each piece is judged by the rules for itself as
 * well, and dealt with under the lease of its own subject.
 */
export type ChainRule = {
  readonly id: RuleId;
  /** The id in the catalogue of controls, `RAM-CHAIN-001`. */
  readonly control: string;
  readonly severity: Severity;
  readonly maturity: "trial" | "stable";
  /** What it asks for unless the settings say otherwise: `revert` ends each piece by the strongest step that it takes. */
  readonly response: Response;
  readonly responses: readonly Response[];
  readonly controls: {
    readonly cis?: readonly string[];
    readonly cloudConfig?: readonly string[];
    readonly attack?: readonly string[];
  };
  readonly references: readonly string[];
  readonly text: { readonly [language in Language]: RuleText };
  readonly needs: (changes: readonly RecentChange[], settings: RuleSettings) => ChainNeeds;
  readonly recognise: (changes: readonly RecentChange[], facts: ChainFacts) => readonly ChainFound[];
  /** Whether a piece is to be ended where it still stands; none where what happened is over. */
  readonly ends?: (piece: RecentChange, pieces: readonly RecentChange[]) => boolean;
};

export const titleOf = ({ text }: ChainRule): Bilingual => ({ en: text.en.title, "zh-CN": text["zh-CN"].title });

/** The finding that a chain is. */
export const chainFinding = (
  rule: ChainRule,
  found: Pick<ChainFound, "evidence" | "unsure">,
  response: Response,
  { maturities = {}, observed = [] }: Pick<RuleSettings, "maturities" | "observed">,
): Finding => ({
  rule: rule.id,
  control: rule.control,
  severity: rule.severity,
  maturity: maturities[rule.id] ?? rule.maturity,
  ...(observed.includes(rule.id) ? { observed: true } : {}),
  response: found.unsure === true && response !== "off" ? "alert" : response,
  title: titleOf(rule),
  verdict: { kind: "violation", evidence: found.evidence },
});
