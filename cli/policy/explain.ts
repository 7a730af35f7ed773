import type { Language } from "../../shared/domain/finding.ts";
import type { EscalationRoute } from "../../shared/policy/escalation.ts";
import { type Explanation, explainPermissions, explainTrust } from "../../shared/policy/explain.ts";
import { requestText } from "../../shared/policy/request-text.ts";
import { tierText } from "../../shared/policy/tiers.ts";
import { kindOf, readPolicyInput } from "./input.ts";
import { asJson, badInput, type Outcome, table } from "./output.ts";
import { terminalText } from "./terminal-text.ts";

export type ExplainFlags = {
  readonly trust?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
  /** The own account's id, which tells it from others in a trust document. */
  readonly account?: string;
};

/** `warden policy explain`: what the documents, attached together, allow that matters. */
export const explainPolicies = (argument: string, flags: ExplainFlags): Outcome => {
  const forced = flags.trust ? "trust" : undefined;
  const input = readPolicyInput(argument, forced);
  if (!input.ok) return badInput(input.error);
  if (input.value.unclear.length > 0) return badInput(input.value.unclear.join("\n"));
  const kind = kindOf([input.value], forced);
  if (!kind.ok) return badInput(kind.error);
  const explanation =
    kind.value === "trust"
      ? explainTrust(input.value.documents, flags.account)
      : explainPermissions(input.value.documents);
  const language = flags.lang ?? "en";
  return { exit: 0, out: flags.json ? asJson(jsonOf(explanation)) : textOf(explanation, language) };
};

const jsonOf = (explanation: Explanation): object =>
  explanation.kind === "trust" ? explanation : { ...explanation, severity: explanation.severity ?? null };

const words = {
  en: {
    nothing: "nothing that is known to be dangerous",
    tiers: "what it can do",
    routes: "how its holder can become more",
    letsIn: "who may take on the role",
    nobody: "nobody",
    needs: "needs",
    inexact: "parts of the documents have no certain meaning: there may be more",
  },
  "zh-CN": {
    nothing: "未发现已知的危险权限",
    tiers: "该策略的能力",
    routes: "持有者的提权路径",
    letsIn: "可扮演该角色的主体",
    nobody: "无",
    needs: "所需操作",
    inexact: "文档的部分内容含义不确定，可能还有更多",
  },
} as const;

const textOf = (explanation: Explanation, language: Language): string => {
  const lines =
    explanation.kind === "trust" ? trustLines(explanation, language) : permissionLines(explanation, language);
  return [...lines, ...(explanation.exact ? [] : ["", words[language].inexact])].join("\n");
};

type Of<Kind extends Explanation["kind"]> = Extract<Explanation, { kind: Kind }>;

const trustLines = ({ letsIn }: Of<"trust">, language: Language): readonly string[] => [
  words[language].letsIn,
  ...(letsIn.length === 0
    ? [`  ${words[language].nobody}`]
    : table(letsIn.map((step) => [step.severity, step.sentence[language]]))),
];

const permissionLines = ({ tiers, reasons, routes }: Of<"permission">, language: Language): readonly string[] => {
  if (reasons.length === 0 && routes.length === 0) return [words[language].nothing];
  const lines: string[] = [];
  if (tiers.length > 0) lines.push(words[language].tiers);
  for (const tier of tiers) {
    const of = reasons.filter((reason) => reason.tier === tier);
    lines.push(
      "",
      `${tierText[tier][language]} (${tier})`,
      ...table(of.map((r) => [r.severity, r.sentence[language]])),
    );
  }
  if (routes.length > 0) lines.push(...(lines.length > 0 ? [""] : []), words[language].routes, "");
  return [...lines, ...routes.flatMap((route) => routeLines(route, language))];
};

const routeLines = (route: EscalationRoute, language: Language): readonly string[] => [
  ...table([[route.severity, route.path[language]]]),
  ...route.requests.slice(0, 3).map((request) => `      ${terminalText(requestText(request))}`),
];
