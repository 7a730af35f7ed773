import type { SweepReport, Swept } from "../../shared/sweep.ts";

/** The report of a sweep that had its turn. */
export const swept = (report: Swept): SweepReport => {
  if (report.kind !== "swept") throw new Error("another sweep is at work");
  return report;
};
