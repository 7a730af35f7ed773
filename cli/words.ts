import type { Language, Response, Severity } from "../shared/domain/finding.ts";

type InBoth<Name extends string> = { readonly [language in Language]: { readonly [name in Name]: string } };

/** What the terminal calls how bad a finding is. */
export const severityWords: InBoth<Severity> = {
  en: { critical: "critical", high: "high", medium: "medium", low: "low", info: "info" },
  "zh-CN": { critical: "严重", high: "高危", medium: "中危", low: "低危", info: "提示" },
};

/** What the terminal calls what a rule asks for. */
export const responseWords: InBoth<Response> = {
  en: { revert: "revert", contain: "contain", ask: "ask", alert: "alert", off: "off" },
  "zh-CN": { revert: "恢复", contain: "遏制", ask: "询问", alert: "告警", off: "关闭" },
};

/** How many flaws there are, in words. */
export const flawCount = ({ length }: readonly unknown[]): string => (length === 1 ? "1 flaw" : `${length} flaws`);
