import { judgedJsonSchema, receiptJsonSchema } from "../cli/decision-json.ts";
import { ruleTestsJsonSchema } from "../cli/rule-tests/format.ts";
import { chains } from "../shared/chains/registry.ts";
import { checks } from "../shared/checks/registry.ts";
import { configJsonSchema } from "../shared/config.ts";
import { exemptionsJsonSchema } from "../shared/exemptions-schema.ts";
import { rules } from "../shared/rules/registry.ts";
import { checkPage, checkPageOf } from "./check-pages.ts";
import { coveragePage } from "./coverage-page.ts";
import { jsonText } from "./json-text.ts";
import { operationsPage } from "./operations-page.ts";
import { pageOf, rulePage, rulesTable } from "./rule-pages.ts";

export type GeneratedDoc = {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
};

/** Every document that is made from the code, whole. */
export const generatedDocs = (): readonly GeneratedDoc[] => [
  { path: "docs/warden.schema.json", text: jsonText(configJsonSchema()) },
  { path: "docs/exemptions.schema.json", text: jsonText(exemptionsJsonSchema()) },
  { path: "docs/rule-tests.schema.json", text: jsonText(ruleTestsJsonSchema()) },
  { path: "docs/judge.schema.json", text: jsonText(judgedJsonSchema()) },
  { path: "docs/receipt.schema.json", text: jsonText(receiptJsonSchema()) },
  { path: "docs/operations.md", text: operationsPage() },
  { path: "docs/coverage.md", text: coveragePage() },
  ...rules.map((rule) => ({ path: `docs/rules/${pageOf(rule)}`, text: rulePage(rule) })),
  ...chains.map((chain) => ({ path: `docs/chains/${pageOf(chain)}`, text: rulePage(chain, "shared/chains") })),
  ...checks.map((check) => ({ path: `docs/checks/${checkPageOf(check)}`, text: checkPage(check) })),
];

const begin = "<!-- rules -->";
const end = "<!-- /rules -->";

/** The README with its table of rules as it should be; undefined where it has no place for one. */
export const withRulesTable = (readme: string): string | undefined => {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from === -1 || to === -1) return undefined;
  return `${readme.slice(0, from + begin.length)}\n${rulesTable(rules)}\n${readme.slice(to)}`;
};
