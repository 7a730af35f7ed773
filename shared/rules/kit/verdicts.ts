import type { Evidence, Verdict } from "../../domain/finding.ts";
import { compliant } from "../../domain/finding.ts";
import { undetermined } from "./rule.ts";

/** A violation where there is evidence; else undetermined where the comparison did not decide; else compliant. */
export const violationOf = (evidence: readonly Evidence[], undecided: string | undefined): Verdict => {
  const [first, ...others] = evidence;
  if (first !== undefined) return { kind: "violation", evidence: [first, ...others] };
  if (undecided === undefined) return compliant;
  return undetermined({
    en: `whether the change lets anybody new in could not be decided: ${undecided}`,
    "zh-CN": `无法判定该变更是否引入了新的主体：${undecided}`,
  });
};
