import type { Bilingual, ExemptedBy, Finding, Response, RuleId, Severity } from "./finding.ts";
import { subjectText } from "./kinds.ts";
import type { Call, OutcomeKind, Plan, Reason } from "./plan.ts";
import type { SubjectRef } from "./subject.ts";

import type { Occasion } from "./trail-event.ts";

/** What was decided about one event, in the form that receipts, `judge`, `replay` and `backfill` all report. */
export type Decision = {
  readonly eventId: string;
  readonly operation: string;
  readonly subject: SubjectRef & { readonly text: string };
  readonly outcome: OutcomeKind;
  readonly findings: readonly {
    readonly rule: RuleId;
    readonly control: string;
    readonly severity: Severity;
    readonly verdict: "violation" | "undetermined";
    readonly evidence: readonly { readonly sentence: Bilingual; readonly facts: { readonly [name: string]: string } }[];
    /** By whom it is let be, and until when. */
    readonly exemption?: ExemptedBy;
  }[];
  readonly plan: {
    readonly response: Response;
    readonly because: Reason | null;
    readonly calls: readonly Call[];
  };
  /** The incident in the ledger, where there is one. */
  readonly incidentId?: string;
  readonly note?: string;
};

/** A finding in the form that receipts and the journal report. */
export const reportedFinding = (finding: Finding): Decision["findings"][number] => ({
  rule: finding.rule,
  control: finding.control,
  severity: finding.severity,
  verdict: finding.verdict.kind,
  evidence:
    finding.verdict.kind === "violation"
      ? finding.verdict.evidence
      : [{ sentence: finding.verdict.because, facts: {} }],
  ...(finding.exemption === undefined ? {} : { exemption: finding.exemption }),
});

export const decisionOf = (
  event: Occasion,
  outcome: OutcomeKind,
  plan: Plan | undefined,
  more: { readonly incidentId?: string; readonly note?: string } = {},
): Decision => ({
  eventId: event.eventId,
  operation: event.operation,
  subject: { ...event.subject, text: subjectText(event.subject) },
  outcome,
  findings: (plan?.findings ?? []).map(reportedFinding),
  plan: {
    response: plan?.response ?? "off",
    because: plan?.because ?? null,
    calls: plan?.remediation?.calls ?? [],
  },
  ...more,
});
