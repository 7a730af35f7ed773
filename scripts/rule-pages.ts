import type { Language } from "../shared/domain/finding.ts";
import { mayBeSetTo } from "../shared/every-rule.ts";
import type { Rule } from "../shared/rules/kit/rule.ts";

/** `RAM.TrustForeignAccount` is told in `docs/rules/trust-foreign-account.md`. */
export const pageOf = (rule: Pick<Rule, "id">): string =>
  `${rule.id
    .replace(/^RAM\./, "")
    .replace(/(?<!^)[A-Z]/g, "-$&")
    .toLowerCase()}.md`;

/** What a page tells of a rule, of one change or of several together. */
type Told = Pick<
  Rule,
  "id" | "control" | "severity" | "maturity" | "response" | "responses" | "controls" | "references" | "text"
>;

const words = {
  en: {
    control: "Control",
    severity: "Severity",
    maturity: "Maturity",
    response: "Response",
    may: "May be set to",
    why: "Why it matters",
    todo: "What to do",
    falsePositives: "False positives",
    settings: "Settings",
  },
  "zh-CN": {
    control: "控制项",
    severity: "严重程度",
    maturity: "成熟度",
    response: "默认响应",
    may: "可设为",
    why: "为何重要",
    todo: "处置步骤",
    falsePositives: "误报",
    settings: "设置",
  },
} as const;

const codes = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(", ");

const section = (rule: Told, language: Language): string => {
  const text = rule.text[language];
  const word = words[language];
  const { cis = [], cloudConfig = [], attack = [] } = rule.controls;
  const rows: readonly (readonly [string, string])[] = [
    [word.control, rule.control],
    [word.severity, rule.severity],
    [word.maturity, rule.maturity],
    [word.response, `\`${rule.response}\``],
    [word.may, codes(mayBeSetTo(rule))],
    ["CIS", cis.join(", ")],
    ["Cloud Config", codes(cloudConfig)],
    ["ATT&CK", attack.join(", ")],
  ];
  return [
    `## ${text.title}`,
    "",
    ...rows.filter(([, value]) => value !== "").map(([name, value]) => `- ${name}: ${value}`),
    "",
    `**${word.why}** ${text.rationale}`,
    "",
    `**${word.todo}**`,
    "",
    ...text.runbook.map((step, index) => `${index + 1}. ${step}`),
    "",
    `**${word.falsePositives}** ${text.falsePositives}`,
    "",
    `**${word.settings}** \`rules: { ${rule.id}: { response: ${rule.response} } }\``,
  ].join("\n");
};

/** The page of one rule, in both languages. */
export const rulePage = (rule: Told, folder = "shared/rules"): string =>
  [
    `# ${rule.id}`,
    "",
    `<!-- made by \`npm run docs\` from ${folder}; change it there -->`,
    "",
    section(rule, "en"),
    "",
    section(rule, "zh-CN"),
    "",
    "## References",
    "",
    ...rule.references.map((reference) => `- <${reference}>`),
    "",
  ].join("\n");

/** Columns as wide as their widest cell, as the project's formatter writes a table. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 3)),
    [],
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
};

/** The table of all rules that stands in the README. */
export const rulesTable = (rules: readonly Rule[]): string =>
  table([
    ["rule", "control", "severity", "response", "what it finds"],
    ...rules.map((rule) => [
      `[\`${rule.id}\`](docs/rules/${pageOf(rule)})`,
      rule.control,
      rule.severity,
      rule.response,
      rule.text.en.title,
    ]),
  ]);
