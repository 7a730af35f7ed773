import type { Finding } from "../domain/finding.ts";
import { isHeldBack } from "../domain/finding.ts";
import type { Approvals } from "../domain/settings.ts";
import type { Incident } from "../ledger/incident.ts";

/** What only tells, by its rule or by whoever answers for it, asks nothing. */
const mayAsk = (finding: Finding): boolean =>
  finding.verdict.kind === "violation" &&
  finding.exemption === undefined &&
  !isHeldBack(finding) &&
  finding.response !== "alert" &&
  finding.response !== "off";

/** For how long a question may be answered: the shortest time of the rules that led to it. */
export const openForOf = ({ openForMs, ofRules = {} }: Approvals, { findings }: Pick<Incident, "findings">): number => {
  const times = findings.filter(mayAsk).map(({ rule }) => ofRules[rule] ?? openForMs);
  return times.length === 0 ? openForMs : Math.min(...times);
};

/** Every time that a question may have, each once. */
export const openTimes = ({ openForMs, ofRules = {} }: Approvals): readonly number[] => [
  ...new Set([openForMs, ...Object.values(ofRules)]),
];
