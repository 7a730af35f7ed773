import type { Evidence, Language, Verdict } from "../../domain/finding.ts";
import { compliant } from "../../domain/finding.ts";
import { undetermined } from "./rule.ts";

/**
 * A violation where there is evidence; else compliant. Where the comparison of the documents did not decide, undetermined
 * whatever their texts seem to show: evidence without a request that proves it is told, and never written upon.
 */
export const violationOf = (evidence: readonly Evidence[], undecided: string | undefined): Verdict => {
  const [first, ...others] = evidence;
  if (undecided !== undefined) {
    const seems = (language: Language): string => (first === undefined ? "" : `; ${first.sentence[language]}`);
    return undetermined({
      en: `whether the change lets anybody new in could not be decided: ${undecided}${seems("en")}`,
      "zh-CN": `无法判定该变更是否引入了新的主体：${undecided}${seems("zh-CN")}`,
    });
  }
  return first === undefined ? compliant : { kind: "violation", evidence: [first, ...others] };
};
