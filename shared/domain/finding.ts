export type Language = "en" | "zh-CN";

/** One sentence in both languages. */
export type Bilingual = { readonly [language in Language]: string };

export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** `revert` put back what was; `contain` the most reversible step that stops use; `ask` wait for a signed approval; `alert` tell only. */
export type Response = "revert" | "contain" | "ask" | "alert" | "off";

/** One reason why a change breaks a rule. */
export type Evidence = {
  readonly sentence: Bilingual;
  /** The named values behind the sentence, raw and exact: `{ account: "1234…" }`. */
  readonly facts: { readonly [name: string]: string };
};

/** A change of a subject that is less than to put back what was, and all that a rule asks for. */
export type Mend = "demand-second-factor";

export type Verdict =
  | { readonly kind: "compliant" }
  | { readonly kind: "violation"; readonly evidence: readonly [Evidence, ...Evidence[]]; readonly mend?: Mend }
  /** Alerts, never writes. */
  | { readonly kind: "undetermined"; readonly because: Bilingual };

export const compliant: Verdict = { kind: "compliant" };

/** A rule on `trial` says what it would ask for and never writes. */
export type Maturity = "trial" | "stable";

export type RuleId = `RAM.${string}`;

/** Who lets a finding be, why, and until when: the first moment at which that is over, epoch milliseconds. */
export type ExemptedBy = {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly until: number;
};

/** Rule × change, with evidence. */
export type Finding = {
  readonly rule: RuleId;
  /** The id in the catalogue of controls, `RAM-ROLE-001`. */
  readonly control: string;
  readonly severity: Severity;
  readonly maturity: Maturity;
  /** The settings have its rule observe: it says what it would do. */
  readonly observed?: true;
  readonly response: Response;
  readonly title: Bilingual;
  readonly verdict: Exclude<Verdict, { kind: "compliant" }>;
  /** Who answers for it and until when: then it is said, and not acted on. */
  readonly exemption?: ExemptedBy;
};

/** Whether a finding only says what its rule would do: one on trial, or that the settings have observe. */
export const isHeldBack = ({ maturity, observed }: Pick<Finding, "maturity" | "observed">): boolean =>
  maturity === "trial" || observed === true;

const severities: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

export const severityRank = (severity: Severity): number => severities.indexOf(severity);
