import type { Change } from "../../domain/change.ts";
import type { Bilingual, Language, Mend, Response, RuleId, Severity, Verdict } from "../../domain/finding.ts";
import type { Actor, Principal } from "../../domain/identity.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import type { PolicyName, Scope, SubjectKind } from "../../domain/subject.ts";
import type { UserTags } from "./practices.ts";

/** What a person reads about a rule, in one language. */
export type RuleText = {
  readonly title: string;
  readonly rationale: string;
  /** Two or three steps, each with a time window and the fields to look at. */
  readonly runbook: readonly string[];
  readonly falsePositives: string;
};

/** A policy that somebody holds and where it holds, with its text; undefined where that was not read. */
export type HeldDocument = {
  readonly policy: PolicyName;
  readonly scope: Scope;
  readonly text: string | undefined;
  /** Whether it is held for long, with a text that was accepted: nothing that a revert may just be taking away. */
  readonly settled?: boolean;
};

/** What a rule may know besides the change itself: the documents that the change brings into play, and whom it reaches. */
export type Facts = {
  readonly settings: RuleSettings;
  /** The text of the policy that a grant or an attachment is of; undefined where it was not read. */
  readonly policyDocument?: string | undefined;
  /** Whether the account asks every user for a second factor at each logon; undefined where that was not read. */
  readonly mfaForAll?: boolean | undefined;
  /** The tags of the user that a change is about, where its class depends on them; undefined where they were not read. */
  readonly userTags?: UserTags;
  /** What the group of a membership carries; undefined where it was not read. */
  readonly carried?: readonly HeldDocument[] | undefined;
  /** What the role of a trust policy holds; undefined where it was not read. */
  readonly held?: readonly HeldDocument[] | undefined;
  /** The trust document of the role that a grant is to; undefined where it was not read. */
  readonly roleTrust?: string | undefined;
  /** Whom a policy is attached to for the whole account; undefined where it was not read. */
  readonly holders?: readonly Principal[] | undefined;
  /** What whoever gains or loses holds besides, itself and by its groups; undefined where it was not read. */
  readonly beside?: readonly HeldDocument[] | undefined;
  /** The patterns of the exemptions in force, where a name changes hands: of whose changes, and of what. */
  readonly exempt?: { readonly actors: readonly string[]; readonly subjects: readonly string[] } | undefined;
};

/** What has to be read for a rule to judge. */
export type Need = Exclude<keyof Facts, "settings">;

/** Judges one kind of subject. A rule knows no clock, no cloud and no other rule. */
export type Rule<Kind extends SubjectKind | "any" = SubjectKind | "any"> = {
  readonly id: RuleId;
  /** The id in the catalogue of controls, `RAM-ROLE-001`. */
  readonly control: string;
  readonly severity: Severity;
  /** A rule on trial never writes. */
  readonly maturity: "trial" | "stable";
  /** The kind of subject that it judges, or several, or `any`. */
  readonly subject: Kind | readonly Kind[];
  /** What the rule asks for unless the settings say otherwise. */
  readonly response: Response;
  /** What the settings may choose: a response that the rule cannot give is refused with its line. */
  readonly responses: readonly Response[];
  readonly controls: {
    readonly cis?: readonly string[];
    readonly cloudConfig?: readonly string[];
    readonly attack?: readonly string[];
  };
  readonly references: readonly string[];
  /** Whose changes it judges, where it judges those of some alone. */
  readonly ofActor?: (actor: Actor, settings: RuleSettings) => boolean;
  /** What it looks at besides the change, which is read only where a rule in force needs it. */
  readonly needs?: readonly Need[];
  /** What of a role goes back with the trust policy when this rule finds something. */
  readonly putsBack?: "session length";
  /** What it finds is to be looked at, and keeps no state from being one to go back to. */
  readonly advisory?: true;
  readonly text: { readonly [language in Language]: RuleText };
  readonly judge: (change: Change<Kind extends SubjectKind ? Kind : SubjectKind>, facts: Facts) => Verdict;
};

export const titleOf = (rule: Rule): Bilingual => ({ en: rule.text.en.title, "zh-CN": rule.text["zh-CN"].title });

/** Narrows a rule to the form in which the registry holds it; the registry hands it only changes of its own kind. */
export const defineRule = <Kind extends SubjectKind | "any">(rule: Rule<Kind>): Rule => rule as unknown as Rule;

export const violation = (sentence: Bilingual, facts: { readonly [name: string]: string }): Verdict => ({
  kind: "violation",
  evidence: [{ sentence, facts }],
});

/** A violation that one smaller change than to put back what was mends. */
export const mendable = (mend: Mend, sentence: Bilingual, facts: { readonly [name: string]: string }): Verdict => ({
  kind: "violation",
  evidence: [{ sentence, facts }],
  mend,
});

export const undetermined = (because: Bilingual): Verdict => ({ kind: "undetermined", because });
