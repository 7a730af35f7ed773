import type { Finding, Maturity, RuleId } from "./domain/finding.ts";
import { isHeldBack } from "./domain/finding.ts";
import type { Incident } from "./ledger/incident.ts";

/** What came of one rule's findings: each incident with one of them is counted once under `seen`, and once below it. */
export type RuleHistory = {
  readonly rule: RuleId;
  /** Incidents in which the rule found something. */
  readonly seen: number;
  /** Put back or contained. */
  readonly acted: number;
  /** Put to a person. */
  readonly asked: number;
  /** Would have been acted on or asked about, but for mode `observe` or because the rule observed or was on trial. */
  readonly wouldHave: number;
  /** Told and nothing else: the rule asks for no more, or something else stood in the way. */
  readonly told: number;
  /** Not done although it was tried, or done and overtaken. */
  readonly failed: number;
  /** Where somebody knew better than the rule. */
  readonly overridden: { readonly undone: number; readonly rejected: number; readonly exempted: number };
  /** Of what was asked, how much a person approved. */
  readonly approved: number;
  /** Could not be determined. */
  readonly undetermined: number;
  /** When it first and last found something, epoch milliseconds; absent where it never did. */
  readonly first?: number;
  readonly last?: number;
  /** What the rule was at the last time. */
  readonly maturity?: Maturity;
};

type Tally = { -readonly [key in keyof RuleHistory]: RuleHistory[key] };

const nothing = (rule: RuleId): Tally => ({
  rule,
  seen: 0,
  acted: 0,
  asked: 0,
  wouldHave: 0,
  told: 0,
  failed: 0,
  overridden: { undone: 0, rejected: 0, exempted: 0 },
  approved: 0,
  undetermined: 0,
});

const asksForMore = ({ response, verdict }: Finding): boolean =>
  verdict.kind === "violation" && (response === "revert" || response === "contain" || response === "ask");

type Share = "acted" | "asked" | "wouldHave" | "told" | "failed";

/** What came of one finding in its incident. An exempt one, and one that is held back, have no part in what others led to. */
const shareOf = (finding: Finding, { outcome }: Incident): Share => {
  if (finding.exemption !== undefined || !asksForMore(finding)) return "told";
  if (isHeldBack(finding)) return "wouldHave";
  switch (outcome?.kind) {
    case "reverted":
    case "contained":
      return "acted";
    case "asked":
      return "asked";
    case "observed":
      return "wouldHave";
    case "failed":
    case "overtaken":
      return "failed";
    default:
      return "told";
  }
};

/** What came of the findings of each of the rules, by the incidents of a ledger. What was given up, or asked anew, is counted as another. */
export const ruleHistory = (
  rules: readonly RuleId[],
  incidents: Iterable<Incident>,
  since = Number.NEGATIVE_INFINITY,
): readonly RuleHistory[] => {
  const tallies = new Map<string, Tally>(rules.map((rule) => [rule, nothing(rule)]));
  const all = [...incidents].filter(({ abandoned, status }) => abandoned === undefined && status === "settled");
  const replaced = new Set(all.flatMap(({ asksAnew }) => asksAnew ?? []));
  for (const incident of all) {
    if (replaced.has(incident.id) || incident.openedAt < since) continue;
    const counted = new Set<string>();
    for (const finding of incident.findings) {
      const tally = tallies.get(finding.rule);
      if (tally === undefined || counted.has(finding.rule)) continue;
      counted.add(finding.rule);
      count(tally, finding, incident);
    }
  }
  return [...tallies.values()];
};

const count = (tally: Tally, finding: Finding, incident: Incident): void => {
  const share = shareOf(finding, incident);
  const { undone, rejected, exempted } = tally.overridden;
  const isPart = share === "acted" || share === "asked";
  tally.seen += 1;
  tally[share] += 1;
  tally.overridden = {
    undone: undone + (share === "acted" && incident.undoneBy !== undefined ? 1 : 0),
    rejected: rejected + (isPart && incident.decided?.decision === "rejected" ? 1 : 0),
    exempted: exempted + (finding.exemption === undefined ? 0 : 1),
  };
  tally.approved += isPart && incident.decided?.decision === "approved" ? 1 : 0;
  tally.undetermined += finding.verdict.kind === "undetermined" ? 1 : 0;
  tally.first = Math.min(tally.first ?? incident.openedAt, incident.openedAt);
  if (incident.openedAt >= (tally.last ?? 0)) {
    tally.last = incident.openedAt;
    tally.maturity = finding.maturity;
  }
};
