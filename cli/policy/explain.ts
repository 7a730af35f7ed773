import type { Language } from "../../shared/domain/finding.ts";
import type { EscalationRoute } from "../../shared/policy/escalation.ts";
import { type Explanation, explainPermissions, explainTrust } from "../../shared/policy/explain.ts";
import { requestText } from "../../shared/policy/request-text.ts";
import { type TierReason, tierText } from "../../shared/policy/tiers.ts";
import { severityWords } from "../words.ts";
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
    below: (ways: number) => `  ${ways} of the ways below`,
    inexact: "parts of the documents have no certain meaning: there may be more",
  },
  "zh-CN": {
    nothing: "未发现已知的危险权限",
    tiers: "该策略的能力",
    routes: "持有者的提权路径",
    letsIn: "可扮演该角色的主体",
    nobody: "无",
    below: (ways: number) => `  下列提权路径中的 ${ways} 条`,
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
    : table(letsIn.map((step) => [severityWords[language][step.severity], step.sentence[language]]))),
];

const permissionLines = ({ tiers, reasons, routes }: Of<"permission">, language: Language): readonly string[] => {
  if (reasons.length === 0 && routes.length === 0) return [words[language].nothing];
  const lines: string[] = [];
  if (tiers.length > 0) lines.push(words[language].tiers);
  for (const tier of tiers) {
    const of = reasons.filter((reason) => reason.tier === tier);
    const told = of.filter((reason) => !isRoute(reason, routes));
    lines.push(
      "",
      `${tierText[tier][language]} (${tier})`,
      ...table(told.map((r) => [severityWords[language][r.severity], r.sentence[language]])),
      ...(told.length < of.length ? [words[language].below(of.length - told.length)] : []),
    );
  }
  if (routes.length > 0) lines.push(...(lines.length > 0 ? [""] : []), words[language].routes, "");
  return [...lines, ...routes.flatMap((route) => routeLines(route, language))];
};

/** Whether a reason is a way to become more, which is told with its requests among these. */
const isRoute = ({ sentence }: TierReason, routes: readonly EscalationRoute[]): boolean =>
  routes.some(({ path }) => sentence.en.startsWith(`${path.en.split(": ")[0]}; `));

const routeLines = (route: EscalationRoute, language: Language): readonly string[] => [
  ...table([[severityWords[language][route.severity], route.path[language]]]),
  ...route.requests.slice(0, 3).map((request) => `      ${terminalText(requestText(request))}`),
];
