import type { Change } from "../domain/change.ts";
import type { Finding, Response } from "../domain/finding.ts";
import { isHeldBack } from "../domain/finding.ts";
import type { Plan, Reason } from "../domain/plan.ts";
import type { Guardrails } from "../domain/settings.ts";
import { changedBesides } from "./besides.ts";
import { changedSince } from "./changed-since.ts";
import { exemptReason } from "./exemptions.ts";
import { guardrail, reasonToAsk } from "./guardrails.ts";
import { remediationFor } from "./remediation-for.ts";
import { demandFactor } from "./remedies/login.ts";

const strength: readonly Response[] = ["off", "alert", "ask", "contain", "revert"];

const strongest = (responses: readonly Response[]): Response =>
  responses.reduce<Response>((a, b) => (strength.indexOf(b) > strength.indexOf(a) ? b : a), "off");

const writes = (response: Response): boolean => response === "revert" || response === "contain";

/** What one finding may ask for: an undetermined verdict, a rule on trial or observing, and what is exempt only tell. */
const askedFor = (finding: Finding): Response => {
  if (finding.verdict.kind === "undetermined" || isHeldBack(finding) || finding.exemption !== undefined) return "alert";
  return finding.response;
};

/**
 * Merges all findings on one change into one plan with at most one remediation. A plan that does less than its
 * findings ask for says why. In mode `observe` the remediation is still worked out, so that it can be shown.
 */
export const planChange = (change: Change, findings: readonly Finding[], guardrails: Guardrails): Plan => {
  const others = strongest(findings.filter((finding) => !isMendable(finding)).map(askedFor));
  const isMend = !writes(others) && others !== "ask" && change.kind === "login" && findings.some(isMendable);
  // Who asks for another write beside a mend gets that one alone: two would be two changes of one subject.
  const response = isMend ? strongest(findings.map(askedFor)) : others;
  const plan = { change, findings };
  if (!writes(response) && response !== "ask") {
    const because = whyOnlyAlert(findings);
    if (because === undefined) return { ...plan, response };
    return because.kind === "trial" || because.kind === "observe"
      ? { ...plan, response, because, ...wouldBe(change, findings, guardrails) }
      : { ...plan, response, because };
  }
  const stop = guardrail(change, guardrails);
  if (stop !== undefined) return { ...plan, response: "alert", because: stop };
  const chosen = isMend && change.kind === "login" ? demandFactor(change, response) : remediationFor(change, response);
  if (!chosen.ok) return { ...plan, response: "alert", because: chosen.error };
  const ask = writes(chosen.value.response)
    ? (reasonToAsk(change, guardrails) ?? (chosen.value.response === "revert" ? changedSince(change) : undefined))
    : undefined;
  const besides = changedBesides(change, findings);
  const full = { ...plan, ...chosen.value, ...(besides.length === 0 ? {} : { besides }) };
  return ask === undefined ? full : asking(full, ask);
};

/** What would be done if no rule were held back: to be shown, so that somebody can decide that one is trusted with it. */
const wouldBe = (
  change: Change,
  findings: readonly Finding[],
  guardrails: Guardrails,
): Pick<Plan, "remediation"> | object => {
  const trusted = findings.map(({ observed: _, ...finding }): Finding => ({ ...finding, maturity: "stable" }));
  const { remediation } = planChange(change, trusted, guardrails);
  return remediation === undefined ? {} : { remediation };
};

const isMendable = (finding: Finding): boolean =>
  finding.verdict.kind === "violation" &&
  finding.verdict.mend !== undefined &&
  !isHeldBack(finding) &&
  finding.exemption === undefined;

/** The same plan, put to a person. */
export const asking = (plan: Plan, because: Reason): Plan => ({ ...plan, response: "ask", because });

/** The same plan with nothing to write. */
export const onlyTelling = ({ change, findings }: Plan, because: Reason): Plan => ({
  change,
  findings,
  response: "alert",
  because,
});

/** Whether a plan writes by itself. */
export const isWriting = ({ response, remediation }: Plan): boolean => remediation !== undefined && writes(response);

/** What is exempt explains a plan only where nothing else in it does. */
const whyOnlyAlert = (all: readonly Finding[]): Reason | undefined => {
  const findings = all.filter(({ exemption }) => exemption === undefined);
  const undetermined = findings.find((finding) => finding.verdict.kind === "undetermined");
  if (undetermined?.verdict.kind === "undetermined")
    return { kind: "undetermined", detail: undetermined.verdict.because.en };
  const held = findings.filter((finding) => isHeldBack(finding) && finding.response !== "alert");
  if (held.some(({ observed }) => observed === true))
    return { kind: "observe", detail: "a rule that observes says what it would do, and neither writes nor asks" };
  if (held.length > 0) return { kind: "trial", detail: "a rule on trial tells and never writes" };
  return findings.length === 0 ? exemptReason(all) : undefined;
};
